//===- Pool.cpp - Pooling -------------------------------------------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

/// Kernels up to this area have their argmax in a byte.
static constexpr int64_t kLargestByteKernel = 128;

/// [N, C] of the input and the window's height and width.
static LogicalResult inferPooled(FailureOr<SmallVector<int64_t, 2>> output, Value input,
                                 SmallVectorImpl<Type> &types) {
  if (failed(output))
    return failure();
  ArrayRef<int64_t> shape = shapeOf(input);
  types.push_back(withShape(input, {shape[0], shape[1], (*output)[0], (*output)[1]}));
  return success();
}

/// `pooled` must be the output of `window` over an input of `size`.
static LogicalResult checkPooled(std::optional<Location> loc,
                                 FailureOr<SmallVector<int64_t, 2>> expected, Value pooled) {
  if (failed(expected))
    return failure();
  ArrayRef<int64_t> found = heightAndWidth(pooled);
  if (found != ArrayRef<int64_t>(*expected))
    return emitOptionalError(loc, "the pool has ", (*expected)[0], "x", (*expected)[1],
                             " positions, but the operand has ", found[0], "x", found[1]);
  return success();
}

/// What rounding up added is a part of the padding at the end.
static LogicalResult checkOverhang(std::optional<Location> loc, ArrayRef<int64_t> overhang,
                                   ArrayRef<int64_t> padding) {
  if (overhang.size() != 2)
    return emitOptionalError(loc, "overhang must have 2 numbers, but has ", overhang.size());
  for (unsigned i : {0u, 1u})
    if (overhang[i] < 0 || overhang[i] > std::max<int64_t>(padding[2 * i + 1], 0))
      return emitOptionalError(loc, "overhang of ", overhang[i], " is no part of the padding of ",
                               padding[2 * i + 1], " at the end of dimension ", i + 2);
  return success();
}

static LogicalResult checkIndex(std::optional<Location> loc, Value index,
                                ArrayRef<int64_t> expected) {
  if (shapeOf(index) != expected)
    return emitOptionalError(loc, "index has the type ", index.getType(),
                             ", which is not the shape of the pool");
  return success();
}

LogicalResult MaxPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                          Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  return inferPooled(inferCoveringWindows(loc, heightAndWidth(input), windowOf(adaptor)), input,
                     types);
}

LogicalResult AvgPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                          Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  if (failed(inferPooled(inferCoveringWindows(loc, heightAndWidth(input), windowOf(adaptor)), input,
                         types)))
    return failure();
  return checkOverhang(loc, adaptor.getOverhang(), adaptor.getPadding()); // (C4)
}

LogicalResult L2PoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  return inferPooled(inferWindows(loc, heightAndWidth(input), windowOf(adaptor)), input, types);
}

LogicalResult SumPoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                          Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  WindowAttrs window = windowOf(adaptor);
  window.inputDilations = adaptor.getInputDilations();
  return inferPooled(inferWindows(loc, heightAndWidth(input), window), input, types);
}

LogicalResult PoolArgmaxOp::inferReturnTypes(MLIRContext *context, std::optional<Location> loc,
                                             Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  SmallVector<Type> pooled;
  if (failed(inferPooled(inferCoveringWindows(loc, heightAndWidth(input), windowOf(adaptor)), input,
                         pooled)))
    return failure();
  int64_t area = adaptor.getKernel()[0] * adaptor.getKernel()[1];
  Type element = IntegerType::get(context, area <= kLargestByteKernel ? 8 : 32);
  types.push_back(cast<RankedTensorType>(pooled[0]).clone(element));
  return success();
}

LogicalResult UnpoolOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  ArrayRef<int64_t> size = adaptor.getSize();
  if (failed(checkHeightAndWidth(loc, size)) || // (C1)
      failed(checkPooled(loc, inferWindows(loc, size, windowOf(adaptor)), input)) ||
      failed(checkIndex(loc, adaptor.getIndex(), shapeOf(input)))) // (C2)
    return failure();
  types.push_back(withShape(input, {shapeOf(input)[0], shapeOf(input)[1], size[0], size[1]}));
  return success();
}

LogicalResult PoolTakeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                           Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  if (failed(
          inferPooled(inferWindows(loc, heightAndWidth(input), windowOf(adaptor)), input, types)))
    return failure();
  return checkIndex(loc, adaptor.getIndex(),
                    cast<RankedTensorType>(types[0]).getShape()); // (C2)
}

LogicalResult AverageWindowsOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                 Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  Value input = adaptor.getInput();
  ArrayRef<int64_t> size = adaptor.getSize();
  if (failed(checkHeightAndWidth(loc, size)) || // (C1)
      failed(checkPooled(loc, inferCoveringWindows(loc, size, windowOf(adaptor)), input)))
    return failure(); // (C2) (C3)
  types.push_back(input.getType());
  return checkOverhang(loc, adaptor.getOverhang(), adaptor.getPadding()); // (C4)
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

void MaxPoolOp::buildGradients(GradientSink &sink) {
  Value index = sink.create<PoolArgmaxOp>(getInput(), getKernel(), getStrides(), getPadding(),
                                          getDilations());
  sink.set(0, sink.create<UnpoolOp>(sink.result(), index, heightAndWidth(getInput()), getKernel(),
                                    getStrides(), getPadding(), getDilations()));
}

void UnpoolOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.create<PoolTakeOp>(sink.result(), getIndex(), getKernel(), getStrides(),
                                        getPadding(), getDilations()));
}

void PoolTakeOp::buildGradients(GradientSink &sink) {
  if (sink.needs(0))
    sink.set(0, sink.create<UnpoolOp>(sink.result(), getIndex(), heightAndWidth(getInput()),
                                      getKernel(), getStrides(), getPadding(), getDilations()));
}

/// The adjoint of summing over `window`, applied to `gradient`.
static Value sumPoolAdjoint(GradientSink &sink, Value input, Value gradient,
                            const WindowAttrs &window) {
  WindowLists adjoint = adjointWindows(heightAndWidth(input), heightAndWidth(gradient), window);
  return sink.create<SumPoolOp>(gradient, adjoint.kernel, adjoint.strides, adjoint.padding,
                                adjoint.dilations, adjoint.inputDilations);
}

void SumPoolOp::buildGradients(GradientSink &sink) {
  WindowAttrs window = windowOf(*this);
  window.inputDilations = getInputDilations();
  sink.set(0, sumPoolAdjoint(sink, getInput(), sink.result(), window));
}

void AverageWindowsOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<AverageWindowsOp>(sink.result(), getSize(), getKernel(), getStrides(),
                                            getPadding(), getDilations(), getCountPad(),
                                            getOverhang()));
}

void AvgPoolOp::buildGradients(GradientSink &sink) {
  Value share = sink.create<AverageWindowsOp>(sink.result(), heightAndWidth(getInput()),
                                              getKernel(), getStrides(), getPadding(),
                                              getDilations(), getCountPad(), getOverhang());
  sink.set(0, sumPoolAdjoint(sink, getInput(), share, windowOf(*this)));
}

void L2PoolOp::buildGradients(GradientSink &sink) {
  // y^2 = sum x^2, so dx = x * adjoint(dy / y), and 0 where y = 0.
  Value share = sink.create<DivOp>(sink.result(), getOutput());
  Value spread = sumPoolAdjoint(sink, getInput(), share, windowOf(*this));
  sink.set(0, sink.create<MulOp>(getInput(), spread));
}
