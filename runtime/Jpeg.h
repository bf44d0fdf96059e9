//===- Jpeg.h - Reading a JPEG --------------------------------------------===//

#ifndef CNNC_JPEG_H
#define CNNC_JPEG_H

#include "runtime/Picture.h"

namespace cnnc {

/// Reads a JPEG of grey or colour. What libjpeg would repair by a guess (a file that
/// ends early, damaged blocks) is an error.
Result<Picture> readJpeg(const std::string &path);
Result<Picture> parseJpeg(const Bytes &content, const std::string &path);

} // namespace cnnc

#endif // CNNC_JPEG_H
