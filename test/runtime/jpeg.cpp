// RUN: runtime-test-jpeg
//
// Pictures: grey, colour, damaged.

#include "runtime/Jpeg.h"
#include "test/runtime/Check.h"
#include "test/runtime/WriteJpeg.h"

#include <algorithm>

using namespace cnnc;
using namespace cnnc::test;

static void testColours() {
  Bytes grey(16 * 8, 100);
  Result<Picture> picture = parseJpeg(encodeJpeg(16, 8, 1, grey), "grey");
  CHECK_OK(picture.status());
  CHECK(picture->channels == 1 && picture->height == 8 && picture->width == 16);
  CHECK(picture->pixels == grey);
  // Red above, blue below; the format loses a little.
  Bytes colours;
  for (int i = 0; i < 16 * 16; ++i)
    for (int value : {i < 128 ? 255 : 0, 0, i < 128 ? 0 : 255})
      colours.push_back(static_cast<uint8_t>(value));
  picture = parseJpeg(encodeJpeg(16, 16, 3, colours), "colours");
  CHECK_OK(picture.status());
  CHECK(picture->channels == 3 && picture->pixels.size() == 3 * 256);
  const Bytes &p = picture->pixels;
  CHECK(p[0] > 240 && p[255] < 15 && p[256] < 15 && p[511] < 15 && p[512] < 15 && p[767] > 240);
}

static void testDamage() {
  Bytes noise;
  for (int i = 0; i < 24 * 24; ++i)
    noise.push_back(static_cast<uint8_t>(i * 37 + i / 24 * 11));
  Bytes good = encodeJpeg(24, 24, 1, noise);
  CHECK_OK(parseJpeg(good, "good").status());
  for (size_t length = 0; length + 2 < good.size(); ++length) // without EOI it is complete
    CHECK_FAILS(parseJpeg(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length)),
                          "cut.jpg")
                    .status(),
                Exit::File, "cut.jpg: not a readable JPEG");
  // Any bit flipped: a picture or an unreadable file, and no crash. None makes it too large.
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes flipped = good;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    Result<Picture> picture = parseJpeg(flipped, "flipped");
    CHECK(picture || picture.status().code() == Exit::File);
  }
  CHECK_FAILS(parseJpeg(bytesOf("\x89PNG"), "x.jpg").status(), Exit::File, "x.jpg: not a readable");
}

/// The header's sizes count, not what follows it.
static void testPixelLimit() {
  Bytes bomb = encodeJpeg(8, 8, 1, Bytes(8 * 8, 100));
  const uint8_t marker[] = {0xFF, 0xC0}; // SOF0: its length, the bits, then height and width
  auto frame = std::search(bomb.begin(), bomb.end(), std::begin(marker), std::end(marker));
  CHECK(bomb.end() - frame > 9);
  const uint8_t sizes[] = {8193 / 256, 8193 % 256, 8193 / 256, 8193 % 256};
  std::copy(std::begin(sizes), std::end(sizes), frame + 5);
  CHECK_FAILS(parseJpeg(bomb, "bomb.jpg").status(), Exit::Limit,
              "bomb.jpg: picture of 8193x8193 has more than 67108864 pixels");
}

int main() {
  testColours();
  testDamage();
  testPixelLimit();
  return finish();
}
