//===- Check.h - Checks of the runtime's test programs --------------------===//

#ifndef CNNC_TEST_RUNTIME_CHECK_H
#define CNNC_TEST_RUNTIME_CHECK_H

#include "runtime/AtomicFile.h"
#include "runtime/File.h"
#include "runtime/Status.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>

/// Stops at the first failure: what follows would rest on it.
#define CHECK(condition)                                                                           \
  do {                                                                                             \
    ++cnnc::test::checks;                                                                          \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "%s:%d: failed: %s\n", __FILE__, __LINE__, #condition);                 \
      std::exit(1);                                                                                \
    }                                                                                              \
  } while (false)

/// A failed status with this code and a message that contains `part`.
#define CHECK_FAILS(status, exitCode, part)                                                        \
  do {                                                                                             \
    cnnc::Status checked = (status);                                                               \
    if (checked.code() != (exitCode) || checked.message().find(part) == std::string::npos)         \
      std::fprintf(stderr, "exit %d: %s\n", static_cast<int>(checked.code()),                      \
                   checked.message().c_str());                                                     \
    CHECK(checked.code() == (exitCode));                                                           \
    CHECK(checked.message().find(part) != std::string::npos);                                      \
  } while (false)

#define CHECK_OK(status)                                                                           \
  do {                                                                                             \
    cnnc::Status checked = (status);                                                               \
    if (!checked.ok())                                                                             \
      std::fprintf(stderr, "%s\n", checked.message().c_str());                                     \
    CHECK(checked.ok());                                                                           \
  } while (false)

/// A hash of bits that must be the same on every machine.
#define CHECK_HASH(found, expected)                                                                \
  do {                                                                                             \
    uint64_t hash = (found);                                                                       \
    if (hash != (expected))                                                                        \
      std::fprintf(stderr, "hash is 0x%016llx\n", static_cast<unsigned long long>(hash));          \
    CHECK(hash == (expected));                                                                     \
  } while (false)

namespace cnnc::test {

inline int64_t checks = 0;

/// What a program ends with: one that checked nothing has failed.
inline int finish() {
  std::printf("%lld checks\n", static_cast<long long>(checks));
  return checks > 0 ? 0 : 1;
}

/// FNV-1a, to compare many bytes with one number.
inline uint64_t hashOf(const void *data, size_t bytes) {
  uint64_t hash = 0xCBF29CE484222325u;
  for (size_t i = 0; i < bytes; ++i)
    hash = (hash ^ static_cast<const uint8_t *>(data)[i]) * 0x100000001B3u;
  return hash;
}

/// An empty directory at `path`.
inline std::string emptyDirectory(const std::string &path) {
  std::filesystem::remove_all(path);
  std::filesystem::create_directories(path);
  return path;
}

inline std::string textOf(const std::string &path) {
  Result<Bytes> bytes = readFile(path);
  CHECK_OK(bytes.status());
  return std::string(bytes->begin(), bytes->end());
}

inline void writeText(const std::string &path, std::string_view text) {
  CHECK_OK(writeAtomically(path, piece(text)));
}

inline Bytes bytesOf(std::string_view text) { return Bytes(text.begin(), text.end()); }

} // namespace cnnc::test

#endif // CNNC_TEST_RUNTIME_CHECK_H
