//===- Terminal.h - Pictures and curves in the terminal -------------------===//

#ifndef CNNC_TERMINAL_H
#define CNNC_TERMINAL_H

#include "runtime/Dataset.h"

#include <cstdio>
#include <span>
#include <string>

namespace cnnc {

/// A picture and what a network thinks it is.
struct Card {
  const uint8_t *pixels = nullptr; ///< [C, H, W]
  ImageShape shape;
  int32_t guess = 0;
  double probability = 0;
  int32_t label = -1; ///< -1: not known, so neither right nor wrong
};

/// Whether the stream is a terminal and NO_COLOR is not set.
bool wantsColour(std::FILE *stream);

/// The columns of the terminal behind the stream, else 80.
int columnsOf(std::FILE *stream);

/// The cards side by side, as many a row as fit: two pixels a character in half
/// blocks, grey with `colour`, else black and white; below each the guess, its
/// probability, and a mark if the label is known.
std::string drawCards(std::span<const Card> cards, int columns, bool colour);

/// The curve in eight heights, at most `width` characters: ▁▃▅█.
std::string sparkline(std::span<const double> values, int width);

} // namespace cnnc

#endif // CNNC_TERMINAL_H
