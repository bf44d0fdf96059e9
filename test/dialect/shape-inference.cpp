// RUN: shape-inference-test | FileCheck %s
// CHECK: {{[1-9][0-9]+}} checks
//
// The arithmetic of sizes against definitions spelled out in loops.

#include "dialect/ShapeInference.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <vector>

using namespace cnnc;

static int64_t checks = 0;

/// Stops at the first failure, with the window that led to it.
#define CHECK(condition)                                                                           \
  do {                                                                                             \
    ++checks;                                                                                      \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "%s:%d: failed: %s\n%s\n", __FILE__, __LINE__, #condition,              \
                   describe().c_str());                                                            \
      std::exit(1);                                                                                \
    }                                                                                              \
  } while (false)

static int64_t input;
static WindowAxis axis;

static std::string describe() {
  char text[200];
  std::snprintf(text, sizeof text,
                "input %lld size %lld stride %lld pad %lld %lld dilation %lld input dilation %lld",
                (long long)input, (long long)axis.size, (long long)axis.stride,
                (long long)axis.padLow, (long long)axis.padHigh, (long long)axis.dilation,
                (long long)axis.inputDilation);
  return text;
}

/// Calls `body` with many small windows in `input` and `axis`.
template <typename Body> static void forAllWindows(Body body) {
  for (input = 1; input <= 9; ++input)
    for (axis.size = 1; axis.size <= 4; ++axis.size)
      for (axis.stride = 1; axis.stride <= 4; ++axis.stride)
        for (axis.padLow = -2; axis.padLow <= 3; ++axis.padLow)
          for (axis.padHigh = -2; axis.padHigh <= 3; ++axis.padHigh)
            for (axis.dilation = 1; axis.dilation <= 3; ++axis.dilation)
              for (axis.inputDilation = 1; axis.inputDilation <= 3; ++axis.inputDilation)
                body();
}

//===----------------------------------------------------------------------===//
// Sizes
//===----------------------------------------------------------------------===//

/// The first tap of the last window that fits, by trying all starts. -1 if none fits.
static int64_t lastStart(int64_t padded) {
  int64_t last = -1;
  for (int64_t start = 0; start + axis.effectiveSize() <= padded; start += axis.stride)
    last = start;
  return last;
}

static void checkFloorAndStrict() {
  int64_t padded = axis.paddedInput(input), last = lastStart(padded);
  WindowSize floor = inferWindow(input, axis, Rounding::Floor);
  WindowSize strict = inferWindow(input, axis, Rounding::Strict);
  if (last < 0) {
    CHECK(floor.error == WindowError::WindowTooLarge);
    CHECK(strict.error == WindowError::WindowTooLarge);
    CHECK(inferWindow(input, axis, Rounding::Ceil).error == WindowError::WindowTooLarge);
    return;
  }
  CHECK(floor.error == WindowError::None);
  CHECK(floor.output == last / axis.stride + 1);
  int64_t dropped = padded - (last + axis.effectiveSize());
  CHECK(floor.dropped == dropped);
  // The rule of the language: real input is lost, not padding and not a gap of the stride.
  bool losesInput =
      dropped > std::max<int64_t>({axis.padHigh, axis.stride - axis.effectiveSize(), 0});
  CHECK(strict.error == (losesInput ? WindowError::DropsInput : WindowError::None));
  CHECK(strict.output == floor.output);
}

static void checkCeil() {
  int64_t padded = axis.paddedInput(input), last = lastStart(padded);
  if (last < 0)
    return;
  // One more window if something is left, unless it starts in the end's padding.
  bool isLeft = last + axis.effectiveSize() < padded;
  int64_t next = last + axis.stride;
  bool startsBeforePadding = next < padded - std::max<int64_t>(axis.padHigh, 0);
  WindowSize ceil = inferWindow(input, axis, Rounding::Ceil);
  CHECK(ceil.error == WindowError::None);
  CHECK(ceil.output == last / axis.stride + 1 + (isLeft && startsBeforePadding));
  if (isLeft && startsBeforePadding)
    CHECK(ceil.dropped == 0);
}

