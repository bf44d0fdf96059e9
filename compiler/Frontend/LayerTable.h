//===- LayerTable.h - The layers and their arguments ------------------------===//
#ifndef CNNC_FRONTEND_LAYERTABLE_H
#define CNNC_FRONTEND_LAYERTABLE_H

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

/// One argument of a layer, a loss, an optimizer or a schedule.
struct ArgumentSpec {
  std::string_view name;
  bool positional = false; ///< may be given without its name, in this order
  bool required = false;
  std::span<const std::string_view> symbols = {}; ///< bare words that it understands
};

/// The bare words of `pad=` and `round=`.
inline constexpr std::string_view padSymbols[] = {"same", "valid"};
inline constexpr std::string_view roundSymbols[] = {"strict", "floor", "ceil"};

enum class LayerId : uint8_t {
  Conv,
  Fc,
  MaxPool,
  AvgPool,
  L2Pool,
  Lrn,
  BatchNorm,
  Relu,
  Tanh,
  Sigmoid,
  Softmax,
  Dropout,
  Flatten,
  Unsupported ///< in the language, not in this version
};

struct LayerSpec {
  std::string_view keyword;
  LayerId id;
  std::span<const ArgumentSpec> arguments;
};

/// The layer of a name, whatever the case and by any alias; null if there is none.
const LayerSpec *findLayer(std::string_view name);
/// All names, for suggestions.
const std::vector<std::string> &layerNames();

} // namespace cnnc

#endif // CNNC_FRONTEND_LAYERTABLE_H
