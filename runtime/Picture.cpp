//===- Picture.cpp - Pictures of files ------------------------------------===//

#include "runtime/Picture.h"

#include "runtime/Jpeg.h"
#include "runtime/Png.h"

#include <algorithm>
#include <cctype>

using namespace cnnc;

static bool endsWith(std::string_view name, std::string_view ending) {
  return name.size() > ending.size() &&
         std::equal(ending.begin(), ending.end(), name.end() - ending.size(), [](char b, char a) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         });
}

static bool isJpegName(std::string_view name) {
  return endsWith(name, ".jpg") || endsWith(name, ".jpeg");
}

bool cnnc::isPictureName(std::string_view name) {
  return endsWith(name, ".png") || isJpegName(name);
}

Result<Picture> cnnc::readPicture(const std::string &path) {
  return isJpegName(path) ? readJpeg(path) : readPng(path);
}

Picture cnnc::fromInterleaved(Bytes interleaved, int64_t channels, int64_t height, int64_t width) {
  Picture picture{channels, height, width, {}};
  if (channels == 1) {
    picture.pixels = std::move(interleaved);
    return picture;
  }
  size_t count = static_cast<size_t>(channels), plane = interleaved.size() / count;
  picture.pixels.resize(interleaved.size());
  for (size_t i = 0; i < interleaved.size(); ++i)
    picture.pixels[i % count * plane + i / count] = interleaved[i];
  return picture;
}
