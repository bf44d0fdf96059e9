//===- activations.cpp - Functions of single elements, softmax, dropout ---===//

#include "test/oracle/LayerRun.h"

#include <numbers>

using namespace cnnc;
using namespace cnnc::oracle;

//===----------------------------------------------------------------------===//
// Functions of one element
//===----------------------------------------------------------------------===//

static double sigmoid(double x) { return 1 / (1 + std::exp(-x)); }

static double value(const ActivationLayer &layer, double x) {
  switch (layer.kind) {
  case ActivationLayer::Relu:
    return x > 0 ? x : 0;
  case ActivationLayer::LeakyRelu:
    return x > 0 ? x : layer.slope * x;
  case ActivationLayer::Relu6:
    return x > 6 ? 6 : x > 0 ? x : 0;
  case ActivationLayer::Elu:
    return x > 0 ? x : std::expm1(x);
  case ActivationLayer::Sigmoid:
    return sigmoid(x);
  case ActivationLayer::HardSigmoid:
    return x > 3 ? 1 : x > -3 ? x / 6 + 0.5 : 0;
  case ActivationLayer::Tanh:
    return std::tanh(x);
  case ActivationLayer::Softplus:
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
  case ActivationLayer::Gelu:
    return x / 2 * (1 + std::erf(x / std::numbers::sqrt2));
  case ActivationLayer::Silu:
    return x * sigmoid(x);
  case ActivationLayer::HardSwish:
    return x > 3 ? x : x > -3 ? x * (x + 3) / 6 : 0;
  }
  return std::nan("");
}

static double slope(const ActivationLayer &layer, double x) {
  switch (layer.kind) {
  case ActivationLayer::Relu:
    return x > 0;
  case ActivationLayer::LeakyRelu:
    return x > 0 ? 1 : layer.slope;
  case ActivationLayer::Relu6:
    return x > 0 && x < 6;
  case ActivationLayer::Elu:
    return x > 0 ? 1 : std::exp(x);
  case ActivationLayer::Sigmoid:
    return sigmoid(x) * sigmoid(-x);
  case ActivationLayer::HardSigmoid:
    return x > -3 && x < 3 ? 1.0 / 6 : 0;
  case ActivationLayer::Tanh:
    return 1 / (std::cosh(x) * std::cosh(x));
  case ActivationLayer::Softplus:
    return sigmoid(x);
  case ActivationLayer::Gelu:
    return (1 + std::erf(x / std::numbers::sqrt2)) / 2 +
           x * std::exp(-x * x / 2) / std::sqrt(2 * std::numbers::pi);
  case ActivationLayer::Silu:
    return sigmoid(x) + x * sigmoid(x) * sigmoid(-x);
  case ActivationLayer::HardSwish:
    return x > 3 ? 1 : x > -3 ? x / 3 + 0.5 : 0;
  }
  return std::nan("");
}

static std::vector<double> kinksOf(ActivationLayer::Kind kind) {
  switch (kind) {
  case ActivationLayer::Relu:
  case ActivationLayer::LeakyRelu:
    return {0};
  case ActivationLayer::Relu6:
    return {0, 6};
  case ActivationLayer::HardSigmoid:
  case ActivationLayer::HardSwish:
    return {-3, 3};
  default:
    return {};
  }
}

void oracle::forward(const ActivationLayer &layer, LayerRun &run) {
  const std::vector<double> &in = run.input().values;
  for (size_t i = 0; i < in.size(); ++i) {
    run.output->values[i] = value(layer, in[i]);
    for (double kink : kinksOf(layer.kind))
      run.kinks->compare(in[i], kink);
  }
}

void oracle::backward(const ActivationLayer &layer, LayerRun &run) {
  const std::vector<double> &in = run.input().values;
  for (size_t i = 0; i < in.size(); ++i)
    run.inputGradients[0]->values[i] += run.outputGradient->values[i] * slope(layer, in[i]);
}

void oracle::forward(const PReluLayer &layer, LayerRun &run) {
  const Array &in = run.input(), &w = run.parameter(layer.weight);
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    double factor = w.values[w.size(0) == 1 ? 0 : size_t(c)], number = in.at(n, c, y, x);
    run.output->at(n, c, y, x) = number > 0 ? number : factor * number;
    run.kinks->compare(number, 0);
  });
}

