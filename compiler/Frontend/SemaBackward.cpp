//===- SemaBackward.cpp - The layers that gradients are made of -------------===//
//
// Their rules are stricter than those of other layers, and their messages name no
// repair: `cnnc grad` writes them, and what a person changes in them is known by name.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// What all of them need
//===----------------------------------------------------------------------===//

bool NetExpander::takeInputs(size_t count, std::string_view roles) {
  if (at.inputs.size() == count)
    return true;
  layerError("E301", fmt::format("{} takes {}, but {} {} here", at.spec->keyword, roles,
                                 at.inputs.size(), at.inputs.size() == 1 ? "flows" : "flow"));
  return false;
}

/// [64, 56, 56], or [64] without a batch.
static std::string kindText(const Shape &shape, bool isWhole) {
  return toText(shape) + (isWhole ? " without a batch" : "");
}

bool NetExpander::checkInput(size_t input, std::string_view role, const Shape &shape,
                             bool isWhole) {
  const Tensor &given = tensor(input);
  if (given.shape == shape && given.isWhole == isWhole && given.classes == 0)
    return true;
  layerError("E303", fmt::format("the {} of {} must be {}, but is {}", role, at.spec->keyword,
                                 kindText(shape, isWhole),
                                 given.classes ? "labels" : kindText(given.shape, given.isWhole)))
      .note("it is made", given.range);
  return false;
}

bool NetExpander::checkBatched(size_t input, bool isImage) {
  const Tensor &given = tensor(input);
  if (!given.isWhole && given.classes == 0 && (!isImage || given.shape.size() == 3))
    return true;
  layerError("E202", fmt::format("{} reads {} of each image, but this is {}", at.spec->keyword,
                                 isImage ? "[C, H, W]" : "a tensor",
                                 given.classes ? "labels" : kindText(given.shape, given.isWhole)))
      .note("it is made", given.range);
  return false;
}

MaybeFlow NetExpander::addBackward(BackwardLayer layer, Shape output, bool isWhole) {
  MaybeFlow flow = addLayer(layer, std::move(output));
  if (flow)
    net.tensors[flow->tensors.front()].isWhole = isWhole;
  return flow;
}

MaybeFlow NetExpander::buildBackward() {
  BackwardLayer layer{at.spec->id};
  switch (at.spec->id) {
  case LayerId::Flip:
    return buildFlip(layer);
  case LayerId::Correlate:
    return buildCorrelate(layer);
  case LayerId::Outer:
    return buildOuter(layer);
  case LayerId::Unpool:
    return buildUnpool(layer);
  case LayerId::AvgUnpool:
  case LayerId::SumUnpool:
    return buildPoolAdjoint(layer);
  case LayerId::SumPool:
    return buildSumPool(layer);
  case LayerId::Downsample:
    return buildDownsample(layer);
  case LayerId::Sum:
    return buildSum(layer);
  case LayerId::Mean:
  case LayerId::Variance:
    return buildStatistic(layer);
  case LayerId::Standardize:
  case LayerId::Normalize:
    return buildNormalize(layer);
  case LayerId::Expand:
    return buildExpand(layer);
  case LayerId::Mask:
    return buildMask(layer);
  case LayerId::OneHot:
    return buildOneHot(layer);
  default:
    return at.spec->id >= LayerId::CrossEntropy ? buildLoss(layer) : buildElementwise(layer);
  }
}

//===----------------------------------------------------------------------===//
// Weights from outside
//===----------------------------------------------------------------------===//

/// [C] without a batch, added to or multiplied with each channel.
bool NetExpander::isWholeFactor() const {
  bool isSum = at.spec->id == LayerId::Add || at.spec->id == LayerId::Mul;
  return isSum && at.inputs.size() == 2 && !tensor(0).isWhole && tensor(1).isWhole;
}

MaybeFlow NetExpander::buildWholeJoin() {
  if (!checkBatched(0, /*isImage=*/false) ||
      !checkInput(1, "second input", {inputShape()[0]}, /*isWhole=*/true))
    return std::nullopt;
  return addBackward({at.spec->id}, inputShape(), /*isWhole=*/false);
}

