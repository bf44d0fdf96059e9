//===- SemaFixes.cpp - Repairs of windows, solved from the arithmetic -------===//
//
// (W - F + 2P)/S + 1 must be whole: solved for the padding (symmetric, one-sided), the
// input, the rounding, the kernel and the stride.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

/// A repair that needs more padding than this, or another window so far off, is none.
static constexpr int64_t paddingSearchLimit = 512;
static constexpr int64_t changeSearchLimit = 64;

/// Replaces the argument where the call has it, appends it otherwise.
Edit NetExpander::argumentEdit(std::string_view name, std::string_view value) const {
  std::string text = fmt::format("{}={}", name, value);
  if (auto found = at.arguments.find(name); found != at.arguments.end() && found->second.written) {
    // An argument without a name keeps its place.
    bool isNamed = found->second.argument.begin != found->second.range.begin;
    return {found->second.argument, isNamed ? text : std::string(value)};
  }
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

void NetExpander::proposeFixes(Diagnostic &diagnostic, const Window &window, bool tooLarge,
                               bool isPool) {
  const Shape &shape = windowInput();
  Rounding rounding = at.rounding;
  int64_t widest = std::max(window[0].effectiveSize(), window[1].effectiveSize());
  int64_t limit = std::min(isPool ? widest - 1 : widest, paddingSearchLimit);
  int64_t present = std::max(window[0].padLow, window[1].padLow);
  for (int64_t pad = present + 1; pad <= limit; ++pad) {
    Window padded = window;
    for (WindowAxis &axis : padded)
      axis.padLow = axis.padHigh = pad;
    if (auto output = outputText(shape, padded, rounding)) {
      std::string value = fmt::format("{}", pad);
      diagnostic.fix(fmt::format("pad={} -> {}", value, *output), {argumentEdit("pad", value)});
      break;
    }
  }
  Window fitted = window;
  applyFittingPadding(shape[1], fitted[0]);
  applyFittingPadding(shape[2], fitted[1]);
  bool isOneSided = fitted[0].padLow != fitted[0].padHigh || fitted[1].padLow != fitted[1].padHigh;
  bool isSmall = std::max(fitted[0].padHigh, fitted[1].padHigh) < widest;
  if (auto output = outputText(shape, fitted, rounding); output && isOneSided && isSmall) {
    std::string value = fmt::format("(({},{}),({},{}))", fitted[0].padLow, fitted[0].padHigh,
                                    fitted[1].padLow, fitted[1].padHigh);
    diagnostic.fix(fmt::format("pad={} -> {}", value, *output), {argumentEdit("pad", value)});
  }
  proposeInput(diagnostic, window);
  if (tooLarge) {
    proposeWindow(diagnostic, window);
    return;
  }
  if (auto output = outputText(shape, window, Rounding::Ceil); output && isPool)
    diagnostic.fix(fmt::format("round=ceil -> {}", *output), {argumentEdit("round", "ceil")});
  if (auto output = outputText(shape, window, Rounding::Floor))
    diagnostic.fix(fmt::format("round=floor -> {} (accept the loss)", *output),
                   {argumentEdit("round", "floor")});
  proposeWindow(diagnostic, window);
}

/// The nearest kernel and the nearest stride that leave nothing out.
void NetExpander::proposeWindow(Diagnostic &diagnostic, const Window &window) {
  if (window[0].size != window[1].size || window[0].stride != window[1].stride)
    return;
  bool stridesFollow = !at.arguments.contains("stride") && window[0].stride == window[0].size;
  auto propose = [&](std::string_view name, int64_t present, auto &&set) {
    for (int64_t distance = 1; distance <= changeSearchLimit; ++distance)
      for (int64_t value : {present - distance, present + distance}) {
        if (value < 1)
          continue;
        Window changed = window;
        for (WindowAxis &axis : changed)
          set(axis, value);
        auto output = outputText(windowInput(), changed, at.rounding);
        if (!output)
          continue;
        diagnostic.minorFix(fmt::format("{}={} -> {}", name, value, *output),
                            {argumentEdit(name, fmt::format("{}", value))});
        return;
      }
  };
  propose("k", window[0].size, [&](WindowAxis &axis, int64_t value) {
    axis.size = value;
    if (stridesFollow)
      axis.stride = value;
  });
  propose("stride", window[0].stride, [](WindowAxis &axis, int64_t value) { axis.stride = value; });
}

/// Where the layer reads an input of the net itself: the next larger size.
void NetExpander::proposeInput(Diagnostic &diagnostic, const Window &window) {
  auto declaration = inputDeclarations.find(at.inputs[0]);
  if (declaration == inputDeclarations.end() || at.read)
    return;
  Shape shape = windowInput();
  std::vector<Edit> edits;
  for (size_t axis = 0; axis < 2; ++axis) {
    WindowAxis padded = window[axis];
    int64_t before = padded.padLow + padded.padHigh;
    applyFittingPadding(shape[axis + 1], padded);
    int64_t missing = padded.padLow + padded.padHigh - before;
    if (missing == 0)
      continue;
    shape[axis + 1] += missing;
    edits.push_back(
        {declaration->second->dims[axis + 1].range, fmt::format("{}", shape[axis + 1])});
  }
  auto output = outputText(shape, window, at.rounding);
  if (!output || edits.empty())
    return;
  std::string size =
      shape[1] == shape[2] ? fmt::format("{}", shape[1]) : fmt::format("{}x{}", shape[1], shape[2]);
  diagnostic.fix(fmt::format("input {} -> {}", size, *output), std::move(edits));
}
