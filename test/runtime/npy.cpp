// RUN: runtime-test-npy %t
//
// Arrays of NumPy: what is written is read, what is damaged is refused.

#include "runtime/Npy.h"
#include "test/runtime/Check.h"

#include <cstring>
#include <zlib.h>

using namespace cnnc;
using namespace cnnc::test;

static std::string npy(const std::string &dictionary, const std::string &data, int major = 1) {
  std::string out = "\x93NUMPY";
  out += {static_cast<char>(major), '\0'};
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i)
    out += static_cast<char>(dictionary.size() >> (8 * i) & 255);
  return out + dictionary + data;
}

static std::string header(const char *descr, const char *fortran, const char *shape) {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': ({}), }} \n", descr, fortran,
                     shape);
}

static Result<Array> parse(const std::string &content) {
  return parseNpy(cnnc::test::bytesOf(content), "x.npy");
}

static void refuses(const std::string &dictionary, const char *reason) {
  CHECK_FAILS(parse(npy(dictionary, "")).status(), Exit::File, reason);
}

static void testRead() {
  for (int major : {1, 2, 3}) {
    Result<Array> array = parse(npy(header("|u1", "False", "2, 3"), "abcdef", major));
    CHECK_OK(array.status());
    CHECK(array->type == ArrayType::U8 && array->shape == std::vector<int64_t>({2, 3}));
    CHECK(array->data == cnnc::test::bytesOf("abcdef"));
  }
  Result<Array> fortran = parse(npy(header("|u1", "True", "2, 3"), "adbecf"));
  CHECK_OK(fortran.status());
  CHECK(fortran->data == cnnc::test::bytesOf("abcdef"));
  Result<Array> cube = parse(npy(header("|u1", "True", "2, 2, 2"), "aecgbfdh"));
  CHECK(cube->data == cnnc::test::bytesOf("abcdefgh"));
  CHECK(parse(npy(header("<i4", "True", "2, 1"), "aaaabbbb"))->data.size() == 8);
  CHECK(parse(npy(header("<f8", "False", ""), "12345678"))->shape.empty());
  CHECK_OK(parse(npy(header("<f4", "False", "0, 7"), "")).status());
  CHECK_OK(parse(npy(header("<i8", "True", "1,"), "12345678")).status());
  CHECK_OK(parse(npy("{\"shape\":(1,),\"descr\":\"|u1\",\"fortran_order\":False}", "a")).status());
}

static void testRefused() {
  refuses(header("|O", "False", "1,"), "arrays of objects are not read");
  refuses(header("O8", "False", "1,"), "arrays of objects are not read");
  refuses("{'descr': [('a', '<f4')], ", "arrays of records are not read");
  refuses(header(">f4", "False", "1,"), "found '>f4'");
  refuses(header("<f2", "False", "1,"), "found '<f2'");
  refuses(header("<f4", "false", "1,"), "expected True or False");
  refuses(header("<f4", "False", "-1,"), "expected a non-negative extent");
  refuses(header("<f4", "False", "1.5,"), "expected ',' or ')'");
  refuses(header("<f4", "False", "99999999999999999999"), "does not fit 64 bits");
  refuses(header("<f4", "False", "9223372036854775807, 9223372036854775807"), "not fit 64 bits");
  refuses(header("<f4", "False", "9223372036854775807"), "not fit 64 bits");
  refuses(header("<f4", "False", "1000000000"), "needs 4000000000 bytes from byte");
  refuses("{'descr': '<f4', 'descr': '<f4'}", "unexpected key 'descr'");
  refuses("{'descr': '<f4'}", "header lacks");
  refuses("{'descr': __import__('os')}", "expected the type as a string");
  refuses(header("<f4", "False", "0") + "x", "text after the header's '}'");
  refuses("", "expected '{'");
  std::string deep = "{'shape': " + std::string(60000, '(');
  refuses(deep, "expected a non-negative extent");
  std::string many = "1";
  for (int i = 0; i < 40; ++i)
    many += ", 1";
  refuses(header("|u1", "False", many.c_str()), "more than 32 dimensions");
  CHECK_FAILS(parse("\x93NUMPY\x04").status(), Exit::File, "not a .npy file");
  CHECK_FAILS(parse(npy(header("|u1", "False", "1,"), "a", 4)).status(), Exit::File, "found 4.0");
}

static void testDamage() {
  std::string good = npy(header("<f4", "True", "3, 2"), std::string(24, 'x'), 2);
  CHECK_OK(parse(good).status());
  for (size_t length = 0; length < good.size(); ++length)
    CHECK(parse(good.substr(0, length)).status().code() == Exit::File);
  for (size_t bit = 0; bit < good.size() * 8; ++bit) {
    std::string flipped = good;
    flipped[bit / 8] = static_cast<char>(flipped[bit / 8] ^ (1 << bit % 8));
    Status status = parse(flipped).status();
    CHECK(status.ok() || status.code() == Exit::File);
  }
}

static void testWrite(const std::string &directory) {
  const float values[6] = {1, 2, 3, 4, 5, 6};
  const int64_t whole[1] = {-7};
  std::string path = directory + "/x.npy";
  CHECK_OK(writeNpy(path, {"", ArrayType::F32, {2, 3}, values}));
  CHECK((textOf(path).size() - sizeof values) % 64 == 0);
  Result<Array> array = readNpy(path);
  CHECK_OK(array.status());
  CHECK(array->shape == std::vector<int64_t>({2, 3}));
  CHECK(std::memcmp(array->data.data(), values, sizeof values) == 0);
  CHECK_OK(writeNpy(path, {"", ArrayType::I64, {1}, whole}));
  CHECK(textOf(path).find("'shape': (1,), }") != std::string::npos);
  CHECK(readNpy(path)->type == ArrayType::I64);
  CHECK_FAILS(readNpy(directory + "/none").status(), Exit::File, "No such file");

  std::string archive = directory + "/x.npz";
  CHECK_OK(writeNpz(
      archive, {{"logits", ArrayType::F32, {2, 3}, values}, {"w", ArrayType::I64, {}, whole}}));
  std::string zip = textOf(archive);
  CHECK(zip.starts_with("PK\x03\x04") && zip[zip.size() - 22] == 'P');
  // The first entry, taken out by its fields, is the array again.
  uint32_t crc, size;
  std::memcpy(&crc, &zip[14], 4);
  std::memcpy(&size, &zip[18], 4);
  std::string entry = zip.substr(30 + std::strlen("logits.npy"), size);
  CHECK(crc32(0, reinterpret_cast<const Bytef *>(entry.data()), size) == crc);
  CHECK_OK(parse(entry).status());
}

int main(int, char **argv) {
  testRead();
  testRefused();
  testDamage();
  testWrite(emptyDirectory(argv[1]));
  return finish();
}
