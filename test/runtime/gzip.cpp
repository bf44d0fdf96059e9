// RUN: runtime-test-gzip %t
//
// Reading files that may be packed.

#include "runtime/File.h"
#include "test/runtime/Check.h"

#include <zlib.h>

using namespace cnnc;
using namespace cnnc::test;

static std::string packed(const std::string &path, const std::string &text) {
  gzFile file = gzopen(path.c_str(), "wb");
  CHECK(file && gzwrite(file, text.data(), static_cast<unsigned>(text.size())) ==
                    static_cast<int>(text.size()));
  gzclose(file);
  return textOf(path);
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]), path = directory + "/x.gz";
  std::string text;
  for (int i = 0; i < 30000; ++i)
    text += std::to_string(i * i);
  std::string gz = packed(path, text);
  Result<Bytes> content = readMaybeGzip(path);
  CHECK_OK(content.status());
  CHECK(*content == bytesOf(text));
  CHECK_OK(readMaybeGzip(path, text.size()).status());
  CHECK_FAILS(readMaybeGzip(path, text.size() - 1).status(), Exit::Limit, "unpacks to more than");
  for (size_t length = 2; length < gz.size(); length += length < 40 ? 1 : 997) {
    writeText(path, std::string_view(gz).substr(0, length));
    CHECK_FAILS(readMaybeGzip(path).status(), Exit::File, "gzip stream");
  }
  writeText(path, gz + "x");
  CHECK_FAILS(readMaybeGzip(path).status(), Exit::File, "1 bytes after the gzip stream");
  gz[gz.size() / 2] ^= 0x55;
  writeText(path, gz);
  CHECK_FAILS(readMaybeGzip(path).status(), Exit::File, "gzip stream");
  // A bomb stops at the limit.
  packed(path, std::string(100 << 20, '\0'));
  CHECK_FAILS(readMaybeGzip(path, 1 << 20).status(), Exit::Limit, "more than 1048576 bytes");
  CHECK_FAILS(readFile(directory + "/none").status(), Exit::File, "No such file");
  CHECK_FAILS(readFile(directory).status(), Exit::File, "Is a directory");
  writeText(path, "");
  CHECK(readFile(path)->empty());
  return finish();
}
