//===- LayerTable.cpp - The layers and their arguments ----------------------===//

#include "compiler/Frontend/LayerTable.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"

using namespace cnnc;

static constexpr ArgumentSpec convArguments[] = {
    {"c", true, true}, {"k", true, true}, {"stride"}, {"pad", false, false, padSymbols},
    {"dilation"},      {"groups"},        {"bias"},   {"round", false, false, roundSymbols},
};
static constexpr ArgumentSpec fcArguments[] = {{"n", true, true}, {"bias"}};
static constexpr ArgumentSpec poolArguments[] = {
    {"k", true},
    {"stride"},
    {"pad", false, false, padSymbols},
    {"dilation"},
    {"round", false, false, roundSymbols},
};
static constexpr ArgumentSpec avgPoolArguments[] = {
    {"k", true},
    {"stride"},
    {"pad", false, false, padSymbols},
    {"dilation"},
    {"round", false, false, roundSymbols},
    {"count_pad"},
    {"out"},
};
static constexpr ArgumentSpec lrnArguments[] = {{"n", true}, {"alpha"}, {"beta"}, {"k"}};
static constexpr ArgumentSpec bnArguments[] = {{"momentum"}, {"eps"}, {"affine"}};
static constexpr ArgumentSpec dropoutArguments[] = {{"p", true}};

static constexpr LayerSpec layers[] = {
    {"conv", LayerId::Conv, convArguments},
    {"fc", LayerId::Fc, fcArguments},
    {"maxpool", LayerId::MaxPool, poolArguments},
    {"avgpool", LayerId::AvgPool, avgPoolArguments},
    {"l2pool", LayerId::L2Pool, poolArguments},
    {"lrn", LayerId::Lrn, lrnArguments},
    {"bn", LayerId::BatchNorm, bnArguments},
    {"relu", LayerId::Relu, {}},
    {"tanh", LayerId::Tanh, {}},
    {"sigmoid", LayerId::Sigmoid, {}},
    {"softmax", LayerId::Softmax, {}},
    {"dropout", LayerId::Dropout, dropoutArguments},
    {"flatten", LayerId::Flatten, {}},
};

static constexpr std::string_view unsupportedLayers[] = {"dwconv",
                                                         "deconv",
                                                         "gavgpool",
                                                         "gmaxpool",
                                                         "groupnorm",
                                                         "layernorm",
                                                         "lrelu",
                                                         "relu6",
                                                         "elu",
                                                         "hardsigmoid",
                                                         "softplus",
                                                         "gelu",
                                                         "silu",
                                                         "hardswish",
                                                         "logsoftmax",
                                                         "prelu",
                                                         "droppath",
                                                         "scale",
                                                         "upsample",
                                                         "reshape",
                                                         "id",
                                                         "pad",
                                                         "crop",
                                                         "slice",
                                                         "shuffle",
                                                         "depth_to_space",
                                                         "space_to_depth",
                                                         "add",
                                                         "sub",
                                                         "mul",
                                                         "max",
                                                         "concat"};

namespace {
struct Table {
  llvm::StringMap<LayerSpec> byName;
  std::vector<std::string> names;

  Table() {
    for (const LayerSpec &layer : layers)
      add(layer.keyword, layer);
    add("pool", *findIn("maxpool"));
    for (std::string_view name : unsupportedLayers)
      add(name, {name, LayerId::Unsupported, {}});
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
