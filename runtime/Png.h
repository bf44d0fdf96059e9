//===- Png.h - Reading a picture ------------------------------------------===//

#ifndef CNNC_PNG_H
#define CNNC_PNG_H

#include "runtime/File.h"

#include <string>

namespace cnnc {

/// A picture as the networks take it: channel by channel, row by row.
struct Picture {
  int64_t channels = 0, height = 0, width = 0; ///< 1 (grey) or 3 (red, green, blue)
  Bytes pixels;
};

/// Reads a PNG with 8 bits a channel. A palette becomes RGB; what is transparent
/// becomes black.
Result<Picture> readPng(const std::string &path);
Result<Picture> parsePng(const Bytes &content, const std::string &path);

} // namespace cnnc

#endif // CNNC_PNG_H
