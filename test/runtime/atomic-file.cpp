// RUN: runtime-test-atomic-file %t
//
// A write that fails leaves the old file, no other file, and a message.

#include "test/runtime/Check.h"

#include <array>
#include <csignal>
#include <sys/resource.h>
#include <unistd.h>

using namespace cnnc;
using namespace cnnc::test;

static int filesIn(const std::string &directory) {
  int count = 0;
  for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator(directory))
    ++count;
  return count;
}

/// The size limit of a process stands for a full disk: write(2) is cut short, then
/// fails.
static void testFullDisk(const std::string &directory) {
  std::string path = directory + "/file";
  writeText(path, "old");
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old;
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = {1000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  Status status = writeAtomically(path, piece(std::string(5000, 'x')));
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK_FAILS(status, Exit::File, "cannot write: write failed: File too large");
  CHECK(textOf(path) == "old" && filesIn(directory) == 1);
  CHECK_FAILS(writeAtomically("/dev/full", piece("text")), Exit::File, "No space left on device");
}

static void testOtherFailures(const std::string &directory) {
  CHECK_FAILS(writeAtomically(directory + "/none/file", piece("text")), Exit::File,
              "open failed: No such file");
  std::filesystem::create_directories(directory + "/folder/inner");
  CHECK_FAILS(writeAtomically(directory + "/folder", piece("text")), Exit::File, "cannot write");
  CHECK(std::filesystem::is_directory(directory + "/folder"));
  CHECK_FAILS(makeDirectory(directory + "/file/x"), Exit::File, "cannot create the directory");
  std::filesystem::remove_all(directory + "/folder");
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]);
  std::string path = directory + "/file";
  CHECK_OK(writeAtomically(path, piece("first")));
  std::string big(3 << 20, 'y');
  std::array<Piece, 3> pieces = {piece("a"), piece(""), piece(big)};
  CHECK_OK(writeAtomically(path, pieces));
  CHECK(textOf(path) == "a" + big && filesIn(directory) == 1);
  testFullDisk(directory);
  testOtherFailures(directory);
  CHECK_OK(makeDirectory(directory + "/a/b/c"));
  CHECK_OK(makeDirectory(directory + "/a/b/c"));
  return finish();
}
