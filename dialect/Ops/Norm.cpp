//===- Norm.cpp - Normalization -------------------------------------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

/// What all norms ask of their input.
static LogicalResult checkNorm(std::optional<Location> loc, ValueRange operands,
                               const APFloat &epsilon) {
  if (failed(checkTensors(loc, operands)))
    return failure();
  if (rankOf(operands[0]) < 2)
    return emitOptionalError(loc, "rank must be at least 2, but is ", rankOf(operands[0]));
  if (!(epsilon.convertToDouble() > 0))
    return emitOptionalError(loc, "epsilon must be positive");
  return success();
}

LogicalResult BatchNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkNorm(loc, adaptor.getOperands(), adaptor.getEpsilon())))
    return failure(); // (C1) (C2)
  Value input = adaptor.getInput();
  RankedTensorType statistic = withShape(input, {shapeOf(input)[1]});
  types.assign({input.getType(), statistic, statistic});
  return success();
}

LogicalResult GroupNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkNorm(loc, adaptor.getOperands(), adaptor.getEpsilon())))
    return failure(); // (C1) (C3)
  Value input = adaptor.getInput();
  int64_t groups = adaptor.getGroups(), channels = shapeOf(input)[1];
  if (groups < 1 || channels % groups != 0)
    return emitOptionalError(loc, "groups must divide the ", channels, " channels, but are ",
                             groups); // (C2)
  RankedTensorType statistic = withShape(input, {shapeOf(input)[0], groups});
  types.assign({input.getType(), statistic, statistic});
  return success();
}

LogicalResult PositionNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                               Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkNorm(loc, adaptor.getOperands(), adaptor.getEpsilon())))
    return failure(); // (C1) (C2)
  Value input = adaptor.getInput();
  SmallVector<int64_t> shape(shapeOf(input));
  shape.erase(shape.begin() + 1);
  RankedTensorType statistic = withShape(input, shape);
  types.assign({input.getType(), statistic, statistic});
  return success();
}

//===----------------------------------------------------------------------===//
// Verify
//===----------------------------------------------------------------------===//

LogicalResult LrnOp::verify() {
  if (rankOf(getInput()) < 2)
    return emitOpError("expects a rank of at least 2, but got ") << rankOf(getInput()); // (C1)
  // I64Attr reads as unsigned.
  if (int64_t(getSize()) < 1 || !(getK().convertToDouble() > 0) ||
      !(getAlpha().convertToDouble() >= 0))
    return emitOpError("expects positive 'size' and 'k' and no negative 'alpha'"); // (C2)
  return success();
}

LogicalResult ChannelWindowSumOp::verify() {
  if (rankOf(getInput()) < 2)
    return emitOpError("expects a rank of at least 2, but got ") << rankOf(getInput()); // (C1)
  if (int64_t(getBefore()) < 0 || int64_t(getAfter()) < 0)
    return emitOpError("expects 'before' and 'after' not to be negative"); // (C2)
  return success();
}

LogicalResult NormalizeOp::verify() {
  if (rankOf(getInput()) < 2 || rankOf(getMean()) != 1 ||
      shapeOf(getMean())[0] != shapeOf(getInput())[1])
    return emitOpError("expects one mean and variance a channel of ")
           << getInput().getType() << ", but got " << getMean().getType(); // (C1)
  if (!(getEpsilon().convertToDouble() > 0))
    return emitOpError("expects a positive 'epsilon'"); // (C2)
  return success();
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

void ChannelWindowSumOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<ChannelWindowSumOp>(sink.result(), /*before=*/getAfter(),
                                              /*after=*/getBefore()));
}

void LrnOp::buildGradients(GradientSink &sink) {
  // With s = k + a * window(x^2), a = alpha/size, y = x * s^-beta:
  // dx = dy * s^-beta - 2 * a * beta * x * window^T(dy * x * s^(-beta-1)).
  int64_t before = getSize() / 2, after = (getSize() - 1) / 2;
  double rate = getAlpha().convertToDouble() / getSize();
  double beta = getBeta().convertToDouble();
  Value x = getInput(), dy = sink.result();
  Value square = sink.create<MulOp>(x, x);
  Value sums = sink.create<ChannelWindowSumOp>(square, before, after);
  Value base = sink.create<ScaleOp>(sums, rate, getK().convertToDouble());
  Value direct = sink.create<MulOp>(dy, sink.create<PowOp>(base, -beta));
  Value inner = sink.create<MulOp>(sink.create<MulOp>(dy, x), sink.create<PowOp>(base, -beta - 1));
  Value spread = sink.create<ChannelWindowSumOp>(inner, /*before=*/after, /*after=*/before);
  Value indirect = sink.create<ScaleOp>(sink.create<MulOp>(x, spread), 2 * rate * beta);
  sink.set(0, sink.create<SubOp>(direct, indirect));
}

/// (variance + epsilon)^exponent, one element a channel.
static Value deviationPower(GradientSink &sink, Value variance, const APFloat &epsilon,
                            double exponent) {
  Value shifted = sink.create<ScaleOp>(variance, 1.0, epsilon.convertToDouble());
  return sink.create<PowOp>(shifted, exponent);
}

