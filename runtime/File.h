//===- File.h - Reading whole files ---------------------------------------===//

#ifndef CNNC_FILE_H
#define CNNC_FILE_H

#include "runtime/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cnnc {

using Bytes = std::vector<uint8_t>;

/// The largest file, and the largest unpacked .gz, that is taken into memory.
inline constexpr uint64_t kMaxFileBytes = uint64_t{16} << 30;

/// The whole of a regular file (or of a pipe, up to the limit).
Result<Bytes> readFile(const std::string &path);

/// The same, unpacked if the content starts as gzip does. What it unpacks to is
/// bounded by `limit` before memory is taken.
Result<Bytes> readMaybeGzip(const std::string &path, uint64_t limit = kMaxFileBytes);

bool fileExists(const std::string &path);

/// "DIR/NAME", without a second slash.
std::string joinPath(const std::string &directory, const std::string &name);

} // namespace cnnc

#endif // CNNC_FILE_H
