//===- Conv.cpp - Convolution ---------------------------------------------===//

#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult Conv2DOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(adaptor.getInput());
  ArrayRef<int64_t> filter = shapeOf(adaptor.getFilter());
  int64_t groups = adaptor.getGroups(), batchGroups = adaptor.getBatchGroups();
  if (groups < 1 || batchGroups < 1 || (groups > 1 && batchGroups > 1))
    return emitOptionalError(loc,
                             "groups and batch_groups must be positive and one of them 1, but are ",
                             groups, " and ", batchGroups); // (C2)
  if (input[1] != filter[1] * groups)
    return emitOptionalError(loc, "input has ", input[1], " channels, but the filter reads ",
                             filter[1], " in each of ", groups, " groups"); // (C1)
  if (filter[0] % groups != 0 || filter[0] % batchGroups != 0)
    return emitOptionalError(loc, filter[0], " outputs of the filter do not divide into ",
                             std::max(groups, batchGroups), " groups"); // (C2)
  if (input[0] % batchGroups != 0)
    return emitOptionalError(loc, "batch of ", input[0], " does not divide into ", batchGroups,
                             " groups"); // (C3)
  WindowAttrs window{filter.drop_front(2), adaptor.getStrides(), adaptor.getPadding(),
                     adaptor.getDilations(), adaptor.getInputDilations()};
  auto output = inferWindows(loc, input.drop_front(2), window); // (C4) (C5)
  if (failed(output))
    return failure();
  types.push_back(withShape(adaptor.getInput(),
                            {input[0] / batchGroups, filter[0], (*output)[0], (*output)[1]}));
  return success();
}

LogicalResult TransposeFilterOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                  Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  ArrayRef<int64_t> filter = shapeOf(adaptor.getFilter());
  int64_t groups = adaptor.getGroups();
  if (groups < 1 || filter[0] % groups != 0)
    return emitOptionalError(loc, filter[0], " outputs of the filter do not divide into ", groups,
                             " groups"); // (C1)
  types.push_back(withShape(adaptor.getFilter(),
                            {filter[1] * groups, filter[0] / groups, filter[2], filter[3]}));
  return success();
}

LogicalResult FilterGradientOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                                 Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands(), 4)))
    return failure();
  ArrayRef<int64_t> input = shapeOf(adaptor.getInput());
  ArrayRef<int64_t> gradient = shapeOf(adaptor.getGradient());
  int64_t groups = adaptor.getGroups();
  if (input[0] != gradient[0])
    return emitOptionalError(loc, "input has ", input[0], " images, but the gradient has ",
                             gradient[0]); // (C1)
  if (groups < 1 || input[1] % groups != 0 || gradient[1] % groups != 0)
    return emitOptionalError(loc, "channels ", input[1], " and ", gradient[1],
                             " do not divide into ", groups, " groups");    // (C2)
  auto windows = inferWindows(loc, input.drop_front(2), windowOf(adaptor)); // (C3)
  if (failed(windows))
    return failure();
  for (unsigned i : {0u, 1u})
    if ((*windows)[i] != gradient[2 + i])
      return emitOptionalError(loc, "gradient has ", gradient[2 + i], " positions, but ",
                               (*windows)[i], " windows in dimension ", i + 2); // (C4)
  ArrayRef<int64_t> kernel = adaptor.getKernel();
  types.push_back(
      withShape(adaptor.getInput(), {gradient[1], input[1] / groups, kernel[0], kernel[1]}));
  return success();
}

//===----------------------------------------------------------------------===//
// Fold and canonicalize
//===----------------------------------------------------------------------===//

OpFoldResult TransposeFilterOp::fold(FoldAdaptor) {
  auto inner = getFilter().getDefiningOp<TransposeFilterOp>();
  if (inner && inner.getGroups() == getGroups())
    return inner.getFilter();
  return {};
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

static Value exchangeBatchAndChannels(GradientSink &sink, Value value) {
  return sink.create<TransposeOp>(value, ArrayRef<int64_t>{1, 0, 2, 3});
}

/// Towards the input: the transposed convolution of the output's gradient.
static Value inputGradient(Conv2DOp conv, GradientSink &sink, const WindowAttrs &window) {
  ArrayRef<int64_t> input = shapeOf(conv.getInput());
  ArrayRef<int64_t> output = shapeOf(conv.getOutput());
  WindowLists adjoint = adjointWindows(input.drop_front(2), output.drop_front(2), window);
  int64_t batchGroups = conv.getBatchGroups();
  int64_t groups = std::max<int64_t>(conv.getGroups(), batchGroups);
  Value filter = sink.create<TransposeFilterOp>(conv.getFilter(), groups);
  Value gradient =
      sink.create<Conv2DOp>(sink.result(), filter, adjoint.strides, adjoint.padding,
                            adjoint.dilations, adjoint.inputDilations, groups, /*batch_groups=*/1);
  if (batchGroups == 1)
    return gradient;
  // The groups came out as channels; they belong to the batch.
  int64_t images = output[0], channels = input[1];
  gradient = sink.create<ReshapeOp>(
      gradient, ArrayRef<int64_t>{images, batchGroups, channels, input[2], input[3]});
  gradient = sink.create<TransposeOp>(gradient, ArrayRef<int64_t>{1, 0, 2, 3, 4});
  return sink.create<ReshapeOp>(gradient, input);
}

/// Towards the filter: the input convolved with the output's gradient.
static Value filterGradient(Conv2DOp conv, GradientSink &sink, const WindowAttrs &window) {
  ArrayRef<int64_t> input = shapeOf(conv.getInput());
  ArrayRef<int64_t> output = shapeOf(conv.getOutput());
  WindowLists lists;
  for (unsigned i : {0u, 1u})
    lists.append(cnnc::filterGradientWindow(input[i + 2], output[i + 2], window.axis(i)));
  Value gradient = sink.create<Conv2DOp>(exchangeBatchAndChannels(sink, conv.getInput()),
                                         exchangeBatchAndChannels(sink, sink.result()),
                                         lists.strides, lists.padding, lists.dilations,
                                         lists.inputDilations, /*groups=*/conv.getBatchGroups(),
                                         /*batch_groups=*/conv.getGroups());
  return exchangeBatchAndChannels(sink, gradient);
}

void Conv2DOp::buildGradients(GradientSink &sink) {
  WindowAttrs window{shapeOf(getFilter()).drop_front(2), getStrides(), getPadding(), getDilations(),
                     getInputDilations()};
  if (sink.needs(0))
    sink.set(0, inputGradient(*this, sink, window));
  if (sink.needs(1))
    sink.set(1, filterGradient(*this, sink, window));
}

void TransposeFilterOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<TransposeFilterOp>(sink.result(), getGroups()));
}
