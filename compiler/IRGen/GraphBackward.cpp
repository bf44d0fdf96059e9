//===- GraphBackward.cpp - The layers of gradients as cnn ops -------------===//
//
// Each becomes the ops that the rule of its layer's gradient makes, so that a printed
// backward pass is compiled to what it was printed from.
//
//===----------------------------------------------------------------------===//

#include "compiler/IRGen/GraphBuilder.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace cnnc;

SmallVector<int64_t> GraphBuilder::fullShape(TensorId id) const {
  const Tensor &tensor = net.tensors[id];
  SmallVector<int64_t> shape;
  if (!tensor.isWhole)
    shape.push_back(batch);
  llvm::append_range(shape, tensor.shape);
  return shape;
}

Value GraphBuilder::asVector(Value scalar) {
  return op<cnn::BroadcastOp>(scalar, ArrayRef<int64_t>{}, ArrayRef<int64_t>{1});
}

Value GraphBuilder::lower(const BackwardLayer &layer, ArrayRef<Value> inputs) {
  switch (layer.id) {
  case LayerId::Conv:
  case LayerId::Deconv:
    return convolution(layer, inputs);
  case LayerId::Fc: {
    Value product = op<cnn::MatmulOp>(flatten(inputs[0]), inputs[1], /*transpose_a=*/false,
                                      /*transpose_b=*/true);
    return inputs.size() > 2 ? op<cnn::BiasAddOp>(product, inputs[2]) : product;
  }
  case LayerId::PRelu:
    return op<cnn::PReluOp>(inputs[0].getType(), inputs[0], inputs[1]);
  case LayerId::Add:
    return op<cnn::BiasAddOp>(inputs[0], inputs[1]);
  case LayerId::Mul:
    return op<cnn::ScaleChannelsOp>(inputs[0], inputs[1]);
  case LayerId::Flip:
    return shapeOf(inputs[0]).size() == 2 ? op<cnn::TransposeOp>(inputs[0], ArrayRef<int64_t>{1, 0})
                                          : op<cnn::TransposeFilterOp>(inputs[0], layer.groups);
  case LayerId::Correlate:
    return correlation(layer, inputs[0], inputs[1]);
  case LayerId::Outer:
    return op<cnn::MatmulOp>(flatten(inputs[1]), flatten(inputs[0]), /*transpose_a=*/true,
                             /*transpose_b=*/false);
  case LayerId::Unpool:
  case LayerId::AvgUnpool:
  case LayerId::SumPool:
  case LayerId::SumUnpool:
    return poolAdjoint(layer, inputs);
  case LayerId::Downsample:
    return op<cnn::UpsampleAdjointOp>(inputs[0], layer.factor);
  case LayerId::Sum:
    return sum(layer.over, inputs[0]);
  case LayerId::Mean:
  case LayerId::Variance:
    return statistic(layer, inputs[0]);
  case LayerId::Standardize:
    return op<cnn::BatchNormOp>(inputs[0], APFloat(layer.value));
  case LayerId::Normalize:
    return op<cnn::NormalizeOp>(inputs[0].getType(), inputs[0], inputs[1], inputs[2],
                                APFloat(layer.value));
  case LayerId::Expand:
    return expand(inputs[0], net.tensors[current->inputs[0]].isWhole);
  case LayerId::Mask:
    return mask(layer, inputs[0]);
  default:
    return layer.id >= LayerId::CrossEntropy ? lossLayer(layer, inputs)
                                             : elementwise(layer, inputs);
  }
}

//===----------------------------------------------------------------------===//
// Convolutions
//===----------------------------------------------------------------------===//

Value GraphBuilder::convolution(const BackwardLayer &layer, ArrayRef<Value> inputs) {
  Window window = layer.window;
  Value filter = inputs[1];
  if (layer.id == LayerId::Deconv) {
    for (unsigned i : {0u, 1u})
      window[i] = transposedWindow(layer.window[i], layer.outputPadding[i]);
    filter = op<cnn::TransposeFilterOp>(filter, layer.groups);
  }
  WindowLists lists(window);
  Value result = op<cnn::Conv2DOp>(inputs[0], filter, lists.strides, lists.padding, lists.dilations,
                                   lists.inputDilations, layer.groups, /*batch_groups=*/1);
  return inputs.size() > 2 ? op<cnn::BiasAddOp>(result, inputs[2]) : result;
}

