//===- oracle.cpp - Ops by their formulas ---------------------------------===//

#include "test/compiler/Autodiff/Oracle.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/TypeSwitch.h"

#include <algorithm>
#include <cmath>
#include <limits>

using namespace mlir;
using namespace cnnc::test;
using llvm::ArrayRef;

static Tensor resultOf(Operation *op, unsigned index = 0) {
  return Tensor(cast<RankedTensorType>(op->getResult(index).getType()).getShape());
}

//===----------------------------------------------------------------------===//
// Convolution
//===----------------------------------------------------------------------===//

/// The input with its inner zeros, at a position of the padded image.
static double dilatedAt(const Tensor &x, int64_t n, int64_t c, int64_t h, int64_t w,
                        ArrayRef<int64_t> dilation) {
  if (h < 0 || w < 0 || h % dilation[0] != 0 || w % dilation[1] != 0)
    return 0;
  h /= dilation[0];
  w /= dilation[1];
  return h < x.size(2) && w < x.size(3) ? x.at(n, c, h, w) : 0;
}

static Tensor convolve(cnn::Conv2DOp op, const Tensor &x, const Tensor &w) {
  Tensor y = resultOf(op);
  ArrayRef<int64_t> s = op.getStrides(), d = op.getDilations(), pad = op.getPadding();
  int64_t outputsOfGroup = w.size(0) / op.getGroups();
  int64_t outputsOfPart = w.size(0) / op.getBatchGroups();
  for (int64_t n = 0; n < y.size(0); ++n)
    for (int64_t o = 0; o < y.size(1); ++o)
      for (int64_t p = 0; p < y.size(2); ++p)
        for (int64_t q = 0; q < y.size(3); ++q)
          for (int64_t c = 0; c < w.size(1); ++c)
            for (int64_t k = 0; k < w.size(2); ++k)
              for (int64_t l = 0; l < w.size(3); ++l) {
                int64_t image = o / outputsOfPart * y.size(0) + n;
                int64_t channel = o / outputsOfGroup * w.size(1) + c;
                y.at(n, o, p, q) += w.at(o, c, k, l) *
                                    dilatedAt(x, image, channel, p * s[0] + k * d[0] - pad[0],
                                              q * s[1] + l * d[1] - pad[2], op.getInputDilations());
              }
  return y;
}

