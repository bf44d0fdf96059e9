//===- Linear.cpp - Matrix products and channel-wise factors --------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult MatmulOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 2)))
    return failure();
  ArrayRef<int64_t> a = shapeOf(adaptor.getA()), b = shapeOf(adaptor.getB());
  unsigned aInner = adaptor.getTransposeA() ? 0 : 1;
  unsigned bInner = adaptor.getTransposeB() ? 1 : 0;
  if (a[aInner] != b[bInner])
    return emitOptionalError(loc, "inner sizes must be equal, but are ", a[aInner], " and ",
                             b[bInner]); // (C1)
  types.push_back(withShape(adaptor.getA(), {a[1 - aInner], b[1 - bInner]}));
  return success();
}

//===----------------------------------------------------------------------===//
// Verify
//===----------------------------------------------------------------------===//

static LogicalResult verifyPerChannel(Operation *op, Value input, Value values) {
  if (rankOf(input) < 2 || shapeOf(values)[0] != shapeOf(input)[1])
    return op->emitOpError("expects one value a channel of ")
           << input.getType() << ", but got " << values.getType();
  return success();
}

LogicalResult BiasAddOp::verify() { return verifyPerChannel(*this, getInput(), getBias()); } // (C1)

LogicalResult ScaleChannelsOp::verify() {
  return verifyPerChannel(*this, getInput(), getFactor()); // (C1)
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

void MatmulOp::buildGradients(GradientSink &sink) {
  // y = op(a) op(b): d op(a) = dy op(b)^T, d op(b) = op(a)^T dy; an operand that
  // entered transposed has the transposed gradient, so the factors change places.
  Value a = getA(), b = getB(), dy = sink.result();
  bool ta = getTransposeA(), tb = getTransposeB();
  if (sink.needs(0))
    sink.set(0, ta ? sink.create<MatmulOp>(b, dy, tb, true)
                   : sink.create<MatmulOp>(dy, b, false, !tb));
  if (sink.needs(1))
    sink.set(1, tb ? sink.create<MatmulOp>(dy, a, true, ta)
                   : sink.create<MatmulOp>(a, dy, !ta, false));
}

void BiasAddOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.result());
  if (sink.needs(1))
    sink.set(1, sink.create<ReduceSumOp>(sink.result(), allButChannels(rankOf(getInput()))));
}

void ScaleChannelsOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.create<ScaleChannelsOp>(sink.result(), getFactor()));
  if (sink.needs(1)) {
    Value product = sink.create<MulOp>(sink.result(), getInput());
    sink.set(1, sink.create<ReduceSumOp>(product, allButChannels(rankOf(getInput()))));
  }
}
