//===- SemaPlainLayers.cpp - Layers without parameters ----------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::buildPool(PoolLayer::Kind kind) {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  if (kind == PoolLayer::Average && reader.find("out"))
    return buildAdaptivePool(reader);
  PoolLayer pool;
  pool.kind = kind;
  pool.countPadding = reader.boolean("count_pad", false);
  std::optional<WindowPlan> plan =
      planWindow(reader, std::array<int64_t, 2>{2, 2}, /*isPool=*/true);
  if (!plan)
    return std::nullopt;
  pool.window = plan->window;
  pool.overhang = plan->overhang;
  return addLayer(pool, {inputShape()[0], plan->spatial[0], plan->spatial[1]});
}

/// avgpool(out=(p, q)): its windows follow from the sizes.
MaybeFlow NetExpander::buildAdaptivePool(ArgumentReader &reader) {
  for (const auto &[name, argument] : at.arguments)
    if (name != "out" && argument.written) {
      reader.error(
          "E106", argument.argument,
          fmt::format("avgpool(out=…) finds its windows by itself and takes no '{}'", name));
      return std::nullopt;
    }
  AdaptivePoolLayer pool{reader.pair("out", {1, 1}, 1)};
  if (reader.failed)
    return std::nullopt;
  return addLayer(pool, {inputShape()[0], pool.output[0], pool.output[1]});
}

MaybeFlow NetExpander::buildGlobalPool(GlobalPoolLayer::Kind kind) {
  if (!requireImage())
    return std::nullopt;
  return addLayer(GlobalPoolLayer{kind}, {inputShape()[0]});
}

//===----------------------------------------------------------------------===//
// Same size
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::buildLrn() {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  LrnLayer lrn;
  lrn.size = reader.integer("n", 5, 1);
  lrn.alpha = reader.number("alpha", 1e-4);
  lrn.beta = reader.number("beta", 0.75);
  lrn.k = reader.number("k", 2);
  // With k > 0 and alpha >= 0 the base of the power stays positive.
  if (!checkPositive(reader, "k", lrn.k))
    return std::nullopt;
  if (!(lrn.alpha >= 0)) {
    reader.error("E205", at.range,
                 fmt::format("'alpha' of lrn must not be negative, but is {}", toText(lrn.alpha)));
    return std::nullopt;
  }
  return sameShape(lrn);
}

MaybeFlow NetExpander::buildDropout(bool wholeImage) {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  DropoutLayer dropout{reader.number("p", 0.5), wholeImage};
  if (!checkShare(reader, "p", dropout.probability))
    return std::nullopt;
  return sameShape(dropout);
}

MaybeFlow NetExpander::buildActivation(ActivationLayer::Kind kind) {
  ActivationLayer activation{kind};
  if (kind == ActivationLayer::LeakyRelu) {
    ArgumentReader reader(context, at.spec->keyword, at.arguments);
    activation.slope = reader.number("a", 0.01);
    if (reader.failed)
      return std::nullopt;
  }
  return sameShape(activation);
}

//===----------------------------------------------------------------------===//
// Other sizes
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::buildUpsample() {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  UpsampleLayer upsample{reader.integer("n", 1, 1)};
  upsample.isBilinear = reader.symbol("mode", "nearest", modeSymbols) == "bilinear";
  if (reader.failed)
    return std::nullopt;
  Shape output = inputShape();
  for (size_t axis : {1, 2})
    output[axis] = checkedMultiply(output[axis], upsample.factor).value_or(INT64_MAX);
  return addLayer(upsample, std::move(output));
}

std::optional<Shape> NetExpander::readShape() {
  const BoundArgument &argument = at.arguments.find("shape")->second;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  const ListValue *list = argument.value.list();
  if (!list || (list->items.size() != 1 && list->items.size() != 3)) {
    reader.error(
        "E120", argument.range,
        fmt::format("{} takes [C] or [C, H, W], but this is {}", at.spec->keyword,
                    list ? toText(argument.value) : withArticle(argument.value.typeName())));
    return std::nullopt;
  }
  Shape output;
  for (const Value &item : list->items)
    output.push_back(reader.integerOf(item, "shape", argument.range, 1));
  return reader.failed ? std::nullopt : std::optional(std::move(output));
}

