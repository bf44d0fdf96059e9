//===- SemaAdjoint.cpp - Adjoints of layers with weights and windows --------===//
//
// Each takes the arguments of the layer whose gradient it is, and the size that the
// layer read: (x, dy) -> correlate(3, pad=1) is the gradient of conv(…, 3, pad=1)
// towards its weight.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <fmt/format.h>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::buildConvWith(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  const Shape &weight = tensor(1).shape;
  layer.groups = reader.integer("groups", 1, 1);
  if (reader.failed || !checkFilter("[out, in/groups, h, w]"))
    return std::nullopt;
  if (!checkGroups(layer.groups, "groups", weight[0]))
    return std::nullopt;
  Shape wanted{weight[0], inputShape()[0] / layer.groups, weight[2], weight[3]};
  if (!checkInput(1, "weight", wanted, /*isWhole=*/true) ||
      (at.inputs.size() == 3 && !checkInput(2, "bias", {weight[0]}, /*isWhole=*/true)))
    return std::nullopt;
  std::optional<WindowPlan> plan =
      planWindow(reader, std::array{weight[2], weight[3]}, /*isPool=*/false);
  if (!plan)
    return std::nullopt;
  layer.window = plan->window;
  return addBackward(layer, {weight[0], plan->spatial[0], plan->spatial[1]}, /*isWhole=*/false);
}

MaybeFlow NetExpander::buildDeconvWith(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  Shape weight = tensor(1).shape;
  layer.groups = reader.integer("groups", 1, 1);
  if (reader.failed || !checkFilter("[in, out/groups, h, w]"))
    return std::nullopt;
  std::optional<int64_t> channels = checkedMultiply(weight[1], layer.groups);
  if (!checkGroups(layer.groups, "groups", 0) ||
      !checkInput(1, "weight", {inputShape()[0], weight[1], weight[2], weight[3]},
                  /*isWhole=*/true) ||
      (at.inputs.size() == 3 &&
       !checkInput(2, "bias", {channels.value_or(INT64_MAX)}, /*isWhole=*/true)))
    return std::nullopt;
  DeconvLayer deconv;
  std::optional<Shape> spatial = planDeconv(reader, deconv, std::array{weight[2], weight[3]});
  if (!spatial)
    return std::nullopt;
  layer.window = deconv.window;
  layer.outputPadding = deconv.outputPadding;
  return addBackward(layer, {channels.value_or(INT64_MAX), (*spatial)[0], (*spatial)[1]},
                     /*isWhole=*/false);
}

bool NetExpander::checkFilter(std::string_view wanted) {
  if (tensor(1).shape.size() == 4)
    return true;
  layerError("E202", fmt::format("the weight of {} is {}, but this one is {}", at.spec->keyword,
                                 wanted, toText(tensor(1).shape)))
      .note("it is made", tensor(1).range);
  return false;
}

/// A filter turned by 180 degrees, its inputs and outputs exchanged within each group; a
/// matrix transposed.
MaybeFlow NetExpander::buildFlip(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  layer.groups = reader.integer("groups", 1, 1);
  if (reader.failed || !takeInputs(1, "one tensor"))
    return std::nullopt;
  const Shape &shape = inputShape();
  bool isMatrix = shape.size() == 2 && layer.groups == 1;
  if (!tensor(0).isWhole || (shape.size() != 4 && !isMatrix)) {
    noteInput(layerError("E202", fmt::format("flip takes a filter [out, in, h, w] or a matrix "
                                             "without a batch, but this is {}",
                                             toText(shape))));
    return std::nullopt;
  }
  if (isMatrix)
    return addBackward(layer, {shape[1], shape[0]}, /*isWhole=*/true);
  if (!checkGroups(layer.groups, "groups", 0))
    return std::nullopt;
  return addBackward(layer,
                     {checkedMultiply(shape[1], layer.groups).value_or(INT64_MAX),
                      shape[0] / layer.groups, shape[2], shape[3]},
                     /*isWhole=*/true);
}

