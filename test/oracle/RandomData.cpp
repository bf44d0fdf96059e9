//===- RandomData.cpp - Random numbers for a network ----------------------===//

#include "test/oracle/RandomData.h"

#include "test/oracle/Dice.h"

using namespace cnnc;
using namespace cnnc::oracle;

namespace {

class Filler {
public:
  Filler(const TypedNet &net, Numbers numbers, uint64_t seed, int attempt)
      : net(net), isInteger(numbers == Numbers::Integer), attempt(attempt),
        dice(seed * dataAttempts + uint64_t(attempt)) {}

  NetData fill() {
    NetData data;
    for (TensorId id : net.inputs)
      data.inputs.push_back(batchOf(net.tensors[id].shape));
    for (const Target &target : net.train->targets) {
      data.targets.push_back(batchOf(target.shape));
      if (target.classes > 0)
        for (double &value : data.targets.back().values)
          value = double(dice.number(0, target.classes - 1));
    }
    for (const Parameter &parameter : net.parameters)
      data.parameters.push_back(weights(parameter));
    for (const Layer &layer : net.layers)
      adapt(layer, data);
    data.seed = dice.word();
    data.step = uint64_t(dice.number(0, 3)) << 32 | uint64_t(dice.number(0, 1000));
    return data;
  }

private:
  /// A number of an input or a target.
  double anyNumber() {
    constexpr int64_t sizes[dataAttempts] = {4, 2, 2, 1};
    return isInteger ? double(dice.number(-sizes[attempt], sizes[attempt])) : dice.real();
  }

  Array batchOf(const Shape &perImage) {
    Shape shape{net.train->batch};
    shape.insert(shape.end(), perImage.begin(), perImage.end());
    Array array(std::move(shape));
    for (double &value : array.values)
      value = anyNumber();
    return array;
  }

  /// Of a size that keeps the sums of a layer about as large as its input.
  Array weights(const Parameter &parameter) {
    Array array(parameter.shape);
    double fanIn = 1;
    for (size_t axis = 1; axis < parameter.shape.size(); ++axis)
      fanIn *= double(parameter.shape[axis]);
    constexpr int shareOfZeros[dataAttempts] = {40, 60, 75, 85};
    constexpr double spread = 1.7; // sqrt(3): variance 1 of a uniform distribution
    for (double &value : array.values) {
      if (isInteger)
        value = dice.chance(shareOfZeros[attempt]) ? 0 : dice.pick({-1.0, 1.0});
      else
        value = dice.real() * (fanIn > 1 ? spread / std::sqrt(fanIn) : 1);
    }
    return array;
  }

  /// Parameters that are no factors of sums.
  void adapt(const Layer &layer, NetData &data) {
    auto refill = [&](ParameterId id, auto &&next) {
      for (double &value : data.parameters[id].values)
        value = next();
    };
    if (auto *prelu = std::get_if<PReluLayer>(&layer.kind); prelu && isInteger)
      refill(prelu->weight, [&] { return dice.pick({0.5, 0.25, -0.5, 1.0}); });
    if (auto *scale = std::get_if<ScaleLayer>(&layer.kind); scale && scale->weight && isInteger)
      refill(*scale->weight, [&] { return dice.pick({1.0, -1.0, 2.0, 0.5}); });
    if (auto *norm = std::get_if<BatchNormLayer>(&layer.kind))
      refill(norm->runningVariance, [&] { return 1.25 + 0.75 * dice.real(); });
  }

  const TypedNet &net;
  bool isInteger;
  int attempt;
  Dice dice;
};

} // namespace

NetData oracle::randomData(const TypedNet &net, Numbers numbers, uint64_t seed, int attempt) {
  return Filler(net, numbers, seed, attempt).fill();
}
