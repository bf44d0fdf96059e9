//===- Png.h - Reading a picture ------------------------------------------===//

#ifndef CNNC_PNG_H
#define CNNC_PNG_H

#include "runtime/Picture.h"

namespace cnnc {

/// Reads a PNG with 8 bits a channel. A palette becomes RGB; what is transparent
/// becomes black.
Result<Picture> readPng(const std::string &path);
Result<Picture> parsePng(const Bytes &content, const std::string &path);

} // namespace cnnc

#endif // CNNC_PNG_H