/// The gradient of a convolution towards its weight: (x, dy) to [out, in/groups, h, w].
MaybeFlow NetExpander::buildCorrelate(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  layer.groups = reader.integer("groups", 1, 1);
  if (reader.failed || !takeInputs(2, "what the convolution read, and its gradient") ||
      !checkBatched(0, /*isImage=*/true) || !checkBatched(1, /*isImage=*/true))
    return std::nullopt;
  Shape gradient = tensor(1).shape;
  std::optional<WindowPlan> plan = planWindow(reader, std::nullopt, /*isPool=*/false);
  if (!plan || !checkGroups(layer.groups, "groups", gradient[0]) ||
      !checkInput(1, "gradient", {gradient[0], plan->spatial[0], plan->spatial[1]},
                  /*isWhole=*/false))
    return std::nullopt;
  layer.window = plan->window;
  return addBackward(
      layer,
      {gradient[0], inputShape()[0] / layer.groups, layer.window[0].size, layer.window[1].size},
      /*isWhole=*/true);
}

/// The gradient of a fc towards its weight: (x, dy) to [dy, x], summed over the batch.
MaybeFlow NetExpander::buildOuter(BackwardLayer layer) {
  if (!takeInputs(2, "what the fc read, and its gradient") || !checkBatched(0, /*isImage=*/false) ||
      !checkBatched(1, /*isImage=*/false))
    return std::nullopt;
  return addBackward(layer, {*checkedElements(tensor(1).shape), *checkedElements(inputShape())},
                     /*isWhole=*/true);
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// The gradient of a maxpool: (x, dy), where x is what it read.
MaybeFlow NetExpander::buildUnpool(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  if (!takeInputs(2, "what the maxpool read, and its gradient") ||
      !checkBatched(0, /*isImage=*/true) || !checkBatched(1, /*isImage=*/true))
    return std::nullopt;
  std::optional<WindowPlan> plan =
      planWindow(reader, std::array<int64_t, 2>{2, 2}, /*isPool=*/true);
  if (!plan || !checkInput(1, "gradient", {inputShape()[0], plan->spatial[0], plan->spatial[1]},
                           /*isWhole=*/false))
    return std::nullopt;
  layer.window = plan->window;
  return addBackward(layer, inputShape(), /*isWhole=*/false);
}

/// avgunpool and sumunpool: from the gradient of a pool to the `size` that it read. Without
/// a window avgunpool is that of avgpool(out=…).
MaybeFlow NetExpander::buildPoolAdjoint(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  std::array<int64_t, 2> size = reader.pair("size", {1, 1}, 1);
  layer.countPadding = reader.boolean("count_pad", false);
  if (reader.failed || !takeInputs(1, "one tensor") || !checkBatched(0, /*isImage=*/true))
    return std::nullopt;
  Shape output{inputShape()[0], size[0], size[1]};
  layer.isAdaptive = layer.id == LayerId::AvgUnpool && !reader.find("k");
  if (layer.isAdaptive)
    return addBackward(layer, std::move(output), /*isWhole=*/false);
  at.read = output;
  std::optional<WindowPlan> plan =
      planWindow(reader, std::array<int64_t, 2>{2, 2}, /*isPool=*/true);
  if (!plan || !checkInput(0, "gradient", {output[0], plan->spatial[0], plan->spatial[1]},
                           /*isWhole=*/false))
    return std::nullopt;
  layer.window = plan->window;
  layer.overhang = plan->overhang;
  return addBackward(layer, std::move(output), /*isWhole=*/false);
}

MaybeFlow NetExpander::buildSumPool(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  if (!takeInputs(1, "one tensor") || !checkBatched(0, /*isImage=*/true))
    return std::nullopt;
  std::optional<WindowPlan> plan =
      planWindow(reader, std::array<int64_t, 2>{2, 2}, /*isPool=*/true);
  if (!plan)
    return std::nullopt;
  layer.window = plan->window;
  return addBackward(layer, {inputShape()[0], plan->spatial[0], plan->spatial[1]},
                     /*isWhole=*/false);
}

/// The gradient of upsample(n, mode=bilinear).
MaybeFlow NetExpander::buildDownsample(BackwardLayer layer) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  layer.factor = reader.integer("n", 1, 1);
  if (reader.failed || !takeInputs(1, "one tensor") || !checkBatched(0, /*isImage=*/true))
    return std::nullopt;
  Shape output = inputShape();
  for (size_t axis : {1, 2}) {
    if (output[axis] % layer.factor != 0) {
      noteInput(layerError("E203", fmt::format("n={} does not divide the size {}x{}", layer.factor,
                                               inputShape()[1], inputShape()[2])));
      return std::nullopt;
    }
    output[axis] /= layer.factor;
  }
  return addBackward(layer, std::move(output), /*isWhole=*/false);
}
