//===- Digits.h - Handwritten-looking digits, drawn by program ------------===//
//
// The data that needs no download. Image i of a split depends on the split and i
// only, and has the same bits on every machine: integers, and + - * / sqrt in
// double, which IEEE 754 defines exactly.

#ifndef CNNC_DIGITS_H
#define CNNC_DIGITS_H

#include "runtime/Split.h"

#include <cstdint>

namespace cnnc {

inline constexpr int kDigitSide = 28;
inline constexpr int kDigitPixels = kDigitSide * kDigitSide;
inline constexpr int64_t kDigitsTrain = 10000; ///< images of `digits()`
inline constexpr int64_t kDigitsTest = 2000;

/// The class of image `index`: each ten images in a row hold every digit once.
int32_t digitLabel(Split split, uint64_t index);

/// Draws image `index`, white on black, into kDigitPixels bytes.
void drawDigit(Split split, uint64_t index, uint8_t *pixels);

} // namespace cnnc

#endif // CNNC_DIGITS_H