void oracle::backward(const PReluLayer &layer, LayerRun &run) {
  const Array &in = run.input(), &w = run.parameter(layer.weight);
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    size_t shared = w.size(0) == 1 ? 0 : size_t(c);
    double number = in.at(n, c, y, x), dy = run.outputGradient->at(n, c, y, x);
    run.inputGradients[0]->at(n, c, y, x) += number > 0 ? dy : dy * w.values[shared];
    if (!(number > 0))
      run.parameterGradient(layer.weight).values[shared] += dy * number;
  });
}

void oracle::forward(const ScaleLayer &layer, LayerRun &run) {
  const Array &in = run.input();
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    run.output->at(n, c, y, x) =
        layer.weight ? in.at(n, c, y, x) * run.parameter(*layer.weight).values[size_t(c)]
                     : in.at(n, c, y, x) * layer.factor + layer.offset;
  });
}

void oracle::backward(const ScaleLayer &layer, LayerRun &run) {
  const Array &in = run.input();
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    double dy = run.outputGradient->at(n, c, y, x), factor = layer.factor;
    if (layer.weight) {
      factor = run.parameter(*layer.weight).values[size_t(c)];
      run.parameterGradient(*layer.weight).values[size_t(c)] += dy * in.at(n, c, y, x);
    }
    run.inputGradients[0]->at(n, c, y, x) += dy * factor;
  });
}

//===----------------------------------------------------------------------===//
// Softmax
//===----------------------------------------------------------------------===//

/// The logarithm of softmax at one channel of one position.
static double logProbability(const Array &in, int64_t n, int64_t c, int64_t y, int64_t x) {
  double sum = 0; // relative to this channel
  for (int64_t j = 0; j < in.size(1); ++j)
    sum += std::exp(in.at(n, j, y, x) - in.at(n, c, y, x));
  return -std::log(sum);
}

void oracle::forward(const SoftmaxLayer &layer, LayerRun &run) {
  forEach(run.input(), [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    double logarithm = logProbability(run.input(), n, c, y, x);
    run.output->at(n, c, y, x) = layer.isLog ? logarithm : std::exp(logarithm);
  });
}

/// dp_c/dx_j = p_c * ([c = j] - p_j); of the logarithm, the same without p_c.
void oracle::backward(const SoftmaxLayer &layer, LayerRun &run) {
  const Array &in = run.input();
  forEach(in, [&](int64_t n, int64_t c, int64_t y, int64_t x) {
    double dy = run.outputGradient->at(n, c, y, x);
    if (!layer.isLog)
      dy *= std::exp(logProbability(in, n, c, y, x));
    for (int64_t j = 0; j < in.size(1); ++j)
      run.inputGradients[0]->at(n, j, y, x) +=
          dy * ((c == j ? 1 : 0) - std::exp(logProbability(in, n, j, y, x)));
  });
}

//===----------------------------------------------------------------------===//
// Dropout
//===----------------------------------------------------------------------===//

/// Word 0 of Philox4x32-10 (Salmon et al. 2011).
static uint32_t philox(uint32_t index, const DropoutKey &dropout) {
  uint32_t a = index, b = uint32_t(dropout.step), c = uint32_t(dropout.step >> 32),
           d = dropout.stream;
  uint32_t left = uint32_t(dropout.seed), right = uint32_t(dropout.seed >> 32);
  for (int round = 0; round < 10; ++round) {
    uint64_t p = a * uint64_t(0xD2511F53), q = c * uint64_t(0xCD9E8D57);
    a = uint32_t(q >> 32) ^ b ^ left;
    b = uint32_t(q);
    c = uint32_t(p >> 32) ^ d ^ right;
    d = uint32_t(p);
    left += 0x9E3779B9;
    right += 0xBB67AE85;
  }
  return a;
}

/// What training multiplies an element with.
static double dropoutFactor(const DropoutLayer &layer, const LayerRun &run, size_t element) {
  size_t perImage = run.input().values.size() / size_t(run.input().size(0));
  size_t index = layer.wholeImage ? element / perImage : element;
  bool stays =
      double(philox(uint32_t(index), run.dropout)) >= std::floor(std::ldexp(layer.probability, 32));
  return stays ? 1 / (1 - layer.probability) : 0;
}

void oracle::forward(const DropoutLayer &layer, LayerRun &run) {
  for (size_t i = 0; i < run.output->values.size(); ++i) {
    double factor = run.isTraining ? dropoutFactor(layer, run, i) : 1;
    run.output->values[i] = factor * run.input().values[i];
  }
}

void oracle::backward(const DropoutLayer &layer, LayerRun &run) {
  for (size_t i = 0; i < run.output->values.size(); ++i)
    run.inputGradients[0]->values[i] +=
        dropoutFactor(layer, run, i) * run.outputGradient->values[i];
}
