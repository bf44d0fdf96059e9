//===- Rules.cpp - What the families of ops share -------------------------===//

#include "dialect/Ops/Rules.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::cnn;
using cnnc::Rounding;
using cnnc::WindowAxis;
using cnnc::WindowError;
using cnnc::WindowSize;

LogicalResult mlir::cnn::checkTensors(std::optional<Location> loc, ValueRange operands,
                                      std::optional<int64_t> rank) {
  for (Value operand : operands) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type || !type.hasStaticShape())
      return emitOptionalError(loc, "operand must be a tensor of static shape, but is ",
                               operand.getType());
    if (rank && type.getRank() != *rank)
      return emitOptionalError(loc, "operand must have the rank ", *rank, ", but is ", type);
  }
  return success();
}

LogicalResult mlir::cnn::checkSizes(std::optional<Location> loc, ArrayRef<int64_t> shape) {
  bool positive = llvm::all_of(shape, [](int64_t size) { return size > 0; });
  if (!positive || !cnnc::checkedElements({shape.data(), shape.size()}))
    return emitOptionalError(loc, "shape [", shape,
                             "] must have positive sizes, whose product fits 64 bits");
  return success();
}

LogicalResult mlir::cnn::checkHeightAndWidth(std::optional<Location> loc, ArrayRef<int64_t> size) {
  if (size.size() != 2 || size[0] < 1 || size[1] < 1)
    return emitOptionalError(loc, "size must be two positive numbers, but is [", size, "]");
  return success();
}

static LogicalResult checkLengths(std::optional<Location> loc, const WindowAttrs &window) {
  auto check = [&](StringRef name, ArrayRef<int64_t> values, size_t length, int64_t least) {
    if (values.size() != length)
      return emitOptionalError(loc, name, " must have ", length, " numbers, but has ",
                               values.size());
    for (int64_t value : values)
      if (value < least)
        return emitOptionalError(loc, name, " must be positive, but is ", value);
    return success();
  };
  constexpr int64_t anyPadding = std::numeric_limits<int64_t>::min();
  return success(succeeded(check("kernel", window.kernel, 2, 1)) &&
                 succeeded(check("stride", window.strides, 2, 1)) &&
                 succeeded(check("pad", window.padding, 4, anyPadding)) &&
                 succeeded(check("dilation", window.dilations, 2, 1)) &&
                 (window.inputDilations.empty() ||
                  succeeded(check("input_dilation", window.inputDilations, 2, 1))));
}

FailureOr<SmallVector<int64_t, 2>> mlir::cnn::inferWindows(std::optional<Location> loc,
                                                           ArrayRef<int64_t> size,
                                                           const WindowAttrs &window) {
  if (failed(checkLengths(loc, window)))
    return failure();
  SmallVector<int64_t, 2> output;
  for (unsigned i : {0u, 1u}) {
    WindowAxis axis = window.axis(i);
    WindowSize inferred = cnnc::inferWindow(size[i], axis, Rounding::Floor);
    switch (inferred.error) {
    case WindowError::None:
    case WindowError::DropsInput:
      break;
    case WindowError::NotPositive:
      return emitOptionalError(loc, "size must be positive and static, but is ", size[i],
                               " in dimension ", i + 2);
    case WindowError::WindowTooLarge:
      return emitOptionalError(loc, "window of ", axis.effectiveSize(),
                               " is larger than the padded input of ", axis.paddedInput(size[i]),
                               " in dimension ", i + 2);
    case WindowError::Overflow:
      return emitOptionalError(loc, "size overflows 64 bits in dimension ", i + 2);
    }
    output.push_back(inferred.output);
  }
  return output;
}

FailureOr<SmallVector<int64_t, 2>> mlir::cnn::inferCoveringWindows(std::optional<Location> loc,
                                                                   ArrayRef<int64_t> size,
                                                                   const WindowAttrs &window) {
  auto output = inferWindows(loc, size, window);
  if (failed(output))
    return failure();
  for (unsigned i : {0u, 1u})
    if (cnnc::hasEmptyWindow(size[i], (*output)[i], window.axis(i)))
      return emitOptionalError(loc, "a window covers no position of the input in dimension ",
                               i + 2);
  return output;
}

WindowLists mlir::cnn::adjointWindows(ArrayRef<int64_t> size, ArrayRef<int64_t> output,
                                      const WindowAttrs &window) {
  WindowLists lists;
  for (unsigned i : {0u, 1u})
    lists.append(cnnc::adjointWindow(size[i], output[i], window.axis(i)));
  return lists;
}

SmallVector<int64_t> mlir::cnn::allButChannels(int64_t rank) {
  SmallVector<int64_t> dims{0};
  for (int64_t dim = 2; dim < rank; ++dim)
    dims.push_back(dim);
  return dims;
}

SmallVector<int64_t> mlir::cnn::groupedShape(ArrayRef<int64_t> shape, int64_t groups) {
  return {shape[0], groups, ShapedType::getNumElements(shape.drop_front()) / groups};
}

Value mlir::cnn::broadcastLike(GradientSink &sink, Value value, ArrayRef<int64_t> dims,
                               Value like) {
  return sink.create<BroadcastOp>(value, dims, shapeOf(like));
}

Value mlir::cnn::maskNotPositive(GradientSink &sink, Value value, Value mask) {
  RankedTensorType scalar = withShape(mask, {});
  auto zero = DenseElementsAttr::get(
      scalar, sink.builder.getFloatAttr(scalar.getElementType(), /*value=*/0.0));
  Value zeros = broadcastLike(sink, sink.create<arith::ConstantOp>(scalar, zero), {}, mask);
  return sink.create<WhereOp>(mask, zeros, value);
}
