// RUN: runtime-test-model
//
// What every generated library contains: init, load, save.

#include "runtime/embedded/Model.h"
#include "runtime/Safetensors.h"
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

static void testInit() {
  const cnnc_model_info &info = softmaxModel();
  SoftmaxModel::Params params;
  std::memset(&params, 0xAA, sizeof params);
  cnnc_model_init(&info, &params, 1);
  float low = 0, high = 0;
  double sum = 0;
  for (float value : params.weight) {
    low = std::min(low, value);
    high = std::max(high, value);
    sum += value;
  }
  const float bound = static_cast<float>(info.params[0].init_value);
  CHECK(low >= -bound && low < -0.99f * bound);
  CHECK(high < bound && high > 0.99f * bound);
  CHECK(std::abs(sum / SoftmaxModel::kWeights) < 0.02 * bound);
  // The same bits everywhere: zeros between the tensors included.
  CHECK_HASH(hashOf(&params, sizeof params), 0xfa15e08fec552314);
  SoftmaxModel::Params again, other;
  cnnc_model_init(&info, &again, 1);
  cnnc_model_init(&info, &other, 2);
  CHECK(std::memcmp(&params, &again, sizeof params) == 0);
  CHECK(std::memcmp(&params, &other, sizeof params) != 0);
}

static void testConstantsAndDoubles() {
  const cnnc_tensor_info tensors[] = {
      {"a", CNNC_ROLE_STATISTIC, CNNC_F32, 1, CNNC_INIT_CONSTANT, 1, {3}, 0, 12, 0, 12, {1, 1}},
      {"b", CNNC_ROLE_PARAMETER, CNNC_F64, 1, CNNC_INIT_UNIFORM, 0.5, {2}, 64, 16, 0, 16, {1, 1}},
      {"c", CNNC_ROLE_PARAMETER, CNNC_F64, 0, CNNC_INIT_CONSTANT, 0.25, {}, 128, 8, 0, 8, {1, 1}},
      {"d", CNNC_ROLE_STATISTIC, CNNC_I64, 1, CNNC_INIT_CONSTANT, 7, {1}, 192, 8, 0, 8, {1, 1}}};
  cnnc_model_info info = softmaxModel();
  info.params = tensors;
  info.param_count = 4;
  info.params_bytes = 256;
  alignas(64) uint8_t params[256];
  std::memset(params, 0xAA, sizeof params);
  cnnc_model_init(&info, params, 3);
  float a[3];
  double b[2], c;
  int64_t d;
  std::memcpy(a, params, 12);
  std::memcpy(b, params + 64, 16);
  std::memcpy(&c, params + 128, 8);
  std::memcpy(&d, params + 192, 8);
  CHECK(a[0] == 1 && a[2] == 1 && c == 0.25 && d == 7);
  CHECK(params[12] == 0 && params[255] == 0);
  cnnc_philox block = cnnc_philox_block(3, CNNC_DRAW_INIT, 1, 0);
  CHECK(b[1] == 0.5 * (static_cast<double>(block.word[1] >> 8) * 0x1p-23 - 1));
  std::vector<uint8_t> bytes = saved(info, params);
  alignas(64) uint8_t copy[256];
  CHECK(cnnc_model_load(&info, copy, bytes.data(), bytes.size()) == CNNC_OK);
  CHECK(std::memcmp(copy, params, 256) == 0);
}

static void testSaveAndLoad() {
  const cnnc_model_info &info = softmaxModel();
  SoftmaxModel::Params params, copy;
  cnnc_model_init(&info, &params, 1);
  std::vector<uint8_t> bytes = saved(info, &params);
  CHECK((bytes.size() - sizeof params.weight - sizeof params.bias) % 8 == 0);
  // One byte too little writes nothing.
  std::vector<uint8_t> shorter(bytes.size() - 1, 0xAA);
  CHECK(cnnc_model_save(&info, &params, shorter.data(), shorter.size()) == bytes.size());
  CHECK(shorter == std::vector<uint8_t>(bytes.size() - 1, 0xAA));
  cnnc_model_init(&info, &copy, 9);
  CHECK(cnnc_model_load(&info, &copy, bytes.data(), bytes.size()) == CNNC_OK);
  CHECK(std::memcmp(&params, &copy, sizeof params) == 0);
  // The host's reader and writer agree with the embedded ones.
  Result<SafetensorsFile> file = SafetensorsFile::parse(bytes, "memory");
  CHECK_OK(file.status());
  CHECK(file->tensors().size() == 2 && file->tensors()[1].name == "fc1.bias");
  std::vector<TensorRef> refs;
  for (uint32_t i = 0; i < 2; ++i)
    refs.push_back(tensorRef(info.params[i], &params, info.params[i].name));
  std::string header = safetensorsHeader(refs, {});
  CHECK(std::memcmp(header.data(), bytes.data(), header.size()) == 0);
}

