//===- Rules.h - What the families of ops share -----------------------------===//
//
// Short forms for shapes and windows in verifiers, shape functions and gradients.
//
//===----------------------------------------------------------------------===//
#ifndef CNN_OPS_RULES_H
#define CNN_OPS_RULES_H

#include "dialect/CnnOps.h"
#include "dialect/ShapeInference.h"
#include "mlir/Dialect/Arith/IR/Arith.h"

namespace mlir::cnn {

inline ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}
inline int64_t rankOf(Value value) { return cast<RankedTensorType>(value.getType()).getRank(); }
/// Of an image, [N, C, H, W].
inline ArrayRef<int64_t> heightAndWidth(Value image) { return shapeOf(image).drop_front(2); }
inline RankedTensorType withShape(Value like, ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, cast<RankedTensorType>(like.getType()).getElementType());
}

/// The attributes of a window as the ops hold them: [h, w] and
/// [h_lo, h_hi, w_lo, w_hi].
struct WindowAttrs {
  ArrayRef<int64_t> kernel, strides, padding, dilations;
  ArrayRef<int64_t> inputDilations = {};

  cnnc::WindowAxis axis(unsigned i) const {
    return {kernel[i],          strides[i],   padding[2 * i],
            padding[2 * i + 1], dilations[i], inputDilations.empty() ? 1 : inputDilations[i]};
  }
};

/// What the ops with a window attribute set share: attributes of an op or adaptor.
template <typename OpOrAdaptor> WindowAttrs windowOf(OpOrAdaptor op) {
  return {op.getKernel(), op.getStrides(), op.getPadding(), op.getDilations()};
}

/// Attributes of a window in the form that builders take.
struct WindowLists {
  SmallVector<int64_t, 2> kernel, strides, dilations, inputDilations;
  SmallVector<int64_t, 4> padding;

  WindowLists() = default;
  explicit WindowLists(ArrayRef<cnnc::WindowAxis> axes) {
    for (const cnnc::WindowAxis &axis : axes)
      append(axis);
  }

  void append(const cnnc::WindowAxis &axis) {
    kernel.push_back(axis.size);
    strides.push_back(axis.stride);
    dilations.push_back(axis.dilation);
    inputDilations.push_back(axis.inputDilation);
    padding.append({axis.padLow, axis.padHigh});
  }
};

/// Whether all operands are ranked tensors of static shape, and of this rank if one is
/// given. Shape functions ask first: the parser calls them before the verifier runs.
LogicalResult checkTensors(std::optional<Location> loc, ValueRange operands,
                           std::optional<int64_t> rank = {});

/// Whether all sizes are positive and their product fits 64 bits.
LogicalResult checkSizes(std::optional<Location> loc, ArrayRef<int64_t> shape);

/// Whether `size` is a height and a width.
LogicalResult checkHeightAndWidth(std::optional<Location> loc, ArrayRef<int64_t> size);

/// Output height and width of a window over an input of `size`.
FailureOr<SmallVector<int64_t, 2>> inferWindows(std::optional<Location> loc, ArrayRef<int64_t> size,
                                                const WindowAttrs &window);

/// As inferWindows; every window must cover a position of the input.
FailureOr<SmallVector<int64_t, 2>> inferCoveringWindows(std::optional<Location> loc,
                                                        ArrayRef<int64_t> size,
                                                        const WindowAttrs &window);

/// The window of the adjoint: from [oh, ow] back to [h, w].
WindowLists adjointWindows(ArrayRef<int64_t> size, ArrayRef<int64_t> output,
                           const WindowAttrs &window);

/// All dimensions of a tensor but the channels: what a per-channel sum runs over.
SmallVector<int64_t> allButChannels(int64_t rank);

/// [N, groups, what is in a group]: the shape in which the groups of channels are a dimension
/// of their own.
SmallVector<int64_t> groupedShape(ArrayRef<int64_t> shape, int64_t groups);

/// A tensor of rank 0, or of one element a channel, as large as `like`.
Value broadcastLike(GradientSink &sink, Value value, ArrayRef<int64_t> dims, Value like);

/// The values where `mask` is not positive, and 0 elsewhere.
Value maskNotPositive(GradientSink &sink, Value value, Value mask);

} // namespace mlir::cnn

#endif // CNN_OPS_RULES_H