static Tensor turn(cnn::TransposeFilterOp op, const Tensor &w) {
  Tensor t = resultOf(op);
  int64_t groups = op.getGroups(), outputs = w.size(0) / groups;
  for (int64_t g = 0; g < groups; ++g)
    for (int64_t o = 0; o < outputs; ++o)
      for (int64_t c = 0; c < w.size(1); ++c)
        for (int64_t k = 0; k < w.size(2); ++k)
          for (int64_t l = 0; l < w.size(3); ++l)
            t.at(g * w.size(1) + c, o, k, l) =
                w.at(g * outputs + o, c, w.size(2) - 1 - k, w.size(3) - 1 - l);
  return t;
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

/// What `reduce` makes of the taps of each window; a tap in padding has `inside` false.
template <typename OpTy, typename Reduce>
static Tensor pool(OpTy op, const Tensor &x, ArrayRef<int64_t> inputDilation, Reduce reduce) {
  Tensor y = resultOf(op);
  ArrayRef<int64_t> size = op.getKernel(), s = op.getStrides(), d = op.getDilations();
  ArrayRef<int64_t> pad = op.getPadding();
  for (int64_t n = 0; n < y.size(0); ++n)
    for (int64_t c = 0; c < y.size(1); ++c)
      for (int64_t p = 0; p < y.size(2); ++p)
        for (int64_t q = 0; q < y.size(3); ++q) {
          std::vector<double> inside;
          for (int64_t k = 0; k < size[0]; ++k)
            for (int64_t l = 0; l < size[1]; ++l) {
              int64_t h = p * s[0] + k * d[0] - pad[0], w = q * s[1] + l * d[1] - pad[2];
              bool isReal = h >= 0 && w >= 0 && h <= (x.size(2) - 1) * inputDilation[0] &&
                            w <= (x.size(3) - 1) * inputDilation[1];
              if (isReal)
                inside.push_back(dilatedAt(x, n, c, h, w, inputDilation));
            }
          y.at(n, c, p, q) = reduce(inside, p, q);
        }
  return y;
}

static double sum(const std::vector<double> &values) {
  double total = 0;
  for (double value : values)
    total += value;
  return total;
}

/// The padded positions that an average counts: all but what rounding up added.
static double countWithPadding(cnn::AvgPoolOp op, const Tensor &x, int64_t p, int64_t q) {
  double count = 0;
  for (int64_t k = 0; k < op.getKernel()[0]; ++k)
    for (int64_t l = 0; l < op.getKernel()[1]; ++l) {
      int64_t h = p * op.getStrides()[0] + k * op.getDilations()[0];
      int64_t w = q * op.getStrides()[1] + l * op.getDilations()[1];
      ArrayRef<int64_t> pad = op.getPadding(), over = op.getOverhang();
      count +=
          h < x.size(2) + pad[0] + pad[1] - over[0] && w < x.size(3) + pad[2] + pad[3] - over[1];
    }
  return count;
}

static Tensor average(cnn::AvgPoolOp op, const Tensor &x) {
  return pool(op, x, {1, 1}, [&](const std::vector<double> &inside, int64_t p, int64_t q) {
    double count = op.getCountPad() ? countWithPadding(op, x, p, q) : double(inside.size());
    return sum(inside) / count;
  });
}

//===----------------------------------------------------------------------===//
// Channels: [N, C, ...] as images of `inner` positions
//===----------------------------------------------------------------------===//

namespace {
struct Channels {
  explicit Channels(const Tensor &x) : batch(x.size(0)), channels(x.size(1)) {
    inner = int64_t(x.values.size()) / (batch * channels);
  }
  size_t index(int64_t n, int64_t c, int64_t i) const { return (n * channels + c) * inner + i; }
  template <typename Body> void forEach(Body body) const {
    for (int64_t n = 0; n < batch; ++n)
      for (int64_t c = 0; c < channels; ++c)
        for (int64_t i = 0; i < inner; ++i)
          body(n, c, i);
  }
  int64_t batch, channels, inner;
};
} // namespace

static Tensor sumChannelWindows(const Tensor &x, int64_t before, int64_t after, bool squared) {
  Tensor y(x.shape);
  Channels at(x);
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    for (int64_t j = c - before; j <= c + after; ++j)
      if (j >= 0 && j < at.channels) {
        double value = x.values[at.index(n, j, i)];
        y.values[at.index(n, c, i)] += squared ? value * value : value;
      }
  });
  return y;
}

static Tensor normalizeLocally(cnn::LrnOp op, const Tensor &x) {
  int64_t size = op.getSize();
  double alpha = op.getAlpha().convertToDouble(), beta = op.getBeta().convertToDouble();
  double k = op.getK().convertToDouble();
  Tensor y = sumChannelWindows(x, size / 2, (size - 1) / 2, /*squared=*/true);
  for (auto [out, in] : llvm::zip_equal(y.values, x.values))
    out = in / std::pow(k + alpha / double(size) * out, beta);
  return y;
}

static Tensor normalize(const Tensor &x, const Tensor &mean, const Tensor &variance,
                        double epsilon) {
  Tensor y(x.shape);
  Channels at(x);
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    y.values[at.index(n, c, i)] =
        (x.values[at.index(n, c, i)] - mean.values[c]) / std::sqrt(variance.values[c] + epsilon);
  });
  return y;
}

static std::vector<Tensor> normalizeBatch(cnn::BatchNormOp op, const Tensor &x) {
  Tensor mean = resultOf(op, 1), variance = resultOf(op, 2);
  Channels at(x);
  double count = double(at.batch * at.inner);
  at.forEach(
      [&](int64_t n, int64_t c, int64_t i) { mean.values[c] += x.values[at.index(n, c, i)]; });
  for (double &value : mean.values)
    value /= count;
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    variance.values[c] += std::pow(x.values[at.index(n, c, i)] - mean.values[c], 2) / count;
  });
  return {normalize(x, mean, variance, op.getEpsilon().convertToDouble()), mean, variance};
}