/// Loads what the host writes for these tensors, with `params` watched.
static int loadCode(const std::vector<TensorRef> &refs) {
  const cnnc_model_info &info = softmaxModel();
  static const SoftmaxModel::Params data{};
  std::string file = safetensorsHeader(refs, {{"key", "value"}});
  for (const TensorRef &ref : refs)
    file.append(reinterpret_cast<const char *>(&data), ref.bytes);
  SoftmaxModel::Params params;
  cnnc_model_init(&info, &params, 1);
  uint64_t before = hashOf(&params, sizeof params);
  int code = cnnc_model_load(&info, &params, file.data(), file.size());
  CHECK(code == CNNC_OK || hashOf(&params, sizeof params) == before);
  return code;
}

static void testErrorCodes() {
  TensorRef weight{"fc1.weight", CNNC_ST_F32, {10, 784}, nullptr, 31360};
  TensorRef bias{"fc1.bias", CNNC_ST_F32, {10}, nullptr, 40};
  TensorRef column = bias, half = bias, other = bias;
  column.shape = {10, 1};
  half.dtype = CNNC_ST_U32;
  other.name = "fc2.bias";
  CHECK(loadCode({weight, bias}) == CNNC_OK);
  CHECK(loadCode({bias, weight}) == CNNC_OK); // any order
  CHECK(loadCode({weight}) == CNNC_MISSING_TENSOR);
  CHECK(loadCode({}) == CNNC_MISSING_TENSOR);
  CHECK(loadCode({weight, bias, other}) == CNNC_EXTRA_TENSOR);
  CHECK(loadCode({weight, other}) == CNNC_EXTRA_TENSOR);
  CHECK(loadCode({weight, column}) == CNNC_WRONG_SHAPE);
  CHECK(loadCode({weight, half}) == CNNC_WRONG_DTYPE);
  CHECK(loadCode({bias, bias}) == CNNC_BAD_FILE);
  CHECK(loadCode({weight, weight, bias}) != CNNC_OK);
}

/// More tensors than one pass checks, in the opposite order.
static void testManyTensors() {
  constexpr uint32_t kCount = 20000;
  std::vector<std::string> names;
  std::vector<cnnc_tensor_info> tensors;
  for (uint32_t i = 0; i < kCount; ++i)
    names.push_back("t" + std::to_string(i));
  for (uint32_t i = 0; i < kCount; ++i)
    tensors.push_back({names[i].c_str(),
                       CNNC_ROLE_PARAMETER,
                       CNNC_F32,
                       0,
                       CNNC_INIT_UNIFORM,
                       1,
                       {},
                       uint64_t{i} * 4,
                       4,
                       0,
                       4,
                       {1, 1}});
  cnnc_model_info info = softmaxModel();
  info.params = tensors.data();
  info.param_count = kCount;
  info.params_bytes = kCount * 4;
  std::vector<float> params(kCount), copy(kCount);
  cnnc_model_init(&info, params.data(), 1);
  std::vector<uint8_t> bytes = saved(info, params.data());
  CHECK(cnnc_model_load(&info, copy.data(), bytes.data(), bytes.size()) == CNNC_OK);
  CHECK(copy == params);
  // The last name, in the third window, becomes a second "t19998".
  std::string text(bytes.begin(), bytes.end());
  text.replace(text.find("\"t19999\""), 8, "\"t19998\"");
  CHECK(cnnc_model_load(&info, copy.data(), text.data(), text.size()) == CNNC_BAD_FILE);
}

static void testEscapedNames() {
  cnnc_tensor_info tensor = {"a\"b\\c\x01 \xC3\xA9",
                             CNNC_ROLE_PARAMETER,
                             CNNC_F32,
                             0,
                             CNNC_INIT_CONSTANT,
                             2,
                             {},
                             0,
                             4,
                             0,
                             4,
                             {1, 1}};
  cnnc_model_info info = softmaxModel();
  info.params = &tensor;
  info.param_count = 1;
  info.params_bytes = 64;
  alignas(64) uint8_t params[64], copy[64];
  cnnc_model_init(&info, params, 1);
  std::vector<uint8_t> bytes = saved(info, params);
  CHECK(cnnc_model_load(&info, copy, bytes.data(), bytes.size()) == CNNC_OK);
  Result<SafetensorsFile> file = SafetensorsFile::parse(bytes, "memory");
  CHECK_OK(file.status());
  CHECK(file->tensors()[0].name == tensor.name);
}

int main() {
  testInit();
  testConstantsAndDoubles();
  testSaveAndLoad();
  testErrorCodes();
  testManyTensors();
  testEscapedNames();
  return finish();
}