MaybeFlow NetExpander::buildReshape() {
  std::optional<Shape> read = readShape();
  if (!read)
    return std::nullopt;
  const Shape &output = *read;
  int64_t wanted = *checkedElements(inputShape());
  std::optional<int64_t> given = checkedElements(output);
  if (given == wanted)
    return addLayer(ReshapeLayer{}, output);
  Diagnostic &diagnostic = layerError(
      "E204", fmt::format("reshape must keep {} elements, but {} has {}", wanted, toText(output),
                          given ? fmt::format("{}", *given) : "more than 64 bits hold"));
  noteInput(diagnostic);
  // One size is solved from the others.
  for (size_t axis = 0; axis < output.size(); ++axis) {
    Shape others = output;
    others[axis] = 1;
    std::optional<int64_t> rest = checkedElements(others);
    if (!rest || wanted % *rest != 0)
      continue;
    others[axis] = wanted / *rest;
    diagnostic.fix(fmt::format("reshape to {}", toText(others)),
                   {{at.arguments.find("shape")->second.range, toText(others)}});
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Positions added and taken away
//===----------------------------------------------------------------------===//

/// pad(p), pad(c=(lo, hi)).
MaybeFlow NetExpander::buildPad() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  PadLayer pad;
  Window ends{};
  const BoundArgument *channels = reader.find("c");
  if (!reader.find("p") && !channels)
    reader.error("E104", at.range, "pad needs its argument 'p', or 'c' for channels");
  if (!reader.failed && reader.find("p") && (!requireImage() || !readEnds(reader, "p", ends)))
    return std::nullopt;
  if (channels) {
    std::array<int64_t, 2> sides = reader.pair("c", {0, 0}, 0);
    pad.low[0] = channels->value.list() ? sides[0] : 0;
    pad.high[0] = sides[1];
  }
  if (reader.failed)
    return std::nullopt;
  Shape output = inputShape();
  for (size_t axis = 0; axis < output.size(); ++axis) {
    if (axis > 0) {
      pad.low[axis] = ends[axis - 1].padLow;
      pad.high[axis] = ends[axis - 1].padHigh;
    }
    output[axis] = inferPad(output[axis], pad.low[axis], pad.high[axis]).value_or(INT64_MAX);
  }
  return addLayer(pad, std::move(output));
}

MaybeFlow NetExpander::buildCrop() {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  Window ends{};
  if (!readEnds(reader, "p", ends))
    return std::nullopt;
  PadLayer crop;
  Shape output = inputShape();
  for (size_t axis : {1, 2}) {
    const WindowAxis &along = ends[axis - 1];
    crop.low[axis] = -along.padLow;
    crop.high[axis] = -along.padHigh;
    std::optional<int64_t> size = inferPad(output[axis], crop.low[axis], crop.high[axis]);
    if (!size) {
      Diagnostic &diagnostic = layerError(
          "E206", fmt::format("crop takes {} of {} positions away on {}",
                              along.padLow + along.padHigh, output[axis], axisNames[axis - 1]));
      diagnostic.derive(fmt::format("W - lo - hi = {} - {} - {} = {}", output[axis], along.padLow,
                                    along.padHigh, output[axis] - along.padLow - along.padHigh));
      noteInput(diagnostic);
      const Shape &input = inputShape();
      int64_t most = (std::min(input[1], input[2]) - 1) / 2;
      diagnostic.fix(fmt::format("p={} -> {}", most, input[axis] - 2 * most),
                     {argumentEdit("p", fmt::format("{}", most))});
      return std::nullopt;
    }
    output[axis] = *size;
  }
  return addLayer(crop, std::move(output));
}

/// Channels lo .. hi-1.
MaybeFlow NetExpander::buildSlice() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  int64_t low = reader.integer("lo", 0, 0), high = reader.integer("hi", 1, 1);
  if (reader.failed)
    return std::nullopt;
  int64_t channels = inputShape()[0];
  if (low >= high || high > channels) {
    Diagnostic &diagnostic = layerError(
        "E206", low >= high
                    ? fmt::format("slice takes the channels lo .. hi-1, but {} is not less than {}",
                                  low, high)
                    : fmt::format("slice takes the channels {} .. {}, but the last of {} is {}",
                                  low, high - 1, channels, channels - 1));
    noteInput(diagnostic);
    if (low < channels)
      diagnostic.fix(fmt::format("hi={}", channels),
                     {argumentEdit("hi", fmt::format("{}", channels))});
    else
      diagnostic.fix(fmt::format("slice(0, {})", channels),
                     {argumentEdit("lo", "0"), argumentEdit("hi", fmt::format("{}", channels))});
    return std::nullopt;
  }
  PadLayer slice;
  slice.low[0] = -low;
  slice.high[0] = high - channels;
  Shape output = inputShape();
  output[0] = high - low;
  return addLayer(slice, std::move(output));
}

//===----------------------------------------------------------------------===//
// Other orders
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::buildShuffle() {
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  ShuffleLayer shuffle{reader.integer("g", 1, 1)};
  if (reader.failed || !checkGroups(shuffle.groups, "g", 0))
    return std::nullopt;
  return sameShape(shuffle);
}

MaybeFlow NetExpander::buildDepthSpace(bool toSpace) {
  if (!requireImage())
    return std::nullopt;
  ArgumentReader reader(context, at.spec->keyword, at.arguments);
  int64_t factor = reader.integer("n", 1, 1);
  if (reader.failed)
    return std::nullopt;
  const Shape &input = inputShape();
  auto fits = [&](int64_t n) {
    return toSpace ? input[0] % (n * n) == 0 : input[1] % n == 0 && input[2] % n == 0;
  };
  if (!fits(factor)) {
    Diagnostic &diagnostic = layerError(
        "E203",
        toSpace ? fmt::format("n={} needs channels that divide by {}, but there are {}", factor,
                              factor * factor, input[0])
                : fmt::format("n={} does not divide the size {}x{}", factor, input[1], input[2]));
    noteInput(diagnostic);
    constexpr int64_t searchLimit = 4096;
    for (int64_t n = std::min(factor, searchLimit) - 1; n >= 1; --n)
      if (fits(n)) {
        diagnostic.fix(fmt::format("n={}", n), {argumentEdit("n", fmt::format("{}", n))});
        break;
      }
    return std::nullopt;
  }
  if (!toSpace)
    return addLayer(SpaceToDepthLayer{factor},
                    {checkedMultiply(input[0], factor * factor).value_or(INT64_MAX),
                     input[1] / factor, input[2] / factor});
  return addLayer(DepthToSpaceLayer{factor},
                  {input[0] / (factor * factor), input[1] * factor, input[2] * factor});
}
