//===- LayerWriter.cpp - Random layers that fit ---------------------------===//

#include "test/oracle/LayerWriter.h"

#include "dialect/ShapeInference.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;
using namespace cnnc::oracle;

/// Nets stay small: the compiler takes the time, and small sizes have all the borders.
static constexpr int64_t mostElements = 300, mostChannels = 8, mostPositions = 11;

static bool isSmall(const Shape &shape) {
  int64_t elements = 1;
  for (int64_t size : shape)
    elements *= size;
  return elements <= mostElements && shape[0] <= 2 * mostChannels &&
         std::all_of(shape.begin() + 1, shape.end(),
                     [](int64_t size) { return size <= mostPositions; });
}

int64_t LayerWriter::divisorOf(int64_t number) {
  std::vector<int64_t> divisors;
  for (int64_t d = 1; d <= number; ++d)
    if (number % d == 0)
      divisors.push_back(d);
  return dice.pick(divisors);
}

std::string LayerWriter::pair(int64_t height, int64_t width) {
  return height == width && dice.chance(70) ? fmt::format("{}", height)
                                            : fmt::format("({}, {})", height, width);
}

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

std::string LayerWriter::padding(const Window &window) {
  auto ends = [&](const WindowAxis &axis) {
    return axis.padLow == axis.padHigh && dice.chance(70)
               ? fmt::format("{}", axis.padLow)
               : fmt::format("({}, {})", axis.padLow, axis.padHigh);
  };
  bool isOne = window[0].padLow == window[0].padHigh && window[1].padLow == window[1].padHigh &&
               window[0].padLow == window[1].padLow;
  return isOne && dice.chance(70) ? fmt::format("{}", window[0].padLow)
                                  : fmt::format("({}, {})", ends(window[0]), ends(window[1]));
}

WindowAxis LayerWriter::randomAxis(bool isPool, bool isExactMean) {
  WindowAxis axis;
  axis.size = isExactMean ? dice.pick({1, 2, 2, 4}) : dice.number(isPool ? 2 : 1, 3);
  axis.stride = dice.chance(50) ? 1 : dice.number(1, 3);
  if (isPool && dice.chance(50))
    axis.stride = axis.size;
  axis.dilation = dice.chance(15) ? 2 : 1;
  if (dice.chance(50) && !(isExactMean && axis.size > 2)) {
    axis.padLow = dice.number(0, axis.size - 1);
    axis.padHigh = dice.chance(60) ? axis.padLow : dice.number(0, axis.size - 1);
  }
  return axis;
}

std::optional<LayerWriter::WindowText> LayerWriter::writeWindow(const Shape &shape, bool isPool,
                                                                bool isExactMean) {
  Window window{randomAxis(isPool, isExactMean), randomAxis(isPool, isExactMean)};
  bool isSame = dice.chance(20) && !isExactMean;
  std::string round = dice.chance(20) ? dice.pick({"floor", "ceil"}) : "strict";
  Rounding rounding = round == "ceil"    ? Rounding::Ceil
                      : round == "floor" ? Rounding::Floor
                                         : Rounding::Strict;
  WindowText text;
  for (size_t i : {0, 1}) {
    WindowAxis &axis = window[i];
    int64_t input = shape[i + 1];
    if (isSame)
      applySamePadding(input, axis);
    WindowSize size = inferWindow(input, axis, rounding);
    if (size.error == WindowError::DropsInput && dice.chance(50)) {
      round = "floor";
      rounding = Rounding::Floor;
      size = inferWindow(input, axis, rounding);
    }
    if (size.error != WindowError::None)
      return std::nullopt;
    for (int64_t at = 0; isPool && at < size.output; ++at)
      if (countCovered(input, axis, at) == 0)
        return std::nullopt;
    text.output.push_back(size.output);
  }
  text.size = pair(window[0].size, window[1].size);
  text.arguments = ", stride=" + pair(window[0].stride, window[1].stride);
  if (isSame)
    text.arguments += ", pad=same";
  else if (window[0].padLow + window[0].padHigh + window[1].padLow + window[1].padHigh > 0)
    text.arguments += ", pad=" + padding(window);
  if (window[0].dilation != 1 || window[1].dilation != 1)
    text.arguments += ", dilation=" + pair(window[0].dilation, window[1].dilation);
  if (round != "strict")
    text.arguments += ", round=" + round;
  return text;
}

