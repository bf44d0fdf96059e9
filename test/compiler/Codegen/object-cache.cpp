//===- object-cache.cpp - Entries are whole or not there, and bounded -----===//
//
// object-cache-test FOLDER uses the empty FOLDER as a cache and prints what it finds
// there. Times are set, not waited for.
//
//===----------------------------------------------------------------------===//

// RUN: rm -rf %t && object-cache-test %t/deep/cache | FileCheck %s
// CHECK: empty: nothing
// CHECK: kept: the content
// CHECK: keys differ: 1
// CHECK: damaged entries found: 0 of {{[1-9][0-9]+}}
// CHECK: moved entry found: 0
// CHECK: rebuilt: the content
// CHECK: kept 9, the one in use 1, the newest 1, the second 0
// CHECK: mine.txt 1, old.cnnc-part 0, new.cnnc-part 1
// CHECK: lost: nothing, {{.*}}: cannot keep compiled code here: {{.+}}

#include "compiler/Codegen/ObjectCache.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include <chrono>

using namespace cnnc;
using namespace llvm;

static std::string keyOf(uint64_t number) { return CacheKey("test").add(number).finish(); }

static std::string pathIn(StringRef folder, const Twine &name) {
  SmallString<128> path(folder);
  sys::path::append(path, name);
  return std::string(path);
}

static void write(const std::string &path, StringRef content) {
  std::error_code error;
  raw_fd_ostream(path, error) << content;
}

/// Says that the file was used last so many hours ago.
static void setAge(const std::string &path, int hours) {
  int fd;
  if (!sys::fs::openFileForReadWrite(path, fd, sys::fs::CD_OpenExisting, sys::fs::OF_None)) {
    auto time = std::chrono::system_clock::now() - std::chrono::hours(hours);
    sys::fs::setLastAccessAndModificationTime(fd, time);
    raw_fd_ostream(fd, /*shouldClose=*/true);
  }
}

static void damage(ObjectCache &cache, StringRef folder, ExitOnError &check) {
  std::string path = pathIn(folder, keyOf(1) + ".cnnc-object");
  std::string whole = check(errorOrToExpected(MemoryBuffer::getFile(path)))->getBuffer().str();
  unsigned found = 0;
  for (size_t i = 0; i < whole.size(); ++i) {
    std::string changed = whole;
    changed[i] ^= 1;
    write(path, changed);
    found += cache.find(keyOf(1)).has_value();
    write(path, StringRef(whole).take_front(i));
    found += cache.find(keyOf(1)).has_value();
  }
  write(path, whole + " ");
  found += cache.find(keyOf(1)).has_value();
  outs() << "damaged entries found: " << found << " of " << 2 * whole.size() + 1 << '\n';
  // Another entry's file in its place.
  cache.keep(keyOf(2), "other content");
  check(errorCodeToError(sys::fs::copy_file(pathIn(folder, keyOf(2) + ".cnnc-object"), path)));
  outs() << "moved entry found: " << cache.find(keyOf(1)).has_value() << '\n';
  cache.keep(keyOf(1), "the content");
  outs() << "rebuilt: " << cache.find(keyOf(1)).value_or("nothing") << '\n';
}

static void bound(StringRef folder, ExitOnError &check) {
  constexpr uint64_t entryBytes = 10000, mostBytes = 10 * entryBytes;
  std::unique_ptr<ObjectCache> cache = check(ObjectCache::open(folder, mostBytes));
  write(pathIn(folder, "mine.txt"), std::string(2 * mostBytes, 'x'));
  write(pathIn(folder, "old.cnnc-part"), "left by a process that was killed");
  setAge(pathIn(folder, "old.cnnc-part"), 2);
  write(pathIn(folder, "new.cnnc-part"), "in the making");
  constexpr int entries = 20, first = 100;
  for (int i = 0; i < entries; ++i) {
    cache->keep(keyOf(first + i), std::string(entryBytes, 'y'));
    setAge(pathIn(folder, keyOf(first + i) + ".cnnc-object"), entries - i);
  }
  cache->find(keyOf(first)); // the oldest, but just used
  cache->trim();
  unsigned kept = 0;
  for (int i = 0; i < entries; ++i)
    kept += cache->find(keyOf(first + i)).has_value();
  outs() << "kept " << kept << ", the one in use " << cache->find(keyOf(first)).has_value()
         << ", the newest " << cache->find(keyOf(first + entries - 1)).has_value()
         << ", the second " << cache->find(keyOf(first + 1)).has_value() << '\n';
  StringRef separator = "";
  for (StringRef name : {"mine.txt", "old.cnnc-part", "new.cnnc-part"}) {
    outs() << separator << name << ' ' << sys::fs::exists(pathIn(folder, name));
    separator = ", ";
  }
  outs() << '\n';
}

int main(int argc, char **argv) {
  if (argc != 2)
    return 2;
  ExitOnError check("object-cache-test: ");
  std::unique_ptr<ObjectCache> cache = check(ObjectCache::open(argv[1]));
  outs() << "empty: " << cache->find(keyOf(1)).value_or("nothing") << '\n';
  cache->keep(keyOf(1), "the content");
  outs() << "kept: " << cache->find(keyOf(1)).value_or("nothing") << '\n';
  // Texts do not run into each other.
  outs() << "keys differ: "
         << (CacheKey("test").add("ab").add("c").finish() !=
             CacheKey("test").add("a").add("bc").finish())
         << '\n';
  damage(*cache, argv[1], check);
  bound(argv[1], check);
  // A folder that goes away costs the entry and nothing else.
  check(errorCodeToError(sys::fs::remove_directories(argv[1])));
  cache->keep(keyOf(3), "lost");
  outs() << "lost: " << cache->find(keyOf(3)).value_or("nothing") << ", "
         << cache->failure().value_or("no failure") << '\n';
  return 0;
}
