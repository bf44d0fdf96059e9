// RUN: runtime-test-losses
//
// Losses and metrics of an evaluation, against numbers worked out by hand.

#include "runtime/Evaluate.h"
#include "test/runtime/Check.h"

#include <algorithm>
#include <cmath>

using namespace cnnc;
using namespace cnnc::test;

static bool isNear(double a, double b) { return std::abs(a - b) < 1e-6; }

static void testClasses() {
  // Two positions, three classes: scores (1, 2, 4) and (0, 3, 0).
  const float scores[] = {1, 0, 2, 3, 4, 0};
  const int32_t labels[] = {1, 1};
  double first = std::log(std::exp(-1) + 1 + std::exp(2)), second = std::log(1 + 2 * std::exp(-3));
  CHECK(isNear(classLoss({LossSpec::CrossEntropy}, scores, labels), (first + second) / 2));
  LossSpec smooth{.kind = LossSpec::CrossEntropy, .smooth = 0.3};
  // 0.1 of the score goes to each class: log sum exp - 0.7 x[label] - 0.1 sum of x.
  double mixed = (first + 2 - 1.4 - 0.7 + second + 3 - 2.1 - 0.3) / 2;
  CHECK(isNear(classLoss(smooth, scores, labels), mixed));
  CHECK(isNear(classLoss({LossSpec::Nll}, scores, labels), -2.5));
  CHECK(isNear(classLoss({LossSpec::Hinge}, scores, labels), (0 + 3 + 0 + 0) / 2.0));
  const int32_t other[] = {0, 2};
  CHECK(isNear(classLoss({LossSpec::Hinge}, scores, other), (2 + 4 + 1 + 4) / 2.0));
}

static void testNumbers() {
  const float x[] = {1, -2, 0}, t[] = {0, 1, 0.5f};
  CHECK(isNear(numberLoss({LossSpec::MeanSquaredError}, x, t), (1 + 9 + 0.25) / 3));
  CHECK(isNear(numberLoss({LossSpec::MeanAbsoluteError}, x, t), (1 + 3 + 0.5) / 3));
  CHECK(isNear(numberLoss({LossSpec::Huber}, x, t), (0.5 + 2.5 + 0.125) / 3));
  LossSpec wide{.kind = LossSpec::Huber, .delta = 2};
  CHECK(isNear(numberLoss(wide, x, t), (0.5 + 4 + 0.125) / 3));
  double bce = std::log(1 + std::exp(1)) + std::log(1 + std::exp(2)) + std::log(2);
  CHECK(isNear(numberLoss({LossSpec::BinaryCrossEntropy}, x, t), bce / 3));
  const float huge[] = {-1000}, one[] = {1};
  CHECK(numberLoss({LossSpec::BinaryCrossEntropy}, huge, one) == 1000);
}

//===----------------------------------------------------------------------===//
// A network of two outputs whose forward pass copies
//===----------------------------------------------------------------------===//

/// The picture [3, 1, 2] as the scores of three classes at two positions; its first three
/// numbers as scores of the whole.
static void copy(const void *, const void *const *inputs, void *const *outputs, void *) {
  for (int n = 0; n < 2; ++n) {
    const float *image = static_cast<const float *>(inputs[0]) + n * 6;
    std::copy_n(image, 6, static_cast<float *>(outputs[0]) + n * 6);
    std::copy_n(image, 3, static_cast<float *>(outputs[1]) + n * 3);
  }
}

static cnnc_model_info copyModel() {
  static const cnnc_tensor_info input = {
      "image", CNNC_ROLE_INPUT, CNNC_F32, 4, 0, 0, {2, 3, 1, 2}, 0, 48, 0, 48, {1, 1}};
  static const cnnc_tensor_info outputs[] = {
      {"mask", CNNC_ROLE_OUTPUT, CNNC_F32, 4, 0, 0, {2, 3, 1, 2}, 0, 48, 0, 48, {1, 1}},
      {"scores", CNNC_ROLE_OUTPUT, CNNC_F32, 2, 0, 0, {2, 3}, 0, 24, 0, 24, {1, 1}}};
  cnnc_model_info info{};
  info.abi_version = CNNC_ABI_VERSION;
  info.batch = 2;
  info.name = "Copy";
  info.input_count = 1;
  info.inputs = &input;
  info.output_count = 2;
  info.outputs = outputs;
  info.forward = copy;
  return info;
}