//===----------------------------------------------------------------------===//
// Layers with windows
//===----------------------------------------------------------------------===//

std::string LayerWriter::writeTraits() {
  return dice.chance(6) ? " @frozen" : dice.chance(4) ? " @lr(0.5)" : "";
}

LayerWriter::Text LayerWriter::writeConv(Shape &shape) {
  std::optional<WindowText> window = writeWindow(shape, false, false);
  if (!window)
    return std::nullopt;
  int64_t groups = dice.chance(60) ? 1 : divisorOf(shape[0]);
  int64_t channels = groups * dice.number(1, std::max<int64_t>(mostChannels / groups / 2, 1));
  shape = {channels, window->output[0], window->output[1]};
  return fmt::format("conv({}, {}{}{}{}){}", channels, window->size, window->arguments,
                     groups > 1 ? fmt::format(", groups={}", groups) : "",
                     dice.chance(30) ? ", bias=false" : "", writeTraits());
}

LayerWriter::Text LayerWriter::writeDepthwiseConv(Shape &shape) {
  std::optional<WindowText> window = writeWindow(shape, false, false);
  if (!window)
    return std::nullopt;
  int64_t factor = shape[0] <= 3 ? dice.number(1, 2) : 1;
  shape = {shape[0] * factor, window->output[0], window->output[1]};
  return fmt::format("dwconv({}{}{}{})", window->size, window->arguments,
                     factor > 1 ? fmt::format(", mult={}", factor) : "",
                     dice.chance(30) ? ", bias=false" : "");
}

LayerWriter::Text LayerWriter::writeDeconv(Shape &shape) {
  Window window{randomAxis(false, false), randomAxis(false, false)};
  int64_t groups = dice.chance(60) ? 1 : divisorOf(shape[0]), channels = groups * dice.number(1, 2);
  std::array<int64_t, 2> outpad{};
  Shape output{channels};
  bool isSame = dice.chance(15);
  for (size_t i : {0, 1}) {
    outpad[i] = !isSame && dice.chance(30) ? dice.number(0, window[i].stride - 1) : 0;
    WindowSize size = inferDeconv(shape[i + 1], window[i], outpad[i]);
    if (size.error != WindowError::None)
      return std::nullopt;
    output.push_back(isSame ? shape[i + 1] * window[i].stride : size.output);
  }
  shape = output;
  std::string text =
      fmt::format("deconv({}, {}, stride={}", channels, pair(window[0].size, window[1].size),
                  pair(window[0].stride, window[1].stride));
  text += isSame ? ", pad=same" : ", pad=" + padding(window);
  if (window[0].dilation != 1 || window[1].dilation != 1)
    text += ", dilation=" + pair(window[0].dilation, window[1].dilation);
  if (outpad[0] + outpad[1] > 0)
    text += ", outpad=" + pair(outpad[0], outpad[1]);
  if (groups > 1)
    text += fmt::format(", groups={}", groups);
  return text + (dice.chance(30) ? ", bias=false)" : ")") + writeTraits();
}

LayerWriter::Text LayerWriter::writePool(Shape &shape) {
  std::string kind = dice.pick({"maxpool", "maxpool", "avgpool", "avgpool", "l2pool"});
  if (isInteger && kind == "l2pool")
    kind = "maxpool";
  std::optional<WindowText> window =
      writeWindow(shape, true, /*isExactMean=*/isInteger && kind == "avgpool");
  if (!window)
    return std::nullopt;
  shape = {shape[0], window->output[0], window->output[1]};
  bool countsPadding = kind == "avgpool" && dice.chance(40);
  return fmt::format("{}({}{}{})", kind, window->size, window->arguments,
                     countsPadding ? ", count_pad=true" : "");
}