/// Normalizes the values with equal `statisticOf(n, c, i)` by their mean and variance.
template <typename StatisticOf>
static std::vector<Tensor> normalizeBy(Operation *op, const Tensor &x, double epsilon,
                                       StatisticOf statisticOf) {
  Tensor y(x.shape), mean = resultOf(op, 1), variance = resultOf(op, 2);
  Channels at(x);
  double count = double(x.values.size()) / double(mean.values.size());
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    mean.values[statisticOf(n, c, i)] += x.values[at.index(n, c, i)] / count;
  });
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    double centered = x.values[at.index(n, c, i)] - mean.values[statisticOf(n, c, i)];
    variance.values[statisticOf(n, c, i)] += centered * centered / count;
  });
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    size_t s = statisticOf(n, c, i);
    y.values[at.index(n, c, i)] =
        (x.values[at.index(n, c, i)] - mean.values[s]) / std::sqrt(variance.values[s] + epsilon);
  });
  return {y, mean, variance};
}

static std::vector<Tensor> normalizeGroups(cnn::GroupNormOp op, const Tensor &x) {
  int64_t groups = op.getGroups(), channels = x.size(1) / groups;
  return normalizeBy(op, x, op.getEpsilon().convertToDouble(),
                     [=](int64_t n, int64_t c, int64_t) { return n * groups + c / channels; });
}

static std::vector<Tensor> normalizePositions(cnn::PositionNormOp op, const Tensor &x) {
  int64_t inner = Channels(x).inner;
  return normalizeBy(op, x, op.getEpsilon().convertToDouble(),
                     [=](int64_t n, int64_t, int64_t i) { return n * inner + i; });
}

static Tensor rectifyChannels(const Tensor &x, const Tensor &slopes) {
  Tensor y(x.shape);
  Channels at(x);
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    double value = x.values[at.index(n, c, i)];
    double slope = slopes.values[slopes.size(0) == 1 ? 0 : c];
    y.values[at.index(n, c, i)] = value > 0 ? value : slope * value;
  });
  return y;
}

static Tensor perChannel(const Tensor &x, const Tensor &values, bool isFactor) {
  Tensor y(x.shape);
  Channels at(x);
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    double value = x.values[at.index(n, c, i)];
    y.values[at.index(n, c, i)] = isFactor ? value * values.values[c] : value + values.values[c];
  });
  return y;
}

static Tensor softmax(const Tensor &x) {
  Tensor y(x.shape), sums({x.size(0), int64_t(x.values.size()) / (x.size(0) * x.size(1))});
  Channels at(x);
  auto sumAt = [&](int64_t n, int64_t i) -> double & { return sums.values[n * at.inner + i]; };
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    sumAt(n, i) += std::exp(x.values[at.index(n, c, i)]);
  });
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    y.values[at.index(n, c, i)] = std::exp(x.values[at.index(n, c, i)]) / sumAt(n, i);
  });
  return y;
}

static Tensor crossEntropy(cnn::CrossEntropyOp op, const Tensor &logits, const Tensor &labels) {
  Tensor p = softmax(logits), loss(ArrayRef<int64_t>{});
  Channels at(logits);
  double smooth = op.getSmooth().convertToDouble(), classes = double(at.channels);
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    bool isLabel = labels.values[n * at.inner + i] == double(c);
    double wanted = (isLabel ? 1 - smooth : 0) + smooth / classes;
    loss.values[0] -= wanted * std::log(p.values[at.index(n, c, i)]) / double(at.batch * at.inner);
  });
  return loss;
}

/// The mean over labels of what `term` says of a class's score, its label's score, and
/// whether both are the same.
template <typename Term>
static Tensor meanOverLabels(const Tensor &scores, const Tensor &labels, Term term) {
  Tensor loss(ArrayRef<int64_t>{});
  Channels at(scores);
  at.forEach([&](int64_t n, int64_t c, int64_t i) {
    int64_t label = int64_t(labels.values[n * at.inner + i]);
    double right = scores.values[at.index(n, label, i)];
    loss.values[0] +=
        term(scores.values[at.index(n, c, i)], right, c == label) / double(at.batch * at.inner);
  });
  return loss;
}

//===----------------------------------------------------------------------===//
// Products, shapes, single elements
//===----------------------------------------------------------------------===//

static Tensor multiply(cnn::MatmulOp op, const Tensor &a, const Tensor &b) {
  Tensor y = resultOf(op);
  bool ta = op.getTransposeA(), tb = op.getTransposeB();
  int64_t inner = a.size(ta ? 0 : 1);
  for (int64_t i = 0; i < y.size(0); ++i)
    for (int64_t j = 0; j < y.size(1); ++j)
      for (int64_t k = 0; k < inner; ++k)
        y.values[i * y.size(1) + j] += a.values[ta ? k * a.size(1) + i : i * a.size(1) + k] *
                                       b.values[tb ? j * b.size(1) + k : k * b.size(1) + j];
  return y;
}

