//===- ShapeInference.h - The arithmetic of sizes ---------------------------===//
//
// Pure functions on integers, without MLIR types: the one place that knows
// (W - F + 2P)/S + 1. The checks of the language and the shape functions of the
// dialect's ops both call them.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_DIALECT_SHAPEINFERENCE_H
#define CNNC_DIALECT_SHAPEINFERENCE_H

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace cnnc {

/// What becomes of positions that no window of the stride reaches.
enum class Rounding {
  Strict, ///< losing real input is an error
  Floor,  ///< they are dropped
  Ceil    ///< one more window is added; one that starts in the end's padding is dropped
};

/// A window that slides along one axis. Padding is signed: a negative one crops,
/// as the gradient of a padded convolution does. With `inputDilation` = b,
/// b-1 zeros stand between neighbouring inputs (transposed convolution).
struct WindowAxis {
  int64_t size = 1;
  int64_t stride = 1;
  int64_t padLow = 0;
  int64_t padHigh = 0;
  int64_t dilation = 1;
  int64_t inputDilation = 1;

  /// D(F-1)+1: the positions from the first to the last tap.
  int64_t effectiveSize() const { return dilation * (size - 1) + 1; }
  /// The input with its inner dilation and its padding.
  int64_t paddedInput(int64_t input) const {
    return inputDilation * (input - 1) + 1 + padLow + padHigh;
  }
};

/// Why a window has no valid output size.
enum class WindowError { None, NotPositive, WindowTooLarge, DropsInput, Overflow };

struct WindowSize {
  WindowError error = WindowError::None;
  int64_t output = 0;
  /// Positions at the end of the padded input that no window reads.
  int64_t dropped = 0;
};

/// (W - F + 2P)/S + 1 along one axis. With Rounding::Strict, real input that is
/// never read is an error exactly if dropped > max(padHigh, stride - Fe, 0).
WindowSize inferWindow(int64_t input, const WindowAxis &axis, Rounding rounding);

/// `same` padding: the output is ceil(W/S); an odd position goes to the end.
/// Sets padLow and padHigh of `axis`.
void applySamePadding(int64_t input, WindowAxis &axis);

/// How far the last of `output` windows reaches beyond the padded input: what rounding up
/// has added at the end.
int64_t overhangOf(int64_t input, int64_t output, const WindowAxis &axis);

/// The least padding beyond what is there with which no position is left over, and the
/// window fits; an odd position goes to the end. Sets padLow and padHigh of `axis`.
void applyFittingPadding(int64_t input, WindowAxis &axis);

/// The least stride with which windows of one position make `output` positions of `input`:
/// (W - 1)/S + 1, rounded down. Nothing if none does.
std::optional<int64_t> strideBetween(int64_t input, int64_t output);

/// How many positions of the real input the window at output position `index`
/// covers: the divisor of an average that does not count padding.
int64_t countCovered(int64_t input, const WindowAxis &axis, int64_t index);

/// Whether some of the first `output` windows covers no position of the real input.
bool hasEmptyWindow(int64_t input, int64_t output, const WindowAxis &axis);

/// The axis of the adjoint of a window operation: run over the output's gradient
/// (`output` positions) it gives back `input` positions. Stride and input
/// dilation change places.
WindowAxis adjointWindow(int64_t input, int64_t output, const WindowAxis &axis);

/// The axis of a convolution's gradient towards its filter: the input slides over
/// the output's gradient, whose `output` positions act as the taps. Stride and
/// dilation change places; the result has `axis.size` positions.
WindowAxis filterGradientWindow(int64_t input, int64_t output, const WindowAxis &axis);

/// A window with an input dilation, seen from its input: the product of position h and
/// tap k belongs to position h * inputDilation + reach - k * dilation of a buffer of
/// `size` positions. Padded by (padLow, padHigh), which are signed, and read with the
/// window's stride, the buffer is the output.
struct ScatterAxis {
  int64_t reach = 0;
  int64_t size = 0;
  int64_t padLow = 0;
  int64_t padHigh = 0;
};
ScatterAxis scatterWindow(int64_t input, int64_t output, const WindowAxis &axis);

/// The padding with which windows along one axis find all that they read. It is never a crop:
/// windows start `offset` later instead, and what lies behind the last of them is not read, so
/// that all windows over one tensor can share its padded copy.
struct WindowHalo {
  int64_t low = 0;
  int64_t high = 0;
  int64_t offset = 0;
};
WindowHalo haloOfWindows(int64_t input, int64_t output, const WindowAxis &axis);

/// Outputs `first`, `first` + S, … of a window with an input dilation of S: they read every
/// `tapStep`-th tap, those from `firstTap`, at neighbouring inputs from `offset` on, or at every
/// `dilation`-th. So a convolution over inserted zeros is S convolutions without them. Of stride 1.
struct WindowPhase {
  int64_t first, outputs, firstTap, taps, offset;
  int64_t tapStep = 1, dilation = 1;
};
std::vector<WindowPhase> phasesOfWindow(int64_t output, const WindowAxis &axis);

/// How many neighbouring groups, of `inputs` and `outputs` channels each, have channels that divide
/// into blocks on both sides: the fewest, or all.
int64_t groupsInBlocks(int64_t inputs, int64_t outputs, int64_t groups, int64_t block);

/// The padding with which all phases find what they read; their offsets then count from its start.
WindowHalo haloOfPhases(int64_t input, std::span<WindowPhase> phases);

/// The window of the convolution that a transposed convolution of `axis` is: its stride
/// has become the input dilation, and its taps run backwards.
WindowAxis transposedWindow(const WindowAxis &axis, int64_t outputPadding);

/// The inverse of transposedWindow: what the transposed convolution says in a text. Padding at
/// the end as at the start, if output padding of less than a stride makes up for the rest.
/// Nothing if a padding would be negative.
struct TransposedAxis {
  WindowAxis axis;
  int64_t outputPadding = 0;
};
std::optional<TransposedAxis> untransposedWindow(const WindowAxis &window);

/// The least padding at the end, but that at the start if it will do, with which `output`
/// windows fit. Sets padHigh of `axis`.
void applyEndPadding(int64_t input, int64_t output, WindowAxis &axis);

/// `same` padding of a transposed convolution: the output is W*S. What the window reaches
/// beyond that is cut off, an odd position at the end; where it does not reach, output
/// padding fills. Sets padLow and padHigh of `axis`.
void applySameDeconvPadding(WindowAxis &axis, int64_t &outputPadding);

/// (W-1)S - Plo - Phi + D(F-1) + 1 + outputPadding, the size of a transposed convolution;
/// the window's input dilation is 1. WindowTooLarge: the padding leaves no output.
WindowSize inferDeconv(int64_t input, const WindowAxis &axis, int64_t outputPadding);

/// The positions `begin` .. `end` - 1.
struct PositionRange {
  int64_t begin = 0;
  int64_t end = 0;
};

/// Position `index` of an adaptive pool from `input` to `output` positions reads
/// floor(index*W/p) .. ceil((index+1)*W/p) - 1, never nothing.
PositionRange adaptiveWindow(int64_t input, int64_t output, int64_t index);

/// W + low + high, where a negative number crops. Nothing if no position of the input is
/// left, or on overflow.
std::optional<int64_t> inferPad(int64_t input, int64_t low, int64_t high);

/// a*b and a+b, or nothing where 64 bits do not hold it.
std::optional<int64_t> checkedMultiply(int64_t a, int64_t b);
std::optional<int64_t> checkedAdd(int64_t a, int64_t b);
/// The product of all sizes, or nothing on overflow.
std::optional<int64_t> checkedElements(std::span<const int64_t> shape);

} // namespace cnnc

#endif // CNNC_DIALECT_SHAPEINFERENCE_H
