//===- exactness.cpp - Whether f32 holds every partial sum ----------------===//
//
// A sum of multiples of u whose absolute values add up to at most 2^24 u is exact in f32
// in any order. So each layer is run once more on absolute values, which gives the largest
// partial sums that an order can have, and u is the product of what its factors are
// multiples of. Where all layers pass, two correct programs agree in every bit.
//
//===----------------------------------------------------------------------===//

#include "test/oracle/Interpreter.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace cnnc;
using namespace cnnc::oracle;

/// f32 has 24 bits for the digits.
static constexpr double largestMultiple = 1 << 24;

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

/// The largest power of two, at most 1, that divides a number.
static double unitOf(double value) {
  double unit = 1;
  while (std::fmod(value, unit) != 0)
    unit /= 2;
  return unit;
}

static double unitOf(const Array &array) {
  double unit = 1;
  for (double value : array.values)
    unit = std::fmin(unit, unitOf(value));
  return unit;
}

static bool fitsFloat(const Array &array) {
  return std::all_of(array.values.begin(), array.values.end(),
                     [](double value) { return double(float(value)) == value; });
}

static bool isBounded(const Array &array, double unit) {
  return array.largest() <= largestMultiple * unit;
}

static bool isPowerOfTwo(double value) { return std::log2(value) == std::floor(std::log2(value)); }