std::vector<int64_t> cnnc::test::coordinates(ArrayRef<int64_t> shape, int64_t index) {
  std::vector<int64_t> result(shape.size());
  for (int64_t dim = int64_t(shape.size()) - 1; dim >= 0; --dim) {
    result[dim] = index % shape[dim];
    index /= shape[dim];
  }
  return result;
}

int64_t cnnc::test::number(ArrayRef<int64_t> shape, ArrayRef<int64_t> position) {
  int64_t index = 0;
  for (auto [size, at] : llvm::zip_equal(shape, position))
    index = index * size + at;
  return index;
}

static Tensor transpose(cnn::TransposeOp op, const Tensor &x) {
  Tensor y = resultOf(op);
  for (int64_t i = 0; i < int64_t(y.values.size()); ++i) {
    std::vector<int64_t> to = coordinates(y.shape, i), from(to.size());
    for (auto [dim, source] : llvm::enumerate(op.getPermutation()))
      from[source] = to[dim];
    y.values[i] = x.values[number(x.shape, from)];
  }
  return y;
}

static Tensor reduceSum(cnn::ReduceSumOp op, const Tensor &x) {
  Tensor y = resultOf(op);
  for (int64_t i = 0; i < int64_t(x.values.size()); ++i) {
    std::vector<int64_t> from = coordinates(x.shape, i), to;
    for (auto [dim, position] : llvm::enumerate(from))
      if (!llvm::is_contained(op.getDims(), int64_t(dim)))
        to.push_back(position);
    y.values[number(y.shape, to)] += x.values[i];
  }
  return y;
}

static Tensor broadcast(cnn::BroadcastOp op, const Tensor &x) {
  Tensor y = resultOf(op);
  for (int64_t i = 0; i < int64_t(y.values.size()); ++i) {
    std::vector<int64_t> to = coordinates(y.shape, i), from;
    for (int64_t dim : op.getDims())
      from.push_back(to[dim]);
    y.values[i] = x.values[number(x.shape, from)];
  }
  return y;
}

template <typename Function> static Tensor map(const Tensor &x, Function function) {
  Tensor y(x.shape);
  llvm::transform(x.values, y.values.begin(), function);
  return y;
}
template <typename Function>
static Tensor zip(const Tensor &a, const Tensor &b, Function function) {
  Tensor y(a.shape);
  for (auto [out, left, right] : llvm::zip_equal(y.values, a.values, b.values))
    out = function(left, right);
  return y;
}

static Tensor reshaped(Operation *op, const Tensor &x) {
  Tensor y = resultOf(op);
  y.values = x.values;
  return y;
}

/// The mean over all elements of a function of both.
template <typename Function>
static Tensor meanOf(const Tensor &a, const Tensor &b, Function function) {
  Tensor terms = zip(a, b, function), loss(ArrayRef<int64_t>{});
  loss.values[0] = sum(terms.values) / double(terms.values.size());
  return loss;
}

/// An op of one element, or null: the activations but those with attributes.
static double (*functionOf(Operation *op))(double) {
  using Function = double (*)(double);
  return llvm::TypeSwitch<Operation *, Function>(op)
      .Case([](cnn::ReluOp) -> Function { return [](double v) { return v > 0 ? v : 0.0; }; })
      .Case([](cnn::Relu6Op) -> Function {
        return [](double v) { return v > 6 ? 6.0 : v > 0 ? v : 0.0; };
      })
      .Case(
          [](cnn::EluOp) -> Function { return [](double v) { return v > 0 ? v : std::expm1(v); }; })
      .Case([](cnn::TanhOp) -> Function { return [](double v) { return std::tanh(v); }; })
      .Case([](cnn::SigmoidOp) -> Function {
        return [](double v) { return 1 / (1 + std::exp(-v)); };
      })
      .Case([](cnn::HardSigmoidOp) -> Function {
        return [](double v) { return std::clamp(v / 6 + 0.5, 0.0, 1.0); };
      })
      .Case([](cnn::HardSwishOp) -> Function {
        return [](double v) { return v * std::clamp(v / 6 + 0.5, 0.0, 1.0); };
      })
      .Case([](cnn::SoftplusOp) -> Function {
        return [](double v) { return std::log1p(std::exp(v)); };
      })
      .Case([](cnn::GeluOp) -> Function {
        return [](double v) { return v / 2 * (1 + std::erf(v / std::sqrt(2.0))); };
      })
      .Case([](cnn::SiluOp) -> Function { return [](double v) { return v / (1 + std::exp(-v)); }; })
      .Case([](cnn::ExpOp) -> Function { return [](double v) { return std::exp(v); }; })
      .Case([](cnn::ErfcOp) -> Function { return [](double v) { return 1 - std::erf(v); }; })
      .Default([](Operation *) { return nullptr; });
}

