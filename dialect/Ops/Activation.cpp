//===- Activation.cpp - Activation functions ------------------------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Verify
//===----------------------------------------------------------------------===//

LogicalResult SoftmaxOp::verify() {
  if (rankOf(getInput()) < 2)
    return emitOpError("expects a rank of at least 2, but got ") << rankOf(getInput()); // (C1)
  return success();
}

LogicalResult DropoutOp::verify() {
  double probability = getProbability().convertToDouble();
  if (!(probability >= 0 && probability < 1))
    return emitOpError("expects 0 <= 'probability' < 1, but got ") << probability; // (C1)
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

void DropoutOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.create<DropoutOp>(sink.result(), getSeed(), getStep(), getProbability(),
                                       getStream(), getSalt()));
}
