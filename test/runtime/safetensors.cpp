// RUN: runtime-test-safetensors %t
//
// The reader of weight files against what a hostile file may hold.

#include "runtime/Safetensors.h"
#include "runtime/embedded/Model.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <cstring>

using namespace cnnc;
using namespace cnnc::test;

static Bytes withHeader(const std::string &json, size_t dataBytes) {
  Bytes bytes;
  for (int i = 0; i < 8; ++i)
    bytes.push_back(static_cast<uint8_t>(json.size() >> (8 * i)));
  bytes.insert(bytes.end(), json.begin(), json.end());
  bytes.insert(bytes.end(), dataBytes, 0);
  return bytes;
}

static Status parse(const std::string &json, size_t dataBytes = 0) {
  return SafetensorsFile::parse(withHeader(json, dataBytes), "w.safetensors").status();
}

static void refuses(const std::string &json, size_t dataBytes, const char *reason) {
  CHECK_FAILS(parse(json, dataBytes), Exit::File, reason);
}

static std::string tensor(const char *dtype, const char *shape, const char *offsets) {
  return fmt::format("{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{}]}}", dtype, shape,
                     offsets);
}

static void testWellFormed() {
  CHECK_OK(parse("{}"));
  CHECK_OK(parse(" {}").ok() ? Status(Exit::Internal, "blank first") : Status());
  CHECK_OK(parse("{}   \n"));
  CHECK_OK(parse("{\"__metadata__\":{}}"));
  CHECK_OK(parse("{\"a\":" + tensor("F32", "", "0,4") + "}", 4));
  CHECK_OK(parse("{\"a\":" + tensor("F32", "0", "0,0") + "}", 0));
  CHECK_OK(
      parse("{ \"a\" : { \"shape\" : [ 1 , 2 ] , \"data_offsets\":[0,8], \"dtype\":\"I32\"} }", 8));
  Result<SafetensorsFile> file = SafetensorsFile::parse(
      withHeader("{\"__metadata__\":{\"k\\u00e9y\":\"\\ud83d\\ude00\\n\"},\"\\u0061\\/b\":" +
                     tensor("BF16", "3", "0,6") + "}",
                 6),
      "w");
  CHECK_OK(file.status());
  CHECK(file->metadata().at("k\xC3\xA9y") == "\xF0\x9F\x98\x80\n");
  CHECK(file->find("a/b") && file->find("a/b")->shape == std::vector<uint64_t>{3});
}

static void testSyntax() {
  refuses("", 0, "header does not start with '{', at byte 8");
  refuses("[]", 0, "header does not start with '{'");
  refuses("{", 0, "expected a string");
  refuses("{}x", 0, "text after the end of the header, at byte 10");
  refuses("{\"a\"}", 0, "expected ':'");
  refuses("{\"a", 0, "unterminated string");
  refuses("{\"a\\", 0, "unterminated string");
  refuses("{\"\\q\":", 0, "unknown escape");
  refuses("{\"\\u12\":", 0, "hexadecimal");
  refuses("{\"\\u0000\":", 0, "NUL in a string");
  refuses("{\"\\ud800x\":", 0, "unpaired surrogate");
  refuses("{\"\\udc00\":", 0, "unpaired surrogate");
  refuses("{\"\x01\":", 0, "control character");
  refuses("{\"\xff\":", 0, "not UTF-8");
  refuses("{\"\xc0\x80\":", 0, "not UTF-8");
  refuses("{\"\xed\xa0\x80\":", 0, "not UTF-8");
  refuses("{\"a\":[]}", 0, "expected '{' after a tensor's name");
  refuses("{\"a\":{}}", 0, "expected a string");
  refuses("{\"a\":{\"x\":1}}", 0, "unknown field");
  refuses("{\"a\":{\"dtype\":\"F32\"}}", 0, "tensor lacks");
  refuses("{\"a\":" + tensor("F31", "", "0,4") + "}", 4, "unknown dtype");
  refuses("{\"a\":" + tensor("F32", "-1", "0,4") + "}", 4, "non-negative");
  refuses("{\"a\":" + tensor("F32", "01", "0,4") + "}", 4, "leading zero");
  refuses("{\"a\":" + tensor("F32", "1.0", "0,4") + "}", 4, "expected ',' or ']'");
  refuses("{\"a\":" + tensor("F32", "1,", "0,4") + "}", 4, "non-negative");
  refuses("{\"a\":" + tensor("F32", "1", "0") + "}", 4, "needs two numbers");
  refuses("{\"a\":" + tensor("F32", "1", "0,4,8") + "}", 4, "list is too long");
  refuses("{\"a\":" + tensor("F32", "1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1", "0,4") + "}", 4,
          "too long");
  refuses("{\"__metadata__\":{\"a\":1}}", 0, "expected a string");
  refuses("{\"__metadata__\":3}", 0, "expected '{' after \"__metadata__\"");
  std::string nested(100000, '[');
  refuses("{\"a\":" + nested, 0, "expected '{' after a tensor's name");
  std::string objects = "{";
  for (int i = 0; i < 100000; ++i)
    objects += "\"a\":{";
  refuses(objects, 0, "unknown field");
}