/// As the gradient of cnn.conv2d towards its filter.
Value GraphBuilder::correlation(const BackwardLayer &layer, Value input, Value gradient) {
  auto exchanged = [&](Value value) {
    return op<cnn::TransposeOp>(value, ArrayRef<int64_t>{1, 0, 2, 3});
  };
  Window window;
  for (unsigned i : {0u, 1u})
    window[i] =
        filterGradientWindow(shapeOf(input)[i + 2], shapeOf(gradient)[i + 2], layer.window[i]);
  WindowLists lists(window);
  return exchanged(op<cnn::Conv2DOp>(exchanged(input), exchanged(gradient), lists.strides,
                                     lists.padding, lists.dilations, lists.inputDilations,
                                     /*groups=*/1, /*batch_groups=*/layer.groups));
}

//===----------------------------------------------------------------------===//
// Pools
//===----------------------------------------------------------------------===//

Value GraphBuilder::poolAdjoint(const BackwardLayer &layer, ArrayRef<Value> inputs) {
  WindowLists lists(layer.window);
  Value input = inputs[0];
  SmallVector<int64_t> dense{1, 1};
  if (layer.id == LayerId::SumPool)
    return op<cnn::SumPoolOp>(input, lists.kernel, lists.strides, lists.padding, lists.dilations,
                              dense);
  if (layer.id == LayerId::Unpool) {
    Value index =
        op<cnn::PoolArgmaxOp>(input, lists.kernel, lists.strides, lists.padding, lists.dilations);
    SmallVector<int64_t> size(shapeOf(input).drop_front(2));
    return op<cnn::UnpoolOp>(inputs[1], index, size, lists.kernel, lists.strides, lists.padding,
                             lists.dilations);
  }
  SmallVector<int64_t> size(ArrayRef(net.tensors[current->output].shape).drop_front());
  if (layer.isAdaptive)
    return op<cnn::AdaptiveSpreadOp>(input, size);
  if (layer.id == LayerId::AvgUnpool)
    input = op<cnn::AverageWindowsOp>(input, size, lists.kernel, lists.strides, lists.padding,
                                      lists.dilations, layer.countPadding,
                                      ArrayRef<int64_t>(layer.overhang));
  Window adjoint;
  for (unsigned i : {0u, 1u})
    adjoint[i] = adjointWindow(size[i], shapeOf(input)[i + 2], layer.window[i]);
  WindowLists back(adjoint);
  return op<cnn::SumPoolOp>(input, back.kernel, back.strides, back.padding, back.dilations,
                            back.inputDilations);
}

//===----------------------------------------------------------------------===//
// Sums, statistics, repetition
//===----------------------------------------------------------------------===//

Value GraphBuilder::sum(BackwardLayer::Over over, Value input) {
  SmallVector<int64_t> dims;
  for (int64_t dim = 0; dim < int64_t(shapeOf(input).size()); ++dim) {
    bool isChannels = dim == 1;
    if (over == BackwardLayer::All || (over == BackwardLayer::Channels && isChannels) ||
        (over == BackwardLayer::Batch && !isChannels) ||
        (over == BackwardLayer::Positions && dim > 1))
      dims.push_back(dim);
  }
  Value total = op<cnn::ReduceSumOp>(input, ArrayRef<int64_t>(dims));
  if (over == BackwardLayer::All)
    return asVector(total);
  if (over != BackwardLayer::Channels)
    return total;
  // The channel is one now, not none.
  return op<cnn::ReshapeOp>(total, ArrayRef<int64_t>(fullShape(current->output)));
}

