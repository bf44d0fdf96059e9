//===- CheckNumbers.cpp - Numbers that checks of gradients run on ---------===//

#include "tools/cnnc/CheckNumbers.h"

#include "llvm/ADT/STLExtras.h"
#include <cmath>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Random numbers by place
//===----------------------------------------------------------------------===//

static uint64_t mix(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u; // SplitMix64 (Steele et al. 2014)
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

static constexpr uint64_t kGolden = 0x9E3779B97F4A7C15u; // SplitMix64's step

Draw::Draw(uint64_t seed, uint64_t stream) : key(mix(mix(seed + kGolden) + stream * kGolden)) {}

uint64_t Draw::word(uint64_t i) const { return mix(key + (i + 1) * kGolden); }

double Draw::within(uint64_t i, double low, double high) const {
  constexpr int fractionBits = 53; // of a double
  double share = std::ldexp(double(word(i) >> (64 - fractionBits)), -fractionBits);
  return low + (high - low) * share;
}

double Draw::integer(uint64_t i, int64_t most) const {
  uint64_t random = word(i);
  double size = double(int64_t((random >> 1) % uint64_t(most)) + 1);
  return random & 1 ? -size : size;
}

double Draw::nonzero(uint64_t i, double low, double high) const {
  double value = within(i, -1, 1), size = low + (high - low) * std::fabs(value);
  return value < 0 ? -size : size;
}

//===----------------------------------------------------------------------===//
// Distinct numbers
//===----------------------------------------------------------------------===//

/// Of the distance between two levels, to either side.
static constexpr double kNoise = 0.125;

Levels::Levels(size_t count, const Draw &draw) : draw(draw) {
  constexpr size_t orderCount = 8;
  for (size_t order = 0; order < orderCount; ++order) {
    std::vector<uint32_t> levels(count);
    for (size_t i = 0; i < count; ++i)
      levels[i] = uint32_t(i);
    for (size_t i = count; i > 1; --i)
      std::swap(levels[i - 1], levels[draw.word(order * count + i) % i]);
    orders.push_back(std::move(levels));
  }
}

double Levels::at(size_t order, size_t rank, uint64_t noise) const {
  const std::vector<uint32_t> &levels = orders[draw.word(order) % orders.size()];
  double count = double(levels.size());
  double level = 2 * double(levels[rank]) + 1 + 2 * kNoise * draw.direction(noise);
  return level / count - 1;
}

double Levels::gap() const { return 2 * (1 - 2 * kNoise) / double(orders[0].size()); }

//===----------------------------------------------------------------------===//
// A layer alone
//===----------------------------------------------------------------------===//

/// The usual distance of difference quotients.
static constexpr double kDistance = 0x1p-9;

namespace {

/// Fills one layer's operands by its kind.
class LayerFiller {
public:
  LayerFiller(const TypedNet &alone, CheckedCode &code, int64_t batch, uint64_t seed)
      : alone(alone), code(code), batch(batch), seed(seed) {}

  double fill() {
    for (auto [i, parameter] : llvm::enumerate(code.parameters))
      fillEach(parameter, 100 + i,
               [](const Draw &draw, size_t j) { return draw.nonzero(j, 0.25, 1.25); });
    return std::visit([&](const auto &kind) { return fill(kind); }, alone.layers[0].kind);
  }

private:
  template <typename Kind> double fill(const Kind &) { return fillSmooth(2); }
  double fill(const ActivationLayer &layer);
  double fill(const PReluLayer &) { return fillBeside({0}, -2, 2); }
  double fill(const PoolLayer &layer);
  double fill(const GlobalPoolLayer &layer);
  double fill(const BatchNormLayer &layer);
  double fill(const GroupNormLayer &layer);
  double fill(const JoinLayer &layer);

  template <typename Next> void fillEach(const NumberView &view, uint64_t stream, Next &&next) {
    Draw draw(seed, stream);
    for (size_t i = 0; i < view.count; ++i)
      view.set(i, next(draw, i));
  }
  double fillSmooth(double most) {
    for (auto [i, input] : llvm::enumerate(code.inputs))
      fillEach(input, i, [&](const Draw &draw, size_t j) { return draw.nonzero(j, 0.1, most); });
    return kDistance;
  }
  double fillBeside(llvm::ArrayRef<double> kinks, double low, double high);
  double fillTiles(int64_t height, int64_t width);
  /// Numbers that a statistic is taken of, `count` at a time, must differ.
  template <typename Place> double fillGroups(size_t count, Place &&place);
  int64_t size(size_t axis) const {
    const Shape &shape = alone.tensors[alone.inputs[0]].shape;
    return axis < shape.size() ? shape[axis] : 1;
  }

  const TypedNet &alone;
  CheckedCode &code;
  int64_t batch;
  uint64_t seed;
};

} // namespace

double LayerFiller::fillBeside(llvm::ArrayRef<double> kinks, double low, double high) {
  constexpr double near = 0.1;
  fillEach(code.inputs[0], 0, [&](const Draw &draw, size_t i) {
    double value = draw.within(i, low, high);
    for (double kink : kinks)
      if (std::fabs(value - kink) < near)
        value += 2.5 * near;
    return value;
  });
  return kDistance;
}

double LayerFiller::fill(const ActivationLayer &layer) {
  switch (layer.kind) {
  case ActivationLayer::Relu:
  case ActivationLayer::LeakyRelu:
  case ActivationLayer::Elu:
    return fillBeside({0}, -2, 2);
  case ActivationLayer::Relu6:
    return fillBeside({0, 6}, -3, 9);
  case ActivationLayer::HardSigmoid:
  case ActivationLayer::HardSwish:
    return fillBeside({-3, 3}, -6, 6);
  case ActivationLayer::Sigmoid:
  case ActivationLayer::Tanh:
  case ActivationLayer::Softplus:
  case ActivationLayer::Gelu:
  case ActivationLayer::Silu:
    return fillSmooth(2);
  }
  return kDistance;
}

/// Each plane repeats tiles in which all numbers are distinct, so that no window that fits
/// one sees a tie.
double LayerFiller::fillTiles(int64_t height, int64_t width) {
  Draw draw(seed, 0);
  Levels levels(size_t(height * width), draw);
  int64_t rows = size(1), columns = size(2);
  const NumberView &input = code.inputs[0];
  for (size_t i = 0; i < input.count; ++i) {
    int64_t x = int64_t(i) % columns, y = int64_t(i) / columns % rows;
    size_t plane = i / size_t(rows * columns);
    input.set(i, levels.at(plane, size_t(y % height * width + x % width), i));
  }
  return std::min(kDistance, levels.gap() / 8);
}

double LayerFiller::fill(const PoolLayer &layer) {
  if (layer.kind != PoolLayer::Max)
    return fillSmooth(1);
  constexpr int64_t windowsOfATile = 4; // so that the largest is not always at one place
  return fillTiles(std::min(size(1), windowsOfATile * layer.window[0].effectiveSize()),
                   std::min(size(2), windowsOfATile * layer.window[1].effectiveSize()));
}

double LayerFiller::fill(const GlobalPoolLayer &layer) {
  return layer.kind == GlobalPoolLayer::Max ? fillTiles(size(1), size(2)) : fillSmooth(1);
}

template <typename Place> double LayerFiller::fillGroups(size_t count, Place &&place) {
  constexpr size_t many = 64; // of so many random numbers the variance is never near 0
  if (count > many)
    return fillSmooth(2);
  Draw draw(seed, 0);
  Levels levels(count, draw);
  for (size_t i = 0; i < code.inputs[0].count; ++i) {
    auto [group, rank] = place(i);
    code.inputs[0].set(i, levels.at(group, rank, i));
  }
  return kDistance;
}

double LayerFiller::fill(const BatchNormLayer &layer) {
  code.parameters[layer.runningVariance].fill(1);
  fillEach(code.parameters[layer.runningVariance], 99,
           [](const Draw &draw, size_t i) { return draw.within(i, 0.5, 2); });
  size_t channels = size_t(size(0)), positions = size_t(size(1) * size(2));
  return fillGroups(size_t(batch) * positions, [=](size_t i) {
    size_t image = i / (channels * positions);
    return std::pair(i / positions % channels, image * positions + i % positions);
  });
}

double LayerFiller::fill(const GroupNormLayer &layer) {
  size_t channels = size_t(size(0)), positions = size_t(size(1) * size(2));
  if (layer.perPosition)
    return fillGroups(channels, [=](size_t i) {
      size_t image = i / (channels * positions);
      return std::pair(image * positions + i % positions, i / positions % channels);
    });
  size_t group = channels / size_t(layer.groups) * positions;
  return fillGroups(group, [=](size_t i) { return std::pair(i / group, i % group); });
}

double LayerFiller::fill(const JoinLayer &layer) {
  if (layer.kind != JoinLayer::Max)
    return fillSmooth(1);
  Draw draw(seed, 0);
  size_t operands = code.inputs.size();
  Levels levels(operands, draw);
  for (auto [rank, input] : llvm::enumerate(code.inputs))
    for (size_t i = 0; i < input.count; ++i)
      input.set(i, levels.at(i, rank, i * operands + rank));
  return std::min(kDistance, levels.gap() / 8);
}

double cnnc::fillLayer(const TypedNet &alone, CheckedCode &code, int64_t batch, uint64_t seed) {
  return LayerFiller(alone, code, batch, seed).fill();
}

//===----------------------------------------------------------------------===//
// A whole network
//===----------------------------------------------------------------------===//

namespace {

/// How a parameter is drawn: centre + size * u, u in [-1, 1).
struct Spread {
  double centre, size;
};

} // namespace

static Spread spreadOf(const Parameter &parameter) {
  constexpr double smallPart = 0.1; // what a constant is varied by
  double value = parameter.init.value;
  if (parameter.init.kind == Initializer::Uniform && value != 0)
    return {0, value};
  if (parameter.init.kind == Initializer::Normal && value != 0)
    return {0, std::sqrt(3.0) * value}; // the same variance
  if (parameter.init.kind == Initializer::Constant && value != 0)
    return {value, smallPart * std::fabs(value)};
  double fanIn = 1;
  for (size_t axis = 1; axis < parameter.shape.size(); ++axis)
    fanIn *= double(parameter.shape[axis]);
  return {0, fanIn > 1 ? 1 / std::sqrt(fanIn) : smallPart};
}

static constexpr uint64_t kDirections = 1000000; // streams of directions begin here

double NetworkPoint::component(Part part, uint64_t number, size_t which, size_t i) const {
  uint64_t stream = kDirections * (number + 1) + 2 * which + (part == Inputs);
  double size = part == Inputs ? 1 : weights[which] * spreadOf(net.parameters[which]).size;
  return size * Draw(seed, stream).direction(i);
}

void NetworkPoint::fill(CheckedCode &code, Part moved, uint64_t number, double distance) const {
  auto fillOne = [&](const NumberView &view, Part part, size_t which, Spread spread) {
    Draw draw(seed, 2 * which + (part == Inputs));
    bool isMoved =
        part == moved && distance != 0 && (part == Inputs || net.parameters[which].trainable);
    for (size_t i = 0; i < view.count; ++i) {
      double value = spread.centre + spread.size * draw.direction(i);
      view.set(i, isMoved ? value + distance * component(part, number, which, i) : value);
    }
  };
  for (size_t i = 0; i < net.inputs.size(); ++i)
    fillOne(code.inputs[i], Inputs, i, {0, 1});
  for (auto [i, parameter] : llvm::enumerate(net.parameters))
    fillOne(code.parameters[i], Parameters, i, spreadOf(parameter));
}

void NetworkPoint::fillTargets(llvm::ArrayRef<NumberView> into) const {
  constexpr uint64_t streams = 500000; // of targets begin here
  for (auto [which, target] : llvm::enumerate(net.train->targets)) {
    Draw draw(seed, streams + which);
    for (size_t i = 0; i < into[which].count; ++i)
      into[which].set(i, target.classes > 0 ? double(draw.word(i) % uint64_t(target.classes))
                                            : draw.within(i, 0, 1));
  }
}
