//===- Comparison.cpp - Whether two programs have computed the same -------===//

#include "tools/cnnc/Comparison.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Bounds
//===----------------------------------------------------------------------===//

static double product(const Shape &shape, size_t from) {
  return std::accumulate(shape.begin() + std::min(from, shape.size()), shape.end(), 1.0,
                         std::multiplies<>());
}

/// The most terms of a sum: what one output of a filter reads; all positions of all images,
/// which the gradient of a bias adds.
static double longestSum(const TypedNet &net, int64_t batch) {
  double longest = 1;
  for (const Parameter &parameter : net.parameters)
    longest = std::fmax(longest, product(parameter.shape, 1));
  for (const Tensor &tensor : net.tensors)
    longest = std::fmax(longest, double(batch) * product(tensor.shape, 1));
  return longest;
}

/// Statistics over a single value: the variance is 0, so gradients are divided by sqrt(epsilon),
/// and then cancel. Of those zeros the rounding remains.
static double amplificationIn(const TypedNet &net, int64_t batch) {
  double most = 1;
  for (const Layer &layer : net.layers) {
    auto *norm = std::get_if<BatchNormLayer>(&layer.kind);
    if (!norm || norm->isFrozen || layer.inputs.empty())
      continue;
    const Tensor &input = net.tensors[layer.inputs.front()];
    if (double(batch) * product(input.shape, 1) == 1)
      most = std::fmax(most, 1 / std::sqrt(norm->epsilon));
  }
  return most;
}

Tolerance::Tolerance(const TypedNet &net, int64_t batch, bool doublePrecision,
                     std::optional<double> given)
    : net(net), isDouble(doublePrecision), isGiven(given.has_value()),
      unit(doublePrecision ? 0x1p-53 : 0x1p-24), amplification(amplificationIn(net, batch)) {
  constexpr double forDouble = 1e-9, steps = 4;
  if (given)
    rtol = *given;
  else if (doublePrecision)
    rtol = forDouble;
  else
    rtol = steps * unit * std::sqrt(longestSum(net, batch) * double(net.layers.size() + 1));
}

std::string Tolerance::ownerOf(const ComputedTensor &tensor) const {
  if (tensor.kind != ComputedTensor::ParameterGradient &&
      tensor.kind != ComputedTensor::NewParameter)
    return "";
  const std::string &name = net.parameters[tensor.number].name;
  return name.substr(0, name.rfind('.'));
}

double cnnc::sizeOf(const ComputedTensor &tensor) {
  double size = 0;
  for (size_t i = 0, count = tensor.size(); i < count; ++i)
    if (double value = std::fabs(tensor.changeAt(i)); std::isfinite(value))
      size = std::fmax(size, value);
  return size;
}

/// The largest old value.
static double oldSize(const ComputedTensor &tensor) {
  double size = 0;
  if (tensor.before)
    for (float value : *tensor.before)
      size = std::fmax(size, std::fabs(value));
  return size;
}

static double roundingOf(const ComputedTensor &single, const ComputedTensor &truth) {
  double rounding = 0;
  for (size_t i = 0, count = single.size(); i < count; ++i)
    if (double error = std::fabs(single.at(i) - truth.at(i)); std::isfinite(error))
      rounding = std::fmax(rounding, error);
  return rounding;
}

std::vector<double> Tolerance::boundsOf(const ComputedTensors &expected,
                                        const ComputedTensors &truth) const {
  std::array<double, ComputedTensor::Probe + 1> largest{};
  llvm::StringMap<double> ofOwner;
  std::vector<double> sizes;
  for (const ComputedTensor &tensor : expected) {
    sizes.push_back(sizeOf(tensor));
    largest[tensor.kind] = std::fmax(largest[tensor.kind], sizes.back());
    double &size = ofOwner[ownerOf(tensor)];
    size = std::fmax(size, sizes.back());
  }
  using Kind = ComputedTensor::Kind;
  // Behind such a normalization all gradients are 0, of parameters or inputs.
  if (amplification > 1)
    for (Kind kind : {Kind::InputGradient, Kind::NewParameter, Kind::NewSlot, Kind::Probe,
                      Kind::ParameterGradient})
      largest[kind] = amplification * std::fmax(largest[Kind::ParameterGradient], largest[kind]);
  constexpr double times = 8, oldTimes = 4;
  std::vector<double> bounds;
  for (size_t i = 0; i < expected.size(); ++i) {
    std::string owner = ownerOf(expected[i]);
    double bound = rtol * (owner.empty() ? sizes[i] : ofOwner[owner]);
    if (!isGiven)
      bound = std::fmax(bound, times * unit * largest[expected[i].kind]);
    if (!truth.empty())
      bound = std::fmax(bound, times * roundingOf(expected[i], truth[i]));
    bounds.push_back(bound + oldTimes * unit * oldSize(expected[i]));
  }
  return bounds;
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

bool Difference::isWorseThan(const Difference &other) const {
  // Products instead of quotients: a bound may be 0. An infinite error is the worst.
  if (std::isinf(error) || std::isinf(other.error))
    return std::isinf(error) && !std::isinf(other.error);
  if (error * other.bound != other.error * bound)
    return error * other.bound > other.error * bound;
  return error > other.error || (error == 0 && other.tensor.empty());
}

void Comparison::add(const Comparison &other) {
  if (other.worst.isWorseThan(worst))
    worst = other.worst;
  values += other.values;
  notFinite += other.notFinite;
}

/// 0 for two NaN or the same infinity, infinity where one side alone is not finite.
static double errorOf(double found, double expected) {
  if (std::isfinite(found) && std::isfinite(expected))
    return std::fabs(found - expected);
  bool isSame = found == expected || (std::isnan(found) && std::isnan(expected));
  return isSame ? 0 : std::numeric_limits<double>::infinity();
}

static std::vector<int64_t> indexOf(size_t element, const std::vector<int64_t> &shape) {
  std::vector<int64_t> index(shape.size());
  for (size_t axis = shape.size(); axis-- > 0;) {
    index[axis] = int64_t(element) % shape[axis];
    element /= size_t(shape[axis]);
  }
  return index;
}

Comparison cnnc::compare(const ComputedTensors &found, const ComputedTensors &expected,
                         const std::vector<double> &bounds,
                         llvm::function_ref<bool(const ComputedTensor &)> isWanted) {
  Comparison all;
  for (size_t i = 0; i < expected.size(); ++i) {
    if (!isWanted(expected[i]))
      continue;
    size_t worst = 0;
    double error = -1;
    size_t count = expected[i].size();
    for (size_t j = 0; j < count; ++j) {
      double here = errorOf(found[i].at(j), expected[i].at(j));
      if (here > error) {
        error = here;
        worst = j;
      }
      all.notFinite += !std::isfinite(expected[i].at(j));
    }
    all.values += count;
    Difference difference{expected[i].name,
                          expected[i].kind,
                          expected[i].number,
                          indexOf(worst, expected[i].shape),
                          error,
                          bounds[i],
                          expected[i].at(worst),
                          found[i].at(worst)};
    if (difference.isWorseThan(all.worst))
      all.worst = std::move(difference);
  }
  return all;
}
