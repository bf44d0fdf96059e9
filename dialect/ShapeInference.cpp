//===- ShapeInference.cpp - The arithmetic of sizes -----------------------===//

#include "dialect/ShapeInference.h"

#include <algorithm>
#include <limits>
#include <numeric>

using namespace cnnc;

std::optional<int64_t> cnnc::checkedMultiply(int64_t a, int64_t b) {
  int64_t product;
  if (__builtin_mul_overflow(a, b, &product))
    return std::nullopt;
  return product;
}

std::optional<int64_t> cnnc::checkedAdd(int64_t a, int64_t b) {
  int64_t sum;
  if (__builtin_add_overflow(a, b, &sum))
    return std::nullopt;
  return sum;
}

std::optional<int64_t> cnnc::checkedElements(std::span<const int64_t> shape) {
  int64_t elements = 1;
  for (int64_t size : shape) {
    std::optional<int64_t> product = checkedMultiply(elements, size);
    if (!product)
      return std::nullopt;
    elements = *product;
  }
  return elements;
}

/// The two lengths that decide everything, or nothing on overflow.
static std::optional<std::pair<int64_t, int64_t>> checkedLengths(int64_t input,
                                                                 const WindowAxis &axis) {
  std::optional<int64_t> effective = checkedMultiply(axis.dilation, axis.size - 1);
  std::optional<int64_t> dilated = checkedMultiply(axis.inputDilation, input - 1);
  if (!effective || !dilated)
    return std::nullopt;
  effective = checkedAdd(*effective, 1);
  std::optional<int64_t> padding = checkedAdd(axis.padLow, axis.padHigh);
  std::optional<int64_t> padded = checkedAdd(*dilated, 1);
  if (!effective || !padding || !padded)
    return std::nullopt;
  padded = checkedAdd(*padded, *padding);
  if (!padded)
    return std::nullopt;
  return std::pair{*padded, *effective};
}

WindowSize cnnc::inferWindow(int64_t input, const WindowAxis &axis, Rounding rounding) {
  if (input < 1 || axis.size < 1 || axis.stride < 1 || axis.dilation < 1 || axis.inputDilation < 1)
    return {WindowError::NotPositive};
  auto lengths = checkedLengths(input, axis);
  if (!lengths)
    return {WindowError::Overflow};
  auto [padded, effective] = *lengths;
  // C's division truncates towards zero: W=2, F=3, S=2 would become 1.
  if (padded < effective)
    return {WindowError::WindowTooLarge};

  int64_t steps = (padded - effective) / axis.stride;
  int64_t dropped = (padded - effective) % axis.stride;
  if (rounding == Rounding::Ceil && dropped > 0) {
    // The window that is added overhangs the end; it must not start in padding.
    int64_t start = (steps + 1) * axis.stride;
    if (start < padded - std::max<int64_t>(axis.padHigh, 0))
      return {WindowError::None, steps + 2, 0};
  }
  WindowSize result{WindowError::None, steps + 1, dropped};
  int64_t harmless = std::max<int64_t>({axis.padHigh, axis.stride - effective, 0});
  if (rounding == Rounding::Strict && dropped > harmless)
    result.error = WindowError::DropsInput;
  return result;
}

void cnnc::applySamePadding(int64_t input, WindowAxis &axis) {
  int64_t output = (input + axis.stride - 1) / axis.stride;
  int64_t needed = (output - 1) * axis.stride + axis.effectiveSize() - input;
  int64_t padding = std::max<int64_t>(needed, 0);
  axis.padLow = padding / 2;
  axis.padHigh = padding - axis.padLow;
}

int64_t cnnc::overhangOf(int64_t input, int64_t output, const WindowAxis &axis) {
  int64_t reach = (output - 1) * axis.stride + axis.effectiveSize();
  return std::max<int64_t>(reach - axis.paddedInput(input), 0);
}

void cnnc::applyFittingPadding(int64_t input, WindowAxis &axis) {
  WindowSize size = inferWindow(input, axis, Rounding::Floor);
  int64_t missing = size.error == WindowError::WindowTooLarge
                        ? axis.effectiveSize() - axis.paddedInput(input)
                    : size.dropped > 0 ? axis.stride - size.dropped
                                       : 0;
  int64_t total = axis.padLow + axis.padHigh + missing;
  axis.padLow = total / 2;
  axis.padHigh = total - axis.padLow;
}

std::optional<int64_t> cnnc::strideBetween(int64_t input, int64_t output) {
  if (output < 1 || input < output)
    return std::nullopt;
  // Any smaller one makes more windows.
  int64_t stride = (input - 1) / output + 1;
  if ((input - 1) / stride + 1 != output)
    return std::nullopt;
  return stride;
}

