//===- Resample.cpp - Images at another resolution ------------------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

static LogicalResult checkFactor(std::optional<Location> loc, ValueRange operands, int64_t factor) {
  if (failed(checkTensors(loc, operands, 4)))
    return failure();
  if (factor < 1)
    return emitOptionalError(loc, "factor must be positive, but is ", factor);
  return success();
}

LogicalResult UpsampleOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                           Adaptor adaptor, SmallVectorImpl<Type> &types) {
  int64_t factor = adaptor.getFactor();
  if (failed(checkFactor(loc, adaptor.getOperands(), factor)))
    return failure(); // (C1)
  SmallVector<int64_t> shape(shapeOf(adaptor.getInput()));
  for (unsigned dim : {2u, 3u}) {
    std::optional<int64_t> size = cnnc::checkedMultiply(shape[dim], factor);
    if (!size)
      return emitOptionalError(loc, "size overflows 64 bits in dimension ", dim); // (C2)
    shape[dim] = *size;
  }
  if (failed(checkSizes(loc, shape))) // (C2)
    return failure();
  types.push_back(withShape(adaptor.getInput(), shape));
  return success();
}

LogicalResult UpsampleAdjointOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                  Adaptor adaptor, SmallVectorImpl<Type> &types) {
  int64_t factor = adaptor.getFactor();
  if (failed(checkFactor(loc, adaptor.getOperands(), factor)))
    return failure(); // (C1)
  SmallVector<int64_t> shape(shapeOf(adaptor.getInput()));
  for (unsigned dim : {2u, 3u}) {
    if (shape[dim] % factor != 0)
      return emitOptionalError(loc, "factor ", factor, " does not divide the ", shape[dim],
                               " positions of dimension ", dim); // (C1)
    shape[dim] /= factor;
  }
  types.push_back(withShape(adaptor.getInput(), shape));
  return success();
}

/// An image of the height and width `size`.
static LogicalResult inferResized(std::optional<Location> loc, ValueRange operands,
                                  ArrayRef<int64_t> size, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, operands, 4)) || failed(checkHeightAndWidth(loc, size)))
    return failure(); // (C1)
  ArrayRef<int64_t> input = shapeOf(operands[0]);
  SmallVector<int64_t> shape{input[0], input[1], size[0], size[1]};
  if (failed(checkSizes(loc, shape))) // (C2)
    return failure();
  types.push_back(withShape(operands[0], shape));
  return success();
}

LogicalResult AdaptiveAvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                  Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferResized(loc, adaptor.getOperands(), adaptor.getSize(), types);
}

LogicalResult AdaptiveSpreadOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                 Adaptor adaptor, SmallVectorImpl<Type> &types) {
  return inferResized(loc, adaptor.getOperands(), adaptor.getSize(), types);
}

//===----------------------------------------------------------------------===//
// Fold and canonicalize
//===----------------------------------------------------------------------===//

/// Each of these ops is the identity where it keeps the size.
static OpFoldResult inputOfSameSize(Value input, Value output) {
  return input.getType() == output.getType() ? OpFoldResult(input) : OpFoldResult();
}

OpFoldResult UpsampleOp::fold(FoldAdaptor) { return inputOfSameSize(getInput(), getOutput()); }
OpFoldResult UpsampleAdjointOp::fold(FoldAdaptor) {
  return inputOfSameSize(getInput(), getOutput());
}
OpFoldResult AdaptiveAvgPoolOp::fold(FoldAdaptor) {
  return inputOfSameSize(getInput(), getOutput());
}
OpFoldResult AdaptiveSpreadOp::fold(FoldAdaptor) {
  return inputOfSameSize(getInput(), getOutput());
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

void UpsampleOp::buildGradients(GradientSink &sink) {
  int64_t factor = getFactor();
  if (getBilinear()) {
    sink.set(0, sink.create<UpsampleAdjointOp>(sink.result(), factor));
    return;
  }
  SmallVector<int64_t> square{factor, factor}, none(4, 0), dense{1, 1};
  sink.set(0, sink.create<SumPoolOp>(sink.result(), square, /*strides=*/square, none, dense,
                                     /*input_dilations=*/dense));
}

void UpsampleAdjointOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<UpsampleOp>(sink.result(), getFactor(), /*bilinear=*/true));
}

void AdaptiveAvgPoolOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<AdaptiveSpreadOp>(sink.result(), heightAndWidth(getInput())));
}

void AdaptiveSpreadOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<AdaptiveAvgPoolOp>(sink.result(), heightAndWidth(getInput())));
}
