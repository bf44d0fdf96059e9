// RUN: runtime-test-storage %t
//
// Parameters and state in blocks: where their elements are, and that files know nothing of it.

#include "runtime/embedded/Storage.h"
#include "runtime/Checkpoint.h"
#include "runtime/Safetensors.h"
#include "runtime/embedded/Model.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <cstring>

using namespace cnnc;
using namespace cnnc::test;

static std::vector<uint8_t> saved(const cnnc_model_info &info, const void *params) {
  std::vector<uint8_t> bytes(cnnc_model_save(&info, params, nullptr, 0));
  CHECK(cnnc_model_save(&info, params, bytes.data(), bytes.size()) == bytes.size());
  return bytes;
}

/// 20 x 18 x 3 x 1 with both dimensions in blocks, 18 x 1 x 2 x 2 in blocks of outputs, and one in
/// blocks of inputs; then the same whole.
struct BlockedModel {
  std::vector<cnnc_tensor_info> tensors;
  cnnc_model_info info = softmaxModel();

  BlockedModel(bool isBlocked, cnnc_dtype dtype) {
    const int64_t shapes[3][4] = {{20, 18, 3, 1}, {18, 1, 2, 2}, {2, 20, 1, 1}};
    const uint32_t blocks[3][2] = {{16, 16}, {16, 1}, {1, 16}};
    const char *names[] = {"both", "outputs", "inputs"};
    const cnnc_init_kind kinds[] = {CNNC_INIT_UNIFORM, CNNC_INIT_NORMAL, CNNC_INIT_CONSTANT};
    uint64_t offset = 0;
    for (int i = 0; i < 3; ++i) {
      cnnc_tensor_info tensor{};
      tensor.name = names[i];
      tensor.role = CNNC_ROLE_PARAMETER;
      tensor.dtype = dtype;
      tensor.rank = 4;
      tensor.init = kinds[i];
      tensor.init_value = 0.5;
      uint64_t width = dtype == CNNC_F32 ? 4 : 8;
      tensor.bytes = tensor.stored_bytes = width;
      for (int dim = 0; dim < 4; ++dim) {
        uint64_t size = static_cast<uint64_t>(tensor.shape[dim] = shapes[i][dim]);
        uint64_t block = isBlocked && dim < 2 ? blocks[i][dim] : 1;
        tensor.bytes *= size;
        tensor.stored_bytes *= (size + block - 1) / block * block;
        if (dim < 2)
          tensor.block[dim] = static_cast<uint32_t>(block);
      }
      tensor.offset = offset;
      offset += (tensor.stored_bytes + 63) / 64 * 64;
      tensors.push_back(tensor);
    }
    info.params = tensors.data();
    info.param_count = 3;
    info.params_bytes = offset;
  }
};

/// Where the comment of abi.h says that an element is.
static uint64_t placeOf(const cnnc_tensor_info &t, int64_t o, int64_t c, int64_t r) {
  int64_t b0 = t.block[0], b1 = t.block[1], rest = t.shape[2] * t.shape[3];
  int64_t columns = (t.shape[1] + b1 - 1) / b1;
  return static_cast<uint64_t>(((o / b0 * columns + c / b1) * rest + r) * b1 * b0 + c % b1 * b0 +
                               o % b0);
}