static void checkCovered() {
  if (axis.inputDilation != 1)
    return;
  WindowSize size = inferWindow(input, axis, Rounding::Floor);
  bool isEmpty = false;
  for (int64_t p = 0; p < size.output; ++p) {
    int64_t covered = 0;
    for (int64_t position = 0; position < input; ++position)
      for (int64_t tap = 0; tap < axis.size; ++tap)
        covered += position == p * axis.stride + tap * axis.dilation - axis.padLow;
    CHECK(countCovered(input, axis, p) == covered);
    CHECK(hasEmptyWindow(input, p, axis) == isEmpty);
    isEmpty |= covered == 0;
  }
  CHECK(hasEmptyWindow(input, size.output, axis) == isEmpty);
}

static void checkSame() {
  if (axis.padLow != 0 || axis.padHigh != 0 || axis.inputDilation != 1)
    return;
  WindowAxis same = axis;
  applySamePadding(input, same);
  CHECK(same.padLow >= 0 && same.padHigh >= same.padLow && same.padHigh <= same.padLow + 1);
  int64_t wanted = 0; // ceil(input / stride), by counting
  for (int64_t start = 0; start < input; start += axis.stride)
    ++wanted;
  CHECK(inferWindow(input, same, Rounding::Floor).output == wanted);
  // No more padding than that size needs.
  if (same.padHigh > 0) {
    --same.padHigh;
    CHECK(inferWindow(input, same, Rounding::Floor).output < wanted);
  }
}

/// Well-known layers, and the one that C's division gets wrong.
static void checkExamples() {
  auto infer = [](int64_t size, WindowAxis window, Rounding rounding = Rounding::Strict) {
    input = size;
    axis = window;
    return inferWindow(size, window, rounding);
  };
  CHECK(infer(2, {.size = 3, .stride = 2}).error == WindowError::WindowTooLarge);
  CHECK(infer(2, {.size = 3, .stride = 2}, Rounding::Floor).error == WindowError::WindowTooLarge);
  CHECK(infer(3, {.size = 3, .stride = 2}).output == 1);
  CHECK(infer(224, {.size = 7, .stride = 2, .padLow = 3, .padHigh = 3}).output == 112);
  CHECK(infer(112, {.size = 3, .stride = 2, .padLow = 1, .padHigh = 1}).output == 56);
  CHECK(infer(224, {.size = 1, .stride = 2}).output == 112);
  CHECK(infer(224, {.size = 11, .stride = 4, .padLow = 2, .padHigh = 2}).output == 55);
  CHECK(infer(224, {.size = 11, .stride = 4}).error == WindowError::DropsInput);
  CHECK(infer(7, {.size = 2, .stride = 2}).error == WindowError::DropsInput);
  CHECK(infer(7, {.size = 2, .stride = 2}, Rounding::Floor).output == 3);
  CHECK(infer(7, {.size = 2, .stride = 2}, Rounding::Ceil).output == 4);
  // A fourth window would start in padding.
  CHECK(infer(7, {.size = 2, .stride = 3, .padLow = 1, .padHigh = 1}, Rounding::Ceil).output == 3);
  // A transposed convolution: (3-1)*2 + 1 with 2 zeros around and a window of 4.
  CHECK(infer(3, {.size = 4, .padLow = 2, .padHigh = 2, .inputDilation = 2}).output == 6);
}

static void checkRefusals() {
  constexpr int64_t largest = std::numeric_limits<int64_t>::max();
  auto error = [](int64_t size, WindowAxis window) {
    input = size;
    axis = window;
    WindowSize found = inferWindow(size, window, Rounding::Floor);
    if (found.error != WindowError::None)
      CHECK(found.output == 0 && found.dropped == 0);
    return found.error;
  };
  CHECK(error(0, {}) == WindowError::NotPositive);
  CHECK(error(-1, {}) == WindowError::NotPositive);
  CHECK(error(1, {.size = 0}) == WindowError::NotPositive);
  CHECK(error(1, {.stride = 0}) == WindowError::NotPositive);
  CHECK(error(1, {.dilation = 0}) == WindowError::NotPositive);
  CHECK(error(1, {.inputDilation = 0}) == WindowError::NotPositive);
  CHECK(error(1, {.inputDilation = -3}) == WindowError::NotPositive);
  CHECK(error(1, {}) == WindowError::None);
  CHECK(error(1, {.size = 3, .dilation = largest}) == WindowError::Overflow);
  CHECK(error(3, {.inputDilation = largest}) == WindowError::Overflow);
  CHECK(error(1, {.padLow = largest, .padHigh = 1}) == WindowError::Overflow);
  CHECK(error(2, {.padLow = largest}) == WindowError::Overflow);
  CHECK(error(1, {.size = 2, .dilation = largest}) == WindowError::Overflow);
  CHECK(error(1, {.size = 2, .dilation = largest - 1}) == WindowError::WindowTooLarge);
  CHECK(error(largest, {.size = largest}) == WindowError::None);

  CHECK(!checkedMultiply(largest, 2) && checkedMultiply(largest, 1) == largest);
  CHECK(!checkedMultiply(int64_t(1) << 32, int64_t(1) << 31));
  CHECK(checkedMultiply(int64_t(1) << 32, int64_t(1) << 30) == int64_t(1) << 62);
  CHECK(!checkedAdd(largest, 1) && checkedAdd(largest, -1) == largest - 1);
  int64_t tooMany[] = {int64_t(1) << 32, int64_t(1) << 31}, few[] = {2, 3, 4};
  CHECK(!checkedElements(tooMany) && checkedElements(few) == 24);
  CHECK(checkedElements({}) == 1);
}