static Dataset threeImages() {
  Dataset data;
  data.name = "three";
  data.shape = {3, 1, 2};
  data.values = {1, 0, 2, 3, 4, 0, 9, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0};
  return data;
}

static void testDense() {
  cnnc_model_info info = copyModel();
  Dataset data = threeImages();
  data.classes = 3;
  data.targetShape = {1, 2};
  data.labels = {2, 1, 0, 2, 0, 1};
  EvaluationSpec spec{{LossSpec{.kind = LossSpec::Nll, .weight = 2}},
                      {{"accuracy", 1, 0}, {"top2", 2, 0}}};
  Result<Evaluation> result = evaluate(info, nullptr, data, spec);
  CHECK_OK(result.status());
  // Right: both of the first image, the first of the second; of three equal scores the
  // lowest class comes first.
  CHECK(result->images == 3 && isNear(result->metrics[0].second, 4 / 6.0));
  CHECK(isNear(result->metrics[1].second, 5 / 6.0));
  CHECK(isNear(*result->loss, -2 * (4 + 3 + 9 + 0 + 0 + 0) / 2.0 / 3));
  CHECK(result->guesses.empty()); // one guess an image is for one class an image
  spec.metrics[0].output = 1;
  CHECK_FAILS(evaluate(info, nullptr, data, spec).status(), Exit::Request,
              "output 'scores' is [3]: expected one value a class at each position of [1, 2]");
  data.labels[4] = 3;
  spec.metrics[0].output = 0;
  CHECK_FAILS(evaluate(info, nullptr, data, spec).status(), Exit::File,
              "label 3 of image 2 is not below 3, the size of 'mask'");
}

/// Several outputs, one label an image: guesses are those of the first metric.
static void testOutputs() {
  cnnc_model_info info = copyModel();
  Dataset data = threeImages();
  data.classes = 3;
  data.labels = {2, 0, 1};
  EvaluationSpec spec{{}, {{"accuracy", 1, 1}}};
  Result<Evaluation> result = evaluate(info, nullptr, data, spec);
  CHECK_OK(result.status());
  CHECK(!result->loss && isNear(result->metrics[0].second, 2 / 3.0));
  CHECK(result->guesses == std::vector<int32_t>({2, 0, 0}));
  spec.metrics[0].output = 2;
  CHECK_FAILS(evaluate(info, nullptr, data, spec).status(), Exit::Request, "no output 2");
  spec = {{LossSpec{.kind = LossSpec::MeanSquaredError}}, {}};
  CHECK_FAILS(evaluate(info, nullptr, data, spec).status(), Exit::Request,
              "three gives a class for each image, but the loss needs numbers");
}

/// Without a class: an output against the input, and against the data's numbers.
static void testWithoutClasses() {
  using Side = LossSpec::Side;
  cnnc_model_info info = copyModel();
  Dataset data = threeImages();
  EvaluationSpec spec{{LossSpec{.kind = LossSpec::MeanSquaredError, .target = {Side::Input}}}, {}};
  Result<Evaluation> result = evaluate(info, nullptr, data, spec);
  CHECK_OK(result.status());
  CHECK(*result->loss == 0 && result->metrics.empty() && result->guesses.empty());
  data.targets = {0, 0, 0, 1, 0, 0, 2, 0, 0};
  data.targetShape = {3};
  spec.loss[0].target = {Side::Target};
  CHECK_FAILS(evaluate(info, nullptr, data, spec).status(), Exit::Request,
              "the loss compares 6 numbers of net Copy with 3");
  spec.loss[0].prediction.output = 1;
  result = evaluate(info, nullptr, data, spec);
  CHECK_OK(result.status());
  CHECK(isNear(*result->loss, ((1 + 0 + 4) + (64 + 0 + 0) + 4) / 9.0));
  spec.metrics = {{"accuracy", 1, 1}};
  CHECK_FAILS(evaluate(info, nullptr, data, spec).status(), Exit::Request,
              "three gives numbers for each image, but output 'scores' needs classes");
}

int main() {
  testClasses();
  testNumbers();
  testDense();
  testOutputs();
  testWithoutClasses();
  return finish();
}
