// RUN: runtime-test-idx %t
//
// The files of MNIST, whole and damaged.

#include "runtime/Idx.h"
#include "runtime/Dataset.h"
#include "test/runtime/Check.h"

#include <zlib.h>

using namespace cnnc;
using namespace cnnc::test;

static std::string idx(uint8_t type, std::vector<uint32_t> shape, const std::string &data) {
  std::string out = {'\0', '\0', static_cast<char>(type), static_cast<char>(shape.size())};
  for (uint32_t extent : shape)
    for (int shift = 24; shift >= 0; shift -= 8)
      out += static_cast<char>(extent >> shift & 255);
  return out + data;
}

static Status parse(const std::string &content) {
  return parseIdx(cnnc::test::bytesOf(content), "x").status();
}

static void testParse() {
  std::string good = idx(8, {2, 3, 2}, "abcdefghijkl");
  Result<IdxArray> array = parseIdx(cnnc::test::bytesOf(good), "x");
  CHECK_OK(array.status());
  CHECK(array->shape == std::vector<uint32_t>({2, 3, 2}) && array->data[11] == 'l');
  for (size_t length = 0; length < good.size(); ++length)
    CHECK(parse(good.substr(0, length)).code() == Exit::File);
  CHECK_FAILS(parse(good + "m"), Exit::File, "2x3x2 need 12 bytes from byte 16 on, found 13");
  CHECK_FAILS(parse("PK.."), Exit::File, "at byte 0, found 50 4b");
  CHECK_FAILS(parse(idx(13, {1}, "a")), Exit::File, "at byte 2, found 0d");
  CHECK_FAILS(parse(idx(8, {}, "")), Exit::File, "dimensions at byte 3, found 0");
  CHECK_FAILS(parse(idx(8, {1, 1, 1, 1, 1}, "a")), Exit::File, "dimensions at byte 3, found 5");
  CHECK_FAILS(parse(idx(8, {~0u, ~0u, ~0u}, "a")), Exit::File, "does not fit 64 bits, at byte 12");
  CHECK_FAILS(parse(idx(8, {~0u, ~0u}, "a")), Exit::File, "need 18446744065119617025 bytes");
  for (size_t bit = 0; bit < 16 * 8; ++bit) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    CHECK(parse(flipped).code() == Exit::File);
  }
}

static void testFolder(const std::string &directory) {
  std::string images = directory + "/train-images-idx3-ubyte";
  std::string labels = directory + "/train-labels-idx1-ubyte";
  auto open = [&] { return openDataset({"idx", directory}, Split::Train); };
  CHECK_FAILS(open().status(), Exit::File, "expected train-images-idx3-ubyte or");
  writeText(images, idx(8, {2, 1, 3}, "abcdef"));
  CHECK_FAILS(open().status(), Exit::File, "expected train-labels-idx1-ubyte or");
  std::string two = idx(8, {2}, std::string("\x03\x01", 2));
  gzFile packed = gzopen((labels + ".gz").c_str(), "wb");
  CHECK(gzwrite(packed, two.data(), static_cast<unsigned>(two.size())) > 0);
  gzclose(packed);
  Result<Dataset> dataset = open();
  CHECK_OK(dataset.status());
  CHECK(dataset->size() == 2 && dataset->shape.width == 3 && dataset->shape.height == 1);
  CHECK(dataset->classes == 4 && dataset->labels[1] == 1 && dataset->image(1)[0] == 'd');
  CHECK_FAILS(openDataset({"idx", directory}, Split::Test).status(), Exit::File, "t10k-images");
  writeText(labels, idx(8, {3}, "abc")); // the plain file comes first
  CHECK_FAILS(open().status(), Exit::File, "3 labels for 2 images");
  writeText(labels, idx(8, {2, 1}, "ab"));
  CHECK_FAILS(open().status(), Exit::File, "expected 1 dimension at byte 3, found 2");
  writeText(images, idx(8, {6}, "abcdef"));
  CHECK_FAILS(open().status(), Exit::File, "expected 3 dimensions at byte 3, found 1");
  writeText(images, idx(8, {0, 28, 28}, ""));
  writeText(labels, idx(8, {0}, ""));
  CHECK_FAILS(open().status(), Exit::File, "no images");
}

int main(int, char **argv) {
  testParse();
  testFolder(emptyDirectory(argv[1]));
  return finish();
}