template <typename T> static void testBlocks(cnnc_dtype dtype) {
  BlockedModel blocked(true, dtype), whole(false, dtype);
  std::vector<uint8_t> params(blocked.info.params_bytes, 0xAA), plain(whole.info.params_bytes);
  cnnc_model_init(&blocked.info, params.data(), 5);
  cnnc_model_init(&whole.info, plain.data(), 5);

  // Each element is in its place, once, and nothing but zeros is anywhere else.
  std::vector<uint8_t> expected(params.size(), 0);
  for (const cnnc_tensor_info &tensor : blocked.tensors) {
    int64_t rest = tensor.shape[2] * tensor.shape[3];
    uint64_t index = 0, start = whole.tensors[&tensor - blocked.tensors.data()].offset;
    for (int64_t o = 0; o < tensor.shape[0]; ++o)
      for (int64_t c = 0; c < tensor.shape[1]; ++c)
        for (int64_t r = 0; r < rest; ++r, ++index) {
          uint64_t place = placeOf(tensor, o, c, r);
          CHECK(cnnc_stored_index(&tensor, index) == place);
          CHECK((place + 1) * sizeof(T) <= tensor.stored_bytes);
          std::memcpy(&expected[tensor.offset + place * sizeof(T)],
                      &plain[start + index * sizeof(T)], sizeof(T));
        }
  }
  CHECK(params == expected);

  // A file knows nothing of blocks.
  std::vector<uint8_t> bytes = saved(blocked.info, params.data());
  CHECK(bytes == saved(whole.info, plain.data()));
  std::vector<uint8_t> copy(params.size(), 0xAA);
  CHECK(cnnc_model_load(&blocked.info, copy.data(), bytes.data(), bytes.size()) == CNNC_OK);
  CHECK(copy == params);
  std::vector<uint8_t> short1(bytes.begin(), bytes.end() - 1), before = copy;
  CHECK(cnnc_model_load(&blocked.info, copy.data(), short1.data(), short1.size()) == CNNC_BAD_FILE);
  CHECK(copy == before);

  Result<SafetensorsFile> file = SafetensorsFile::parse(bytes, "memory");
  CHECK_OK(file.status());
  std::fill(copy.begin(), copy.end(), 0xAA);
  CHECK_OK(loadParameters(blocked.info, copy.data(), *file));
  CHECK(copy == params);
  for (uint32_t i = 0; i < 3; ++i) {
    TensorRef ref = tensorRef(blocked.tensors[i], params.data(), blocked.tensors[i].name);
    CHECK(ref.bytes == blocked.tensors[i].bytes);
    CHECK(std::memcmp(ref.data, &plain[whole.tensors[i].offset], ref.bytes) == 0);
  }
  // One tensor alone is filled up with zeros, whatever was there.
  std::fill(copy.begin(), copy.end(), 0xAA);
  cnnc_store_tensor(&blocked.tensors[0], copy.data(), plain.data());
  CHECK(std::memcmp(copy.data(), params.data(), blocked.tensors[0].stored_bytes) == 0);
  std::vector<uint8_t> back(blocked.tensors[0].bytes);
  cnnc_fetch_tensor(&blocked.tensors[0], copy.data(), back.data());
  CHECK(std::memcmp(back.data(), plain.data(), back.size()) == 0);
}

/// Single precision is taken for double, into blocks, too.
static void testWideningIntoBlocks() {
  BlockedModel narrow(false, CNNC_F32), wide(true, CNNC_F64);
  std::vector<uint8_t> params(narrow.info.params_bytes), doubles(wide.info.params_bytes, 0xAA);
  cnnc_model_init(&narrow.info, params.data(), 5);
  Result<SafetensorsFile> file =
      SafetensorsFile::parse(saved(narrow.info, params.data()), "memory");
  CHECK_OK(file.status());
  CHECK_OK(loadParameters(wide.info, doubles.data(), *file));
  const cnnc_tensor_info &tensor = wide.tensors[0];
  for (uint64_t i = 0; i < tensor.bytes / sizeof(double); ++i) {
    float single;
    double value;
    std::memcpy(&single, &params[i * sizeof single], sizeof single);
    std::memcpy(&value, &doubles[cnnc_stored_index(&tensor, i) * sizeof value], sizeof value);
    CHECK(value == single);
  }
}

/// A checkpoint of one layout is resumed in the other; the optimizer's state is in blocks, too.
static void testCheckpoint(const std::string &directory) {
  BlockedModel blocked(true, CNNC_F32), whole(false, CNNC_F32);
  for (BlockedModel *model : {&blocked, &whole}) {
    model->info.state = model->tensors.data();
    model->info.state_count = 3;
    model->info.state_bytes = model->info.params_bytes;
  }
  std::vector<uint8_t> params(blocked.info.params_bytes), state(params.size());
  cnnc_model_init(&blocked.info, params.data(), 5);
  cnnc_model_init(&blocked.info, state.data(), 6);
  Progress progress;
  progress.step = 1;
  progress.textHash = "0123abcd";
  CHECK_OK(saveCheckpoint(directory, blocked.info, params.data(), state.data(), progress));
  std::vector<uint8_t> plain(whole.info.params_bytes, 0xAA), plainState = plain, expected = plain;
  CHECK_OK(loadCheckpoint(directory, whole.info, plain.data(), plainState.data()).status());
  cnnc_model_init(&whole.info, expected.data(), 5);
  CHECK(plain == expected);
  cnnc_model_init(&whole.info, expected.data(), 6);
  CHECK(plainState == expected);
  progress.step = 2;
  CHECK_OK(saveCheckpoint(directory, whole.info, plain.data(), plainState.data(), progress));
  std::vector<uint8_t> again(params.size(), 0xAA), stateAgain = again;
  CHECK_OK(loadCheckpoint(directory, blocked.info, again.data(), stateAgain.data()).status());
  CHECK(again == params && stateAgain == state);
}

int main(int, char **argv) {
  testBlocks<float>(CNNC_F32);
  testBlocks<double>(CNNC_F64);
  testWideningIntoBlocks();
  testCheckpoint(emptyDirectory(argv[1]));
  return finish();
}
