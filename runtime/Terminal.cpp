//===- Terminal.cpp - Pictures and curves in the terminal -----------------===//

#include "runtime/Terminal.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <sys/ioctl.h>
#include <unistd.h>

using namespace cnnc;

namespace {

constexpr int kGap = 2;           // columns between cards
constexpr int kCaptionWidth = 14; // "= 7  99.9 % ok"

/// The mean over the channels; black below the picture.
int greyAt(const Card &card, int64_t row, int64_t column) {
  const ImageShape &shape = card.shape;
  if (row >= shape.height)
    return 0;
  int sum = 0;
  for (int64_t channel = 0; channel < shape.channels; ++channel)
    sum += card.pixels[(channel * shape.height + row) * shape.width + column];
  return sum / static_cast<int>(shape.channels);
}

/// 232 … 255 of the 256-colour palette is a ramp from black to white.
int paletteGrey(int grey) { return 232 + grey * 24 / 256; }

/// Rows 2k and 2k+1 of a card in one line of characters.
void drawLine(std::string &out, const Card &card, int64_t row, bool colour) {
  for (int64_t column = 0; column < card.shape.width; ++column) {
    int upper = greyAt(card, row, column), lower = greyAt(card, row + 1, column);
    if (colour) {
      out += fmt::format("\x1b[38;5;{};48;5;{}m▀", paletteGrey(upper), paletteGrey(lower));
      continue;
    }
    constexpr int kWhite = 96;
    bool up = upper >= kWhite, low = lower >= kWhite;
    out += up && low ? "█" : up ? "▀" : low ? "▄" : " ";
  }
  if (colour)
    out += "\x1b[0m";
}

int64_t cardWidth(const Card &card) { return std::max<int64_t>(card.shape.width, kCaptionWidth); }

std::string caption(const Card &card, bool colour) {
  std::string text = fmt::format("= {}  {:.1f} %", card.guess, 100 * card.probability);
  size_t width = text.size();
  if (card.label >= 0) {
    bool right = card.label == card.guess;
    std::string mark = right ? "ok" : fmt::format("not {}", card.label);
    width += 1 + mark.size();
    text += " " + (colour ? fmt::format("\x1b[{}m{}\x1b[0m", right ? 32 : 31, mark) : mark);
  }
  size_t wanted = static_cast<size_t>(cardWidth(card));
  return text + std::string(wanted > width ? wanted - width : 0, ' ');
}

void drawRow(std::string &out, std::span<const Card> cards, bool colour) {
  int64_t height = 0;
  for (const Card &card : cards)
    height = std::max(height, card.shape.height);
  const std::string gap(kGap, ' ');
  for (int64_t row = 0; row < height; row += 2) {
    for (const Card &card : cards) {
      if (row < card.shape.height)
        drawLine(out, card, row, colour);
      int64_t drawn = row < card.shape.height ? card.shape.width : 0;
      out += std::string(static_cast<size_t>(cardWidth(card) - drawn), ' ') + gap;
    }
    out += '\n';
  }
  for (const Card &card : cards)
    out += caption(card, colour) + gap;
  out += '\n';
}

} // namespace

bool cnnc::wantsColour(std::FILE *stream) {
  const char *none = std::getenv("NO_COLOR");
  return isatty(fileno(stream)) && (!none || !*none);
}

int cnnc::columnsOf(std::FILE *stream) {
  constexpr int kDefault = 80;
  winsize size{};
  if (ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
    return kDefault;
  return size.ws_col;
}

std::string cnnc::drawCards(std::span<const Card> cards, int columns, bool colour) {
  std::string out;
  for (size_t first = 0; first < cards.size();) {
    // At least one a row, however narrow the terminal is.
    size_t last = first + 1;
    int64_t used = cardWidth(cards[first]);
    while (last < cards.size() && used + kGap + cardWidth(cards[last]) <= columns)
      used += kGap + cardWidth(cards[last++]);
    drawRow(out, cards.subspan(first, last - first), colour);
    first = last;
  }
  return out;
}

std::string cnnc::sparkline(std::span<const double> values, int width) {
  static const char *const kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  double low = INFINITY, high = -INFINITY;
  for (double value : values)
    if (std::isfinite(value)) {
      low = std::min(low, value);
      high = std::max(high, value);
    }
  size_t count = std::min(values.size(), static_cast<size_t>(std::max(width, 0)));
  std::string out;
  for (size_t i = 0; i < count; ++i) {
    // The last value of each piece, so that the curve ends where the values end.
    double value = values[(i + 1) * values.size() / count - 1];
    if (!std::isfinite(value)) {
      out += "!";
      continue;
    }
    double height = high > low ? (value - low) / (high - low) : 0;
    out += kBars[std::clamp(static_cast<int>(height * 8), 0, 7)];
  }
  return out;
}
