//===- ObjectCache.h - Compiled code kept in a folder ---------------------===//
//
// A folder of files, each under the hash of all that its content depends on, so that
// an entry is right or not there. Several processes can use one folder: a file is
// written beside its place and renamed. What is damaged counts as not there.
//
// The content is code that is going to run: the folder must be the user's own.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_CODEGEN_OBJECTCACHE_H
#define CNNC_CODEGEN_OBJECTCACHE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/BLAKE3.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace cnnc {

/// Hashes all that an entry depends on. The compiler itself is part of it.
class CacheKey {
public:
  /// `kind` keeps entries of different content apart.
  explicit CacheKey(llvm::StringRef kind);
  CacheKey &add(llvm::StringRef text);
  CacheKey &add(uint64_t number);
  /// 64 hexadecimal digits.
  std::string finish();

private:
  llvm::BLAKE3 hash;
};

class ObjectCache {
public:
  /// What a folder holds at most: some thousand kernels of 50 KB and the nets made of them.
  static constexpr uint64_t kMostBytes = uint64_t(512) << 20;

  /// Uses `folder`, which is made where it is not there. Fails if nothing can be written to it.
  static llvm::Expected<std::unique_ptr<ObjectCache>> open(llvm::StringRef folder,
                                                           uint64_t mostBytes = kMostBytes);

  /// The content under `key`, if it is there and whole.
  std::optional<std::string> find(llvm::StringRef key) const;
  /// Stores `content`. Where that fails, `failure` says so: nothing else depends on it.
  void keep(llvm::StringRef key, llvm::StringRef content);
  /// Removes what has not been used for the longest time until the folder is within its bound.
  /// Looks only after something was stored.
  void trim();
  /// Why something could not be stored, or nothing.
  std::optional<std::string> failure() const;

private:
  ObjectCache(llvm::StringRef folder, uint64_t mostBytes)
      : folder(folder.str()), mostBytes(mostBytes) {}
  std::string pathOf(llvm::StringRef key) const;
  llvm::Error write(llvm::StringRef key, llvm::StringRef content) const;

  std::string folder;
  uint64_t mostBytes;
  mutable std::mutex mutex; // of what follows
  bool hasGrown = false;
  std::optional<std::string> firstFailure;
};

} // namespace cnnc

#endif // CNNC_CODEGEN_OBJECTCACHE_H