LayerWriter::Text LayerWriter::writeAdaptivePool(Shape &shape) {
  auto isPower = [](int64_t n) { return (n & (n - 1)) == 0; };
  int64_t area = shape[1] * shape[2];
  if (dice.chance(40)) {
    bool isMax = dice.chance(50) || (isInteger && !isPower(area));
    shape = {shape[0]};
    return isMax ? "gmaxpool" : "gavgpool";
  }
  int64_t height = dice.number(1, shape[1]), width = dice.number(1, shape[2]);
  if (isInteger &&
      (shape[1] % height != 0 || shape[2] % width != 0 || !isPower(area / (height * width))))
    return std::nullopt;
  shape = {shape[0], height, width};
  return fmt::format("avgpool(out={})", pair(height, width));
}

//===----------------------------------------------------------------------===//
// Layers that move elements
//===----------------------------------------------------------------------===//

LayerWriter::Text LayerWriter::writeResolution(Shape &shape) {
  int64_t factor = dice.chance(75) ? 2 : 3;
  switch (dice.number(0, 2)) {
  case 0:
    if (shape[1] % factor != 0 || shape[2] % factor != 0)
      return std::nullopt;
    shape = {shape[0] * factor * factor, shape[1] / factor, shape[2] / factor};
    return fmt::format("space_to_depth({})", factor);
  case 1:
    if (shape[0] % (factor * factor) != 0)
      return std::nullopt;
    shape = {shape[0] / (factor * factor), shape[1] * factor, shape[2] * factor};
    return fmt::format("depth_to_space({})", factor);
  default:
    bool isBilinear = dice.chance(50) && !(isInteger && factor == 3);
    shape = {shape[0], shape[1] * factor, shape[2] * factor};
    return fmt::format("upsample({}{})", factor, isBilinear ? ", mode=bilinear" : "");
  }
}

/// pad and crop, also of channels.
LayerWriter::Text LayerWriter::writeEnds(Shape &shape) {
  if (dice.chance(25)) {
    int64_t low = dice.number(0, 2), high = dice.number(low == 0, 2);
    shape[0] += low + high;
    return fmt::format("pad(c=({}, {}))", low, high);
  }
  Window ends;
  bool isCrop = dice.chance(50);
  int64_t sign = isCrop ? -1 : 1;
  for (size_t i : {0, 1}) {
    ends[i].padLow = dice.number(0, 2);
    ends[i].padHigh = dice.chance(50) ? ends[i].padLow : dice.number(0, 2);
    shape[i + 1] += sign * (ends[i].padLow + ends[i].padHigh);
    if (shape[i + 1] < 1)
      return std::nullopt;
  }
  return fmt::format("{}({})", isCrop ? "crop" : "pad", padding(ends));
}

LayerWriter::Text LayerWriter::writeChannels(Shape &shape) {
  if (dice.chance(50))
    return fmt::format("shuffle({})", divisorOf(shape[0]));
  if (shape[0] < 2)
    return std::nullopt;
  int64_t low = dice.number(0, shape[0] - 1), high = dice.number(low + 1, shape[0]);
  shape[0] = high - low;
  return fmt::format("slice({}, {})", low, high);
}

LayerWriter::Text LayerWriter::writeReshape(Shape &shape) {
  int64_t elements = 1;
  for (int64_t size : shape)
    elements *= size;
  if (dice.chance(30)) {
    shape = {elements};
    return "flatten";
  }
  int64_t channels = divisorOf(elements), height = divisorOf(elements / channels);
  shape = {channels, height, elements / channels / height};
  return fmt::format("reshape([{}, {}, {}])", shape[0], shape[1], shape[2]);
}

//===----------------------------------------------------------------------===//
// Layers of single elements
//===----------------------------------------------------------------------===//

std::string LayerWriter::writeActivation() {
  if (isInteger)
    return dice.pick({"relu", "relu", "relu6", "lrelu(0.5)", "lrelu(0.25)", "relu"});
  return dice.pick({"relu", "lrelu(0.1)", "relu6", "elu", "sigmoid", "hardsigmoid", "tanh",
                    "softplus", "gelu", "silu", "hardswish"});
}

std::string LayerWriter::writeScale() {
  if (dice.chance(30))
    return "scale()";
  if (isInteger)
    return fmt::format("scale({}, {})", dice.pick({"2", "-1", "0.5"}), dice.number(-2, 2));
  return fmt::format("scale({}{})", dice.pick({"0.7", "-1.3"}), dice.chance(50) ? ", 0.2" : "");
}

