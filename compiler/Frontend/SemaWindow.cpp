//===- SemaWindow.cpp - Windows: sizes, and errors with their arithmetic ----===//

#include "compiler/Frontend/SemaExpand.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

/// No more windows than these are looked at one by one.
static constexpr int64_t windowSearchLimit = 512;

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// A number, (h, w), or either as (low, high): into padLow and padHigh.
bool NetExpander::readEnds(ArgumentReader &reader, std::string_view name, Window &window) {
  const BoundArgument *argument = reader.find(name);
  auto refuse = [&] {
    reader.error("E120", argument->range,
                 fmt::format("'{}' of {} is a number, (h, w) or ((lo, hi), (lo, hi))", name,
                             at.spec->keyword));
  };
  auto read = [&](const Value &value, WindowAxis &axis) {
    const ListValue *ends = value.list();
    if (ends && ends->items.size() != 2)
      return refuse();
    axis.padLow = reader.integerOf(ends ? ends->items[0] : value, name, argument->range, 0);
    axis.padHigh = reader.integerOf(ends ? ends->items[1] : value, name, argument->range, 0);
  };
  const ListValue *axes = argument->value.list();
  if (axes && axes->items.size() != 2) {
    refuse();
    return false;
  }
  for (size_t axis = 0; axis < 2; ++axis)
    read(axes ? axes->items[axis] : argument->value, window[axis]);
  return !reader.failed;
}

/// `pad` may be `same` and `valid`, too.
bool NetExpander::readPadding(ArgumentReader &reader, Window &window, bool &isSame) {
  const BoundArgument *argument = reader.find("pad");
  if (!argument)
    return true;
  if (!argument->value.string())
    return readEnds(reader, "pad", window);
  isSame = reader.symbol("pad", "valid", padSymbols) == "same";
  return !reader.failed;
}

std::optional<Window> NetExpander::readWindow(ArgumentReader &reader,
                                              std::optional<std::array<int64_t, 2>> defaultSize,
                                              bool isPool, bool &isSame) {
  std::array<int64_t, 2> size =
      reader.pair("k", defaultSize.value_or(std::array<int64_t, 2>{1, 1}), 1);
  std::array<int64_t, 2> stride =
      reader.pair("stride", isPool ? size : std::array<int64_t, 2>{1, 1}, 1);
  std::array<int64_t, 2> dilation = reader.pair("dilation", {1, 1}, 1);
  Window window;
  for (size_t axis = 0; axis < 2; ++axis)
    window[axis] = {size[axis], stride[axis], 0, 0, dilation[axis], 1};
  if (!readPadding(reader, window, isSame) || reader.failed)
    return std::nullopt;
  return window;
}

std::optional<NetExpander::WindowPlan>
NetExpander::planWindow(ArgumentReader &reader, std::optional<std::array<int64_t, 2>> defaultSize,
                        bool isPool) {
  bool isSame = false;
  std::optional<Window> window = readWindow(reader, defaultSize, isPool, isSame);
  std::string round = reader.symbol("round", "strict", roundSymbols);
  if (!window || reader.failed)
    return std::nullopt;
  WindowPlan plan;
  plan.window = *window;
  Rounding rounding = round == "floor"  ? Rounding::Floor
                      : round == "ceil" ? Rounding::Ceil
                                        : Rounding::Strict;
  at.rounding = rounding;
  for (size_t axis = 0; axis < 2; ++axis) {
    int64_t input = windowInput()[axis + 1];
    WindowAxis &along = plan.window[axis];
    if (isSame)
      applySamePadding(input, along);
    WindowSize result = inferWindow(input, along, rounding);
    if (result.error != WindowError::None) {
      reportWindow(plan.window, axis, result, isPool);
      return std::nullopt;
    }
    plan.spatial.push_back(result.output);
    if (rounding == Rounding::Ceil)
      plan.overhang[axis] = overhangOf(input, result.output, along);
  }
  if (isPool && !checkPoolPadding(plan))
    return std::nullopt;
  for (size_t axis = 0; axis < 2; ++axis)
    plan.window[axis].padHigh += plan.overhang[axis];
  return plan;
}

/// (W-1)S - Plo - Phi + D(F-1) + 1 + outpad, on H and W.
std::optional<Shape> NetExpander::planDeconv(ArgumentReader &reader, DeconvLayer &deconv,
                                             std::optional<std::array<int64_t, 2>> size) {
  bool isSame = false;
  std::optional<Window> window = readWindow(reader, size, /*isPool=*/false, isSame);
  deconv.outputPadding = reader.pair("outpad", {0, 0}, 0);
  if (!window || reader.failed)
    return std::nullopt;
  deconv.window = *window;
  Shape spatial;
  for (size_t axis = 0; axis < 2; ++axis) {
    WindowAxis &along = deconv.window[axis];
    int64_t &outputPadding = deconv.outputPadding[axis];
    if (outputPadding >= along.stride) {
      layerError("E206", fmt::format("'outpad' must be less than the stride {}, but is {} on {}",
                                     along.stride, outputPadding, axisNames[axis]))
          .fix(fmt::format("outpad={}", along.stride - 1),
               {argumentEdit("outpad", fmt::format("{}", along.stride - 1))});
      return std::nullopt;
    }
    if (isSame)
      applySameDeconvPadding(along, outputPadding);
    int64_t input = windowInput()[axis + 1];
    WindowSize size = inferDeconv(input, along, outputPadding);
    if (size.error == WindowError::WindowTooLarge) {
      reportDeconv(deconv, axis);
      return std::nullopt;
    }
    if (size.error != WindowError::None) {
      layerError("E400", fmt::format("the sizes of {} do not fit in 64 bits on {}",
                                     at.spec->keyword, axisNames[axis]));
      return std::nullopt;
    }
    spatial.push_back(size.output);
  }
  return spatial;
}