void cnnc::applySameDeconvPadding(WindowAxis &axis, int64_t &outputPadding) {
  int64_t excess = axis.effectiveSize() + outputPadding - axis.stride;
  if (excess < 0)
    outputPadding -= excess;
  axis.padLow = std::max<int64_t>(excess, 0) / 2;
  axis.padHigh = std::max<int64_t>(excess, 0) - axis.padLow;
}

int64_t cnnc::countCovered(int64_t input, const WindowAxis &axis, int64_t index) {
  // Tap t reads start + t*D: from the first t that is not before the input to the last
  // that is not behind it.
  int64_t start = index * axis.stride - axis.padLow;
  if (start >= input)
    return 0;
  int64_t first = start < 0 ? (-start + axis.dilation - 1) / axis.dilation : 0;
  int64_t last = std::min(axis.size - 1, (input - 1 - start) / axis.dilation);
  return std::max<int64_t>(last - first + 1, 0);
}

bool cnnc::hasEmptyWindow(int64_t input, int64_t output, const WindowAxis &axis) {
  // Tap 0 of a window that starts inside is real: only the borders can be empty.
  for (int64_t p = 0; p < output; ++p) {
    int64_t start = p * axis.stride - axis.padLow;
    if (start >= 0 && start < input)
      p += (input - 1 - start) / axis.stride;
    else if (countCovered(input, axis, p) == 0)
      return true;
  }
  return false;
}

WindowAxis cnnc::adjointWindow(int64_t input, int64_t output, const WindowAxis &axis) {
  WindowAxis adjoint;
  adjoint.size = axis.size;
  adjoint.dilation = axis.dilation;
  adjoint.stride = axis.inputDilation;
  adjoint.inputDilation = axis.stride;
  // Output p reads position p*S + k*D - Plo of the dilated input; so position j
  // collects from every p with p*S = j + Plo - k*D: a window that starts
  // Fe-1-Plo before the first output and runs over it with the taps reversed.
  adjoint.padLow = axis.effectiveSize() - 1 - axis.padLow;
  int64_t wanted = axis.inputDilation * (input - 1) + axis.effectiveSize();
  adjoint.padHigh = wanted - (axis.stride * (output - 1) + 1 + adjoint.padLow);
  return adjoint;
}

WindowAxis cnnc::filterGradientWindow(int64_t input, int64_t output, const WindowAxis &axis) {
  WindowAxis gradient;
  gradient.size = output;
  gradient.dilation = axis.stride;
  gradient.stride = axis.dilation;
  gradient.inputDilation = axis.inputDilation;
  gradient.padLow = axis.padLow;
  // What the forward pass dropped, or read beyond the end, is cropped or added
  // here, so that exactly `size` positions come out.
  int64_t wanted = axis.dilation * (axis.size - 1) + gradient.effectiveSize();
  gradient.padHigh = wanted - (axis.inputDilation * (input - 1) + 1 + axis.padLow);
  return gradient;
}

ScatterAxis cnnc::scatterWindow(int64_t input, int64_t output, const WindowAxis &axis) {
  ScatterAxis scatter;
  scatter.reach = axis.effectiveSize() - 1;
  scatter.size = axis.inputDilation * (input - 1) + axis.effectiveSize();
  // Output p reads x[h] through tap k where h*B = p*S + k*D - lo.
  scatter.padLow = axis.padLow - scatter.reach;
  scatter.padHigh = axis.stride * (output - 1) + 1 - scatter.size - scatter.padLow;
  return scatter;
}

WindowAxis cnnc::transposedWindow(const WindowAxis &axis, int64_t outputPadding) {
  // Input i adds tap k to output i*S + k*D - Plo: output p collects from every i with
  // i*S = p + Plo - k*D, a window that starts D(F-1)-Plo before the first input.
  int64_t reach = axis.effectiveSize() - 1;
  WindowAxis window;
  window.size = axis.size;
  window.dilation = axis.dilation;
  window.inputDilation = axis.stride;
  window.padLow = reach - axis.padLow;
  window.padHigh = reach - axis.padHigh + outputPadding;
  return window;
}

std::optional<TransposedAxis> cnnc::untransposedWindow(const WindowAxis &window) {
  TransposedAxis result;
  WindowAxis &axis = result.axis;
  axis.size = window.size;
  axis.stride = window.inputDilation;
  axis.dilation = window.dilation;
  int64_t reach = axis.effectiveSize() - 1;
  axis.padLow = reach - window.padLow;
  int64_t missing = window.padHigh - (reach - axis.padLow);
  bool isEven = missing >= 0 && missing < axis.stride;
  axis.padHigh = isEven ? axis.padLow : std::max<int64_t>(reach - window.padHigh, 0);
  result.outputPadding = window.padHigh - (reach - axis.padHigh);
  if (axis.padLow < 0 || result.outputPadding < 0 || result.outputPadding >= axis.stride)
    return std::nullopt;
  return result;
}

