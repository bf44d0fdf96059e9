//===- ObjectCache.cpp - Compiled code kept in a folder -------------------===//

#include "compiler/Codegen/ObjectCache.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/Chrono.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <vector>

using namespace llvm;

namespace cnnc {

/// Starts each entry; another number after a change of the form.
static constexpr StringLiteral kMagic = "cnncobj1";
static constexpr StringLiteral kSuffix = ".cnnc-object";
static constexpr StringLiteral kTemporarySuffix = ".cnnc-part";
static constexpr size_t kHashDigits = 2 * LLVM_BLAKE3_OUT_LEN;

//===----------------------------------------------------------------------===//
// Keys
//===----------------------------------------------------------------------===//

/// A hash of the running program: after a change of the compiler, all entries are new ones.
static uint64_t programHash() {
  static const uint64_t hash = [] {
    static int here; // an address in this program, for systems that ask for one
    std::string path = sys::fs::getMainExecutable(nullptr, &here);
    auto program = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
    return program ? xxh3_64bits((*program)->getBuffer()) : 0;
  }();
  return hash;
}

CacheKey::CacheKey(StringRef kind) { add(kind).add(LLVM_VERSION_STRING).add(programHash()); }

CacheKey &CacheKey::add(StringRef text) {
  add(text.size()); // so that no text runs into the next
  hash.update(text);
  return *this;
}

CacheKey &CacheKey::add(uint64_t number) {
  uint8_t bytes[sizeof number];
  support::endian::write64le(bytes, number);
  hash.update(bytes);
  return *this;
}

std::string CacheKey::finish() { return toHex(hash.final(), /*LowerCase=*/true); }

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

/// Of the content and its name: a file that was moved is not taken for another.
static std::string checkSum(StringRef key, StringRef content) {
  BLAKE3 hash;
  hash.update(key);
  hash.update(content);
  return toHex(hash.final(), /*LowerCase=*/true);
}

std::string ObjectCache::pathOf(StringRef key) const {
  SmallString<128> path(folder);
  sys::path::append(path, key + kSuffix);
  return std::string(path);
}

Expected<std::unique_ptr<ObjectCache>> ObjectCache::open(StringRef folder, uint64_t mostBytes) {
  auto refuse = [&](const Twine &reason) {
    return createStringError(folder + ": cannot keep compiled code here: " + reason);
  };
  if (folder.empty())
    return createStringError("expected the name of a folder for compiled code, but it is empty");
  if (std::error_code error = sys::fs::create_directories(folder, true, sys::fs::owner_all))
    return refuse(error.message());
  // Permissions do not tell all: a file system may be read-only or full.
  std::unique_ptr<ObjectCache> cache(new ObjectCache(folder, mostBytes));
  SmallString<128> model(folder);
  sys::path::append(model, Twine("%%%%%%%%") + kTemporarySuffix);
  Expected<sys::fs::TempFile> trial = sys::fs::TempFile::create(model);
  if (!trial)
    return refuse(toString(trial.takeError()));
  if (Error error = trial->discard())
    return refuse(toString(std::move(error)));
  return cache;
}

std::optional<std::string> ObjectCache::find(StringRef key) const {
  std::string path = pathOf(key);
  // Read, not mapped: another process may cut the file short at any time.
  auto file = MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false,
                                    /*IsVolatile=*/true);
  if (!file)
    return std::nullopt;
  StringRef content = (*file)->getBuffer();
  if (!content.consume_front(kMagic) || content.size() < kHashDigits)
    return std::nullopt;
  StringRef sum = content.take_front(kHashDigits);
  content = content.drop_front(kHashDigits);
  if (sum != checkSum(key, content))
    return std::nullopt;
  // Many file systems note accesses once a day at most; trim() needs to know better.
  if (int fd; !sys::fs::openFileForRead(path, fd)) {
    sys::fs::setLastAccessAndModificationTime(fd, std::chrono::system_clock::now());
    sys::fs::file_t file = sys::fs::convertFDToNativeFile(fd);
    sys::fs::closeFile(file);
  }
  return content.str();
}

Error ObjectCache::write(StringRef key, StringRef content) const {
  SmallString<128> model(folder);
  sys::path::append(model, key + "-%%%%%%%%" + kTemporarySuffix);
  Expected<sys::fs::TempFile> file =
      sys::fs::TempFile::create(model, sys::fs::owner_read | sys::fs::owner_write);
  if (!file)
    return file.takeError();
  raw_fd_ostream stream(file->FD, /*shouldClose=*/false);
  stream << kMagic << checkSum(key, content) << content;
  stream.flush();
  if (std::error_code error = stream.error()) {
    stream.clear_error();
    return joinErrors(errorCodeToError(error), file->discard());
  }
  return file->keep(pathOf(key));
}

void ObjectCache::keep(StringRef key, StringRef content) {
  Error error = write(key, content);
  std::lock_guard lock(mutex);
  hasGrown = true;
  if (!error)
    return;
  std::string message = folder + ": cannot keep compiled code here: " + toString(std::move(error));
  if (!firstFailure)
    firstFailure = std::move(message);
}

std::optional<std::string> ObjectCache::failure() const {
  std::lock_guard lock(mutex);
  return firstFailure;
}

//===----------------------------------------------------------------------===//
// The bound
//===----------------------------------------------------------------------===//

void ObjectCache::trim() {
  {
    std::lock_guard lock(mutex);
    if (!std::exchange(hasGrown, false))
      return;
  }
  struct Entry {
    std::string path;
    sys::TimePoint<> used;
    uint64_t bytes;
  };
  std::vector<Entry> entries;
  uint64_t total = 0;
  // What a killed process has left is of no use; what is younger may be in the making.
  sys::TimePoint<> abandoned = std::chrono::system_clock::now() - std::chrono::hours(1);
  std::error_code error;
  for (sys::fs::directory_iterator file(folder, error), end; !error && file != end;
       file.increment(error)) {
    StringRef path = file->path();
    // Only what is named as ours: the folder may hold the user's own files, too.
    bool isTemporary = path.ends_with(kTemporarySuffix);
    ErrorOr<sys::fs::basic_file_status> status = file->status();
    if ((!isTemporary && !path.ends_with(kSuffix)) || !status ||
        status->type() != sys::fs::file_type::regular_file)
      continue;
    if (isTemporary && status->getLastModificationTime() < abandoned)
      sys::fs::remove(path);
    if (isTemporary)
      continue;
    entries.push_back({path.str(), status->getLastAccessedTime(), status->getSize()});
    total += status->getSize();
  }
  sort(entries, [](const Entry &a, const Entry &b) {
    return std::tie(a.used, a.path) < std::tie(b.used, b.path);
  });
  for (const Entry &entry : entries) {
    if (total <= mostBytes)
      break;
    // Another process may have been faster.
    sys::fs::remove(entry.path);
    total -= entry.bytes;
  }
}

} // namespace cnnc