static Tensor meanHuber(cnn::HuberOp op, const Tensor &a, const Tensor &b) {
  double delta = op.getDelta().convertToDouble();
  return meanOf(a, b, [=](double x, double t) {
    double distance = std::abs(x - t);
    return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2);
  });
}

static Tensor meanBinaryCrossEntropy(const Tensor &a, const Tensor &b) {
  return meanOf(a, b, [](double x, double t) {
    // -log sigmoid(x) = log(1 + exp(-x)), and 1 - sigmoid(x) = sigmoid(-x).
    return t * std::log1p(std::exp(-x)) + (1 - t) * std::log1p(std::exp(x));
  });
}

//===----------------------------------------------------------------------===//
// All ops
//===----------------------------------------------------------------------===//

bool cnnc::test::isExactOnIntegers(Operation *op) {
  if (auto upsample = dyn_cast<cnn::UpsampleOp>(op))
    return !upsample.getBilinear();
  return isa<cnn::PadOp, cnn::ConcatOp, cnn::Conv2DOp, cnn::TransposeFilterOp, cnn::MaxPoolOp,
             cnn::SumPoolOp, cnn::ChannelWindowSumOp, cnn::MatmulOp, cnn::BiasAddOp,
             cnn::ScaleChannelsOp, cnn::ReluOp, cnn::ReluMaskOp, cnn::Relu6Op, cnn::PReluOp,
             cnn::MaxOp, cnn::WhereOp, cnn::AddOp, cnn::SubOp, cnn::MulOp, cnn::ScaleOp,
             cnn::ReshapeOp, cnn::TransposeOp, cnn::ReduceSumOp, cnn::BroadcastOp>(op);
}

/// The value of a loss, or nothing for other ops.
static std::optional<Tensor> evaluateLoss(Operation *op, ArrayRef<Tensor> in) {
  using Loss = std::optional<Tensor>;
  return llvm::TypeSwitch<Operation *, Loss>(op)
      .Case([&](cnn::CrossEntropyOp o) { return Loss(crossEntropy(o, in[0], in[1])); })
      .Case([&](cnn::NegativeLogLikelihoodOp) {
        return Loss(meanOverLabels(
            in[0], in[1], [](double x, double, bool isLabel) { return isLabel ? -x : 0; }));
      })
      .Case([&](cnn::HingeOp) {
        return Loss(meanOverLabels(in[0], in[1], [](double x, double right, bool isLabel) {
          return isLabel ? 0 : std::max(0.0, 1 + x - right);
        }));
      })
      .Case([&](cnn::MeanSquaredErrorOp) {
        return Loss(meanOf(in[0], in[1], [](double x, double t) { return (x - t) * (x - t); }));
      })
      .Case([&](cnn::MeanAbsoluteErrorOp) {
        return Loss(meanOf(in[0], in[1], [](double x, double t) { return std::abs(x - t); }));
      })
      .Case([&](cnn::HuberOp o) { return Loss(meanHuber(o, in[0], in[1])); })
      .Case([&](cnn::BinaryCrossEntropyOp) { return Loss(meanBinaryCrossEntropy(in[0], in[1])); })
      .Default([](Operation *) { return std::nullopt; });
}