//===----------------------------------------------------------------------===//
// Adjoints
//===----------------------------------------------------------------------===//

using Vector = std::vector<int64_t>;

/// y[p] = sum over k of x'[p*S + k*D - lo] * w[k], x' with its inner zeros.
static Vector convolve(const Vector &x, const Vector &w, const WindowAxis &a, int64_t outputs) {
  Vector y(outputs, 0);
  for (int64_t p = 0; p < outputs; ++p)
    for (int64_t k = 0; k < int64_t(w.size()); ++k) {
      int64_t position = p * a.stride + k * a.dilation - a.padLow;
      if (position >= 0 && position % a.inputDilation == 0 &&
          position / a.inputDilation < int64_t(x.size()))
        y[p] += x[position / a.inputDilation] * w[k];
    }
  return y;
}

static int64_t dot(const Vector &a, const Vector &b) {
  int64_t sum = 0;
  for (size_t i = 0; i < a.size(); ++i)
    sum += a[i] * b[i];
  return sum;
}

/// Small integers that depend on all positions.
static Vector numbers(int64_t count, int64_t seed) {
  Vector values(count);
  for (int64_t i = 0; i < count; ++i)
    values[i] = (i * 37 + seed * 11 + i * i * 5) % 23 - 11;
  return values;
}

static void checkAdjoints() {
  WindowSize size = inferWindow(input, axis, Rounding::Floor);
  if (size.error != WindowError::None)
    return;
  Vector x = numbers(input, 1), w = numbers(axis.size, 2), dy = numbers(size.output, 3);
  int64_t product = dot(dy, convolve(x, w, axis, size.output));

  // Towards the input: the output's gradient under the reversed taps.
  WindowAxis adjoint = adjointWindow(input, size.output, axis);
  WindowSize back = inferWindow(size.output, adjoint, Rounding::Floor);
  CHECK(back.error == WindowError::None);
  CHECK(back.output == input);
  Vector reversed(w.rbegin(), w.rend());
  CHECK(dot(x, convolve(dy, reversed, adjoint, input)) == product);

  // Towards the filter: the input under the output's gradient.
  WindowAxis filter = filterGradientWindow(input, size.output, axis);
  WindowSize taps = inferWindow(input, filter, Rounding::Floor);
  CHECK(taps.error == WindowError::None);
  CHECK(taps.output == axis.size);
  CHECK(filter.size == size.output);
  CHECK(dot(w, convolve(x, dy, filter, axis.size)) == product);
}

/// The buffer of a scatter holds what every input adds through every tap and nothing more,
/// and is the output once it is padded.
static void checkScatter() {
  WindowSize size = inferWindow(input, axis, Rounding::Floor);
  if (size.error != WindowError::None)
    return;
  ScatterAxis scatter = scatterWindow(input, size.output, axis);
  Vector x = numbers(input, 1), w = numbers(axis.size, 2), buffer(scatter.size, 0);
  int64_t first = scatter.size, last = -1;
  for (int64_t h = 0; h < input; ++h)
    for (int64_t k = 0; k < axis.size; ++k) {
      int64_t position = h * axis.inputDilation + scatter.reach - k * axis.dilation;
      CHECK(position >= 0 && position < scatter.size);
      buffer[position] += x[h] * w[k];
      first = std::min(first, position);
      last = std::max(last, position);
    }
  CHECK(first == 0 && last == scatter.size - 1);
  CHECK(scatter.padLow + scatter.size + scatter.padHigh == (size.output - 1) * axis.stride + 1);
  Vector y(size.output, 0);
  for (int64_t p = 0; p < size.output; ++p) {
    int64_t position = p * axis.stride - scatter.padLow;
    if (position >= 0 && position < scatter.size)
      y[p] = buffer[position];
  }
  CHECK(convolve(x, w, axis, size.output) == y);
}