static void testDuplicates() {
  refuses("{\"a\":" + tensor("F32", "", "0,4") + ",\"\\u0061\":" + tensor("F32", "", "4,8") + "}",
          8, "duplicate key, at byte 61");
  refuses("{\"__metadata__\":{\"k\":\"\",\"k\":\"\"}}", 0, "duplicate key");
  refuses("{\"__metadata__\":{},\"__metadata__\":{}}", 0, "duplicate key");
  refuses("{\"a\":{\"dtype\":\"F32\",\"dtype\":\"F32\"}}", 0, "duplicate key");
  std::string many = "{\"__metadata__\":{\"x\":\"\"";
  for (int i = 0; i < 2000; ++i)
    many += fmt::format(",\"k{}\":\"\"", i);
  refuses(many + "}}", 0, "too much metadata");
}

static void testExtents() {
  std::string first = "{\"a\":" + tensor("F32", "2", "0,8");
  refuses(first + "}", 4, "data ends outside the file");
  refuses(first + "}", 12, "data that belongs to no tensor");
  refuses(first + ",\"b\":" + tensor("F32", "1", "4,8") + "}", 8, "where the tensor before ends");
  refuses(first + ",\"b\":" + tensor("F32", "1", "12,16") + "}", 16,
          "where the tensor before ends");
  refuses("{\"a\":" + tensor("F32", "1", "4,8") + ",\"b\":" + tensor("F32", "1", "0,4") + "}", 8,
          "where the tensor before ends");
  refuses("{\"a\":" + tensor("F32", "3", "0,8") + "}", 8, "disagree with dtype and shape");
  refuses("{\"a\":" + tensor("F32", "2", "8,0") + "}", 8, "where the tensor before ends");
  refuses("{\"a\":" + tensor("F32", "4294967296,4294967296", "0,8") + "}", 8,
          "does not fit 64 bits");
  refuses("{\"a\":" + tensor("F32", "18446744073709551616", "0,8") + "}", 8,
          "does not fit 64 bits");
  refuses("{\"a\":" + tensor("U8", "18446744073709551615", "0,18446744073709551615") + "}", 8,
          "data ends outside the file");
  refuses("{\"a\":" + tensor("F64", "2305843009213693953", "0,8") + "}", 8, "does not fit 64 bits");
}

static void testHeaderLength() {
  for (uint64_t length : {uint64_t{100000001}, UINT64_MAX, UINT64_MAX - 7, uint64_t{1} << 63}) {
    Bytes bytes = withHeader("{}", 0);
    std::memcpy(bytes.data(), &length, 8);
    CHECK_FAILS(SafetensorsFile::parse(bytes, "w").status(), Exit::File, "longer than 100000000");
  }
  Bytes bytes = withHeader("{}", 0);
  bytes[0] = 3;
  CHECK_FAILS(SafetensorsFile::parse(bytes, "w").status(), Exit::File, "ends within the header");
}

