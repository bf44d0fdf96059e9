//===- SoftmaxModel.h - A model written by hand ---------------------------===//
//
// Softmax regression behind the interface of a compiled network: enough to train,
// with momentum, a step counter and a seed in its state as generated code has them.

#ifndef CNNC_TEST_RUNTIME_SOFTMAXMODEL_H
#define CNNC_TEST_RUNTIME_SOFTMAXMODEL_H

#include "cnnc/abi.h"
#include "runtime/embedded/Philox.h"

#include <cmath>
#include <cstring>
#include <functional>

namespace cnnc::test {

/// Called in every training step with its number, from 0; its answer is added to
/// the loss.
inline std::function<float(int64_t)> onStep;

struct SoftmaxModel {
  static constexpr int kBatch = 50, kInputs = 784, kClasses = 10;
  static constexpr int kWeights = kInputs * kClasses;

  struct Params {
    alignas(64) float weight[kWeights];
    alignas(64) float bias[kClasses];
  };
  struct State {
    alignas(64) float weight[kWeights];
    alignas(64) float bias[kClasses];
    alignas(64) int64_t step;
    alignas(64) int64_t seed;
  };

  static void logitsOf(const Params &params, const float *image, float *logits) {
    for (int c = 0; c < kClasses; ++c) {
      float sum = params.bias[c];
      for (int i = 0; i < kInputs; ++i)
        sum += params.weight[c * kInputs + i] * image[i];
      logits[c] = sum;
    }
  }

  static void forward(const void *params, const void *const *inputs, void *const *outputs, void *) {
    for (int n = 0; n < kBatch; ++n)
      logitsOf(*static_cast<const Params *>(params),
               static_cast<const float *>(inputs[0]) + n * kInputs,
               static_cast<float *>(outputs[0]) + n * kClasses);
  }

  static float trainStep(void *params, void *state, const void *const *inputs,
                         const void *const *targets, float lr, void *workspace) {
    auto &p = *static_cast<Params *>(params), &gradient = *static_cast<Params *>(workspace);
    auto &s = *static_cast<State *>(state);
    const float *images = static_cast<const float *>(inputs[0]);
    const int32_t *labels = static_cast<const int32_t *>(targets[0]);
    std::memset(&gradient, 0, sizeof gradient);
    float loss = 0;
    for (int n = 0; n < kBatch; ++n) {
      float z[kClasses], sum = 0;
      logitsOf(p, images + n * kInputs, z);
      for (float &value : z)
        sum += value = std::exp(value);
      loss += std::log(sum / z[labels[n]]);
      for (int c = 0; c < kClasses; ++c) {
        float d = (z[c] / sum - static_cast<float>(c == labels[n])) / kBatch;
        gradient.bias[c] += d;
        for (int i = 0; i < kInputs; ++i)
          gradient.weight[c * kInputs + i] += d * images[n * kInputs + i];
      }
    }
    // A little noise from the seed and the step, so that both matter to a resume.
    cnnc_philox noise =
        cnnc_philox_block(static_cast<uint64_t>(s.seed), 99, 0, static_cast<uint64_t>(s.step));
    gradient.bias[0] += static_cast<float>(noise.word[0]) * 0x1p-40f;
    for (int i = 0; i < kWeights; ++i)
      p.weight[i] -= lr * (s.weight[i] = 0.9f * s.weight[i] + gradient.weight[i]);
    for (int i = 0; i < kClasses; ++i)
      p.bias[i] -= lr * (s.bias[i] = 0.9f * s.bias[i] + gradient.bias[i]);
    float extra = onStep ? onStep(s.step) : 0;
    ++s.step;
    return loss / kBatch + extra;
  }
};

inline const cnnc_model_info &softmaxModel() {
  using M = SoftmaxModel;
  constexpr double kBound = 0.0357142857142857; // 1 / sqrt(784)
  static const cnnc_tensor_info input = {"image",
                                         CNNC_ROLE_INPUT,
                                         CNNC_F32,
                                         4,
                                         0,
                                         0,
                                         {M::kBatch, 1, 28, 28},
                                         0,
                                         sizeof(float) * M::kBatch * M::kInputs,
                                         0,
                                         sizeof(float) * M::kBatch * M::kInputs,
                                         {1, 1}};
  static const cnnc_tensor_info target = {"label",
                                          CNNC_ROLE_TARGET,
                                          CNNC_I32,
                                          1,
                                          0,
                                          0,
                                          {M::kBatch},
                                          0,
                                          sizeof(int32_t) * M::kBatch,
                                          M::kClasses,
                                          sizeof(int32_t) * M::kBatch,
                                          {1, 1}};
  static const cnnc_tensor_info output = {"logits",
                                          CNNC_ROLE_OUTPUT,
                                          CNNC_F32,
                                          2,
                                          0,
                                          0,
                                          {M::kBatch, M::kClasses},
                                          0,
                                          sizeof(float) * M::kBatch * M::kClasses,
                                          0,
                                          sizeof(float) * M::kBatch * M::kClasses,
                                          {1, 1}};
  static const cnnc_tensor_info params[] = {{"fc1.weight",
                                             CNNC_ROLE_PARAMETER,
                                             CNNC_F32,
                                             2,
                                             CNNC_INIT_UNIFORM,
                                             kBound,
                                             {M::kClasses, M::kInputs},
                                             offsetof(M::Params, weight),
                                             sizeof(M::Params::weight),
                                             0,
                                             sizeof(M::Params::weight),
                                             {1, 1}},
                                            {"fc1.bias",
                                             CNNC_ROLE_PARAMETER,
                                             CNNC_F32,
                                             1,
                                             CNNC_INIT_CONSTANT,
                                             0,
                                             {M::kClasses},
                                             offsetof(M::Params, bias),
                                             sizeof(M::Params::bias),
                                             0,
                                             sizeof(M::Params::bias),
                                             {1, 1}}};
  static const cnnc_tensor_info state[] = {
      {"fc1.weight.momentum",
       CNNC_ROLE_SLOT,
       CNNC_F32,
       2,
       0,
       0,
       {M::kClasses, M::kInputs},
       offsetof(M::State, weight),
       sizeof(M::State::weight),
       0,
       sizeof(M::State::weight),
       {1, 1}},
      {"fc1.bias.momentum",
       CNNC_ROLE_SLOT,
       CNNC_F32,
       1,
       0,
       0,
       {M::kClasses},
       offsetof(M::State, bias),
       sizeof(M::State::bias),
       0,
       sizeof(M::State::bias),
       {1, 1}},
      {"step", CNNC_ROLE_SLOT, CNNC_I64, 0, 0, 0, {}, offsetof(M::State, step), 8, 0, 8, {1, 1}},
      {"seed", CNNC_ROLE_SLOT, CNNC_I64, 0, 0, 0, {}, offsetof(M::State, seed), 8, 0, 8, {1, 1}}};
  static const cnnc_model_info info = {CNNC_ABI_VERSION,
                                       M::kBatch,
                                       "Softmax",
                                       1,
                                       1,
                                       1,
                                       2,
                                       4,
                                       &input,
                                       &target,
                                       &output,
                                       params,
                                       state,
                                       sizeof(M::Params),
                                       sizeof(M::State),
                                       64,
                                       sizeof(M::Params),
                                       M::forward,
                                       M::trainStep,
                                       nullptr,
                                       nullptr};
  return info;
}

} // namespace cnnc::test

#endif // CNNC_TEST_RUNTIME_SOFTMAXMODEL_H
