// RUN: runtime-test-png %t
//
// Pictures: grey, colour, palette, damaged, too large.

#include "runtime/Png.h"
#include "test/runtime/Check.h"

#include <png.h>

using namespace cnnc;
using namespace cnnc::test;

static std::string write(const std::string &path, uint32_t format, uint32_t width, uint32_t height,
                         const void *pixels, const void *palette = nullptr, uint32_t colours = 0) {
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = format;
  image.width = width;
  image.height = height;
  image.colormap_entries = colours;
  CHECK(png_image_write_to_file(&image, path.c_str(), 0, pixels, 0, palette));
  return textOf(path);
}

int main(int, char **argv) {
  std::string path = emptyDirectory(argv[1]) + "/x.png";
  const uint8_t pixels[] = {1, 2, 3, 4, 5, 6, 70, 128, 255, 10, 11, 12};
  std::string grey = write(path, PNG_FORMAT_GRAY, 4, 3, pixels);
  Result<Picture> picture = readPng(path);
  CHECK_OK(picture.status());
  CHECK(picture->channels == 1 && picture->height == 3 && picture->width == 4);
  CHECK(picture->pixels == Bytes(pixels, pixels + 12));
  write(path, PNG_FORMAT_RGB, 2, 2, pixels);
  picture = readPng(path);
  CHECK_OK(picture.status());
  CHECK(picture->channels == 3);
  CHECK(picture->pixels == Bytes({1, 4, 70, 10, 2, 5, 128, 11, 3, 6, 255, 12}));
  const uint8_t indices[] = {1, 0, 1, 1};
  write(path, PNG_FORMAT_RGB_COLORMAP, 2, 2, indices, pixels, 2);
  CHECK(readPng(path)->pixels == Bytes({4, 1, 4, 4, 5, 2, 5, 5, 6, 3, 6, 6}));
  write(path, PNG_FORMAT_LINEAR_Y, 2, 2, std::vector<uint16_t>(4, 7).data());
  CHECK_FAILS(readPng(path).status(), Exit::File, "expected 8 bits a channel, found 16");
  for (size_t length = 0; length < grey.size() - 12; ++length) // without IEND it is complete
    CHECK_FAILS(
        parsePng(Bytes(grey.begin(), grey.begin() + static_cast<std::ptrdiff_t>(length)), "cut")
            .status(),
        Exit::File, "PNG");
  for (size_t bit = 0; bit < grey.size() * 8; ++bit) {
    Bytes flipped(grey.begin(), grey.end());
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    Status status = parsePng(flipped, "flipped").status();
    CHECK(status.ok() || status.code() == Exit::File);
  }
  write(path, PNG_FORMAT_GRAY, 8193, 8193, Bytes(size_t{8193} * 8193).data());
  CHECK_FAILS(readPng(path).status(), Exit::Limit, "picture of 8193x8193 has more than");
  return finish();
}
