//===- LayerTable.cpp - The layers and their arguments ----------------------===//

#include "compiler/Frontend/LayerTable.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

using namespace cnnc;

static constexpr ArgumentSpec convArguments[] = {
    {"c", true, true}, {"k", true, true}, {"stride"}, padArgument,
    {"dilation"},      {"groups"},        {"bias"},   roundArgument,
};
static constexpr ArgumentSpec dwconvArguments[] = {
    {"k", true, true}, {"stride"}, padArgument, {"dilation"}, {"mult"}, {"bias"}, roundArgument,
};
static constexpr ArgumentSpec deconvArguments[] = {
    {"c", true, true}, {"k", true, true}, {"stride"}, padArgument,
    {"dilation"},      {"groups"},        {"bias"},   {"outpad"},
};
static constexpr ArgumentSpec fcArguments[] = {{"n", true, true}, {"bias"}};
static constexpr ArgumentSpec poolArguments[] = {
    {"k", true}, {"stride"}, padArgument, {"dilation"}, roundArgument,
};
static constexpr ArgumentSpec avgPoolArguments[] = {
    {"k", true}, {"stride"}, padArgument, {"dilation"}, roundArgument, {"count_pad"}, {"out"},
};
static constexpr ArgumentSpec lrnArguments[] = {{"n", true}, {"alpha"}, {"beta"}, {"k"}};
static constexpr ArgumentSpec bnArguments[] = {{"momentum"}, {"eps"}, {"affine"}};
static constexpr ArgumentSpec groupNormArguments[] = {{"g", true, true}, {"eps"}, {"affine"}};
static constexpr ArgumentSpec layerNormArguments[] = {
    {"axis", false, false, axisSymbols}, {"eps"}, {"affine"}};
static constexpr ArgumentSpec slopeArguments[] = {{"a", true}};
static constexpr ArgumentSpec preluArguments[] = {{"shared"}};
static constexpr ArgumentSpec dropoutArguments[] = {{"p", true}};
static constexpr ArgumentSpec dropPathArguments[] = {{"p", true, true}};
static constexpr ArgumentSpec scaleArguments[] = {{"a", true}, {"b", true}};
static constexpr ArgumentSpec upsampleArguments[] = {{"n", true, true},
                                                     {"mode", false, false, modeSymbols}};
static constexpr ArgumentSpec reshapeArguments[] = {{"shape", true, true}};
static constexpr ArgumentSpec padLayerArguments[] = {{"p", true}, {"c"}};
static constexpr ArgumentSpec cropArguments[] = {{"p", true, true}};
static constexpr ArgumentSpec sliceArguments[] = {{"lo", true, true}, {"hi", true, true}};
static constexpr ArgumentSpec groupArguments[] = {{"g", true, true}};
static constexpr ArgumentSpec factorArguments[] = {{"n", true, true}};

static constexpr LayerSpec layers[] = {
    {"conv", LayerId::Conv, convArguments},
    {"dwconv", LayerId::DepthwiseConv, dwconvArguments},
    {"deconv", LayerId::Deconv, deconvArguments},
    {"fc", LayerId::Fc, fcArguments},
    {"maxpool", LayerId::MaxPool, poolArguments},
    {"avgpool", LayerId::AvgPool, avgPoolArguments},
    {"l2pool", LayerId::L2Pool, poolArguments},
    {"gavgpool", LayerId::GlobalAvgPool, {}},
    {"gmaxpool", LayerId::GlobalMaxPool, {}},
    {"lrn", LayerId::Lrn, lrnArguments},
    {"bn", LayerId::BatchNorm, bnArguments},
    {"groupnorm", LayerId::GroupNorm, groupNormArguments},
    {"layernorm", LayerId::LayerNorm, layerNormArguments},
    {"relu", LayerId::Relu, {}},
    {"lrelu", LayerId::LeakyRelu, slopeArguments},
    {"relu6", LayerId::Relu6, {}},
    {"elu", LayerId::Elu, {}},
    {"sigmoid", LayerId::Sigmoid, {}},
    {"hardsigmoid", LayerId::HardSigmoid, {}},
    {"tanh", LayerId::Tanh, {}},
    {"softplus", LayerId::Softplus, {}},
    {"gelu", LayerId::Gelu, {}},
    {"silu", LayerId::Silu, {}},
    {"hardswish", LayerId::HardSwish, {}},
    {"softmax", LayerId::Softmax, {}},
    {"logsoftmax", LayerId::LogSoftmax, {}},
    {"prelu", LayerId::PRelu, preluArguments},
    {"dropout", LayerId::Dropout, dropoutArguments},
    {"droppath", LayerId::DropPath, dropPathArguments},
    {"scale", LayerId::Scale, scaleArguments},
    {"upsample", LayerId::Upsample, upsampleArguments},
    {"flatten", LayerId::Flatten, {}},
    {"reshape", LayerId::Reshape, reshapeArguments},
    {"id", LayerId::Identity, {}},
    {"pad", LayerId::Pad, padLayerArguments},
    {"crop", LayerId::Crop, cropArguments},
    {"slice", LayerId::Slice, sliceArguments},
    {"shuffle", LayerId::Shuffle, groupArguments},
    {"depth_to_space", LayerId::DepthToSpace, factorArguments},
    {"space_to_depth", LayerId::SpaceToDepth, factorArguments},
    {"add", LayerId::Add, {}},
    {"sub", LayerId::Sub, {}},
    {"mul", LayerId::Mul, {}},
    {"max", LayerId::Max, {}},
    {"concat", LayerId::Concat, {}},
};

namespace {
struct Table {
  llvm::StringMap<LayerSpec> byName;
  std::vector<std::string> names;

  Table() {
    for (const LayerSpec &layer : layers)
      add(layer.keyword, layer);
    add("pool", *findIn("maxpool"));
    for (const LayerSpec &layer : backwardLayers())
      byName.try_emplace(llvm::StringRef(layer.keyword.data(), layer.keyword.size()), layer);
  }
  const LayerSpec *findIn(llvm::StringRef name) const {
    auto found = byName.find(name);
    return found == byName.end() ? nullptr : &found->second;
  }
  void add(std::string_view name, LayerSpec layer) {
    byName.try_emplace(llvm::StringRef(name.data(), name.size()), layer);
    names.emplace_back(name);
  }
};
} // namespace

static const Table &table() {
  static const Table instance;
  return instance;
}

const LayerSpec *cnnc::findLayer(std::string_view name) {
  return table().findIn(llvm::StringRef(name.data(), name.size()).lower());
}

const std::vector<std::string> &cnnc::layerNames() { return table().names; }