/// Padding that leaves nothing of the output.
void NetExpander::reportDeconv(const DeconvLayer &deconv, size_t axis) {
  const WindowAxis &along = deconv.window[axis];
  int64_t input = windowInput()[axis + 1];
  WindowAxis unpadded = along;
  unpadded.padLow = unpadded.padHigh = 0;
  int64_t full = inferDeconv(input, unpadded, deconv.outputPadding[axis]).output;
  Diagnostic &diagnostic = layerError(
      "E200", fmt::format("the padding of deconv takes {} positions away, but its output has {} "
                          "on {}",
                          along.padLow + along.padHigh, full, axisNames[axis]));
  diagnostic.derive(fmt::format("(W - 1)S + D(F-1) + 1 + outpad - Plo - Phi = {}*{} + {} + {} - {} "
                                "- {} = {}",
                                input - 1, along.stride, along.effectiveSize(),
                                deconv.outputPadding[axis], along.padLow, along.padHigh,
                                full - along.padLow - along.padHigh));
  noteInput(diagnostic);
  int64_t most = (full - 1) / 2;
  diagnostic.fix(fmt::format("pad={} -> {}", most, full - 2 * most),
                 {argumentEdit("pad", fmt::format("{}", most))});
}

/// A pool over padding alone has no maximum and no mean.
bool NetExpander::checkPoolPadding(const WindowPlan &plan) {
  for (size_t axis = 0; axis < 2; ++axis) {
    const WindowAxis &along = plan.window[axis];
    int64_t input = windowInput()[axis + 1], last = plan.spatial[axis] - 1;
    bool isEmpty = std::max(along.padLow, along.padHigh) >= along.effectiveSize();
    // Only windows that start in padding, or end in it, can miss the input: those whose taps
    // straddle it, with dilation. Few windows touch padding then.
    bool mayStraddle = along.dilation > 1 && along.padLow + along.padHigh > 0;
    for (int64_t i = 0; !isEmpty && mayStraddle && i <= std::min(last, windowSearchLimit); ++i)
      isEmpty = countCovered(input, along, i) == 0 || countCovered(input, along, last - i) == 0;
    if (!isEmpty)
      continue;
    Diagnostic &diagnostic =
        layerError("E206", fmt::format("a window of {} lies in the padding alone on {}",
                                       at.spec->keyword, axisNames[axis]));
    noteInput(diagnostic);
    int64_t most = (along.effectiveSize() - 1) / 2;
    diagnostic.fix(fmt::format("pad={}", most), {argumentEdit("pad", fmt::format("{}", most))});
    return false;
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

/// (W - F + 2P)/S + 1 = (224 - 11 + 0)/4 + 1 = 54.25
static std::string deriveSize(int64_t input, const WindowAxis &axis) {
  bool isSymmetric = axis.padLow == axis.padHigh;
  bool isDilated = axis.dilation != 1;
  std::string formula = fmt::format("(W - {} + {})/S + 1", isDilated ? "(D(F-1) + 1)" : "F",
                                    isSymmetric ? "2P" : "Plo + Phi");
  std::string padding = isSymmetric ? fmt::format("{}", axis.padLow + axis.padHigh)
                                    : fmt::format("{} + {}", axis.padLow, axis.padHigh);
  // The numerator may be negative: this is a quotient of floats, on purpose.
  double numerator =
      static_cast<double>(axis.paddedInput(input)) - static_cast<double>(axis.effectiveSize());
  return fmt::format("{} = ({} - {} + {})/{} + 1 = {}", formula, input, axis.effectiveSize(),
                     padding, axis.stride,
                     toText(numerator / static_cast<double>(axis.stride) + 1));
}

void NetExpander::reportWindow(const Window &window, size_t axis, const WindowSize &size,
                               bool isPool) {
  int64_t input = windowInput()[axis + 1];
  const WindowAxis &along = window[axis];
  std::string_view keyword = at.spec->keyword;
  if (size.error == WindowError::Overflow) {
    layerError("E400", fmt::format("the sizes of {} do not fit in 64 bits on {}", keyword,
                                   axisNames[axis]));
    return;
  }
  if (size.error == WindowError::NotPositive) {
    layerError("E205", fmt::format("the window and the input of {} must be positive", keyword));
    return;
  }
  bool tooLarge = size.error == WindowError::WindowTooLarge;
  Diagnostic &diagnostic =
      tooLarge
          ? layerError("E200", fmt::format("the window of {} covers {} positions, but the padded "
                                           "input has {} on {}",
                                           keyword, along.effectiveSize(), along.paddedInput(input),
                                           axisNames[axis]))
          : layerError("E201",
                       fmt::format("{} never reads the last {} of {} input positions on {}",
                                   keyword, size.dropped - along.padHigh, input, axisNames[axis]));
  diagnostic.derive(deriveSize(input, along));
  noteInput(diagnostic);
  proposeFixes(diagnostic, window, tooLarge, isPool);
}
