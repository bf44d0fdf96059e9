//===- File.cpp - Reading whole files -------------------------------------===//

#include "runtime/File.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

using namespace cnnc;

namespace {

/// A file descriptor that closes itself.
struct Descriptor {
  int fd;
  ~Descriptor() {
    if (fd >= 0)
      close(fd);
  }
};

Status cannotRead(const std::string &path, int error) {
  return fail(Exit::File, "{}: cannot read: {}", path, std::strerror(error));
}

/// Makes room for `size` bytes; memory that is not there is a status.
Status resize(Bytes &bytes, uint64_t size, const std::string &path) {
  try {
    bytes.resize(size);
  } catch (const std::bad_alloc &) {
    return fail(Exit::Limit, "{}: no memory for {} bytes", path, size);
  }
  return Status();
}

constexpr uint64_t kFirstPiece = 64 << 10;

/// How much room the next read gets: double what is there, within the limit. The
/// one byte above it tells a file of exactly the limit from a longer one.
uint64_t nextSize(uint64_t size, uint64_t limit) {
  return std::min(std::max(size * 2, kFirstPiece), limit + 1);
}

} // namespace

Result<Bytes> cnnc::readFile(const std::string &path) {
  Descriptor file{open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  struct stat info;
  if (file.fd < 0 || fstat(file.fd, &info) != 0)
    return cannotRead(path, errno);
  if (S_ISDIR(info.st_mode))
    return cannotRead(path, EISDIR);
  Bytes bytes;
  uint64_t used = 0;
  uint64_t expected = S_ISREG(info.st_mode) ? static_cast<uint64_t>(info.st_size) + 1 : 0;
  if (expected > kMaxFileBytes)
    return fail(Exit::Limit, "{}: file has more than {} bytes", path, kMaxFileBytes);
  for (;;) {
    if (used == bytes.size()) {
      uint64_t size = used < expected ? expected : nextSize(used, kMaxFileBytes);
      if (Status status = resize(bytes, size, path); !status.ok())
        return status;
    }
    ssize_t got = read(file.fd, bytes.data() + used, bytes.size() - used);
    if (got < 0 && errno == EINTR)
      continue;
    if (got < 0)
      return cannotRead(path, errno);
    if (got == 0)
      break;
    used += static_cast<uint64_t>(got);
    if (used > kMaxFileBytes)
      return fail(Exit::Limit, "{}: file has more than {} bytes", path, kMaxFileBytes);
  }
  bytes.resize(used);
  return bytes;
}

Result<Bytes> cnnc::readMaybeGzip(const std::string &path, uint64_t limit) {
  Result<Bytes> packed = readFile(path);
  if (!packed || packed->size() < 2 || (*packed)[0] != 0x1f || (*packed)[1] != 0x8b)
    return packed;
  z_stream stream{};
  if (inflateInit2(&stream, 15 + 16) != Z_OK) // 16: a gzip frame
    return fail(Exit::Limit, "{}: no memory to unpack", path);
  Bytes bytes;
  uint64_t used = 0, taken = 0;
  int code = Z_OK;
  Status status;
  while (code != Z_STREAM_END && status.ok()) {
    if (used == bytes.size()) {
      status = resize(bytes, nextSize(used, limit), path);
      if (!status.ok())
        break;
    }
    constexpr uint64_t kMost = 1u << 30; // zlib counts in 32 bits
    uint64_t room = std::min<uint64_t>(bytes.size() - used, kMost);
    uint64_t left = std::min<uint64_t>(packed->size() - taken, kMost);
    stream.next_in = packed->data() + taken;
    stream.avail_in = static_cast<uInt>(left);
    stream.next_out = bytes.data() + used;
    stream.avail_out = static_cast<uInt>(room);
    code = inflate(&stream, Z_NO_FLUSH);
    taken += left - stream.avail_in;
    used += room - stream.avail_out;
    if (used > limit)
      status = fail(Exit::Limit, "{}: unpacks to more than {} bytes", path, limit);
    else if (code == Z_BUF_ERROR || (code == Z_OK && taken == packed->size() && stream.avail_out))
      status = fail(Exit::File, "{}: gzip stream ends early at byte {}", path, taken);
    else if (code != Z_OK && code != Z_STREAM_END)
      status = fail(Exit::File, "{}: damaged gzip stream at byte {}: {}", path, taken,
                    stream.msg ? stream.msg : "zlib refuses it");
  }
  inflateEnd(&stream);
  if (status.ok() && taken != packed->size())
    status = fail(Exit::File, "{}: {} bytes after the gzip stream, at byte {}", path,
                  packed->size() - taken, taken);
  if (!status.ok())
    return status;
  bytes.resize(used);
  return bytes;
}

bool cnnc::fileExists(const std::string &path) {
  struct stat info;
  return stat(path.c_str(), &info) == 0;
}

std::string cnnc::joinPath(const std::string &directory, const std::string &name) {
  if (directory.empty() || directory.back() == '/')
    return directory + name;
  return directory + "/" + name;
}
