//===- GraphShapes.cpp - Layers that move elements as cnn ops -------------===//

#include "compiler/IRGen/GraphBuilder.h"

using namespace mlir;
using namespace cnnc;

/// flatten and reshape; the batch stays in front.
Value GraphBuilder::lower(const ReshapeLayer &, Value input) {
  SmallVector<int64_t> shape = fullShape(current->output);
  if (ArrayRef(shape) == shapeOf(input))
    return input;
  return op<cnn::ReshapeOp>(input, shape);
}

/// A convolution with the turned filter, whose input dilation is the stride.
Value GraphBuilder::lower(const DeconvLayer &layer, Value input) {
  Window window;
  for (unsigned i : {0u, 1u})
    window[i] = transposedWindow(layer.window[i], layer.outputPadding[i]);
  WindowLists lists(window);
  Value filter = op<cnn::TransposeFilterOp>(parameter(layer.weight), layer.groups);
  Value result = op<cnn::Conv2DOp>(input, filter, lists.strides, lists.padding, lists.dilations,
                                   lists.inputDilations, layer.groups, /*batch_groups=*/1);
  return addBias(result, layer.bias);
}

//===----------------------------------------------------------------------===//
// Pools without a window in the text
//===----------------------------------------------------------------------===//

Value GraphBuilder::averageOfBlocks(Value input, ArrayRef<int64_t> size) {
  return op<cnn::AvgPoolOp>(input, /*kernel=*/size, /*strides=*/size,
                            /*padding=*/ArrayRef<int64_t>{0, 0, 0, 0},
                            /*dilations=*/ArrayRef<int64_t>{1, 1}, /*count_pad=*/false,
                            /*overhang=*/ArrayRef<int64_t>{0, 0});
}

/// One window that is the image. It strides by itself, so that its gradient need not look
/// for further windows.
Value GraphBuilder::lower(const GlobalPoolLayer &layer, Value input) {
  ArrayRef<int64_t> size = heightAndWidth(input), images = shapeOf(input).take_front(2);
  Value pooled = layer.kind == GlobalPoolLayer::Max
                     ? op<cnn::MaxPoolOp>(input, size, /*strides=*/size,
                                          /*padding=*/ArrayRef<int64_t>{0, 0, 0, 0},
                                          /*dilations=*/ArrayRef<int64_t>{1, 1})
                     : averageOfBlocks(input, size);
  return op<cnn::ReshapeOp>(pooled, images);
}

Value GraphBuilder::lower(const AdaptivePoolLayer &layer, Value input) {
  SmallVector<int64_t> block;
  if (llvm::equal(heightAndWidth(input), layer.output))
    return input;
  for (auto [positions, windows] : llvm::zip_equal(heightAndWidth(input), layer.output)) {
    if (positions % windows != 0)
      return op<cnn::AdaptiveAvgPoolOp>(input, ArrayRef<int64_t>(layer.output));
    block.push_back(positions / windows);
  }
  return averageOfBlocks(input, block);
}

Value GraphBuilder::lower(const UpsampleLayer &layer, Value input) {
  return op<cnn::UpsampleOp>(input, layer.factor, layer.isBilinear);
}

//===----------------------------------------------------------------------===//
// Other places for the same elements
//===----------------------------------------------------------------------===//

Value GraphBuilder::lower(const PadLayer &layer, Value input) {
  SmallVector<int64_t> low{0}, high{0};
  size_t dimensions = shapeOf(input).size() - 1;
  llvm::append_range(low, ArrayRef(layer.low).take_front(dimensions));
  llvm::append_range(high, ArrayRef(layer.high).take_front(dimensions));
  return op<cnn::PadOp>(input, low, high);
}

/// The input as `view`, its dimensions in the order `permutation`, and that as `shape`.
Value GraphBuilder::rearrange(Value input, ArrayRef<int64_t> view, ArrayRef<int64_t> permutation,
                              ArrayRef<int64_t> shape) {
  Value parts = op<cnn::ReshapeOp>(input, view);
  return op<cnn::ReshapeOp>(op<cnn::TransposeOp>(parts, permutation), shape);
}

Value GraphBuilder::lower(const ShuffleLayer &layer, Value input) {
  SmallVector<int64_t> shape(shapeOf(input)), view(shape), permutation{0, 2, 1};
  view[1] = layer.groups;
  view.insert(view.begin() + 2, shape[1] / layer.groups);
  for (int64_t dim = 3; dim < int64_t(view.size()); ++dim)
    permutation.push_back(dim);
  return rearrange(input, view, permutation, shape);
}

/// [N, C, i, j, H, W] -> [N, C, H, i, W, j]
Value GraphBuilder::lower(const DepthToSpaceLayer &layer, Value input) {
  SmallVector<int64_t> x(shapeOf(input));
  int64_t n = layer.factor, channels = x[1] / (n * n);
  return rearrange(input, {x[0], channels, n, n, x[2], x[3]}, {0, 1, 4, 2, 5, 3},
                   {x[0], channels, x[2] * n, x[3] * n});
}

/// [N, C, H, i, W, j] -> [N, C, i, j, H, W]
Value GraphBuilder::lower(const SpaceToDepthLayer &layer, Value input) {
  SmallVector<int64_t> x(shapeOf(input));
  int64_t n = layer.factor, height = x[2] / n, width = x[3] / n;
  return rearrange(input, {x[0], x[1], height, n, width, n}, {0, 1, 3, 5, 2, 4},
                   {x[0], x[1] * n * n, height, width});
}
