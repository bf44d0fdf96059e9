//===- AtomicFile.h - Files that are there whole or not at all ------------===//
//
// A temporary file beside the old one, fsync, rename, fsync of the directory. When
// any of it fails (full disk, short write, EIO) the old file stays as it was, the
// temporary one is removed, and the status says what failed.

#ifndef CNNC_ATOMICFILE_H
#define CNNC_ATOMICFILE_H

#include "runtime/Status.h"

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace cnnc {

/// A piece of memory to be written.
using Piece = std::span<const std::byte>;

inline Piece piece(std::string_view text) { return std::as_bytes(std::span(text)); }
inline Piece piece(const void *data, size_t bytes) {
  return {static_cast<const std::byte *>(data), bytes};
}

/// Replaces `path` by the pieces, one after the other. Permissions stay; of a symbolic
/// link the file behind it is replaced.
Status writeAtomically(const std::string &name, std::span<const Piece> pieces);

inline Status writeAtomically(const std::string &path, Piece content) {
  return writeAtomically(path, std::span<const Piece>(&content, 1));
}

/// Creates the directory and those above it, where they are not there.
Status makeDirectory(const std::string &path);

} // namespace cnnc

#endif // CNNC_ATOMICFILE_H
