//===- AtomicFile.cpp - Files that are there whole or not at all ----------===//

#include "runtime/AtomicFile.h"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <sys/stat.h>
#include <unistd.h>

using namespace cnnc;

namespace {

/// write(2) takes at most about 2 GiB a call.
constexpr size_t kMostAtOnce = size_t{1} << 30;

/// 0, or errno.
int writeAll(int fd, Piece content) {
  while (!content.empty()) {
    ssize_t done = write(fd, content.data(), std::min(content.size(), kMostAtOnce));
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return errno;
    if (done == 0)
      return EIO;
    content = content.subspan(static_cast<size_t>(done));
  }
  return 0;
}

/// 0, or errno. fsync is not repeated after EIO: the kernel has dropped the pages,
/// and a second call would claim success.
int syncFile(int fd) {
  while (fsync(fd) != 0)
    if (errno != EINTR)
      return errno;
  return 0;
}

std::string directoryOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

int syncDirectory(const std::string &path) {
  int fd = open(directoryOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0)
    return errno;
  int error = syncFile(fd);
  close(fd);
  // A file system that cannot sync directories says so with EINVAL; rename is then
  // all it offers.
  return error == EINVAL ? 0 : error;
}

/// A device or a pipe (`-o /dev/stdout`) is written in place: there is no old
/// content to keep.
bool isSpecial(const std::string &path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0 && !S_ISREG(info.st_mode);
}

Status cannotWrite(const std::string &path, const char *what, int error) {
  return fail(Exit::File, "{}: cannot write: {} failed: {}", path, what, std::strerror(error));
}

Status writeSpecial(const std::string &path, std::span<const Piece> pieces) {
  int fd = open(path.c_str(), O_WRONLY | O_CLOEXEC);
  int error = fd < 0 ? errno : 0;
  for (Piece content : pieces)
    if (error == 0)
      error = writeAll(fd, content);
  if (fd >= 0 && close(fd) != 0 && error == 0 && errno != EINTR)
    error = errno;
  return error == 0 ? Status() : cannotWrite(path, "write", error);
}

} // namespace

/// What a link leads to is replaced, not the link.
static std::string behindLinks(const std::string &path) {
  std::error_code error;
  if (!std::filesystem::is_symlink(path, error))
    return path;
  std::filesystem::path target = std::filesystem::canonical(path, error);
  return error ? path : target.string();
}

Status cnnc::writeAtomically(const std::string &name, std::span<const Piece> pieces) {
  if (isSpecial(name))
    return writeSpecial(name, pieces);
  const std::string path = behindLinks(name);
  // The process's number keeps two writers apart; a file left by a killed one is
  // overwritten at best and never read.
  std::string temporary = fmt::format("{}.tmp{}", path, getpid());
  int fd = open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (fd < 0)
    return cannotWrite(path, "open", errno);
  // Who may read the old file may read the new one.
  struct stat old;
  if (stat(path.c_str(), &old) == 0)
    fchmod(fd, old.st_mode & 07777);
  const char *what = "write";
  int error = 0;
  for (Piece content : pieces)
    if (error == 0)
      error = writeAll(fd, content);
  if (error == 0) {
    what = "fsync";
    error = syncFile(fd);
  }
  if (close(fd) != 0 && error == 0 && errno != EINTR) {
    what = "close";
    error = errno;
  }
  if (error == 0 && rename(temporary.c_str(), path.c_str()) != 0) {
    what = "rename";
    error = errno;
  }
  if (error != 0) {
    unlink(temporary.c_str());
    return cannotWrite(path, what, error);
  }
  error = syncDirectory(path);
  return error == 0 ? Status() : cannotWrite(path, "fsync of the directory", error);
}

Status cnnc::makeDirectory(const std::string &path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error)
    return fail(Exit::File, "{}: cannot create the directory: {}", path, error.message());
  return Status();
}
