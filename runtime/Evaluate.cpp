//===- Evaluate.cpp - How good a network is on a split --------------------===//

#include "runtime/Evaluate.h"

#include "runtime/Buffer.h"

#include <algorithm>
#include <cmath>
#include <span>

using namespace cnnc;

namespace {

/// What one image's logits say.
struct Verdict {
  double loss;
  int64_t rank; ///< of the label: how many classes come before it
  int32_t guess;
  float probability;
};

/// In double, because f32 sums of thousands of losses drift. Of equal logits the
/// lower class comes first; a NaN makes the image wrong.
Verdict judge(std::span<const float> logits, int32_t label) {
  int64_t classes = static_cast<int64_t>(logits.size());
  int32_t guess = 0;
  bool broken = false;
  for (int64_t i = 0; i < classes; ++i) {
    broken |= std::isnan(logits[i]);
    if (logits[i] > logits[guess])
      guess = static_cast<int32_t>(i);
  }
  double top = logits[guess], sum = 0;
  for (float logit : logits)
    sum += std::exp(logit - top);
  int64_t rank = broken ? classes : 0;
  for (int64_t i = 0; i < classes && !broken; ++i)
    rank += logits[i] > logits[label] || (logits[i] == logits[label] && i < label);
  return {std::log(sum) + top - logits[label], rank, guess, static_cast<float>(1 / sum)};
}

Status checkOutput(const Dataset &dataset, const cnnc_model_info &info, int output) {
  if (output < 0 || output >= static_cast<int>(info.output_count))
    return fail(Exit::Request, "net {} has no output {} to evaluate", info.name, output);
  const cnnc_tensor_info &tensor = info.outputs[output];
  if (tensor.rank != 2 || tensor.dtype != CNNC_F32)
    return fail(Exit::Request, "output '{}' is [{}]: expected one value a class", tensor.name,
                fmt::join(tensor.shape + 1, tensor.shape + std::max(tensor.rank, 1u), ", "));
  for (int64_t i = 0; i < dataset.size(); ++i)
    if (dataset.labels[i] < 0 || dataset.labels[i] >= tensor.shape[1])
      return fail(Exit::File, "{}: label {} of image {} is not below {}, the size of '{}'",
                  dataset.name, dataset.labels[i], i, tensor.shape[1], tensor.name);
  return Status();
}

/// Where `forward` writes, all outputs one after the other, each aligned.
Result<Buffer> allocateOutputs(const cnnc_model_info &info, std::vector<void *> &places) {
  size_t bytes = 0;
  std::vector<size_t> offsets;
  for (uint32_t i = 0; i < info.output_count; ++i) {
    offsets.push_back(bytes);
    bytes += (info.outputs[i].bytes + CNNC_ALIGNMENT - 1) / CNNC_ALIGNMENT * CNNC_ALIGNMENT;
  }
  Result<Buffer> buffer = Buffer::allocate(bytes);
  for (size_t i = 0; i < offsets.size() && buffer; ++i)
    places.push_back(buffer->as<uint8_t>() + offsets[i]);
  return buffer;
}

} // namespace

Result<Evaluation> cnnc::evaluate(const cnnc_model_info &info, const void *params,
                                  const Dataset &dataset, const EvaluationSpec &spec,
                                  void *workspace) {
  if (Status status = checkDataset(dataset, info); !status.ok())
    return status;
  if (Status status = checkOutput(dataset, info, spec.output); !status.ok())
    return status;
  Loader loader(dataset, info.batch, 0);
  Result<Buffer> images = Buffer::allocate(info.inputs[0].bytes);
  Result<Buffer> labels = Buffer::allocate(sizeof(int32_t) * info.batch);
  std::vector<void *> outputs;
  Result<Buffer> outputMemory = allocateOutputs(info, outputs);
  for (const Result<Buffer> *buffer : {&images, &labels, &outputMemory})
    if (!*buffer)
      return buffer->status();
  const void *inputs[] = {images->data()};
  size_t classes = static_cast<size_t>(info.outputs[spec.output].shape[1]);
  const float *logits = static_cast<const float *>(outputs[spec.output]);
  std::vector<int64_t> right(spec.metrics.size(), 0);
  Evaluation result;
  double loss = 0;
  for (int64_t step = 0; step < loader.stepsInOrder(); ++step) {
    int64_t real = loader.fillInOrder(step, images->as<float>(), labels->as<int32_t>());
    info.forward(params, inputs, outputs.data(), workspace);
    for (int64_t i = 0; i < real; ++i) {
      Verdict verdict = judge({logits + i * classes, classes}, labels->as<int32_t>()[i]);
      loss += verdict.loss;
      for (size_t m = 0; m < right.size(); ++m)
        right[m] += verdict.rank < spec.metrics[m].top;
      result.guesses.push_back(verdict.guess);
      result.probabilities.push_back(verdict.probability);
    }
    result.images += real;
  }
  double count = static_cast<double>(result.images);
  if (spec.crossEntropy)
    result.loss = loss / count;
  for (size_t m = 0; m < right.size(); ++m)
    result.metrics.emplace_back(spec.metrics[m].name, static_cast<double>(right[m]) / count);
  return result;
}

Result<Evaluation> cnnc::evaluate(const cnnc_model_info &info, const void *params,
                                  const Dataset &dataset, const EvaluationSpec &spec) {
  Result<Buffer> workspace = Buffer::allocate(info.workspace_bytes);
  if (!workspace)
    return workspace.status();
  return evaluate(info, params, dataset, spec, workspace->data());
}

std::string cnnc::jsonNumber(double value) {
  return std::isfinite(value) ? fmt::format("{}", value) : "null";
}

std::string cnnc::metricsJson(const std::vector<std::pair<std::string, double>> &metrics) {
  std::string json = "{";
  for (const auto &[name, value] : metrics)
    json += fmt::format("{}\"{}\":{}", json.size() > 1 ? "," : "", name, jsonNumber(value));
  return json + "}";
}

std::string cnnc::evaluationJson(const Evaluation &evaluation) {
  return fmt::format("{{\"schema\":1,\"images\":{},\"loss\":{},\"metrics\":{}}}", evaluation.images,
                     evaluation.loss ? jsonNumber(*evaluation.loss) : "null",
                     metricsJson(evaluation.metrics));
}