/// Every truncation and every flipped bit: an error or the right number of tensors,
/// never a crash, and parameters that stay as they were on an error.
static void testDamage() {
  const cnnc_model_info &info = softmaxModel();
  static SoftmaxModel::Params params, watched;
  cnnc_model_init(&info, &params, 1);
  Bytes good(cnnc_model_save(&info, &params, nullptr, 0));
  cnnc_model_save(&info, &params, good.data(), good.size());
  size_t header = good.size() - sizeof params.weight - sizeof params.bias;
  std::memset(&watched, 0x5A, sizeof watched);
  uint64_t before = hashOf(&watched, sizeof watched);
  for (size_t length = 0; length < good.size(); length += length < header + 64 ? 1 : 97) {
    // A copy of exactly this size, so that a sanitizer sees a read beyond it.
    Bytes cut(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(length));
    CHECK(cnnc_model_load(&info, &watched, cut.data(), cut.size()) == CNNC_BAD_FILE);
    CHECK(!SafetensorsFile::parse(std::move(cut), "cut").ok());
  }
  CHECK(hashOf(&watched, sizeof watched) == before);
  for (size_t bit = 0; bit < header * 8; ++bit) {
    Bytes flipped = good;
    flipped[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
    int code = cnnc_model_load(&info, &watched, flipped.data(), flipped.size());
    if (code != CNNC_OK)
      CHECK(hashOf(&watched, sizeof watched) == before);
    else
      std::memset(&watched, 0x5A, sizeof watched);
    Result<SafetensorsFile> file = SafetensorsFile::parse(std::move(flipped), "flipped");
    CHECK(file.ok() || file.status().code() == Exit::File);
  }
}

static void testMessages(const std::string &directory) {
  const cnnc_model_info &info = softmaxModel();
  static SoftmaxModel::Params params;
  cnnc_model_init(&info, &params, 1);
  uint64_t before = hashOf(&params, sizeof params);
  std::string path = directory + "/w.safetensors";
  TensorRef weight = tensorRef(info.params[0], &params, "fc1.weight");
  TensorRef bias = tensorRef(info.params[1], &params, "fc1.bias");
  auto load = [&](std::vector<TensorRef> tensors) {
    CHECK_OK(writeSafetensors(path, tensors, {{"a", "b"}}));
    Status status = loadParameters(info, &params, path);
    CHECK(hashOf(&params, sizeof params) == before);
    return status;
  };
  CHECK_OK(load({weight, bias}));
  TensorRef near = bias, extra = bias, wide = bias, whole = bias;
  near.name = "fc1.bais";
  extra.name = "conv7.running_mean";
  wide.shape = {2, 5};
  whole.dtype = CNNC_ST_I32;
  CHECK_FAILS(load({weight, near}), Exit::File,
              "'fc1.bias' of net Softmax is not in the file; did you mean 'fc1.bais'?");
  CHECK_FAILS(load({weight}), Exit::File, "'fc1.bias' of net Softmax is not in the file");
  CHECK_FAILS(load({weight, bias, extra}), Exit::File,
              "net Softmax has no tensor 'conv7.running_mean', found at byte");
  CHECK_FAILS(load({weight, wide}), Exit::File, "expected shape [10], found [2, 5]");
  CHECK_FAILS(load({weight, whole}), Exit::File, "expected type F32, found I32");
  CHECK_FAILS(loadParameters(info, &params, directory + "/none"), Exit::File, "No such file");
  CHECK_FAILS(loadParameters(info, &params, directory), Exit::File, "Is a directory");
  CHECK_OK(saveParameters(info, &params, path, {{"epoch", "3"}}));
  Result<SafetensorsFile> file = SafetensorsFile::read(path);
  CHECK_OK(file.status());
  CHECK(file->metadata().at("epoch") == "3");
  CHECK_OK(loadParameters(info, &params, *file));
}

int main(int, char **argv) {
  testWellFormed();
  testSyntax();
  testDuplicates();
  testExtents();
  testHeaderLength();
  testDamage();
  testMessages(emptyDirectory(argv[1]));
  return finish();
}
