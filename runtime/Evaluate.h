//===- Evaluate.h - How good a network is on a split ----------------------===//

#ifndef CNNC_EVALUATE_H
#define CNNC_EVALUATE_H

#include "cnnc/abi.h"
#include "runtime/Dataset.h"

#include <optional>
#include <string>
#include <vector>

namespace cnnc {

/// `accuracy(logits, label)` is {"accuracy", 1}, `topk(5)` is {"topk(5)", 5}.
struct Metric {
  std::string name;
  int64_t top = 1; ///< right if the label is among this many highest
};

/// What to compute, and from which output.
struct EvaluationSpec {
  int output = -1;           ///< place in the table of outputs of [batch, classes]; -1: none
  bool crossEntropy = false; ///< the output is logits and the loss is xent of them
  std::vector<Metric> metrics;
};

struct Evaluation {
  int64_t images = 0;
  std::optional<double> loss; ///< mean cross entropy
  std::vector<std::pair<std::string, double>> metrics;
  std::vector<int32_t> guesses;     ///< of each image, in the source's order
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