std::optional<std::vector<Tensor>> cnnc::test::evaluate(Operation *op, ArrayRef<Tensor> in) {
  using Results = std::optional<std::vector<Tensor>>;
  auto one = [](Tensor tensor) { return Results({std::move(tensor)}); };
  auto largest = [](const std::vector<double> &v, int64_t, int64_t) {
    return *llvm::max_element(v);
  };
  auto total = [](const std::vector<double> &v, int64_t, int64_t) { return sum(v); };
  auto norm = [](const std::vector<double> &v, int64_t, int64_t) {
    double squares = 0;
    for (double value : v)
      squares += value * value;
    return std::sqrt(squares);
  };
  if (double (*function)(double) = functionOf(op))
    return one(map(in[0], function));
  if (std::optional<Tensor> loss = evaluateLoss(op, in))
    return one(std::move(*loss));
  return llvm::TypeSwitch<Operation *, Results>(op)
      .Case([&](cnn::Conv2DOp o) { return one(convolve(o, in[0], in[1])); })
      .Case([&](cnn::TransposeFilterOp o) { return one(turn(o, in[0])); })
      .Case([&](cnn::MaxPoolOp o) { return one(pool(o, in[0], {1, 1}, largest)); })
      .Case([&](cnn::SumPoolOp o) { return one(pool(o, in[0], o.getInputDilations(), total)); })
      .Case([&](cnn::L2PoolOp o) { return one(pool(o, in[0], {1, 1}, norm)); })
      .Case([&](cnn::AvgPoolOp o) { return one(average(o, in[0])); })
      .Case([&](cnn::LrnOp o) { return one(normalizeLocally(o, in[0])); })
      .Case([&](cnn::ChannelWindowSumOp o) {
        return one(sumChannelWindows(in[0], o.getBefore(), o.getAfter(), false));
      })
      .Case([&](cnn::BatchNormOp o) { return Results(normalizeBatch(o, in[0])); })
      .Case([&](cnn::NormalizeOp o) {
        return one(normalize(in[0], in[1], in[2], o.getEpsilon().convertToDouble()));
      })
      .Case([&](cnn::SoftmaxOp) { return one(softmax(in[0])); })
      .Case([&](cnn::MatmulOp o) { return one(multiply(o, in[0], in[1])); })
      .Case([&](cnn::BiasAddOp) { return one(perChannel(in[0], in[1], false)); })
      .Case([&](cnn::ScaleChannelsOp) { return one(perChannel(in[0], in[1], true)); })
      .Case([&](cnn::ReluMaskOp) {
        return one(zip(in[0], in[1], [](double v, double m) { return m > 0 ? v : 0.0; }));
      })
      .Case([&](cnn::LReluOp o) {
        double slope = o.getSlope().convertToDouble();
        return one(map(in[0], [=](double v) { return v > 0 ? v : slope * v; }));
      })
      .Case([&](cnn::PReluOp) { return one(rectifyChannels(in[0], in[1])); })
      .Case([&](cnn::LogSoftmaxOp) {
        return one(map(softmax(in[0]), [](double v) { return std::log(v); }));
      })
      .Case([&](cnn::GroupNormOp o) { return Results(normalizeGroups(o, in[0])); })
      .Case([&](cnn::PositionNormOp o) { return Results(normalizePositions(o, in[0])); })
      .Case([&](cnn::MaxOp) {
        return one(zip(in[0], in[1], [](double a, double b) { return std::max(a, b); }));
      })
      .Case([&](cnn::WhereOp) {
        Tensor y = in[2];
        for (size_t i = 0; i < y.values.size(); ++i)
          if (in[0].values[i] > 0)
            y.values[i] = in[1].values[i];
        return one(y);
      })
      .Case([&](cnn::AddOp) { return one(zip(in[0], in[1], std::plus<>())); })
      .Case([&](cnn::SubOp) { return one(zip(in[0], in[1], std::minus<>())); })
      .Case([&](cnn::MulOp) { return one(zip(in[0], in[1], std::multiplies<>())); })
      .Case([&](cnn::DivOp) {
        return one(zip(in[0], in[1], [](double a, double b) { return b == 0 ? 0.0 : a / b; }));
      })
      .Case([&](cnn::ScaleOp o) {
        double factor = o.getFactor().convertToDouble(), offset = o.getOffset().convertToDouble();
        return one(map(in[0], [=](double v) { return factor * v + offset; }));
      })
      .Case([&](cnn::PowOp o) {
        double exponent = o.getExponent().convertToDouble();
        return one(map(in[0], [=](double v) { return std::pow(v, exponent); }));
      })
      .Case([&](cnn::ReshapeOp) { return one(reshaped(op, in[0])); })
      .Case([&](cnn::TransposeOp o) { return one(transpose(o, in[0])); })
      .Case([&](cnn::ReduceSumOp o) { return one(reduceSum(o, in[0])); })
      .Case([&](cnn::BroadcastOp o) { return one(broadcast(o, in[0])); })
      .Default([&](Operation *) {
        std::optional<Tensor> result = evaluateResolution(op, in);
        return result ? one(std::move(*result)) : std::nullopt;
      });
}
