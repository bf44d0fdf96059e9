//===- Split.h - Which half of a data source ------------------------------===//

#ifndef CNNC_SPLIT_H
#define CNNC_SPLIT_H

#include <cstdint>

namespace cnnc {

enum class Split { Train = 0, Test = 1 };

/// Sources without a split of their own: every tenth image, in the source's order, is
/// for testing.
inline constexpr int64_t kTestEvery = 10;
inline bool isInSplit(int64_t index, Split split) {
  return (index % kTestEvery == kTestEvery - 1) == (split == Split::Test);
}

} // namespace cnnc

#endif // CNNC_SPLIT_H
