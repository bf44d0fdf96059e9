//===- SemaWindow.cpp - Windows: sizes, errors with arithmetic, fixes -------===//

#include "compiler/Frontend/SemaExpand.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

static constexpr std::string_view axisNames[] = {"H", "W"};
/// A repair that needs more padding than this is none.
static constexpr int64_t paddingSearchLimit = 512;

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// `pad` is a number, `same`, `valid`, or (h, w) of numbers or (low, high).
bool NetExpander::readPadding(ArgumentReader &reader, Window &window, bool &isSame) {
  const BoundArgument *argument = reader.find("pad");
  if (!argument)
    return true;
  if (argument->value.string()) {
    isSame = reader.symbol("pad", "valid", padSymbols) == "same";
    return !reader.failed;
  }
  auto read = [&](const Value &value, WindowAxis &axis) {
    const ListValue *ends = value.list();
    if (ends && ends->items.size() != 2)
      return reader.error(
          "E120", argument->range,
          fmt::format("'pad' of {} is a number, (h, w) or ((lo, hi), (lo, hi))", at.spec->keyword));
    axis.padLow = reader.integerOf(ends ? ends->items[0] : value, "pad", argument->range, 0);
    axis.padHigh = reader.integerOf(ends ? ends->items[1] : value, "pad", argument->range, 0);
  };
  const ListValue *axes = argument->value.list();
  if (axes && axes->items.size() != 2) {
    reader.error(
        "E120", argument->range,
        fmt::format("'pad' of {} is a number, (h, w) or ((lo, hi), (lo, hi))", at.spec->keyword));
    return false;
  }
  for (size_t axis = 0; axis < 2; ++axis)
    read(axes ? axes->items[axis] : argument->value, window[axis]);
  return !reader.failed;
}

std::optional<NetExpander::WindowPlan>
NetExpander::planWindow(ArgumentReader &reader, std::optional<std::array<int64_t, 2>> defaultSize,
                        bool isPool) {
  std::array<int64_t, 2> size =
      reader.pair("k", defaultSize.value_or(std::array<int64_t, 2>{1, 1}), 1);
  std::array<int64_t, 2> stride =
      reader.pair("stride", isPool ? size : std::array<int64_t, 2>{1, 1}, 1);
  std::array<int64_t, 2> dilation = reader.pair("dilation", {1, 1}, 1);
  std::string round = reader.symbol("round", "strict", roundSymbols);
  WindowPlan plan;
  bool isSame = false;
  for (size_t axis = 0; axis < 2; ++axis)
    plan.window[axis] = {size[axis], stride[axis], 0, 0, dilation[axis], 1};
  if (!readPadding(reader, plan.window, isSame) || reader.failed)
    return std::nullopt;

  Rounding rounding = round == "floor"  ? Rounding::Floor
                      : round == "ceil" ? Rounding::Ceil
                                        : Rounding::Strict;
  for (size_t axis = 0; axis < 2; ++axis) {
    int64_t input = inputShape()[axis + 1];
    WindowAxis &along = plan.window[axis];
    if (isSame)
      applySamePadding(input, along);
    WindowSize result = inferWindow(input, along, rounding);
    if (result.error != WindowError::None) {
      reportWindow(plan.window, axis, result, isPool);
      return std::nullopt;
    }
    plan.spatial.push_back(result.output);
    if (rounding == Rounding::Ceil) {
      int64_t reach = (result.output - 1) * along.stride + along.effectiveSize();
      plan.overhang[axis] = std::max<int64_t>(reach - along.paddedInput(input), 0);
    }
  }
  if (isPool && !checkPoolPadding(plan))
    return std::nullopt;
  for (size_t axis = 0; axis < 2; ++axis)
    plan.window[axis].padHigh += plan.overhang[axis];
  return plan;
}

