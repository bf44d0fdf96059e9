//===- Png.cpp - Reading a picture ----------------------------------------===//
//
// Through libpng's simplified interface, which catches its own longjmp: no jump
// ever crosses a frame of ours.

#include "runtime/Png.h"

#include <png.h>

using namespace cnnc;

namespace {

/// Frees what libpng holds, however reading ends.
struct Image : png_image {
  Image() : png_image{} { version = PNG_IMAGE_VERSION; }
  ~Image() { png_image_free(this); }
};

} // namespace

Result<Picture> cnnc::parsePng(const Bytes &content, const std::string &path) {
  Image image;
  if (!png_image_begin_read_from_memory(&image, content.data(), content.size()))
    return fail(Exit::File, "{}: not a readable PNG: {}", path, image.message);
  if (uint64_t{image.width} * image.height > kMaxPicturePixels)
    return fail(Exit::Limit, "{}: picture of {}x{} has more than {} pixels", path, image.width,
                image.height, kMaxPicturePixels);
  if (image.format & PNG_FORMAT_FLAG_LINEAR)
    return fail(Exit::File, "{}: expected 8 bits a channel, found 16", path);
  bool colour = image.format & PNG_FORMAT_FLAG_COLOR;
  image.format = colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  Bytes interleaved(PNG_IMAGE_SIZE(image));
  const png_color black{};
  if (!png_image_finish_read(&image, &black, interleaved.data(), 0, nullptr))
    return fail(Exit::File, "{}: damaged PNG: {}", path, image.message);
  return fromInterleaved(std::move(interleaved), colour ? 3 : 1, image.height, image.width);
}

Result<Picture> cnnc::readPng(const std::string &path) {
  Result<Bytes> content = readFile(path);
  if (!content)
    return content.status();
  return parsePng(*content, path);
}
