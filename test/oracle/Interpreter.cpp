//===- Interpreter.cpp - A network by its formulas ------------------------===//

#include "test/oracle/Interpreter.h"

#include "llvm/Support/ErrorHandling.h"

using namespace cnnc;
using namespace cnnc::oracle;

static double largestOf(const std::vector<Array> &arrays) {
  double most = 0;
  for (const Array &array : arrays)
    most = std::fmax(most, array.largest());
  return most;
}

Interpreter::Interpreter(const TypedNet &net, const NetData &data, double kinkDistance)
    : net(net), data(data), kinks(kinkDistance) {
  int64_t batch = data.inputs[0].size(0);
  for (const Tensor &tensor : net.tensors) {
    Shape shape{batch};
    shape.insert(shape.end(), tensor.shape.begin(), tensor.shape.end());
    tensors.emplace_back(std::move(shape));
  }
  for (size_t i = 0; i < net.inputs.size(); ++i)
    tensors[net.inputs[i]] = data.inputs[i];
  uint32_t stream = 0;
  for (const Layer &layer : net.layers) {
    auto *dropout = std::get_if<DropoutLayer>(&layer.kind);
    bool drops = dropout && dropout->probability > 0;
    uint64_t salt = net.train ? net.train->seed : 0;
    dropouts.push_back({data.seed ^ salt, data.step, drops ? stream++ : 0});
  }
}

LayerRun Interpreter::runOf(const Layer &layer, bool isTraining) {
  LayerRun run;
  for (TensorId id : layer.inputs)
    run.inputs.push_back(&tensors[id]);
  run.output = &tensors[layer.output];
  run.parameters = &data.parameters;
  run.statistics = &running;
  run.kinks = &kinks;
  run.dropout = dropouts[size_t(&layer - net.layers.data())];
  run.isTraining = isTraining;
  return run;
}

void Interpreter::runForward(bool isTraining) {
  ranTraining = isTraining;
  running = data.parameters;
  for (const Layer &layer : net.layers) {
    tensors[layer.output] = Array(tensors[layer.output].shape);
    LayerRun run = runOf(layer, isTraining);
    std::visit([&](const auto &kind) { forward(kind, run); }, layer.kind);
  }
}

std::vector<Array> Interpreter::infer() {
  runForward(/*isTraining=*/false);
  std::vector<Array> outputs;
  for (TensorId id : net.outputs)
    outputs.push_back(tensors[id]);
  return outputs;
}

LossRun Interpreter::lossRunOf(const LossTerm &term) {
  LossRun run;
  run.prediction = &tensors[term.prediction];
  run.target = term.targetIsTensor ? &tensors[term.target] : &data.targets[term.target];
  run.kinks = &kinks;
  return run;
}

double Interpreter::train() {
  kinks.forget();
  runForward(/*isTraining=*/true);
  gradients = zerosLike(tensors);
  towardsParameters = zerosLike(data.parameters);
  double loss = 0;
  for (const LossTerm &term : net.train->loss) {
    LossRun run = lossRunOf(term);
    run.predictionGradient = &gradients[term.prediction];
    run.targetGradient = term.targetIsTensor ? &gradients[term.target] : nullptr;
    loss += term.weight * evaluateLoss(term, run, term.weight);
  }
  for (auto layer = net.layers.rbegin(); layer != net.layers.rend(); ++layer) {
    LayerRun run = runOf(*layer, /*isTraining=*/true);
    run.outputGradient = &gradients[layer->output];
    for (TensorId id : layer->inputs)
      run.inputGradients.push_back(&gradients[id]);
    run.parameterGradients = &towardsParameters;
    std::visit([&](const auto &kind) { backward(kind, run); }, layer->kind);
  }
  return loss;
}

// Gradients in the language are compared with this program's gradients of the net that they
// are of: formulas for their layers would be the same ones again.
static constexpr const char *kNoFormula = "the oracle runs the layers of ordinary networks";
void oracle::forward(const WeightLayer &, LayerRun &) { llvm::report_fatal_error(kNoFormula); }
void oracle::backward(const WeightLayer &, LayerRun &) { llvm::report_fatal_error(kNoFormula); }
void oracle::forward(const BackwardLayer &, LayerRun &) { llvm::report_fatal_error(kNoFormula); }
void oracle::backward(const BackwardLayer &, LayerRun &) { llvm::report_fatal_error(kNoFormula); }

double Interpreter::largestValue() const { return largestOf(tensors); }

double Interpreter::largestGradient() const {
  return std::fmax(largestOf(gradients), largestOf(towardsParameters));
}