static Array absolute(Array array) {
  for (double &value : array.values)
    value = std::fabs(value);
  return array;
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

/// A quotient by anything but a power of two may be computed in several ways.
static double meanUnit(double largestCount, bool areAllPowers) {
  return areAllPowers ? 1 / largestCount : 0;
}

static double meanUnit(const PoolLayer &pool) {
  double area = 1;
  bool areAllPowers = true;
  for (const WindowAxis &axis : pool.window) {
    bool isPadded = axis.padLow != 0 || axis.padHigh != 0;
    // At the border a window has any number of taps in the input, up to its size.
    areAllPowers &= isPadded ? axis.size <= 2 : isPowerOfTwo(double(axis.size));
    area *= double(axis.size);
  }
  return meanUnit(area, areAllPowers);
}

static double meanUnit(const AdaptivePoolLayer &pool, const Array &in) {
  double area = 1;
  for (size_t axis : {0, 1}) {
    if (in.size(axis + 2) % pool.output[axis] != 0)
      return 0;
    area *= double(in.size(axis + 2) / pool.output[axis]);
  }
  return meanUnit(area, isPowerOfTwo(area));
}

/// What the constant factors of a layer are multiples of; 0 where it computes other than by
/// sums and products, or in an order that matters.
static double constantUnit(const Layer &layer, const Array &in) {
  return std::visit(
      llvm::makeVisitor(
          [](const PoolLayer &pool) {
            return pool.kind == PoolLayer::Max       ? 1.0
                   : pool.kind == PoolLayer::Average ? meanUnit(pool)
                                                     : 0.0;
          },
          [&](const GlobalPoolLayer &pool) {
            double area = double(in.size(2) * in.size(3));
            return pool.kind == GlobalPoolLayer::Max ? 1.0 : meanUnit(area, isPowerOfTwo(area));
          },
          [&](const AdaptivePoolLayer &pool) { return meanUnit(pool, in); },
          [](const ActivationLayer &activation) {
            return activation.kind == ActivationLayer::LeakyRelu ? unitOf(activation.slope)
                   : activation.kind <= ActivationLayer::Relu6   ? 1.0
                                                                 : 0.0;
          },
          [](const DropoutLayer &dropout) {
            return isPowerOfTwo(1 - dropout.probability) ? 1.0 : 0.0;
          },
          [](const ScaleLayer &scale) { return unitOf(scale.factor) * unitOf(scale.offset); },
          [](const UpsampleLayer &upsample) {
            // Shares are odd multiples of 1/2n along each axis.
            double parts = 2 * double(upsample.factor);
            return !upsample.isBilinear ? 1.0 : isPowerOfTwo(parts) ? 1 / (parts * parts) : 0.0;
          },
          [](const LrnLayer &) { return 0.0; }, [](const BatchNormLayer &) { return 0.0; },
          [](const GroupNormLayer &) { return 0.0; }, [](const SoftmaxLayer &) { return 0.0; },
          [](const auto &) { return 1.0; }),
      layer.kind);
}

/// Whether a layer chooses by the values of its inputs: these stay as they are then.
static bool isSelecting(const Layer &layer) {
  auto *pool = std::get_if<PoolLayer>(&layer.kind);
  auto *global = std::get_if<GlobalPoolLayer>(&layer.kind);
  auto *join = std::get_if<JoinLayer>(&layer.kind);
  return std::holds_alternative<ActivationLayer>(layer.kind) ||
         std::holds_alternative<PReluLayer>(layer.kind) || (pool && pool->kind == PoolLayer::Max) ||
         (global && global->kind == GlobalPoolLayer::Max) || (join && join->kind == JoinLayer::Max);
}

/// The layer with constants that are not negative: then absolute values bound the sums.
static LayerKind withoutSigns(const LayerKind &kind) {
  LayerKind result = kind;
  if (auto *scale = std::get_if<ScaleLayer>(&result)) {
    scale->factor = std::fabs(scale->factor);
    scale->offset = std::fabs(scale->offset);
  }
  if (auto *join = std::get_if<JoinLayer>(&result); join && join->kind == JoinLayer::Sub)
    join->kind = JoinLayer::Add;
  return result;
}

namespace {

/// Bounds of the sums that gradients are, when all readers of a tensor have added.
class GradientSums {
public:
  explicit GradientSums(const std::vector<Array> &like)
      : bounds(zerosLike(like)), units(like.size(), 1) {}

  void add(size_t id, const Array &contribution, double unit) {
    units[id] = std::fmin(units[id], unit);
    for (size_t i = 0; i < contribution.values.size(); ++i)
      bounds[id].values[i] += std::fabs(contribution.values[i]);
  }
  bool areExact() const {
    for (size_t id = 0; id < bounds.size(); ++id)
      if (!isBounded(bounds[id], units[id]))
        return false;
    return true;
  }

private:
  std::vector<Array> bounds;
  std::vector<double> units;
};

/// A layer on absolute values, and what each of its numbers is a multiple of.
class Bounds {
public:
  Bounds(const Layer &layer, LayerRun exact, const std::vector<Array> &parameters)
      : layer(layer), kind(withoutSigns(layer.kind)), run(std::move(exact)),
        output(run.output->shape), parameters(parameters), inputs(run.inputs.size()) {
    unit = constantUnit(layer, run.input());
    for (size_t i = 0; i < inputs.size(); ++i) {
      unit *= unitOf(*run.inputs[i]);
      inputs[i] = isSelecting(layer) ? *run.inputs[i] : absolute(*run.inputs[i]);
      run.inputs[i] = &inputs[i];
    }
    for (ParameterId id : parametersOf(layer)) {
      unit *= unitOf(parameters[id]);
      this->parameters[id] = absolute(parameters[id]);
    }
    run.parameters = &this->parameters;
    run.output = &output;
  }

  bool isForwardExact() {
    if (unit == 0)
      return false;
    std::visit([&](const auto &inner) { forward(inner, run); }, kind);
    return isBounded(output, unit);
  }

  /// Adds what the layer sends to its inputs and parameters.
  bool isBackwardExact(const Array &outputGradient, GradientSums &towardsTensors,
                       GradientSums &towardsParameters) {
    double backwardUnit = unit * unitOf(outputGradient);
    Array size = absolute(outputGradient);
    run.outputGradient = &size;
    std::vector<Array> sent = zerosLike(inputs), sentToParameters = zerosLike(parameters);
    for (Array &array : sent)
      run.inputGradients.push_back(&array);
    run.parameterGradients = &sentToParameters;
    std::visit([&](const auto &inner) { backward(inner, run); }, kind);
    for (size_t i = 0; i < sent.size(); ++i)
      towardsTensors.add(layer.inputs[i], sent[i], backwardUnit);
    for (ParameterId id : parametersOf(layer))
      towardsParameters.add(id, sentToParameters[id], backwardUnit);
    return std::all_of(sent.begin(), sent.end(),
                       [&](const Array &array) { return isBounded(array, backwardUnit); });
  }

private:
  const Layer &layer;
  LayerKind kind;
  LayerRun run;
  Array output;
  std::vector<Array> parameters, inputs;
  double unit;
};

} // namespace

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

/// Sums of squares or distances, divided by a power of two.
bool Interpreter::areLossesExact() {
  double total = 0, totalUnit = 1;
  for (const LossTerm &term : net.train->loss) {
    if (term.kind != LossTerm::MeanSquaredError && term.kind != LossTerm::MeanAbsoluteError &&
        term.kind != LossTerm::Huber)
      return false;
    LossRun run = lossRunOf(term);
    const Array &prediction = *run.prediction, &target = *run.target;
    double count = double(prediction.values.size());
    double unit = std::fmin(unitOf(prediction), unitOf(target));
    double squareUnit = unit * unit / 2 * unitOf(term.delta) * unitOf(term.delta);
    double loss = evaluateLoss(term, run, 0);
    if (!isPowerOfTwo(count) || loss * count > largestMultiple * squareUnit)
      return false;
    total += std::fabs(term.weight * loss);
    totalUnit = std::fmin(totalUnit, squareUnit / count * unitOf(term.weight));
  }
  return total <= largestMultiple * totalUnit;
}

//===----------------------------------------------------------------------===//
// The net
//===----------------------------------------------------------------------===//

bool Interpreter::isForwardExact() {
  return std::all_of(tensors.begin(), tensors.end(), fitsFloat) &&
         std::all_of(net.layers.begin(), net.layers.end(), [&](const Layer &layer) {
           return Bounds(layer, runOf(layer, ranTraining), data.parameters).isForwardExact();
         });
}

bool Interpreter::isBackwardExact() {
  if (!areLossesExact() || !std::all_of(gradients.begin(), gradients.end(), fitsFloat) ||
      !std::all_of(towardsParameters.begin(), towardsParameters.end(), fitsFloat))
    return false;
  GradientSums sums(tensors), parameterSums(data.parameters);
  for (const LossTerm &term : net.train->loss) {
    LossRun run = lossRunOf(term);
    Array prediction(run.prediction->shape), target(run.target->shape);
    run.predictionGradient = &prediction;
    run.targetGradient = &target;
    evaluateLoss(term, run, term.weight);
    sums.add(term.prediction, prediction, unitOf(prediction));
    if (term.targetIsTensor)
      sums.add(term.target, target, unitOf(target));
  }
  for (auto layer = net.layers.rbegin(); layer != net.layers.rend(); ++layer)
    if (!Bounds(*layer, runOf(*layer, /*isTraining=*/true), data.parameters)
             .isBackwardExact(gradients[layer->output], sums, parameterSums))
      return false;
  return sums.areExact() && parameterSums.areExact();
}
