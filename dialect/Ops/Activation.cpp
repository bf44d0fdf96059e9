//===- Activation.cpp - Activation functions ------------------------------===//

#include "dialect/Ops/Rules.h"

#include <numbers>

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Verify
//===----------------------------------------------------------------------===//

static LogicalResult verifyHasChannels(Operation *op, Value input) {
  if (rankOf(input) < 2)
    return op->emitOpError("expects a rank of at least 2, but got ") << rankOf(input);
  return success();
}

LogicalResult SoftmaxOp::verify() { return verifyHasChannels(*this, getInput()); } // (C1)

LogicalResult LogSoftmaxOp::verify() { return verifyHasChannels(*this, getInput()); } // (C1)

LogicalResult PReluOp::verify() {
  int64_t slopes = shapeOf(getSlope())[0];
  if (rankOf(getInput()) < 2 || (slopes != 1 && slopes != shapeOf(getInput())[1]))
    return emitOpError("expects one slope, or one a channel of ")
           << getInput().getType() << ", but got " << getSlope().getType(); // (C1)
  return success();
}

LogicalResult DropoutOp::verify() {
  double probability = getProbability().convertToDouble();
  if (!(probability >= 0 && probability < 1))
    return emitOpError("expects 0 <= 'probability' < 1, but got ") << probability; // (C1)
  if (getWholeImages() && rankOf(getInput()) < 1)
    return emitOpError("expects images, but got ") << getInput().getType(); // (C2)
  return success();
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

void ReluOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<ReluMaskOp>(sink.result(), getOutput()));
}

void ReluMaskOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.create<ReluMaskOp>(sink.result(), getMask()));
}

void LReluOp::buildGradients(GradientSink &sink) {
  // The output has the sign of the input unless the slope turns it, and outlives it.
  bool keepsSign = !getSlope().isNegative();
  Value scaled = sink.create<ScaleOp>(sink.result(), getSlope().convertToDouble());
  sink.set(0, sink.create<WhereOp>(keepsSign ? getOutput() : getInput(), sink.result(), scaled));
}

void PReluOp::buildGradients(GradientSink &sink) {
  Value x = getInput(), w = getSlope(), dy = sink.result();
  if (sink.needs(0)) {
    // One slope for all loses its dimension in the sum over itself.
    Value scaled =
        isShared()
            ? sink.create<MulOp>(
                      dy,
                      broadcastLike(sink, sink.create<ReduceSumOp>(w, ArrayRef<int64_t>{0}), {}, x))
                  .getOutput()
            : sink.create<ScaleChannelsOp>(dy, w).getOutput();
    sink.set(0, sink.create<WhereOp>(x, dy, scaled));
  }
  if (!sink.needs(1))
    return;
  Value product = sink.create<MulOp>(dy, x);
  Value share = maskNotPositive(sink, product, x);
  if (!isShared()) {
    sink.set(1, sink.create<ReduceSumOp>(share, allButChannels(rankOf(x))));
    return;
  }
  auto all = llvm::to_vector(llvm::seq<int64_t>(rankOf(x)));
  sink.set(1, broadcastLike(sink, sink.create<ReduceSumOp>(share, all), {}, w));
}

/// Values where 0 < y < top: the gradient of what is cut off at both ends.
static Value maskInside(GradientSink &sink, Value value, Value y, double top) {
  Value positive = sink.create<ReluMaskOp>(value, y);
  return sink.create<ReluMaskOp>(positive, sink.create<ScaleOp>(y, -1.0, top));
}

void Relu6Op::buildGradients(GradientSink &sink) {
  sink.set(0, maskInside(sink, sink.result(), getOutput(), 6));
}

void EluOp::buildGradients(GradientSink &sink) {
  Value growth = sink.create<ScaleOp>(getOutput(), 1.0, 1.0);
  Value scaled = sink.create<MulOp>(sink.result(), growth);
  sink.set(0, sink.create<WhereOp>(getOutput(), sink.result(), scaled));
}

