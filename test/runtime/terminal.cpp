// RUN: runtime-test-terminal

#include "runtime/Terminal.h"
#include "test/runtime/Check.h"

#include <algorithm>
#include <cmath>

using namespace cnnc;
using namespace cnnc::test;

int main() {
  // 3 rows: the last line has a half that is empty.
  const uint8_t pixels[] = {255, 255, 0, 255, 0, 0, 255, 0, 255};
  Card card{pixels, {1, 3, 3}, 7, 0.5, 7};
  std::string pad(11, ' ');
  CHECK(drawCards(std::vector<Card>{card}, 80, false) ==
        "█▀ " + pad + "  \n" + "▀ ▀" + pad + "  \n" + "= 7  50.0 % ok  \n");
  card.label = 1;
  std::string wrong = drawCards(std::vector<Card>{card}, 80, false);
  CHECK(wrong.find("= 7  50.0 % not 1") != std::string::npos);
  CHECK(wrong.find('\x1b') == std::string::npos);
  card.label = -1;
  std::string colour = drawCards(std::vector<Card>{card, card, card}, 32, true);
  CHECK(colour.find("\x1b[38;5;255;48;5;255m▀") != std::string::npos);
  CHECK(std::count(colour.begin(), colour.end(), '\n') == 6); // two cards, then one
  CHECK(drawCards({}, 80, false).empty());
  CHECK(drawCards(std::vector<Card>{card, card}, 1, false).size() > 0);

  CHECK(sparkline(std::vector<double>{0, 1, 2, 3, 4, 5, 6, 7}, 80) == "▁▂▃▄▅▆▇█");
  CHECK(sparkline(std::vector<double>{0, 9, 0, 9, 5, 0}, 3) == "██▁");
  CHECK(sparkline(std::vector<double>{1, NAN, 1}, 3) == "▁!▁");
  CHECK(sparkline({}, 10).empty());
  return finish();
}
