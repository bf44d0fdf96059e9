//===- Evaluate.h - How good a network is on a split ----------------------===//

#ifndef CNNC_EVALUATE_H
#define CNNC_EVALUATE_H

#include "cnnc/abi.h"
#include "runtime/Dataset.h"
#include "runtime/Losses.h"

#include <optional>
#include <string>
#include <vector>

namespace cnnc {

/// `accuracy(logits, label)` is {"accuracy", 1}, `topk(logits, label, 5)` {"top5", 5}.
struct Metric {
  std::string name;
  int64_t top = 1; ///< right if the label is among this many highest
  int output = 0;  ///< place in the table of outputs
};

/// What to compute.
struct EvaluationSpec {
  std::vector<LossSpec> loss; ///< empty: none
  std::vector<Metric> metrics;

  bool isEmpty() const { return loss.empty() && metrics.empty(); }
};

struct Evaluation {
  int64_t images = 0;
  std::optional<double> loss; ///< mean over the images
  std::vector<std::pair<std::string, double>> metrics;
  /// Of the first metric, or else loss, that compares one class an image: of each image, in
  /// the source's order.
  std::vector<int32_t> guesses;
  std::vector<float> probabilities; ///< softmax of the guess
};

/// Runs `forward` over the whole split. `workspace` holds info.workspace_bytes.
Result<Evaluation> evaluate(const cnnc_model_info &info, const void *params, const Dataset &dataset,
                            const EvaluationSpec &spec, void *workspace);

/// The same with a workspace of its own.
Result<Evaluation> evaluate(const cnnc_model_info &info, const void *params, const Dataset &dataset,
                            const EvaluationSpec &spec);

/// {"accuracy":0.991}
std::string metricsJson(const std::vector<std::pair<std::string, double>> &metrics);

/// A JSON number; null where JSON has none.
std::string jsonNumber(double value);

/// {"schema":1,"images":…,"loss":…,"metrics":{…}}, what `cnnc eval --json` prints.
std::string evaluationJson(const Evaluation &evaluation);

} // namespace cnnc

#endif // CNNC_EVALUATE_H