MaybeFlow NetExpander::buildWithWeight() {
  for (std::string_view name : {"c", "k", "n", "bias", "shared"})
    if (auto found = at.arguments.find(name); found != at.arguments.end()) {
      if (found->second.written) {
        context.error("E106", found->second.argument,
                      fmt::format("this {} has its weight from outside and takes no '{}'",
                                  at.spec->keyword, name));
        return std::nullopt;
      }
      at.arguments.erase(found);
    }
  bool isPRelu = at.spec->id == LayerId::PRelu;
  bool isImage = at.spec->id == LayerId::Conv || at.spec->id == LayerId::Deconv;
  bool mayHaveBias = at.inputs.size() == 3 && !isPRelu;
  if ((!mayHaveBias && !takeInputs(2, isPRelu ? "a tensor and its slopes"
                                              : "a tensor, a weight and, at most, a bias")) ||
      !checkBatched(0, isImage))
    return std::nullopt;
  BackwardLayer layer{at.spec->id};
  const Shape &weight = tensor(1).shape;
  if (isPRelu) {
    if (weight != Shape{1} && !checkInput(1, "slopes", {inputShape()[0]}, /*isWhole=*/true))
      return std::nullopt;
    return addBackward(layer, inputShape(), /*isWhole=*/false);
  }
  if (isImage)
    return at.spec->id == LayerId::Conv ? buildConvWith(layer) : buildDeconvWith(layer);
  Shape wanted{weight[0], *checkedElements(inputShape())};
  if (!checkInput(1, "weight", wanted, /*isWhole=*/true) ||
      (mayHaveBias && !checkInput(2, "bias", {weight[0]}, /*isWhole=*/true)))
    return std::nullopt;
  return addBackward(layer, {weight[0]}, /*isWhole=*/false);
}

//===----------------------------------------------------------------------===//
// Sums and statistics
//===----------------------------------------------------------------------===//

/// The size of what is left over channels: of an image [1, H, W], of a vector [1].
static Shape withoutChannels(Shape shape) {
  shape[0] = 1;
  return shape;
}

MaybeFlow NetExpander::buildSum(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  std::string over = reader.symbol("over", "batch", overSymbols);
  if (reader.failed || !takeInputs(1, "one tensor"))
    return std::nullopt;
  layer.over = over == "batch"      ? BackwardLayer::Batch
               : over == "channels" ? BackwardLayer::Channels
               : over == "all"      ? BackwardLayer::All
                                    : BackwardLayer::Positions;
  bool isAll = layer.over == BackwardLayer::All;
  if (!(isAll && tensor(0).isWhole) &&
      !checkBatched(0, /*isImage=*/layer.over == BackwardLayer::Positions))
    return std::nullopt;
  Shape output = isAll                                   ? Shape{1}
                 : layer.over == BackwardLayer::Channels ? withoutChannels(inputShape())
                                                         : Shape{inputShape()[0]};
  return addBackward(layer, std::move(output), isAll || layer.over == BackwardLayer::Batch);
}

MaybeFlow NetExpander::buildStatistic(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  std::string over = reader.symbol("over", "", statisticSymbols);
  layer.groups = reader.integer("g", 1, 1);
  if (reader.failed || !takeInputs(1, "one tensor") || !checkBatched(0, /*isImage=*/false))
    return std::nullopt;
  if (over.empty() == !reader.find("g")) {
    reader.error(
        "E104", at.range,
        fmt::format("{} is over batch, over channels, or of each of g= groups", at.spec->keyword));
    return std::nullopt;
  }
  if (over == "batch")
    return addBackward(layer, {inputShape()[0]}, /*isWhole=*/true);
  layer.over = over.empty() ? BackwardLayer::Groups : BackwardLayer::Channels;
  if (!over.empty())
    return addBackward(layer, withoutChannels(inputShape()), /*isWhole=*/false);
  if (!checkGroups(layer.groups, "g", 0))
    return std::nullopt;
  return addBackward(layer, {layer.groups}, /*isWhole=*/false);
}

/// By the batch's own statistics, or by given ones.
MaybeFlow NetExpander::buildNormalize(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  layer.value = reader.number("eps", 1e-5);
  bool isOwn = at.spec->id == LayerId::Standardize;
  if (!checkPositive(reader, "eps", layer.value) ||
      !(isOwn ? takeInputs(1, "one tensor") : takeInputs(3, "a tensor, means and variances")) ||
      !checkBatched(0, /*isImage=*/false))
    return std::nullopt;
  Shape channels{inputShape()[0]};
  if (!isOwn && (!checkInput(1, "mean", channels, /*isWhole=*/true) ||
                 !checkInput(2, "variance", channels, /*isWhole=*/true)))
    return std::nullopt;
  return addBackward(layer, inputShape(), /*isWhole=*/false);
}

