// RUN: runtime-test-normal
//
// Normal numbers: the same bits everywhere, and a normal distribution.

#include "runtime/embedded/Normal.h"
#include "runtime/embedded/Model.h"
#include "runtime/embedded/Philox.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numbers>

using namespace cnnc;
using namespace cnnc::test;

/// Against the libm: the last bits may differ, no more.
static void testFunctions() {
  for (uint64_t i = 0; i < 100000; ++i) {
    uint32_t word = static_cast<uint32_t>(i * 2654435761u);
    uint64_t k = uint64_t{word} + 1;
    double logarithm = cnnc_log_fraction(k), cosine, sine;
    CHECK(std::abs(logarithm - std::log(static_cast<double>(k) * 0x1p-32)) < 1e-14);
    CHECK(std::abs(cnnc_root(-logarithm) - std::sqrt(-logarithm)) < 1e-14);
    cnnc_cos_sin(word, &cosine, &sine);
    double angle = 2 * std::numbers::pi * word * 0x1p-32;
    CHECK(std::abs(cosine - std::cos(angle)) < 1e-14 && std::abs(sine - std::sin(angle)) < 1e-14);
  }
  CHECK(cnnc_log_fraction(uint64_t{1} << 32) == 0 && cnnc_root(0) == 0 && cnnc_root(4) == 2);
}

static std::vector<double> numbers(size_t count) {
  std::vector<double> all;
  for (uint64_t i = 0; all.size() < count; ++i) {
    cnnc_philox block = cnnc_philox_block(1, CNNC_DRAW_INIT, 0, i);
    double pair[2];
    for (int half : {0, 2}) {
      cnnc_normal_pair(block.word[half], block.word[half + 1], pair);
      all.insert(all.end(), pair, pair + 2);
    }
  }
  return all;
}

static void testDistribution() {
  std::vector<double> all = numbers(200000);
  double count = static_cast<double>(all.size()), mean = 0, variance = 0, fourth = 0, product = 0;
  for (double x : all)
    mean += x / count;
  for (size_t i = 0; i < all.size(); ++i) {
    double x = all[i] - mean;
    variance += x * x / count;
    fourth += x * x * x * x / count;
    product += i % 2 ? x * (all[i - 1] - mean) / count * 2 : 0;
  }
  // Each bound is four deviations of what it is a mean of.
  CHECK(std::abs(mean) < 4 / std::sqrt(count));
  CHECK(std::abs(variance - 1) < 4 * std::sqrt(2 / count));
  CHECK(std::abs(fourth - 3) < 4 * std::sqrt(96 / count));
  CHECK(std::abs(product) < 4 * std::sqrt(2 / count)); // the two of a pair are independent
  std::sort(all.begin(), all.end());
  for (double z : {-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0, 3.0}) {
    double expected = 0.5 * std::erfc(-z / std::numbers::sqrt2);
    double found =
        static_cast<double>(std::lower_bound(all.begin(), all.end(), z) - all.begin()) / count;
    CHECK(std::abs(found - expected) < 4 * std::sqrt(expected * (1 - expected) / count));
  }
  // The tails reach as far as 32 bits let them: 6.66.
  double least[2], most[2];
  cnnc_normal_pair(0, 0, most);
  cnnc_normal_pair(0xFFFFFFFFu, 0, least);
  CHECK(most[0] > 6.66 && most[0] < 6.67 && most[1] == 0 && least[0] == 0);
}

static void testBits() {
  double pair[2];
  cnnc_normal_pair(0x12345678u, 0x9ABCDEF0u, pair);
  CHECK_HASH(std::bit_cast<uint64_t>(pair[0]), 0xbffd25e6f370f091);
  CHECK_HASH(std::bit_cast<uint64_t>(pair[1]), 0xbff672701d9e13a4);
  std::vector<double> all = numbers(1000);
  CHECK_HASH(hashOf(all.data(), all.size() * sizeof(double)), 0xc4843e7d1dd05547);
}

static void testInit() {
  const cnnc_tensor_info tensors[] = {
      {"a",
       CNNC_ROLE_PARAMETER,
       CNNC_F32,
       1,
       CNNC_INIT_NORMAL,
       0.01,
       {1001},
       0,
       4004,
       0,
       4004,
       {1, 1}},
      {"b", CNNC_ROLE_PARAMETER, CNNC_F64, 1, CNNC_INIT_NORMAL, 2, {6}, 4032, 48, 0, 48, {1, 1}}};
  cnnc_model_info info = softmaxModel();
  info.params = tensors;
  info.param_count = 2;
  info.params_bytes = 4096;
  alignas(64) uint8_t params[4096], again[4096];
  cnnc_model_init(&info, params, 3);
  cnnc_model_init(&info, again, 3);
  CHECK(std::memcmp(params, again, sizeof params) == 0);
  CHECK_HASH(hashOf(params, sizeof params), 0xf7e24ca5acb0e6a5);
  float a[1001];
  double b[6], pair[2], squares = 0;
  std::memcpy(a, params, sizeof a);
  std::memcpy(b, params + 4032, sizeof b);
  cnnc_philox block = cnnc_philox_block(3, CNNC_DRAW_INIT, 1, 1);
  cnnc_normal_pair(block.word[0], block.word[1], pair);
  CHECK(b[4] == 2 * pair[0] && b[5] == 2 * pair[1]);
  for (float x : a)
    squares += x * x / 1001;
  CHECK(std::abs(std::sqrt(squares) - 0.01) < 0.001);
}

int main() {
  testFunctions();
  testDistribution();
  testBits();
  testInit();
  return finish();
}
