//===- Elementwise.cpp - Arithmetic on equal shapes -----------------------===//

#include "dialect/Ops/Rules.h"

#include "mlir/IR/Matchers.h"
#include <numbers>

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Fold and canonicalize
//===----------------------------------------------------------------------===//

/// Whether a value is 1 everywhere: a constant, or the broadcast of one.
static bool isOne(Value value) {
  if (auto broadcast = value.getDefiningOp<BroadcastOp>())
    value = broadcast.getInput();
  DenseElementsAttr constant;
  return matchPattern(value, m_Constant(&constant)) && constant.isSplat() &&
         constant.getSplatValue<APFloat>().isExactlyValue(1.0);
}

OpFoldResult MulOp::fold(FoldAdaptor) {
  if (isOne(getRhs()))
    return getLhs();
  if (isOne(getLhs()))
    return getRhs();
  return {};
}

OpFoldResult ScaleOp::fold(FoldAdaptor) {
  if (getFactor().isExactlyValue(1.0) && getOffset().isPosZero())
    return getInput();
  return {};
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

static Value negate(GradientSink &sink, Value value) { return sink.create<ScaleOp>(value, -1.0); }

void AddOp::buildGradients(GradientSink &sink) {
  for (unsigned operand : {0u, 1u})
    if (sink.needs(operand))
      sink.set(operand, sink.result());
}

void SubOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.result());
  if (sink.needs(1))
    sink.set(1, negate(sink, sink.result()));
}

void MulOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.create<MulOp>(sink.result(), getRhs()));
  if (sink.needs(1))
    sink.set(1, sink.create<MulOp>(sink.result(), getLhs()));
}

void DivOp::buildGradients(GradientSink &sink) {
  // d(a/b) = da/b - db * (a/b)/b, with 0 where b = 0.
  Value share = sink.create<DivOp>(sink.result(), getRhs());
  if (sink.needs(0))
    sink.set(0, share);
  if (sink.needs(1))
    sink.set(1, negate(sink, sink.create<MulOp>(share, getOutput())));
}

void MaxOp::buildGradients(GradientSink &sink) {
  Value excess = sink.create<SubOp>(getRhs(), getLhs());
  if (sink.needs(0))
    sink.set(0, maskNotPositive(sink, sink.result(), excess));
  if (sink.needs(1))
    sink.set(1, sink.create<ReluMaskOp>(sink.result(), excess));
}

void WhereOp::buildGradients(GradientSink &sink) {
  Value mask = getMask(), dy = sink.result();
  if (sink.needs(1))
    sink.set(1, sink.create<ReluMaskOp>(dy, mask));
  if (sink.needs(2))
    sink.set(2, maskNotPositive(sink, dy, mask));
}

void ExpOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<MulOp>(sink.result(), getOutput()));
}

void ErfcOp::buildGradients(GradientSink &sink) {
  Value square = sink.create<MulOp>(getInput(), getInput());
  Value bell = sink.create<ExpOp>(negate(sink, square));
  Value slope = sink.create<ScaleOp>(bell, -2 * std::numbers::inv_sqrtpi);
  sink.set(0, sink.create<MulOp>(sink.result(), slope));
}

void ScaleOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<ScaleOp>(sink.result(), getFactor().convertToDouble()));
}

void PowOp::buildGradients(GradientSink &sink) {
  double exponent = getExponent().convertToDouble();
  Value power = sink.create<PowOp>(getInput(), exponent - 1);
  Value slope = sink.create<ScaleOp>(power, exponent);
  sink.set(0, sink.create<MulOp>(sink.result(), slope));
}
