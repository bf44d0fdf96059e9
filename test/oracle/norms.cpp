//===- norms.cpp - Local responses, batches, groups -----------------------===//

#include "test/oracle/LayerRun.h"

#include <functional>

using namespace cnnc;
using namespace cnnc::oracle;

//===----------------------------------------------------------------------===//
// Local response normalization
//===----------------------------------------------------------------------===//

static double lrnBase(const LrnLayer &layer, const Array &in, int64_t n, int64_t c, int64_t y,
                      int64_t x) {
  double squares = 0;
  for (int64_t j = c - layer.size / 2; j <= c + (layer.size - 1) / 2; ++j)
    if (j >= 0 && j < in.size(1))
      squares += in.at(n, j, y, x) * in.at(n, j, y, x);
  return layer.k + layer.alpha / double(layer.size) * squares;
}

void oracle::forward(const LrnLayer &layer, LayerRun &run) {
  const Array &in = run.input();
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    run.output->at(n, c, y, x) =
        in.at(n, c, y, x) / std::pow(lrnBase(layer, in, n, c, y, x), layer.beta);
  });
}

/// dy_c / base_c^beta, and -beta * base_c^(-beta-1) * x_c * 2*alpha/n * x_j to each channel j
/// in the window of c.
void oracle::backward(const LrnLayer &layer, LayerRun &run) {
  const Array &in = run.input();
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    double base = lrnBase(layer, in, n, c, y, x), dy = run.outputGradient->at(n, c, y, x);
    run.inputGradients[0]->at(n, c, y, x) += dy / std::pow(base, layer.beta);
    double towardsSquare = -dy * in.at(n, c, y, x) * layer.beta * layer.alpha / double(layer.size) /
                           std::pow(base, layer.beta + 1);
    for (int64_t j = c - layer.size / 2; j <= c + (layer.size - 1) / 2; ++j)
      if (j >= 0 && j < in.size(1))
        run.inputGradients[0]->at(n, j, y, x) += towardsSquare * 2 * in.at(n, j, y, x);
  });
}

//===----------------------------------------------------------------------===//
// Elements that share a mean and a variance
//===----------------------------------------------------------------------===//

namespace {

/// The elements of an array, each in one group.
struct Partition {
  int64_t groups;
  std::function<int64_t(int64_t n, int64_t c, int64_t y, int64_t x)> groupOf;
};

/// Of one group; the variance is the biased one.
struct Moments {
  double count = 0, mean = 0, variance = 0;
};

/// The parameters that follow a normalization: weight and bias, or neither.
struct Affine {
  const std::optional<ParameterId> &weight, &bias;
  double factor(const LayerRun &run, int64_t channel) const {
    return weight ? run.parameter(*weight).values[size_t(channel)] : 1;
  }
  double offset(const LayerRun &run, int64_t channel) const {
    return bias ? run.parameter(*bias).values[size_t(channel)] : 0;
  }
};

} // namespace

static std::vector<Moments> momentsOf(const Array &in, const Partition &partition) {
  std::vector<Moments> moments(size_t(partition.groups));
  auto groupAt = [&](int64_t n, int64_t c, int64_t y, int64_t x) -> Moments & {
    return moments[size_t(partition.groupOf(n, c, y, x))];
  };
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    Moments &group = groupAt(n, c, y, x);
    group.count += 1;
    group.mean += in.at(n, c, y, x);
  });
  for (Moments &group : moments)
    group.mean /= group.count;
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    Moments &group = groupAt(n, c, y, x);
    double distance = in.at(n, c, y, x) - group.mean;
    group.variance += distance * distance / group.count;
  });
  return moments;
}

static void normalize(const Partition &partition, const std::vector<Moments> &moments,
                      double epsilon, Affine affine, LayerRun &run) {
  const Array &in = run.input();
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    const Moments &group = moments[size_t(partition.groupOf(n, c, y, x))];
    double normal = (in.at(n, c, y, x) - group.mean) / std::sqrt(group.variance + epsilon);
    run.output->at(n, c, y, x) = affine.factor(run, c) * normal + affine.offset(run, c);
  });
}

/// Towards weight and bias. Returns the gradient of the normalized elements.
static Array affineBackward(const Partition &partition, const std::vector<Moments> &moments,
                            double epsilon, Affine affine, LayerRun &run) {
  const Array &in = run.input(), &dy = *run.outputGradient;
  Array result(in.shape);
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    const Moments &group = moments[size_t(partition.groupOf(n, c, y, x))];
    double normal = (in.at(n, c, y, x) - group.mean) / std::sqrt(group.variance + epsilon);
    if (affine.weight)
      run.parameterGradient(*affine.weight).values[size_t(c)] += dy.at(n, c, y, x) * normal;
    if (affine.bias)
      run.parameterGradient(*affine.bias).values[size_t(c)] += dy.at(n, c, y, x);
    result.at(n, c, y, x) = dy.at(n, c, y, x) * affine.factor(run, c);
  });
  return result;
}