void HardSigmoidOp::buildGradients(GradientSink &sink) {
  Value inside = maskInside(sink, sink.result(), getOutput(), 1);
  sink.set(0, sink.create<ScaleOp>(inside, 1.0 / 6));
}

void SoftplusOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<MulOp>(sink.result(), sink.create<SigmoidOp>(getInput())));
}

void GeluOp::buildGradients(GradientSink &sink) {
  Value x = getInput();
  constexpr double invSqrt2 = std::numbers::sqrt2 / 2;
  Value tail = sink.create<ErfcOp>(sink.create<ScaleOp>(x, -invSqrt2));
  Value distribution = sink.create<ScaleOp>(tail, 0.5);
  Value exponent = sink.create<ScaleOp>(sink.create<MulOp>(x, x), -0.5);
  Value density =
      sink.create<ScaleOp>(sink.create<ExpOp>(exponent), std::numbers::inv_sqrtpi * invSqrt2);
  Value slope = sink.create<AddOp>(distribution, sink.create<MulOp>(x, density));
  sink.set(0, sink.create<MulOp>(sink.result(), slope));
}

void SiluOp::buildGradients(GradientSink &sink) {
  Value share = sink.create<SigmoidOp>(getInput());
  Value rest = sink.create<ScaleOp>(share, -1.0, 1.0);
  Value bend = sink.create<ScaleOp>(sink.create<MulOp>(getInput(), rest), 1.0, 1.0);
  Value slope = sink.create<MulOp>(share, bend);
  sink.set(0, sink.create<MulOp>(sink.result(), slope));
}

void HardSwishOp::buildGradients(GradientSink &sink) {
  // y = x * h: dx = dy * h + the gradient of h for dy * x.
  Value x = getInput(), share = sink.create<HardSigmoidOp>(x);
  Value direct = sink.create<MulOp>(sink.result(), share);
  Value inside = maskInside(sink, sink.create<MulOp>(sink.result(), x), share, 1);
  sink.set(0, sink.create<AddOp>(direct, sink.create<ScaleOp>(inside, 1.0 / 6)));
}

void TanhOp::buildGradients(GradientSink &sink) {
  Value square = sink.create<MulOp>(getOutput(), getOutput());
  Value slope = sink.create<ScaleOp>(square, -1.0, 1.0);
  sink.set(0, sink.create<MulOp>(sink.result(), slope));
}

void SigmoidOp::buildGradients(GradientSink &sink) {
  Value rest = sink.create<ScaleOp>(getOutput(), -1.0, 1.0);
  Value slope = sink.create<MulOp>(getOutput(), rest);
  sink.set(0, sink.create<MulOp>(sink.result(), slope));
}

void SoftmaxOp::buildGradients(GradientSink &sink) {
  Value y = getOutput(), dy = sink.result();
  SmallVector<int64_t> others = allButChannels(rankOf(y));
  Value product = sink.create<ReduceSumOp>(sink.create<MulOp>(dy, y), ArrayRef<int64_t>{1});
  Value centered = sink.create<SubOp>(dy, broadcastLike(sink, product, others, y));
  sink.set(0, sink.create<MulOp>(y, centered));
}

void LogSoftmaxOp::buildGradients(GradientSink &sink) {
  Value y = getOutput(), dy = sink.result();
  Value sum = sink.create<ReduceSumOp>(dy, ArrayRef<int64_t>{1});
  Value all = broadcastLike(sink, sum, allButChannels(rankOf(y)), y);
  Value share = sink.create<MulOp>(sink.create<ExpOp>(y), all);
  sink.set(0, sink.create<SubOp>(dy, share));
}

void DropoutOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.create<DropoutOp>(sink.result(), getSeed(), getStep(), getProbability(),
                                       getStream(), getSalt(), getWholeImages()));
}
