//===- NetRows.h - A network as a person reads it -------------------------===//
//
// One row a layer, or one a block where --depth folds what lies deeper: what the
// table and the picture of `cnnc summary` show.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_NETROWS_H
#define CNNC_TOOLS_NETROWS_H

#include "compiler/Frontend/TypedAST.h"
#include <string>

namespace cnnc {

/// What a layer or a block costs.
struct Cost {
  int64_t trained = 0, frozen = 0; ///< parameters
  int64_t macs = 0;
  int64_t kept = 0; ///< bytes for the backward pass

  int64_t parameters() const { return trained + frozen; }
  Cost &operator+=(const Cost &other);
};

struct NetRow {
  std::string name; ///< path of the layer, or of the block
  std::vector<const Layer *> layers;
  Cost cost;
  std::array<int64_t, 2> field; ///< what the last layer sees
  bool isBlock = false;         ///< folded
  bool isReuse = false;         ///< a further use of a shared layer

  const Layer &last() const { return *layers.back(); }
};

/// With `depth`, layers whose paths have more parts are folded.
std::vector<NetRow> netRows(const TypedNet &net, std::optional<int64_t> depth);
Cost totalCost(const std::vector<NetRow> &rows);

/// The window of a convolution or a pool, or null.
const Window *windowOf(const Layer &layer);
/// 3x3/2 pad 1, with dilation and groups where they are not 1; x2 for an upsampling.
std::string windowText(const TypedNet &net, const Layer &layer);
/// 1 layer, 2 layers: what a folded block holds.
std::string layerCount(const NetRow &row);
/// 61706 -> 61,706
std::string grouped(int64_t number);

} // namespace cnnc

#endif // CNNC_TOOLS_NETROWS_H