/// Convolves on the padded input, as the windows, or their phases, say where they start.
static void checkHalos() {
  WindowSize size = inferWindow(input, axis, Rounding::Floor);
  bool isDense = axis.inputDilation == 1, hasPhases = axis.stride == 1;
  if (size.error != WindowError::None || (!isDense && !hasPhases))
    return;
  Vector x = numbers(input, 1), w = numbers(axis.size, 2), y(size.output, 0);
  std::vector<WindowPhase> phases{{0, size.output, 0, axis.size, 0, 1, axis.dilation}};
  if (!isDense)
    phases = phasesOfWindow(size.output, axis);
  WindowHalo halo = isDense ? haloOfWindows(input, size.output, axis) : haloOfPhases(input, phases);
  CHECK(halo.low >= 0 && halo.high >= 0 && halo.offset >= 0);
  if (isDense)
    phases[0].offset = halo.offset;
  Vector padded(halo.low + input + halo.high, 0);
  std::copy(x.begin(), x.end(), padded.begin() + halo.low);
  int64_t outputs = 0;
  for (const WindowPhase &phase : phases)
    for (int64_t p = 0; p < phase.outputs; ++p, ++outputs)
      for (int64_t k = 0; k < phase.taps; ++k) {
        int64_t position = p * axis.stride + k * phase.dilation + phase.offset;
        CHECK(position >= 0 && position < int64_t(padded.size()));
        y[phase.first + p * axis.inputDilation] +=
            padded[position] * w[phase.firstTap + k * phase.tapStep];
      }
  CHECK(outputs == size.output);
  CHECK(convolve(x, w, axis, size.output) == y);
}

//===----------------------------------------------------------------------===//
// Transposed convolutions, adaptive windows, pads
//===----------------------------------------------------------------------===//

/// What a text says of a transposed convolution is found again from its window, and the end's
/// padding from the sizes of its gradient.
static void checkUntransposed(const WindowAxis &transposed, int64_t outputPadding, int64_t output) {
  WindowAxis window = transposedWindow(transposed, outputPadding);
  std::optional<TransposedAxis> found = untransposedWindow(window);
  bool isText = transposed.padLow >= 0 && transposed.padHigh >= 0;
  if (isText && outputPadding < transposed.stride)
    CHECK(found.has_value());
  if (transposed.padLow < 0)
    CHECK(!found);
  if (found) {
    CHECK(found->axis.padLow == transposed.padLow && found->axis.padHigh >= 0);
    CHECK(found->outputPadding >= 0 && found->outputPadding < transposed.stride);
    WindowAxis again = transposedWindow(found->axis, found->outputPadding);
    CHECK(again.size == window.size && again.padLow == window.padLow &&
          again.padHigh == window.padHigh && again.dilation == window.dilation &&
          again.inputDilation == window.inputDilation);
    // Both ends alike where output padding can make up for it.
    int64_t rest = outputPadding - transposed.padHigh + transposed.padLow;
    if (rest >= 0 && rest < transposed.stride)
      CHECK(found->axis.padHigh == transposed.padLow);
  }
  if (!isText || outputPadding >= transposed.stride)
    return;
  WindowAxis padded = transposed;
  applyEndPadding(output, input, padded);
  CHECK(padded.padHigh >= 0);
  CHECK(inferWindow(output, padded, Rounding::Floor).output == input);
}

