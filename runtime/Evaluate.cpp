//===- Evaluate.cpp - How good a network is on a split --------------------===//

#include "runtime/Evaluate.h"

#include "runtime/Buffer.h"

#include <algorithm>
#include <cmath>
#include <span>

using namespace cnnc;

namespace {

/// How many classes come before the label at one position: of equal scores the lower
/// class comes first, and a NaN makes the position wrong.
int64_t rankOf(const float *scores, int64_t classes, int64_t stride, int32_t label) {
  int64_t rank = 0;
  float right = scores[label * stride];
  for (int64_t i = 0; i < classes; ++i) {
    float score = scores[i * stride];
    if (std::isnan(score))
      return classes;
    rank += score > right || (score == right && i < label);
  }
  return rank;
}

struct Guess {
  int32_t label;
  float probability;
};

Guess guess(std::span<const float> logits) {
  auto top = std::max_element(logits.begin(), logits.end());
  double sum = 0;
  for (float logit : logits)
    sum += std::exp(static_cast<double>(logit) - *top);
  return {static_cast<int32_t>(top - logits.begin()), static_cast<float>(1 / sum)};
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

/// One evaluation on its way: batch by batch, image by image.
class Evaluator {
public:
  Evaluator(const cnnc_model_info &info, const Dataset &dataset, const EvaluationSpec &spec)
      : info(info), dataset(dataset), spec(spec), right(spec.metrics.size(), 0) {}

  Status check();
  Status allocate();
  void run(const void *params, void *workspace);
  Evaluation take();

private:
  Status checkScores(int output) const;
  Status checkNumbers(const LossSpec &term) const;
  int64_t elementsOf(LossSpec::Side side) const;
  void measure(int64_t image);
  /// The numbers of one image of the batch.
  std::span<const float> numbers(LossSpec::Side side, int64_t image) const;
  std::span<const int32_t> labels(int64_t image) const {
    size_t count = static_cast<size_t>(dataset.targetElements());
    return {targets.as<int32_t>() + image * count, count};
  }

  const cnnc_model_info &info;
  const Dataset &dataset;
  const EvaluationSpec &spec;
  Buffer images, targets, memory;
  std::vector<void *> outputs;
  int guessed = -1; ///< the output whose guesses are kept
  std::vector<int64_t> right;
  double loss = 0;
  Evaluation result;
};

/// The output has a score for each class at each position that the data label.
Status Evaluator::checkScores(int output) const {
  if (output < 0 || output >= static_cast<int>(info.output_count))
    return fail(Exit::Request, "net {} has no output {} to evaluate", info.name, output);
  const cnnc_tensor_info &tensor = info.outputs[output];
  if (dataset.classes == 0)
    return fail(Exit::Request, "{} gives numbers for each image, but output '{}' needs classes",
                dataset.name, tensor.name);
  const std::vector<int64_t> &positions = dataset.targetShape;
  bool fits = tensor.rank == positions.size() + 2 && tensor.dtype == CNNC_F32 &&
              std::equal(positions.begin(), positions.end(), tensor.shape + 2);
  if (!fits)
    return fail(Exit::Request, "output '{}' is {}: expected one value a class{}", tensor.name,
                shapeOfOne(tensor),
                positions.empty()
                    ? ""
                    : fmt::format(" at each position of [{}]", fmt::join(positions, ", ")));
  return checkLabels(dataset, tensor.shape[1], fmt::format("the size of '{}'", tensor.name));
}

int64_t Evaluator::elementsOf(LossSpec::Side side) const {
  switch (side.from) {
  case LossSpec::Side::Input:
    return dataset.shape.elements();
  case LossSpec::Side::Target:
    return dataset.classes > 0 ? -1 : dataset.targetElements();
  case LossSpec::Side::Output:
    break;
  }
  if (side.output < 0 || side.output >= static_cast<int>(info.output_count))
    return -1;
  return static_cast<int64_t>(info.outputs[side.output].bytes / sizeof(float) / info.batch);
}

Status Evaluator::checkNumbers(const LossSpec &term) const {
  int64_t prediction = elementsOf(term.prediction), target = elementsOf(term.target);
  if (target < 0)
    return fail(Exit::Request, "{} gives a class for each image, but the loss needs numbers",
                dataset.name);
  if (prediction != target)
    return fail(Exit::Request, "{}: the loss compares {} numbers of net {} with {}", dataset.name,
                prediction, info.name, target);
  return Status();
}

Status Evaluator::check() {
  for (const Metric &metric : spec.metrics)
    if (Status status = checkScores(metric.output); !status.ok())
      return status;
  for (const LossSpec &term : spec.loss) {
    Status status =
        term.comparesClasses() ? checkScores(term.prediction.output) : checkNumbers(term);
    if (!status.ok())
      return status;
  }
  if (!dataset.targetShape.empty() || dataset.classes == 0)
    return Status();
  if (!spec.metrics.empty())
    guessed = spec.metrics[0].output;
  for (const LossSpec &term : spec.loss)
    if (guessed < 0 && term.comparesClasses())
      guessed = term.prediction.output;
  return Status();
}

Status Evaluator::allocate() {
  Result<Buffer> imageMemory = Buffer::allocate(info.inputs[0].bytes);
  Result<Buffer> targetMemory =
      Buffer::allocate(sizeof(float) * info.batch * static_cast<size_t>(dataset.targetElements()));
  Result<Buffer> outputMemory = allocateOutputs(info, outputs);
  for (auto [to, from] :
       {std::pair{&images, &imageMemory}, {&targets, &targetMemory}, {&memory, &outputMemory}}) {
    if (!*from)
      return from->status();
    *to = std::move(**from);
  }
  return Status();
}

std::span<const float> Evaluator::numbers(LossSpec::Side side, int64_t image) const {
  size_t count = static_cast<size_t>(elementsOf(side));
  const float *all = side.from == LossSpec::Side::Input ? images.as<float>()
                     : side.from == LossSpec::Side::Target
                         ? targets.as<float>()
                         : static_cast<float *>(outputs[side.output]);
  return {all + image * count, count};
}

void Evaluator::measure(int64_t image) {
  for (const LossSpec &term : spec.loss) {
    std::span<const float> prediction = numbers(term.prediction, image);
    loss += term.weight * (term.comparesClasses()
                               ? classLoss(term, prediction, labels(image))
                               : numberLoss(term, prediction, numbers(term.target, image)));
  }
  for (size_t m = 0; m < right.size(); ++m) {
    int output = spec.metrics[m].output;
    const float *scores = numbers({LossSpec::Side::Output, output}, image).data();
    std::span<const int32_t> wanted = labels(image);
    int64_t positions = static_cast<int64_t>(wanted.size());
    for (int64_t i = 0; i < positions; ++i)
      right[m] += rankOf(scores + i, info.outputs[output].shape[1], positions, wanted[i]) <
                  spec.metrics[m].top;
  }
  if (guessed < 0)
    return;
  Guess best = guess(numbers({LossSpec::Side::Output, guessed}, image));
  result.guesses.push_back(best.label);
  result.probabilities.push_back(best.probability);
}

void Evaluator::run(const void *params, void *workspace) {
  Loader loader(dataset, info.batch, 0);
  const void *inputs[] = {images.data()};
  for (int64_t step = 0; step < loader.stepsInOrder(); ++step) {
    int64_t real = loader.fillInOrder(step, images.as<float>(), targets.data());
    info.forward(params, inputs, outputs.data(), workspace);
    for (int64_t i = 0; i < real; ++i)
      measure(i);
    result.images += real;
  }
}

Evaluation Evaluator::take() {
  double count = static_cast<double>(result.images);
  if (!spec.loss.empty())
    result.loss = loss / count;
  double positions = count * static_cast<double>(dataset.targetElements());
  for (size_t m = 0; m < right.size(); ++m)
    result.metrics.emplace_back(spec.metrics[m].name, static_cast<double>(right[m]) / positions);
  return std::move(result);
}

} // namespace

Result<Evaluation> cnnc::evaluate(const cnnc_model_info &info, const void *params,
                                  const Dataset &dataset, const EvaluationSpec &spec,
                                  void *workspace) {
  if (Status status = checkDataset(dataset, info); !status.ok())
    return status;
  Evaluator evaluator(info, dataset, spec);
  if (Status status = evaluator.check(); !status.ok())
    return status;
  if (Status status = evaluator.allocate(); !status.ok())
    return status;
  evaluator.run(params, workspace);
  return evaluator.take();
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
