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

/// The bare words of `pad=`, `round=`, `mode=`, `axis=` and `over=`.
inline constexpr std::string_view padSymbols[] = {"same", "valid"};
inline constexpr std::string_view roundSymbols[] = {"strict", "floor", "ceil"};
inline constexpr std::string_view modeSymbols[] = {"nearest", "bilinear"};
inline constexpr std::string_view axisSymbols[] = {"c"};
inline constexpr std::string_view overSymbols[] = {"batch", "channels", "positions", "all"};
inline constexpr std::string_view statisticSymbols[] = {"batch", "channels"};

/// Of all layers with windows.
inline constexpr ArgumentSpec padArgument{"pad", false, false, padSymbols};
inline constexpr ArgumentSpec roundArgument{"round", false, false, roundSymbols};

enum class LayerId : uint8_t {
  Conv,
  DepthwiseConv,
  Deconv,
  Fc,
  MaxPool,
  AvgPool,
  L2Pool,
  GlobalAvgPool,
  GlobalMaxPool,
  Lrn,
  BatchNorm,
  GroupNorm,
  LayerNorm,
  Relu,
  LeakyRelu,
  Relu6,
  Elu,
  Sigmoid,
  HardSigmoid,
  Tanh,
  Softplus,
  Gelu,
  Silu,
  HardSwish,
  Softmax,
  LogSoftmax,
  PRelu,
  Dropout,
  DropPath,
  Scale,
  Upsample,
  Flatten,
  Reshape,
  Identity,
  Pad,
  Crop,
  Slice,
  Shuffle,
  DepthToSpace,
  SpaceToDepth,
  Add,
  Sub,
  Mul,
  Max,
  Concat,
  // What gradients are made of.
  Flip,
  Correlate,
  Outer,
  Unpool,
  AvgUnpool,
  SumPool,
  SumUnpool,
  Downsample,
  Sum,
  Mean,
  Variance,
  Standardize,
  Normalize,
  Expand,
  Fill,
  Where,
  Gate,
  Divide,
  ChannelSum,
  Exp,
  Erfc,
  Pow,
  Mask,
  OneHot,
  CrossEntropy,
  Nll,
  Hinge,
  BinaryCrossEntropy,
  MeanSquaredError,
  MeanAbsoluteError,
  Huber
};

/// Whether a layer is a function of each element.
constexpr bool isActivation(LayerId id) { return id >= LayerId::Relu && id <= LayerId::HardSwish; }

/// Whether a layer joins several tensors.
constexpr bool isJoin(LayerId id) { return id >= LayerId::Add && id <= LayerId::Concat; }

/// Whether a layer is there for gradients. Its name is not reserved: a user's block of the
/// same name comes first.
constexpr bool isBackward(LayerId id) { return id >= LayerId::Flip; }

/// Whether a layer takes its weight, and its bias, as further tensors too.
constexpr bool takesWeight(LayerId id) {
  return id == LayerId::Conv || id == LayerId::Deconv || id == LayerId::Fc || id == LayerId::PRelu;
}

struct LayerSpec {
  std::string_view keyword;
  LayerId id;
  std::span<const ArgumentSpec> arguments;
};

/// The layer of a name, whatever the case and by any alias; null if there is none.
const LayerSpec *findLayer(std::string_view name);
/// The layers that gradients are made of; findLayer knows them too.
std::span<const LayerSpec> backwardLayers();
/// All names but those, for suggestions.
const std::vector<std::string> &layerNames();

} // namespace cnnc

#endif // CNNC_FRONTEND_LAYERTABLE_H