std::string LayerWriter::writeNorm(const Shape &shape) {
  std::string affine = dice.chance(25) ? "affine=false" : "";
  switch (dice.number(0, shape.size() == 3 ? 5 : 4)) {
  case 0:
  case 1:
    return fmt::format("bn({})", affine) + writeTraits();
  case 2:
    return fmt::format("groupnorm({}{})", divisorOf(shape[0]), affine.empty() ? "" : ", " + affine);
  case 3:
    return fmt::format("layernorm({})", affine);
  case 4:
    return fmt::format("layernorm(axis=c{})", affine.empty() ? "" : ", " + affine);
  default:
    return fmt::format("lrn({}, alpha=0.5, beta={}, k=1.5)", dice.number(1, 5),
                       dice.pick({"0.75", "0.5", "1.0"}));
  }
}

//===----------------------------------------------------------------------===//
// The choice
//===----------------------------------------------------------------------===//

LayerWriter::Text LayerWriter::writeVectorLayer(Shape &shape) {
  int64_t choice = dice.number(0, 5);
  if (choice <= 1) {
    shape = {dice.number(1, mostChannels)};
    return fmt::format("fc({}{})", shape[0], dice.chance(30) ? ", bias=false" : "") + writeTraits();
  }
  if (choice == 2)
    return writeReshape(shape);
  if (choice == 3) {
    shape[0] += 3;
    return "pad(c=(1, 2))";
  }
  return choice == 4 ? writeChannels(shape) : writeKeeping(shape);
}

LayerWriter::Text LayerWriter::writeOne(Shape &shape) {
  if (shape.size() == 1)
    return writeVectorLayer(shape);
  int64_t choice = dice.number(1, 100);
  if (choice <= 24)
    return writeConv(shape);
  if (choice <= 32)
    return writeDepthwiseConv(shape);
  if (choice <= 40)
    return writeDeconv(shape);
  if (choice <= 54)
    return writePool(shape);
  if (choice <= 59)
    return writeAdaptivePool(shape);
  if (choice <= 67)
    return writeResolution(shape);
  if (choice <= 74)
    return writeEnds(shape);
  if (choice <= 79)
    return writeChannels(shape);
  return choice <= 83 ? writeReshape(shape) : writeKeeping(shape);
}

std::string LayerWriter::write(Shape &shape) {
  constexpr int mostTries = 30;
  for (int i = 0; i < mostTries; ++i) {
    Shape result = shape;
    Text text = writeOne(result);
    if (text && isSmall(result)) {
      shape = result;
      return *text;
    }
  }
  return writeActivation();
}

std::string LayerWriter::writeKeeping(const Shape &shape) {
  int64_t choice = dice.number(1, 100);
  if (choice <= 25)
    return writeActivation();
  if (choice <= 33)
    return dice.chance(50) ? "prelu" : "prelu(shared=false)";
  if (choice <= 41)
    return writeScale();
  if (choice <= 47)
    return dice.pick({"dropout", "dropout(0.75)", "droppath(0.5)"});
  if (choice <= 62 && !isInteger)
    return writeNorm(shape);
  if (choice <= 67 && !isInteger)
    return dice.pick({"softmax", "logsoftmax"});
  if (shape.size() == 1)
    return fmt::format("fc({})", shape[0]);
  if (choice <= 70)
    return fmt::format("shuffle({})", divisorOf(shape[0]));
  if (choice <= 76)
    return dice.pick({"maxpool(3, stride=1, pad=1)", "maxpool(2, stride=1, pad=same)"});
  if (choice <= 80)
    return isInteger ? "avgpool(2, stride=1, pad=same)" : "avgpool(3, stride=1, pad=1)";
  if (choice <= 84)
    return fmt::format("deconv({}, 3, pad=1)", shape[0]);
  if (choice <= 90)
    return "dwconv(3, pad=same)";
  int64_t dilation = dice.number(1, 2);
  return fmt::format("conv({}, 3, pad={}, dilation={})", shape[0], dilation, dilation);
}
