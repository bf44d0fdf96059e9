//===- Picture.h - Pictures of files --------------------------------------===//

#ifndef CNNC_PICTURE_H
#define CNNC_PICTURE_H

#include "runtime/File.h"

#include <string>
#include <string_view>

namespace cnnc {

/// A picture as the networks take it: channel by channel, row by row.
struct Picture {
  int64_t channels = 0, height = 0, width = 0; ///< 1 (grey) or 3 (red, green, blue)
  Bytes pixels;
};

/// 8192 x 8192. A network's input is far smaller; a bomb's is not.
inline constexpr uint64_t kMaxPicturePixels = uint64_t{1} << 26;

/// Rows of pixels, each with all of its channels, as a picture.
Picture fromInterleaved(Bytes interleaved, int64_t channels, int64_t height, int64_t width);

/// Whether the name ends in .png, .jpg or .jpeg, whatever the case.
bool isPictureName(std::string_view name);

/// Reads a PNG or a JPEG, as the name says.
Result<Picture> readPicture(const std::string &path);

} // namespace cnnc

#endif // CNNC_PICTURE_H
