//===- Norm.cpp - Normalization -------------------------------------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult BatchNormOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  Value input = adaptor.getInput();
  if (rankOf(input) < 2)
    return emitOptionalError(loc, "rank must be at least 2, but is ", rankOf(input)); // (C1)
  if (!(adaptor.getEpsilon().convertToDouble() > 0))
    return emitOptionalError(loc, "epsilon must be positive"); // (C2)
  RankedTensorType statistic = withShape(input, {shapeOf(input)[1]});
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

void BatchNormOp::buildGradients(GradientSink &sink) {
  // With m elements a channel and r = 1/sqrt(variance + epsilon):
  // dx = r * (dy - sum(dy)/m - y * sum(dy*y)/m) + dmean/m + 2/m * (x - mean) * dvariance.
  Value x = getInput(), y = getOutput();
  SmallVector<int64_t> others = allButChannels(rankOf(x));
  double share =
      double(shapeOf(getMean())[0]) / double(cast<RankedTensorType>(x.getType()).getNumElements());
  auto mean = [&](Value value) -> Value {
    return sink.create<ScaleOp>(sink.create<ReduceSumOp>(value, others), share);
  };
  Value total;
  auto accumulate = [&](Value term) { total = total ? sink.create<AddOp>(total, term) : term; };
  if (Value dy = sink.result(0)) {
    Value deviation = deviationPower(sink, getVariance(), getEpsilon(), -0.5);
    Value centered = sink.create<SubOp>(dy, broadcastLike(sink, mean(dy), {1}, x));
    Value along = sink.create<ScaleChannelsOp>(y, mean(sink.create<MulOp>(dy, y)));
    accumulate(sink.create<ScaleChannelsOp>(sink.create<SubOp>(centered, along), deviation));
  }
  if (Value dmean = sink.result(1))
    accumulate(broadcastLike(sink, sink.create<ScaleOp>(dmean, share), {1}, x));
  if (Value dvariance = sink.result(2)) {
    Value centered = sink.create<SubOp>(x, broadcastLike(sink, getMean(), {1}, x));
    accumulate(sink.create<ScaleChannelsOp>(centered, sink.create<ScaleOp>(dvariance, 2 * share)));
  }
  sink.set(0, total);
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