Value GraphBuilder::statistic(const BackwardLayer &layer, Value input) {
  // The statistics do not depend on what is added to the variance.
  APFloat anyEpsilon(1.0);
  unsigned result = layer.id == LayerId::Mean ? 1 : 2;
  if (layer.over == BackwardLayer::Batch)
    return cnn::BatchNormOp::create(builder, *loc, input, anyEpsilon)->getResult(result);
  if (layer.over == BackwardLayer::Groups)
    return cnn::GroupNormOp::create(builder, *loc, input, layer.groups, anyEpsilon)
        ->getResult(result);
  Value values = cnn::PositionNormOp::create(builder, *loc, input, anyEpsilon)->getResult(result);
  return op<cnn::ReshapeOp>(values, ArrayRef<int64_t>(fullShape(current->output)));
}

Value GraphBuilder::expand(Value input, bool isWhole) {
  SmallVector<int64_t> shape = fullShape(current->output);
  if (!isWhole) {
    // [1] and [C] stand for all positions: dimensions of size 1 at the end.
    SmallVector<int64_t> aligned(shapeOf(input));
    aligned.resize(shape.size(), 1);
    return broadcastTo(shape, aligned.size() == shapeOf(input).size()
                                  ? input
                                  : op<cnn::ReshapeOp>(input, ArrayRef<int64_t>(aligned)));
  }
  if (shapeOf(input)[0] == shape[1])
    return op<cnn::BroadcastOp>(input, ArrayRef<int64_t>{1}, ArrayRef<int64_t>(shape));
  Value scalar = op<cnn::ReduceSumOp>(input, ArrayRef<int64_t>{0});
  return op<cnn::BroadcastOp>(scalar, ArrayRef<int64_t>{}, ArrayRef<int64_t>(shape));
}

//===----------------------------------------------------------------------===//
// Element by element
//===----------------------------------------------------------------------===//

/// What dropout does in the first step of training.
Value GraphBuilder::mask(const BackwardLayer &layer, Value input) {
  auto counter = RankedTensorType::get({}, builder.getI64Type());
  Value zero =
      op<arith::ConstantOp>(counter, DenseElementsAttr::get(counter, builder.getI64IntegerAttr(0)));
  return op<cnn::DropoutOp>(input.getType(), input, zero, zero, APFloat(layer.value), layer.stream,
                            layer.seed, layer.wholeImage);
}

Value GraphBuilder::elementwise(const BackwardLayer &layer, ArrayRef<Value> inputs) {
  Value input = inputs[0];
  switch (layer.id) {
  case LayerId::Fill: {
    auto type = cast<RankedTensorType>(input.getType());
    auto scalar = RankedTensorType::get({}, type.getElementType());
    auto value =
        DenseElementsAttr::get(scalar, builder.getFloatAttr(type.getElementType(), layer.value));
    return op<cnn::BroadcastOp>(op<arith::ConstantOp>(scalar, value), ArrayRef<int64_t>{},
                                type.getShape());
  }
  case LayerId::Where:
    return op<cnn::WhereOp>(input, inputs[1], inputs[2]);
  case LayerId::Gate:
    return op<cnn::ReluMaskOp>(input, inputs[1]);
  case LayerId::Divide:
    return op<cnn::DivOp>(input, inputs[1]);
  case LayerId::ChannelSum:
    return op<cnn::ChannelWindowSumOp>(input, layer.before, layer.after);
  case LayerId::Exp:
    return op<cnn::ExpOp>(input);
  case LayerId::Erfc:
    return op<cnn::ErfcOp>(input);
  case LayerId::Pow:
    return op<cnn::PowOp>(input, layer.value);
  case LayerId::OneHot: {
    auto type = RankedTensorType::get(fullShape(current->output), element);
    return op<cnn::OneHotOp>(type, input, APFloat(layer.value), APFloat(layer.other));
  }
  default:
    break;
  }
  llvm_unreachable("all backward layers are handled");
}

Value GraphBuilder::lossLayer(const BackwardLayer &layer, ArrayRef<Value> inputs) {
  // The losses stand in both enums in one order.
  static_assert(int(LayerId::Huber) - int(LayerId::CrossEntropy) == LossTerm::Huber);
  LossTerm term{};
  term.kind = LossTerm::Kind(int(layer.id) - int(LayerId::CrossEntropy));
  term.smooth = term.delta = layer.value;
  return asVector(lossTerm(term, inputs[0], inputs[1]));
}
