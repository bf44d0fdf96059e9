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

  /// Adds the bounds of all contributions to those of the gradients.
  bool isBackwardExact(const Array &outputGradient, std::vector<Array> &gradientBounds,
                       std::vector<Array> &parameterBounds, std::vector<double> &units,
                       std::vector<double> &parameterUnits) {
    double backwardUnit = unit * unitOf(outputGradient);
    Array size = absolute(outputGradient);
    run.outputGradient = &size;
    std::vector<Array> towards;
    for (const Array &input : inputs)
      towards.emplace_back(input.shape);
    for (Array &array : towards)
      run.inputGradients.push_back(&array);
    run.parameterGradients = &parameterBounds;
    for (ParameterId id : parametersOf(layer))
      parameterUnits[id] = std::fmin(parameterUnits[id], backwardUnit);
    std::visit([&](const auto &inner) { backward(inner, run); }, kind);
    bool isExact = true;
    for (size_t i = 0; i < towards.size(); ++i) {
      TensorId id = layer.inputs[i];
      units[id] = std::fmin(units[id], backwardUnit);
      for (size_t j = 0; j < towards[i].values.size(); ++j)
        gradientBounds[id].values[j] += std::fabs(towards[i].values[j]);
      isExact &= isBounded(towards[i], backwardUnit);
    }
    for (ParameterId id : parametersOf(layer))
      parameterBounds[id] = absolute(std::move(parameterBounds[id]));
    return isExact;
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
  std::vector<Array> bounds, parameterBounds;
  std::vector<double> units(tensors.size(), 1), parameterUnits(data.parameters.size(), 1);
  for (const Array &tensor : tensors)
    bounds.emplace_back(tensor.shape);
  for (const Array &parameter : data.parameters)
    parameterBounds.emplace_back(parameter.shape);
  for (const LossTerm &term : net.train->loss)
    addLossBounds(term, bounds, units);
  for (auto layer = net.layers.rbegin(); layer != net.layers.rend(); ++layer)
    if (!Bounds(*layer, runOf(*layer, /*isTraining=*/true), data.parameters)
             .isBackwardExact(gradients[layer->output], bounds, parameterBounds, units,
                              parameterUnits))
      return false;
  for (size_t i = 0; i < bounds.size(); ++i)
    if (!isBounded(bounds[i], units[i]))
      return false;
  for (size_t i = 0; i < parameterBounds.size(); ++i)
    if (!isBounded(parameterBounds[i], parameterUnits[i]))
      return false;
  return true;
}

void Interpreter::addLossBounds(const LossTerm &term, std::vector<Array> &bounds,
                                std::vector<double> &units) {
  auto add = [&](TensorId id, const Array &gradient) {
    units[id] = std::fmin(units[id], unitOf(gradient));
    for (size_t i = 0; i < gradient.values.size(); ++i)
      bounds[id].values[i] += std::fabs(gradient.values[i]);
  };
  LossRun run = lossRunOf(term);
  Array prediction(run.prediction->shape), target(run.target->shape);
  run.predictionGradient = &prediction;
  run.targetGradient = &target;
  evaluateLoss(term, run, term.weight);
  add(term.prediction, prediction);
  if (term.targetIsTensor)
    add(term.target, target);
}