/// Every input adds its products where they belong; `axis.inputDilation` - 1 serves as
/// output padding.
static void checkDeconv() {
  int64_t outputPadding = axis.inputDilation - 1;
  WindowAxis transposed = axis;
  transposed.inputDilation = 1;
  int64_t length = 0;
  for (int64_t i = 0; i < input; ++i)
    for (int64_t k = 0; k < axis.size; ++k)
      length = std::max(length, i * axis.stride + k * axis.dilation + 1);
  int64_t output = length - axis.padLow - axis.padHigh + outputPadding;
  WindowSize size = inferDeconv(input, transposed, outputPadding);
  if (output < 1) {
    CHECK(size.error == WindowError::WindowTooLarge);
    return;
  }
  CHECK(size.error == WindowError::None);
  CHECK(size.output == output);

  Vector x = numbers(input, 1), w = numbers(axis.size, 2), y(output, 0);
  for (int64_t i = 0; i < input; ++i)
    for (int64_t k = 0; k < axis.size; ++k) {
      int64_t position = i * axis.stride + k * axis.dilation - axis.padLow;
      if (position >= 0 && position < output)
        y[position] += x[i] * w[k];
    }
  Vector reversed(w.rbegin(), w.rend());
  CHECK(convolve(x, reversed, transposedWindow(transposed, outputPadding), output) == y);
  // The convolution of the same window goes back to the input's size.
  if (outputPadding < axis.stride)
    CHECK(inferWindow(output, transposed, Rounding::Floor).output == input);
  checkUntransposed(transposed, outputPadding, output);
}

static void checkDeconvRefusals() {
  constexpr int64_t largest = std::numeric_limits<int64_t>::max();
  constexpr int64_t least = std::numeric_limits<int64_t>::min();
  auto error = [](int64_t size, WindowAxis window, int64_t outputPadding = 0) {
    input = size;
    axis = window;
    return inferDeconv(size, window, outputPadding).error;
  };
  CHECK(error(0, {}) == WindowError::NotPositive);
  CHECK(error(1, {.size = 0}) == WindowError::NotPositive);
  CHECK(error(1, {.stride = 0}) == WindowError::NotPositive);
  CHECK(error(1, {.dilation = -1}) == WindowError::NotPositive);
  CHECK(error(1, {}, -1) == WindowError::NotPositive);
  // Also where the padding overflows.
  CHECK(error(0, {.padLow = least}) == WindowError::NotPositive);
  CHECK(error(1, {.size = 0, .padLow = least}) == WindowError::NotPositive);
  CHECK(error(1, {.stride = 0, .padLow = least}) == WindowError::NotPositive);
  CHECK(error(1, {.padLow = least, .dilation = 0}) == WindowError::NotPositive);
  CHECK(error(1, {.padLow = 1}) == WindowError::WindowTooLarge);
  CHECK(error(3, {.stride = largest}) == WindowError::Overflow);
  CHECK(error(1, {.size = 3, .dilation = largest}) == WindowError::Overflow);
  CHECK(error(1, {.size = 2, .dilation = largest}) == WindowError::Overflow);
  CHECK(error(1, {.padLow = least}) == WindowError::Overflow);
  CHECK(error(1, {.padHigh = least}) == WindowError::Overflow);
  CHECK(error(2, {}, largest) == WindowError::Overflow);
  CHECK(error(1, {.size = 2}, largest) == WindowError::Overflow);
  CHECK(error(1, {.size = 2, .padLow = -largest}) == WindowError::Overflow);
  CHECK(error(1, {.size = 2, .padLow = largest}) == WindowError::WindowTooLarge);
  // What no tap reaches may be as far apart as it likes.
  CHECK(error(1, {.size = 3, .stride = largest}) == WindowError::None);
  CHECK(error(1, {.dilation = largest}) == WindowError::None);
  CHECK(inferDeconv(7, {.size = 3, .stride = 2, .padLow = 1, .padHigh = 1}, 1).output == 14);
  CHECK(inferDeconv(1, {}, largest - 1).output == largest);
  CHECK(groupsInBlocks(16, 32, 4, 16) == 1);
  CHECK(groupsInBlocks(4, 8, 8, 16) == 4);
  CHECK(groupsInBlocks(24, 16, 6, 16) == 2);
  CHECK(groupsInBlocks(3, 16, 5, 16) == 5);
}

/// W*S with a window of any size, by the least cut or the least filling.
static void checkSameDeconv() {
  if (axis.padLow != 0 || axis.padHigh != 0 || axis.inputDilation != 1)
    return;
  for (int64_t asked = 0; asked <= 2; ++asked) {
    WindowAxis same = axis;
    int64_t outputPadding = asked;
    applySameDeconvPadding(same, outputPadding);
    CHECK(same.padLow >= 0 && same.padHigh >= same.padLow && same.padHigh <= same.padLow + 1);
    CHECK(outputPadding == asked || (outputPadding > asked && same.padHigh == 0));
    CHECK(inferDeconv(input, same, outputPadding).output == input * axis.stride);
  }
}

