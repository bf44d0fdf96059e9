//===- BackwardTable.cpp - The layers of gradients and their arguments ------===//

#include "compiler/Frontend/LayerTable.h"

using namespace cnnc;

static constexpr ArgumentSpec windowArguments[] = {
    {"k", true}, {"stride"}, padArgument, {"dilation"}, roundArgument,
};
static constexpr ArgumentSpec factorArguments[] = {{"n", true, true}};
static constexpr ArgumentSpec shapeArguments[] = {{"shape", true, true}};
static constexpr ArgumentSpec flipArguments[] = {{"groups"}};
static constexpr ArgumentSpec correlateArguments[] = {
    {"k", true, true}, {"stride"}, padArgument, {"dilation"}, {"groups"}, roundArgument,
};
static constexpr ArgumentSpec avgUnwindowArguments[] = {
    {"k", true},   {"stride"},    padArgument,           {"dilation"},
    roundArgument, {"count_pad"}, {"size", false, true},
};
static constexpr ArgumentSpec sumUnwindowArguments[] = {
    {"k", true}, {"stride"}, padArgument, {"dilation"}, roundArgument, {"size", false, true},
};
static constexpr ArgumentSpec sumArguments[] = {{"over", true, true, overSymbols}};
static constexpr ArgumentSpec statisticArguments[] = {{"over", true, false, statisticSymbols},
                                                      {"g"}};
static constexpr ArgumentSpec epsArguments[] = {{"eps"}};
static constexpr ArgumentSpec fillArguments[] = {{"v", true, true}};
static constexpr ArgumentSpec channelSumArguments[] = {{"before", true, true},
                                                       {"after", true, true}};
static constexpr ArgumentSpec powArguments[] = {{"e", true, true}};
static constexpr ArgumentSpec maskArguments[] = {
    {"p", true, true}, {"stream"}, {"seed"}, {"whole"}};
static constexpr ArgumentSpec oneHotArguments[] = {{"on", true}, {"off", true}};
static constexpr ArgumentSpec smoothArguments[] = {{"smooth", true}};
static constexpr ArgumentSpec deltaArguments[] = {{"delta", true}};

static constexpr LayerSpec layers[] = {
    {"flip", LayerId::Flip, flipArguments},
    {"correlate", LayerId::Correlate, correlateArguments},
    {"outer", LayerId::Outer, {}},
    {"unpool", LayerId::Unpool, windowArguments},
    {"avgunpool", LayerId::AvgUnpool, avgUnwindowArguments},
    {"sumpool", LayerId::SumPool, windowArguments},
    {"sumunpool", LayerId::SumUnpool, sumUnwindowArguments},
    {"downsample", LayerId::Downsample, factorArguments},
    {"sum", LayerId::Sum, sumArguments},
    {"mean", LayerId::Mean, statisticArguments},
    {"variance", LayerId::Variance, statisticArguments},
    {"standardize", LayerId::Standardize, epsArguments},
    {"normalize", LayerId::Normalize, epsArguments},
    {"expand", LayerId::Expand, shapeArguments},
    {"fill", LayerId::Fill, fillArguments},
    {"where", LayerId::Where, {}},
    {"gate", LayerId::Gate, {}},
    {"div", LayerId::Divide, {}},
    {"channel_sum", LayerId::ChannelSum, channelSumArguments},
    {"exp", LayerId::Exp, {}},
    {"erfc", LayerId::Erfc, {}},
    {"pow", LayerId::Pow, powArguments},
    {"mask", LayerId::Mask, maskArguments},
    {"onehot", LayerId::OneHot, oneHotArguments},
    {"xent", LayerId::CrossEntropy, smoothArguments},
    {"nll", LayerId::Nll, {}},
    {"hinge", LayerId::Hinge, {}},
    {"bce", LayerId::BinaryCrossEntropy, {}},
    {"mse", LayerId::MeanSquaredError, {}},
    {"mae", LayerId::MeanAbsoluteError, {}},
    {"huber", LayerId::Huber, deltaArguments},
};

std::span<const LayerSpec> cnnc::backwardLayers() { return layers; }
