//===- LayerRun.h - One layer at work ---------------------------------------===//
//
// What a layer reads and writes, and the loops of every kind of layer. They are written
// from the formulas of TypedAST.h and of the language, and share nothing with the
// compiler. A backward loop adds to the gradients: a tensor may have several readers.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TEST_ORACLE_LAYERRUN_H
#define CNNC_TEST_ORACLE_LAYERRUN_H

#include "test/oracle/Array.h"

#include <span>

namespace cnnc::oracle {

/// Whether any number was so near to a kink or a tie that rounding, or a step of the given
/// size, could choose the side.
class Kinks {
public:
  explicit Kinks(double near) : near(near) {}

  /// Equal whole numbers come from padding or from functions that end at 0, 1 or 6, not
  /// from rounding.
  void compare(double a, double b) {
    double size = std::fmax(1, std::fmax(std::fabs(a), std::fabs(b)));
    bool isExact = a == b && a == std::floor(a);
    isNear |= !isExact && std::fabs(a - b) <= near * size;
  }
  bool any() const { return isNear; }
  void forget() { isNear = false; }

private:
  double near;
  bool isNear = false;
};

/// What the mask of a dropout layer depends on.
struct DropoutKey {
  uint64_t seed = 0;   ///< of the state, XOR the one of the text
  uint64_t step = 0;   ///< of the training
  uint32_t stream = 0; ///< number of the layer among those that drop anything
};

struct LayerRun {
  std::vector<const Array *> inputs;
  Array *output = nullptr;
  const Array *outputGradient = nullptr; ///< backward only, as the next two
  std::vector<Array *> inputGradients;
  std::vector<Array> *parameterGradients = nullptr;
  const std::vector<Array> *parameters = nullptr; ///< by ParameterId
  std::vector<Array> *statistics = nullptr;       ///< what training makes of the running ones
  Kinks *kinks = nullptr;
  DropoutKey dropout;
  bool isTraining = false;

  const Array &input() const { return *inputs[0]; }
  const Array &parameter(ParameterId id) const { return (*parameters)[id]; }
  Array &parameterGradient(ParameterId id) const { return (*parameterGradients)[id]; }
};

// convolutions.cpp
void forward(const ConvLayer &layer, LayerRun &run);
void backward(const ConvLayer &layer, LayerRun &run);
void forward(const DeconvLayer &layer, LayerRun &run);
void backward(const DeconvLayer &layer, LayerRun &run);
void forward(const FcLayer &layer, LayerRun &run);
void backward(const FcLayer &layer, LayerRun &run);
// pools.cpp
void forward(const PoolLayer &layer, LayerRun &run);
void backward(const PoolLayer &layer, LayerRun &run);
void forward(const GlobalPoolLayer &layer, LayerRun &run);
void backward(const GlobalPoolLayer &layer, LayerRun &run);
void forward(const AdaptivePoolLayer &layer, LayerRun &run);
void backward(const AdaptivePoolLayer &layer, LayerRun &run);
// norms.cpp
void forward(const LrnLayer &layer, LayerRun &run);
void backward(const LrnLayer &layer, LayerRun &run);
void forward(const BatchNormLayer &layer, LayerRun &run);
void backward(const BatchNormLayer &layer, LayerRun &run);
void forward(const GroupNormLayer &layer, LayerRun &run);
void backward(const GroupNormLayer &layer, LayerRun &run);
// activations.cpp
void forward(const ActivationLayer &layer, LayerRun &run);
void backward(const ActivationLayer &layer, LayerRun &run);
void forward(const PReluLayer &layer, LayerRun &run);
void backward(const PReluLayer &layer, LayerRun &run);
void forward(const SoftmaxLayer &layer, LayerRun &run);
void backward(const SoftmaxLayer &layer, LayerRun &run);
void forward(const DropoutLayer &layer, LayerRun &run);
void backward(const DropoutLayer &layer, LayerRun &run);
void forward(const ScaleLayer &layer, LayerRun &run);
void backward(const ScaleLayer &layer, LayerRun &run);
// rearrangements.cpp
void forward(const UpsampleLayer &layer, LayerRun &run);
void backward(const UpsampleLayer &layer, LayerRun &run);
void forward(const ReshapeLayer &layer, LayerRun &run);
void backward(const ReshapeLayer &layer, LayerRun &run);
void forward(const PadLayer &layer, LayerRun &run);
void backward(const PadLayer &layer, LayerRun &run);
void forward(const ShuffleLayer &layer, LayerRun &run);
void backward(const ShuffleLayer &layer, LayerRun &run);
void forward(const DepthToSpaceLayer &layer, LayerRun &run);
void backward(const DepthToSpaceLayer &layer, LayerRun &run);
void forward(const SpaceToDepthLayer &layer, LayerRun &run);
void backward(const SpaceToDepthLayer &layer, LayerRun &run);
// joins.cpp
void forward(const JoinLayer &layer, LayerRun &run);
void backward(const JoinLayer &layer, LayerRun &run);

// Interpreter.cpp: nothing to compute. NetChecker runs no net that has these.
void forward(const WeightLayer &layer, LayerRun &run);
void backward(const WeightLayer &layer, LayerRun &run);
void forward(const BackwardLayer &layer, LayerRun &run);
void backward(const BackwardLayer &layer, LayerRun &run);

/// The two sides of one term of the loss. The gradients are null in a forward pass.
struct LossRun {
  const Array *prediction, *target;
  Array *predictionGradient = nullptr, *targetGradient = nullptr;
  Kinks *kinks = nullptr;
};

/// The term's loss without its weight. Adds `factor` times the derivatives to the gradients.
double evaluateLoss(const LossTerm &term, LossRun &run, double factor);

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_LAYERRUN_H
