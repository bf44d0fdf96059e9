// RUN: runtime-test-jpeg
//
// Pictures: grey, colour, damaged.

#include "runtime/Jpeg.h"
#include "test/runtime/Check.h"
#include "test/runtime/WriteJpeg.h"

#include <cstdlib>

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
  // Any bit flipped: a picture or a message, and no crash.
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    Bytes flipped = good;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    Result<Picture> picture = parseJpeg(flipped, "flipped");
    CHECK(picture || !picture.status().message().empty());
  }
  CHECK_FAILS(parseJpeg(bytesOf("\x89PNG"), "x.jpg").status(), Exit::File, "x.jpg: not a readable");
}

int main() {
  testColours();
  testDamage();
  return finish();
}
