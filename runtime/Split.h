//===- Split.h - Which half of a data source ------------------------------===//

#ifndef CNNC_SPLIT_H
#define CNNC_SPLIT_H

namespace cnnc {

enum class Split { Train = 0, Test = 1 };

} // namespace cnnc

#endif // CNNC_SPLIT_H
