// RUN: runtime-test-fuzz-readers
//
// Every reader of the runtime behind libFuzzer's entry point; the first byte picks
// the reader. As a test it runs a fixed number of random changes to small files. With
//   clang++ -fsanitize=fuzzer,address,undefined -DCNNC_LIBFUZZER
// it is a fuzzer.

#include "runtime/Idx.h"
#include "runtime/Npy.h"
#include "runtime/Png.h"
#include "runtime/Safetensors.h"
#include "runtime/embedded/Model.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

using namespace cnnc;
using namespace cnnc::test;

/// Loads as a generated library does: an error leaves the parameters alone.
static bool loads(const Bytes &content) {
  static SoftmaxModel::Params params;
  params.weight[0] = 0.5f;
  params.bias[9] = 0.5f;
  int code = cnnc_model_load(&softmaxModel(), &params, content.data(), content.size());
  if (code != CNNC_OK && (params.weight[0] != 0.5f || params.bias[9] != 0.5f))
    std::abort();
  return code == CNNC_OK;
}

static Status read(int reader, Bytes content) {
  switch (reader) {
  case 0:
    return SafetensorsFile::parse(std::move(content), "fuzz").status();
  case 1:
    return parseIdx(std::move(content), "fuzz").status();
  case 2:
    return parseNpy(content, "fuzz").status();
  default:
    return parsePng(content, "fuzz").status();
  }
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0)
    return 0;
  Bytes content(data + 1, data + size);
  // A file that the library loads is one that the host reads.
  if (data[0] % 4 == 0 && loads(content) && !read(0, content).ok())
    std::abort();
  Status status = read(data[0] % 4, std::move(content));
  if (!status.ok() && status.code() != Exit::File && status.code() != Exit::Limit)
    std::abort();
  return 0;
}

#ifndef CNNC_LIBFUZZER
/// Small files of each kind to start from.
static std::vector<Bytes> seeds() {
  using namespace std::string_literals;
  TensorRef tensor{"fc1.bias", CNNC_ST_F32, {10}, nullptr, 40};
  std::string dictionary = "{'descr': '<f4', 'fortran_order': True, 'shape': (2, 1), }";
  std::string header = "\x93NUMPY\x01\x00"s + static_cast<char>(dictionary.size()) + '\0';
  // A grey picture of one pixel.
  std::string png = "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x8\0\0\0\0\x3a\x7e\x9b\x55"
                    "\0\0\0\nIDATx\x9c\x63\x60\0\0\0\2\0\1\x48\xaf\xa4\x71"
                    "\0\0\0\0IEND\xae\x42\x60\x82"s;
  return {bytesOf('\0' + safetensorsHeader({tensor}, {{"k", "v"}}) + std::string(40, 'x')),
          bytesOf("\1\0\0\x8\2\0\0\0\2\0\0\0\2abcd"s),
          bytesOf("\2" + header + dictionary + "abcdefgh"), bytesOf("\3" + png)};
}

int main() {
  constexpr uint64_t kRounds = 200000;
  std::vector<Bytes> starts = seeds();
  for (const Bytes &start : starts) // changes to what is refused anyway would test little
    CHECK_OK(read(start[0], Bytes(start.begin() + 1, start.end())));
  for (uint64_t round = 0; round < kRounds; ++round) {
    Bytes content = starts[round % starts.size()];
    cnnc_philox chance = cnnc_philox_block(1, 98, 0, round);
    // One to four changed, removed or repeated bytes.
    for (uint32_t i = 0; i <= chance.word[3] % 4 && content.size() > 1; ++i) {
      chance = cnnc_philox_block(2, 98, i, round);
      size_t at = 1 + chance.word[0] % (content.size() - 1);
      auto place = content.begin() + static_cast<std::ptrdiff_t>(at);
      if (chance.word[1] % 4 == 0)
        content.erase(place);
      else if (chance.word[1] % 4 == 1)
        content.insert(place, content[chance.word[2] % content.size()]);
      else
        *place = static_cast<uint8_t>(chance.word[2]);
    }
    LLVMFuzzerTestOneInput(content.data(), content.size());
    ++checks;
  }
  return finish();
}
#endif