/// Each element in its three roles: itself, in the variance, in the mean.
static void normalizeBackward(const Partition &partition, const std::vector<Moments> &moments,
                              double epsilon, Affine affine, LayerRun &run) {
  const Array &in = run.input();
  Array gradient = affineBackward(partition, moments, epsilon, affine, run);
  std::vector<double> towardsMean(moments.size()), towardsVariance(moments.size());
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    size_t id = size_t(partition.groupOf(n, c, y, x));
    double deviation = std::sqrt(moments[id].variance + epsilon);
    towardsMean[id] -= gradient.at(n, c, y, x) / deviation;
    towardsVariance[id] -= gradient.at(n, c, y, x) * (in.at(n, c, y, x) - moments[id].mean) / 2 /
                           std::pow(deviation, 3);
  });
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    size_t id = size_t(partition.groupOf(n, c, y, x));
    const Moments &group = moments[id];
    run.inputGradients[0]->at(n, c, y, x) +=
        gradient.at(n, c, y, x) / std::sqrt(group.variance + epsilon) +
        towardsVariance[id] * 2 * (in.at(n, c, y, x) - group.mean) / group.count +
        towardsMean[id] / group.count;
  });
}

//===----------------------------------------------------------------------===//
// Layers
//===----------------------------------------------------------------------===//

static Partition byChannel(const Array &in) {
  return {in.size(1), [](int64_t, int64_t c, int64_t, int64_t) { return c; }};
}

/// The running statistics in place of those of the batch.
static std::vector<Moments> runningMoments(const BatchNormLayer &layer, const LayerRun &run) {
  std::vector<Moments> moments(size_t(run.input().size(1)));
  for (size_t c = 0; c < moments.size(); ++c)
    moments[c] = {1, run.parameter(layer.runningMean).values[c],
                  run.parameter(layer.runningVariance).values[c]};
  return moments;
}

void oracle::forward(const BatchNormLayer &layer, LayerRun &run) {
  Partition channels = byChannel(run.input());
  Affine affine{layer.weight, layer.bias};
  if (!run.isTraining || layer.isFrozen)
    return normalize(channels, runningMoments(layer, run), layer.epsilon, affine, run);
  std::vector<Moments> moments = momentsOf(run.input(), channels);
  normalize(channels, moments, layer.epsilon, affine, run);
  for (size_t c = 0; c < moments.size(); ++c) {
    double count = moments[c].count;
    double unbiased = count > 1 ? moments[c].variance * count / (count - 1) : moments[c].variance;
    double &mean = (*run.statistics)[layer.runningMean].values[c];
    double &variance = (*run.statistics)[layer.runningVariance].values[c];
    mean = (1 - layer.momentum) * mean + layer.momentum * moments[c].mean;
    variance = (1 - layer.momentum) * variance + layer.momentum * unbiased;
  }
}

void oracle::backward(const BatchNormLayer &layer, LayerRun &run) {
  Partition channels = byChannel(run.input());
  Affine affine{layer.weight, layer.bias};
  if (!layer.isFrozen)
    return normalizeBackward(channels, momentsOf(run.input(), channels), layer.epsilon, affine,
                             run);
  std::vector<Moments> moments = runningMoments(layer, run);
  Array gradient = affineBackward(channels, moments, layer.epsilon, affine, run);
  forEach(gradient, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    run.inputGradients[0]->at(n, c, y, x) +=
        gradient.at(n, c, y, x) / std::sqrt(moments[size_t(c)].variance + layer.epsilon);
  });
}

static Partition partitionOf(const GroupNormLayer &layer, const Array &in) {
  int64_t height = in.size(2), width = in.size(3), groups = layer.groups;
  if (layer.perPosition)
    return {in.size(0) * height * width,
            [=](int64_t n, int64_t, int64_t y, int64_t x) { return (n * height + y) * width + x; }};
  int64_t channels = in.size(1) / groups;
  return {in.size(0) * groups,
          [=](int64_t n, int64_t c, int64_t, int64_t) { return n * groups + c / channels; }};
}

void oracle::forward(const GroupNormLayer &layer, LayerRun &run) {
  Partition partition = partitionOf(layer, run.input());
  normalize(partition, momentsOf(run.input(), partition), layer.epsilon, {layer.weight, layer.bias},
            run);
}

void oracle::backward(const GroupNormLayer &layer, LayerRun &run) {
  Partition partition = partitionOf(layer, run.input());
  normalizeBackward(partition, momentsOf(run.input(), partition), layer.epsilon,
                    {layer.weight, layer.bias}, run);
}