/// Rounding up and rounding down agree once the overhang is there; with fitting padding
/// nothing is left over, and one position less leaves something.
static void checkFitting() {
  if (axis.padLow < 0 || axis.padHigh < 0 || axis.inputDilation != 1)
    return;
  WindowSize up = inferWindow(input, axis, Rounding::Ceil);
  if (up.error == WindowError::None) {
    WindowAxis grown = axis;
    grown.padHigh += overhangOf(input, up.output, axis);
    CHECK(inferWindow(input, grown, Rounding::Floor).output == up.output);
  }
  WindowAxis fitted = axis;
  applyFittingPadding(input, fitted);
  WindowSize size = inferWindow(input, fitted, Rounding::Floor);
  CHECK(size.error == WindowError::None && size.dropped == 0);
  CHECK(fitted.padHigh == fitted.padLow || fitted.padHigh == fitted.padLow + 1);
  int64_t added = fitted.padLow + fitted.padHigh - axis.padLow - axis.padHigh;
  for (int64_t less = 0; less < added; ++less) {
    WindowAxis smaller = axis;
    smaller.padHigh += less;
    WindowSize other = inferWindow(input, smaller, Rounding::Floor);
    CHECK(other.error == WindowError::WindowTooLarge || other.dropped > 0);
  }
}

/// The least stride, by trying them all.
static void checkStrideBetween() {
  for (int64_t size = 1; size <= 40; ++size)
    for (int64_t output = 1; output <= 45; ++output) {
      input = size;
      std::optional<int64_t> least;
      for (int64_t stride = 1; stride <= size && !least; ++stride)
        if (inferWindow(size, {.stride = stride}, Rounding::Floor).output == output)
          least = stride;
      CHECK(strideBetween(size, output) == least);
    }
  CHECK(!strideBetween(5, 0) && !strideBetween(5, -1));
}

/// A window reads the positions [h, h+1) that its share [index/p, (index+1)/p) meets.
static void checkAdaptive() {
  for (int64_t size = 1; size <= 24; ++size)
    for (int64_t output = 1; output <= 24; ++output)
      for (int64_t index = 0; index < output; ++index) {
        input = size;
        PositionRange range = adaptiveWindow(size, output, index);
        for (int64_t h = 0; h < size; ++h) {
          bool overlaps = h * output < (index + 1) * size && (h + 1) * output > index * size;
          CHECK((h >= range.begin && h < range.end) == overlaps);
        }
        CHECK(range.begin >= 0 && range.begin < range.end && range.end <= size);
      }
  constexpr int64_t huge = int64_t(1) << 62;
  CHECK(adaptiveWindow(huge, huge, huge - 1).begin == huge - 1);
  CHECK(adaptiveWindow(huge, huge, huge - 1).end == huge);
}

static void checkPad() {
  constexpr int64_t largest = std::numeric_limits<int64_t>::max();
  constexpr int64_t least = std::numeric_limits<int64_t>::min();
  for (int64_t size = 1; size <= 5; ++size)
    for (int64_t low = -6; low <= 3; ++low)
      for (int64_t high = -6; high <= 3; ++high) {
        input = size;
        int64_t kept = 0; // positions that neither end takes away
        for (int64_t h = 0; h < size; ++h)
          kept += h >= -low && h < size + high;
        std::optional<int64_t> padded = inferPad(size, low, high);
        CHECK(padded.has_value() == (kept > 0));
        if (padded)
          CHECK(*padded == size + low + high);
        // The adjoint takes away what was added.
        if (padded)
          CHECK(inferPad(*padded, -low, -high) == size);
      }
  CHECK(!inferPad(1, largest, 0) && !inferPad(1, 0, largest) && !inferPad(1, largest, largest));
  CHECK(!inferPad(1, least, 0) && !inferPad(1, least, least) && !inferPad(5, least, largest));
  CHECK(inferPad(2, -1, largest - 1) == largest);
}

int main() {
  forAllWindows([] {
    checkDeconv();
    checkFloorAndStrict();
    checkCeil();
    checkCovered();
    checkSame();
    checkSameDeconv();
    checkFitting();
    checkAdjoints();
    checkScatter();
    checkHalos();
  });
  checkExamples();
  checkRefusals();
  checkDeconvRefusals();
  checkAdaptive();
  checkStrideBetween();
  checkPad();
  std::printf("%lld checks\n", (long long)checks);
  return checks > 0 ? 0 : 1;
}