/// A pool over padding alone has no maximum and no mean.
bool NetExpander::checkPoolPadding(const WindowPlan &plan) {
  for (size_t axis = 0; axis < 2; ++axis) {
    const WindowAxis &along = plan.window[axis];
    int64_t input = inputShape()[axis + 1], last = plan.spatial[axis] - 1;
    bool isEmpty = std::max(along.padLow, along.padHigh) >= along.effectiveSize();
    // Only windows that start in padding, or end in it, can miss the input. With
    // dilation the taps may straddle it; few windows touch padding then.
    for (int64_t i = 0;
         !isEmpty && along.padLow + along.padHigh > 0 && i <= std::min(last, paddingSearchLimit);
         ++i)
      isEmpty = along.size <= paddingSearchLimit &&
                (countCovered(input, along, i) == 0 || countCovered(input, along, last - i) == 0);
    if (!isEmpty)
      continue;
    noteInput(layerError("E206", fmt::format("a window of {} lies in the padding alone on {}",
                                             at.spec->keyword, axisNames[axis])));
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
  int64_t input = inputShape()[axis + 1];
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

//===----------------------------------------------------------------------===//
// Fixes
//===----------------------------------------------------------------------===//

/// Replaces the argument where the call has it, appends it otherwise.
Edit NetExpander::argumentEdit(std::string_view name, std::string_view value) const {
  std::string text = fmt::format("{}={}", name, value);
  if (auto found = at.arguments.find(name); found != at.arguments.end() && found->second.written)
    return {found->second.argument, text};
  const ast::Arguments &arguments = at.unit->arguments;
  if (!arguments.written)
    return {{at.range.end, at.range.end}, "(" + text + ")"};
  uint32_t closing = arguments.range.end - 1;
  return {{closing, closing}, arguments.list.empty() ? text : ", " + text};
}

/// 55, or 55x40 where the axes differ; nothing if the window does not fit.
static std::optional<std::string> outputText(const Shape &shape, const Window &window,
                                             Rounding rounding) {
  WindowSize high = inferWindow(shape[1], window[0], rounding);
  WindowSize wide = inferWindow(shape[2], window[1], rounding);
  if (high.error != WindowError::None || wide.error != WindowError::None)
    return std::nullopt;
  if (high.output == wide.output)
    return fmt::format("{}", high.output);
  return fmt::format("{}x{}", high.output, wide.output);
}

/// The least padding beyond what is there that makes (W - F + P) divisible by S.
static void padToFit(int64_t input, WindowAxis &axis) {
  WindowSize size = inferWindow(input, axis, Rounding::Floor);
  int64_t missing = size.error == WindowError::WindowTooLarge
                        ? axis.effectiveSize() - axis.paddedInput(input)
                    : size.dropped > 0 ? axis.stride - size.dropped
                                       : 0;
  int64_t total = axis.padLow + axis.padHigh + missing;
  axis.padLow = total / 2;
  axis.padHigh = total - axis.padLow;
}

void NetExpander::proposeFixes(Diagnostic &diagnostic, const Window &window, bool tooLarge,
                               bool isPool) {
  const Shape &shape = inputShape();
  int64_t widest = std::max(window[0].effectiveSize(), window[1].effectiveSize());
  int64_t limit = std::min(isPool ? widest - 1 : widest, paddingSearchLimit);
  int64_t present = std::max(window[0].padLow, window[1].padLow);
  for (int64_t pad = present + 1; pad <= limit; ++pad) {
    Window padded = window;
    for (WindowAxis &axis : padded)
      axis.padLow = axis.padHigh = pad;
    if (auto output = outputText(shape, padded, Rounding::Strict)) {
      std::string value = fmt::format("{}", pad);
      diagnostic.fix(fmt::format("pad={} -> {}", value, *output), {argumentEdit("pad", value)});
      break;
    }
  }
  Window fitted = window;
  padToFit(shape[1], fitted[0]);
  padToFit(shape[2], fitted[1]);
  bool isOneSided = fitted[0].padLow != fitted[0].padHigh || fitted[1].padLow != fitted[1].padHigh;
  bool isSmall = std::max(fitted[0].padHigh, fitted[1].padHigh) < widest;
  if (auto output = outputText(shape, fitted, Rounding::Strict); output && isOneSided && isSmall) {
    std::string value = fmt::format("(({},{}),({},{}))", fitted[0].padLow, fitted[0].padHigh,
                                    fitted[1].padLow, fitted[1].padHigh);
    diagnostic.fix(fmt::format("pad={} -> {}", value, *output), {argumentEdit("pad", value)});
  }
  proposeInput(diagnostic, window);
  if (tooLarge)
    return;
  if (auto output = outputText(shape, window, Rounding::Ceil); output && isPool)
    diagnostic.fix(fmt::format("round=ceil -> {}", *output), {argumentEdit("round", "ceil")});
  if (auto output = outputText(shape, window, Rounding::Floor))
    diagnostic.fix(fmt::format("round=floor -> {} (accept the loss)", *output),
                   {argumentEdit("round", "floor")});
}

/// Where the layer reads an input of the net itself: the next larger size.
void NetExpander::proposeInput(Diagnostic &diagnostic, const Window &window) {
  auto declaration = inputDeclarations.find(at.input);
  if (declaration == inputDeclarations.end())
    return;
  Shape shape = inputShape();
  std::vector<Edit> edits;
  for (size_t axis = 0; axis < 2; ++axis) {
    WindowAxis padded = window[axis];
    int64_t before = padded.padLow + padded.padHigh;
    padToFit(shape[axis + 1], padded);
    int64_t missing = padded.padLow + padded.padHigh - before;
    if (missing == 0)
      continue;
    shape[axis + 1] += missing;
    edits.push_back(
        {declaration->second->dims[axis + 1].range, fmt::format("{}", shape[axis + 1])});
  }
  auto output = outputText(shape, window, Rounding::Strict);
  if (!output || edits.empty())
    return;
  std::string size =
      shape[1] == shape[2] ? fmt::format("{}", shape[1]) : fmt::format("{}x{}", shape[1], shape[2]);
  diagnostic.fix(fmt::format("input {} -> {}", size, *output), std::move(edits));
}