namespace {
/// A tensor normalized by its own statistics over the dimensions `reduced`; the mean and
/// the variance have the dimensions `kept`.
struct Normalization {
  Value x, y, mean, variance;
  APFloat epsilon;
  SmallVector<int64_t> reduced, kept;

  Value gradient(GradientSink &sink, Value dy, Value dmean, Value dvariance) const;

private:
  /// Each value times the factor of its statistics.
  Value scaleBy(GradientSink &sink, Value value, Value factors) const {
    if (kept == ArrayRef<int64_t>{1})
      return sink.create<ScaleChannelsOp>(value, factors);
    return sink.create<MulOp>(value, broadcastLike(sink, factors, kept, value));
  }
};
} // namespace

Value Normalization::gradient(GradientSink &sink, Value dy, Value dmean, Value dvariance) const {
  // With m elements for each mean and r = 1/sqrt(variance + epsilon):
  // dx = r * (dy - sum(dy)/m - y * sum(dy*y)/m) + dmean/m + 2/m * (x - mean) * dvariance.
  double share = double(cast<RankedTensorType>(mean.getType()).getNumElements()) /
                 double(cast<RankedTensorType>(x.getType()).getNumElements());
  auto meanOf = [&](Value value) -> Value {
    return sink.create<ScaleOp>(sink.create<ReduceSumOp>(value, reduced), share);
  };
  Value total;
  auto accumulate = [&](Value term) { total = total ? sink.create<AddOp>(total, term) : term; };
  if (dy) {
    Value deviation = deviationPower(sink, variance, epsilon, -0.5);
    Value centered = sink.create<SubOp>(dy, broadcastLike(sink, meanOf(dy), kept, x));
    Value along = scaleBy(sink, y, meanOf(sink.create<MulOp>(dy, y)));
    accumulate(scaleBy(sink, sink.create<SubOp>(centered, along), deviation));
  }
  if (dmean)
    accumulate(broadcastLike(sink, sink.create<ScaleOp>(dmean, share), kept, x));
  if (dvariance) {
    Value centered = sink.create<SubOp>(x, broadcastLike(sink, mean, kept, x));
    accumulate(scaleBy(sink, centered, sink.create<ScaleOp>(dvariance, 2 * share)));
  }
  return total;
}

void BatchNormOp::buildGradients(GradientSink &sink) {
  Normalization norm{getInput(),    getOutput(),  getMean(),
                     getVariance(), getEpsilon(), allButChannels(rankOf(getInput())),
                     /*kept=*/{1}};
  sink.set(0, norm.gradient(sink, sink.result(0), sink.result(1), sink.result(2)));
}

void GroupNormOp::buildGradients(GradientSink &sink) {
  // What shares its statistics becomes one dimension, and an image again at the end.
  ArrayRef<int64_t> shape = shapeOf(getInput());
  SmallVector<int64_t> inGroups = groupedShape(shape, getGroups());
  auto grouped = [&](Value value) -> Value {
    if (!value)
      return {};
    return sink.create<ReshapeOp>(value, inGroups);
  };
  Normalization norm{grouped(getInput()), grouped(getOutput()), getMean(),      getVariance(),
                     getEpsilon(),        /*reduced=*/{2},      /*kept=*/{0, 1}};
  Value dx = norm.gradient(sink, grouped(sink.result(0)), sink.result(1), sink.result(2));
  sink.set(0, sink.create<ReshapeOp>(dx, shape));
}

void PositionNormOp::buildGradients(GradientSink &sink) {
  Normalization norm{getInput(),
                     getOutput(),
                     getMean(),
                     getVariance(),
                     getEpsilon(),
                     /*reduced=*/{1},
                     /*kept=*/allButChannels(rankOf(getInput()))};
  sink.set(0, norm.gradient(sink, sink.result(0), sink.result(1), sink.result(2)));
}

void NormalizeOp::buildGradients(GradientSink &sink) {
  // With r = (variance + epsilon)^-1/2: dx = dy * r, dmean = -sum(dy) * r,
  // dvariance = -1/2 * sum(dy * (x - mean)) * r^3.
  Value x = getInput(), dy = sink.result();
  SmallVector<int64_t> others = allButChannels(rankOf(x));
  Value deviation = deviationPower(sink, getVariance(), getEpsilon(), -0.5);
  if (sink.needs(0))
    sink.set(0, sink.create<ScaleChannelsOp>(dy, deviation));
  if (sink.needs(1)) {
    Value sum = sink.create<ReduceSumOp>(dy, others);
    sink.set(1, sink.create<ScaleOp>(sink.create<MulOp>(sum, deviation), -1.0));
  }
  if (sink.needs(2)) {
    Value centered = sink.create<SubOp>(x, broadcastLike(sink, getMean(), {1}, x));
    Value sum = sink.create<ReduceSumOp>(sink.create<MulOp>(dy, centered), others);
    Value cube = deviationPower(sink, getVariance(), getEpsilon(), -1.5);
    sink.set(2, sink.create<ScaleOp>(sink.create<MulOp>(sum, cube), -0.5));
  }
}
