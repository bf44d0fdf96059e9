//===- ReadText.cpp - A text from the file system ---------------------------===//

#include "compiler/Frontend/ReadText.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

using namespace cnnc;

static std::string lastError() { return std::error_code(errno, std::generic_category()).message(); }

static TextFile tooLong(std::string_view bytes) {
  return {"", fmt::format("{} bytes, but a text has at most {}", bytes, textBytesLimit), true};
}

/// Reads to the end, or until there is too much.
static TextFile readAll(int descriptor, size_t expected) {
  constexpr size_t chunk = size_t(1) << 16;
  TextFile result;
  result.text.reserve(expected);
  for (size_t size = 0;;) {
    size_t room = std::min<size_t>(chunk, textBytesLimit + 1 - size);
    result.text.resize(size + room);
    ssize_t count = ::read(descriptor, result.text.data() + size, room);
    if (count < 0 && errno == EINTR)
      continue;
    if (count < 0)
      return {"", lastError()};
    size += static_cast<size_t>(count);
    if (size > textBytesLimit)
      return tooLong("more");
    if (count > 0)
      continue;
    result.text.resize(size);
    return result;
  }
}

static TextFile readOpen(int descriptor, TextKind kind) {
  struct stat status;
  if (::fstat(descriptor, &status) != 0)
    return {"", lastError()};
  bool isRegular = S_ISREG(status.st_mode);
  if (kind == TextKind::RegularFile && !isRegular)
    return {"", "it is not a regular file"};
  if (S_ISDIR(status.st_mode))
    return {"", "is a directory, expected a text"};
  if (isRegular && static_cast<uint64_t>(status.st_size) > textBytesLimit)
    return tooLong(fmt::format("{}", status.st_size));
  // One byte more than there should be finds the end without another chunk.
  return readAll(descriptor, isRegular ? static_cast<size_t>(status.st_size) + 1 : 0);
}

TextFile cnnc::readText(const std::string &path, TextKind kind) {
  if (path == "-" && kind == TextKind::Anything)
    return readOpen(STDIN_FILENO, kind);
  // Without O_NONBLOCK a pipe would have to be recognized before it is opened.
  int flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | (kind == TextKind::Anything ? 0 : O_NONBLOCK);
  int descriptor = ::open(path.c_str(), flags);
  if (descriptor < 0)
    return {"", lastError()};
  TextFile result = readOpen(descriptor, kind);
  ::close(descriptor);
  return result;
}