void cnnc::applyEndPadding(int64_t input, int64_t output, WindowAxis &axis) {
  axis.padHigh = axis.padLow;
  WindowSize size = inferWindow(input, axis, Rounding::Floor);
  if (size.error == WindowError::None && size.output == output)
    return;
  int64_t reach = (output - 1) * axis.stride + axis.effectiveSize();
  axis.padHigh = std::max<int64_t>(reach - input - axis.padLow, 0);
}

WindowSize cnnc::inferDeconv(int64_t input, const WindowAxis &axis, int64_t outputPadding) {
  if (input < 1 || axis.size < 1 || axis.stride < 1 || axis.dilation < 1 || outputPadding < 0)
    return {WindowError::NotPositive};
  // What transposedWindow computes must fit.
  std::optional<int64_t> reach = checkedMultiply(axis.dilation, axis.size - 1);
  for (int64_t padding : {axis.padLow, axis.padHigh}) {
    if (!reach || padding == std::numeric_limits<int64_t>::min())
      return {WindowError::Overflow};
    std::optional<int64_t> around = checkedAdd(*reach, -padding);
    if (!around || !checkedAdd(*around, outputPadding))
      return {WindowError::Overflow};
  }
  if (!checkedAdd(*reach, 1))
    return {WindowError::Overflow};
  return inferWindow(input, transposedWindow(axis, outputPadding), Rounding::Floor);
}

PositionRange cnnc::adaptiveWindow(int64_t input, int64_t output, int64_t index) {
  // The products may need more than 64 bits, the bounds do not.
  __extension__ using Wide = __int128;
  Wide begin = Wide(index) * input / output;
  Wide end = (Wide(index + 1) * input + output - 1) / output;
  return {int64_t(begin), int64_t(end)};
}

std::optional<int64_t> cnnc::inferPad(int64_t input, int64_t low, int64_t high) {
  std::optional<int64_t> kept = checkedAdd(input, std::min<int64_t>(low, 0));
  if (kept)
    kept = checkedAdd(*kept, std::min<int64_t>(high, 0));
  if (!kept || *kept < 1)
    return std::nullopt;
  std::optional<int64_t> padded = checkedAdd(*kept, std::max<int64_t>(low, 0));
  return padded ? checkedAdd(*padded, std::max<int64_t>(high, 0)) : std::nullopt;
}

WindowHalo cnnc::haloOfWindows(int64_t input, int64_t output, const WindowAxis &axis) {
  int64_t reach = (output - 1) * axis.stride + axis.effectiveSize();
  return {std::max<int64_t>(axis.padLow, 0), std::max<int64_t>(reach - axis.padLow - input, 0),
          std::max<int64_t>(-axis.padLow, 0)};
}

std::vector<WindowPhase> cnnc::phasesOfWindow(int64_t output, const WindowAxis &axis) {
  std::vector<WindowPhase> phases;
  int64_t step = axis.inputDilation, common = std::gcd(step, axis.dilation);
  int64_t tapStep = step / common;
  for (int64_t first = 0; first < std::min(step, output); ++first) {
    // Output h and tap k meet an input where h + k*D - lo is a multiple of S.
    auto position = [&](int64_t tap) { return first + tap * axis.dilation - axis.padLow; };
    int64_t firstTap = 0, tried = std::min(tapStep, axis.size);
    while (firstTap < tried && position(firstTap) % step != 0)
      ++firstTap;
    int64_t taps = firstTap < tried ? (axis.size - firstTap - 1) / tapStep + 1 : 0;
    int64_t outputs = (output - first - 1) / step + 1;
    phases.push_back({first, outputs, firstTap, taps, taps > 0 ? position(firstTap) / step : 0,
                      tapStep, axis.dilation / common});
  }
  return phases;
}

int64_t cnnc::groupsInBlocks(int64_t inputs, int64_t outputs, int64_t groups, int64_t block) {
  for (int64_t together = 1; together < groups; ++together)
    if (groups % together == 0 && together * inputs % block == 0 && together * outputs % block == 0)
      return together;
  return groups;
}

WindowHalo cnnc::haloOfPhases(int64_t input, std::span<WindowPhase> phases) {
  WindowHalo halo;
  for (const WindowPhase &phase : phases)
    if (phase.taps > 0) {
      int64_t reach = phase.outputs + (phase.taps - 1) * phase.dilation;
      halo.low = std::max(halo.low, -phase.offset);
      halo.high = std::max(halo.high, phase.offset + reach - input);
    }
  for (WindowPhase &phase : phases)
    phase.offset += halo.low;
  return halo;
}
