//===- ReadText.h - A text from the file system -----------------------------===//
//
// Reads what nobody vouches for: a file that changes or shrinks meanwhile (so nothing is
// mapped), a device without end, a pipe.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_READTEXT_H
#define CNNC_FRONTEND_READTEXT_H

#include <cstdint>
#include <string>

namespace cnnc {

/// A larger text is no network.
inline constexpr uint64_t textBytesLimit = uint64_t(64) << 20;

/// What may be read. Opening a pipe can wait for ever: only the user may ask for it.
enum class TextKind { RegularFile, Anything };

/// A text, or the reason that there is none.
struct TextFile {
  std::string text;
  std::string error;
  bool isTooLong = false; ///< that is the reason
};

/// The text of a file; `-` is the standard input where anything may be read.
TextFile readText(const std::string &path, TextKind kind);

} // namespace cnnc

#endif // CNNC_FRONTEND_READTEXT_H