/// [1], [C] and [1, H, W] repeated to [C, H, W], or to [C].
MaybeFlow NetExpander::buildExpand(BackwardLayer layer) {
  std::optional<Shape> wanted = readShape();
  if (!wanted || !takeInputs(1, "one tensor"))
    return std::nullopt;
  const Shape &shape = inputShape();
  bool fits = tensor(0).classes == 0 && (!tensor(0).isWhole || shape.size() == 1);
  for (size_t i = 0; i < shape.size() && fits; ++i)
    fits = i < wanted->size() && (shape[i] == (*wanted)[i] || shape[i] == 1);
  if (fits && (shape.size() == wanted->size() || shape.size() == 1))
    return addBackward(layer, std::move(*wanted), /*isWhole=*/false);
  noteInput(layerError("E303",
                       fmt::format("{} cannot be repeated to {}", toText(shape), toText(*wanted))));
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Element by element
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::buildElementwise(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  bool isSum = layer.id == LayerId::ChannelSum;
  layer.value = reader.number(layer.id == LayerId::Pow ? "e" : "v", 0);
  layer.before = reader.integer("before", 0, 0);
  layer.after = reader.integer("after", 0, 0);
  bool isBinary = layer.id == LayerId::Gate || layer.id == LayerId::Divide;
  bool isWhere = layer.id == LayerId::Where;
  if (reader.failed || !takeInputs(isWhere    ? 3
                                   : isBinary ? 2
                                              : 1,
                                   isWhere    ? "a mask and two tensors"
                                   : isBinary ? "two tensors"
                                              : "one tensor"))
    return std::nullopt;
  bool isWhole = tensor(0).isWhole;
  if ((isSum || !isWhole) && !checkBatched(0, /*isImage=*/false))
    return std::nullopt;
  for (size_t i = 1; i < at.inputs.size(); ++i)
    if (!checkInput(i, i == 1 ? "second input" : "third input", inputShape(), isWhole))
      return std::nullopt;
  return addBackward(layer, inputShape(), isWhole);
}

MaybeFlow NetExpander::buildMask(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  layer.value = reader.number("p", 0);
  layer.stream = reader.integer("stream", 0, 0);
  layer.seed = reader.integer("seed", 0, 0);
  layer.wholeImage = reader.boolean("whole", false);
  if (!checkShare(reader, "p", layer.value) || !takeInputs(1, "one tensor") ||
      !checkBatched(0, /*isImage=*/false))
    return std::nullopt;
  return addBackward(layer, inputShape(), /*isWhole=*/false);
}

//===----------------------------------------------------------------------===//
// Labels and losses
//===----------------------------------------------------------------------===//

/// [K] of class(K), [K, H, W] of class(K, H, W).
static Shape scoresOf(const Tensor &labels) {
  Shape shape{labels.classes};
  shape.insert(shape.end(), labels.shape.begin(), labels.shape.end());
  return shape;
}

MaybeFlow NetExpander::buildOneHot(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  layer.value = reader.number("on", 1);
  layer.other = reader.number("off", 0);
  if (reader.failed || !takeInputs(1, "labels"))
    return std::nullopt;
  if (tensor(0).classes == 0) {
    noteInput(layerError("E202", "onehot takes labels, an input of class(K)"));
    return std::nullopt;
  }
  return addBackward(layer, scoresOf(tensor(0)), /*isWhole=*/false);
}

MaybeFlow NetExpander::buildLoss(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  bool isHuber = layer.id == LayerId::Huber;
  layer.value = isHuber ? reader.number("delta", 1) : reader.number("smooth", 0);
  if (isHuber ? !checkPositive(reader, "delta", layer.value)
              : !checkShare(reader, "smooth", layer.value))
    return std::nullopt;
  bool takesLabels = layer.id <= LayerId::Hinge;
  if (!takeInputs(2, takesLabels ? "scores and labels" : "a tensor and what it should be"))
    return std::nullopt;
  if (takesLabels && tensor(1).classes == 0) {
    layerError("E310", fmt::format("{} compares scores with labels, an input of class(K)",
                                   at.spec->keyword))
        .note("this is none", tensor(1).range);
    return std::nullopt;
  }
  Shape wanted = takesLabels ? scoresOf(tensor(1)) : tensor(1).shape;
  if (!checkBatched(0, /*isImage=*/false) ||
      !checkInput(0, "first input", wanted, /*isWhole=*/false) ||
      (!takesLabels && !checkBatched(1, /*isImage=*/false)))
    return std::nullopt;
  return addBackward(layer, {1}, /*isWhole=*/true);
}
