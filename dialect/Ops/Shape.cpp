//===- Shape.cpp - Order, shape and sums over dimensions ------------------===//

#include "dialect/Ops/Rules.h"

#include "llvm/ADT/SmallBitVector.h"

using namespace mlir;
using namespace mlir::cnn;

//===----------------------------------------------------------------------===//
// Shape
//===----------------------------------------------------------------------===//

LogicalResult ReshapeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                          Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  ArrayRef<int64_t> shape = adaptor.getShape();
  auto type = cast<RankedTensorType>(adaptor.getInput().getType());
  std::optional<int64_t> elements = cnnc::checkedElements({shape.data(), shape.size()});
  bool positive = llvm::all_of(shape, [](int64_t size) { return size > 0; });
  if (!positive || !elements || *elements != type.getNumElements())
    return emitOptionalError(loc, "shape [", shape, "] does not have the ", type.getNumElements(),
                             " elements of ", type); // (C1)
  types.push_back(type.clone(shape));
  return success();
}

LogicalResult TransposeOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  ArrayRef<int64_t> permutation = adaptor.getPermutation();
  ArrayRef<int64_t> input = shapeOf(adaptor.getInput());
  llvm::SmallBitVector seen(input.size());
  SmallVector<int64_t> shape;
  for (int64_t dim : permutation) {
    if (dim < 0 || dim >= int64_t(input.size()) || seen.test(dim))
      break;
    seen.set(dim);
    shape.push_back(input[dim]);
  }
  if (shape.size() != input.size() || permutation.size() != input.size())
    return emitOptionalError(loc, "[", permutation, "] is no permutation of ", input.size(),
                             " dimensions"); // (C1)
  types.push_back(withShape(adaptor.getInput(), shape));
  return success();
}

LogicalResult PadOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor,
                                      SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  ArrayRef<int64_t> input = shapeOf(adaptor.getInput());
  ArrayRef<int64_t> low = adaptor.getLow(), high = adaptor.getHigh();
  if (low.size() != input.size() || high.size() != input.size())
    return emitOptionalError(loc, "low and high must have ", input.size(), " numbers, but have ",
                             low.size(), " and ", high.size()); // (C1)
  SmallVector<int64_t> shape;
  for (auto [dim, size] : llvm::enumerate(input)) {
    std::optional<int64_t> padded = cnnc::inferPad(size, low[dim], high[dim]);
    if (!padded)
      return emitOptionalError(loc, low[dim], " and ", high[dim], " positions around the ", size,
                               " of dimension ", dim, " leave none of them, or overflow"); // (C2)
    shape.push_back(*padded);
  }
  if (failed(checkSizes(loc, shape))) // (C2)
    return failure();
  types.push_back(withShape(adaptor.getInput(), shape));
  return success();
}

LogicalResult ConcatOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                         Adaptor adaptor, SmallVectorImpl<Type> &types) {
  ValueRange inputs = adaptor.getInputs();
  if (inputs.empty())
    return emitOptionalError(loc, "expected an input"); // (C1)
  if (failed(checkTensors(loc, inputs, rankOf(inputs[0]))))
    return failure();
  SmallVector<int64_t> shape(shapeOf(inputs[0]));
  if (shape.size() < 2)
    return emitOptionalError(loc, "expected tensors with channels, but got ",
                             inputs[0].getType()); // (C1)
  for (Value input : inputs.drop_front()) {
    SmallVector<int64_t> other(shapeOf(input));
    int64_t channels = std::exchange(other[1], shape[1]);
    if (other != shape)
      return emitOptionalError(loc, "inputs must agree in all but their channels, but are ",
                               inputs[0].getType(), " and ", input.getType()); // (C1)
    std::optional<int64_t> sum = cnnc::checkedAdd(shape[1], channels);
    if (!sum)
      return emitOptionalError(loc, "channels overflow 64 bits"); // (C2)
    shape[1] = *sum;
  }
  if (failed(checkSizes(loc, shape))) // (C2)
    return failure();
  types.push_back(withShape(inputs[0], shape));
  return success();
}

/// Whether `dims` ascend within [0, rank).
static bool areAscending(ArrayRef<int64_t> dims, int64_t rank) {
  int64_t last = -1;
  for (int64_t dim : dims) {
    if (dim <= last || dim >= rank)
      return false;
    last = dim;
  }
  return true;
}

/// The dimensions of [0, rank) that are not in `dims`.
static SmallVector<int64_t> complement(ArrayRef<int64_t> dims, int64_t rank) {
  SmallVector<int64_t> rest;
  for (int64_t dim = 0; dim < rank; ++dim)
    if (!llvm::is_contained(dims, dim))
      rest.push_back(dim);
  return rest;
}

LogicalResult ReduceSumOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  ArrayRef<int64_t> input = shapeOf(adaptor.getInput());
  if (!areAscending(adaptor.getDims(), input.size()))
    return emitOptionalError(loc, "dims must ascend within the ", input.size(),
                             " dimensions of the input, but are [", adaptor.getDims(),
                             "]"); // (C1)
  SmallVector<int64_t> shape;
  for (int64_t dim : complement(adaptor.getDims(), input.size()))
    shape.push_back(input[dim]);
  types.push_back(withShape(adaptor.getInput(), shape));
  return success();
}

LogicalResult BroadcastOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc,
                                            Adaptor adaptor, SmallVectorImpl<Type> &types) {
  if (failed(checkTensors(loc, adaptor.getOperands())))
    return failure();
  ArrayRef<int64_t> dims = adaptor.getDims(), shape = adaptor.getShape();
  ArrayRef<int64_t> input = shapeOf(adaptor.getInput());
  if (dims.size() != input.size() || !areAscending(dims, shape.size()))
    return emitOptionalError(loc, "dims must ascend, one for each of the input's ", input.size(),
                             " dimensions, but are [", dims, "]"); // (C1)
  for (auto [dim, size] : llvm::zip_equal(dims, input))
    if (shape[dim] != size)
      return emitOptionalError(loc, "dimension ", dim, " has the size ", shape[dim],
                               ", but the input has ", size); // (C2)
  if (failed(checkSizes(loc, shape)))                         // (C2)
    return failure();
  types.push_back(withShape(adaptor.getInput(), shape));
  return success();
}

//===----------------------------------------------------------------------===//
// Fold and canonicalize
//===----------------------------------------------------------------------===//

OpFoldResult ReshapeOp::fold(FoldAdaptor) {
  if (getInput().getType() == getType())
    return getInput();
  if (auto inner = getInput().getDefiningOp<ReshapeOp>()) {
    getInputMutable().assign(inner.getInput());
    return getResult();
  }
  return {};
}

OpFoldResult TransposeOp::fold(FoldAdaptor) {
  ArrayRef<int64_t> outer = getPermutation();
  if (llvm::equal(outer, llvm::seq<int64_t>(0, outer.size())))
    return getInput();
  auto inner = getInput().getDefiningOp<TransposeOp>();
  if (!inner)
    return {};
  for (auto [i, dim] : llvm::enumerate(outer))
    if (inner.getPermutation()[dim] != int64_t(i))
      return {};
  return inner.getInput();
}

/// Whether a pad of (a, b) and then one of (c, d) along a dimension of `size` positions is
/// the pad of (a + c, b + d): no end may first lose positions and then get zeros.
static bool areOnePad(int64_t size, int64_t a, int64_t b, int64_t c, int64_t d) {
  bool replaces = (a < 0 && c > 0) || (b < 0 && d > 0);
  std::optional<int64_t> low = cnnc::checkedAdd(a, c), high = cnnc::checkedAdd(b, d);
  return !replaces && low && high && cnnc::inferPad(size, *low, *high);
}

/// The input of a concat that `slice` takes as a whole, or nothing.
static Value sliceOfConcat(PadOp slice, ConcatOp concat) {
  for (auto [dim, low] : llvm::enumerate(slice.getLow()))
    if (dim != 1 && (low != 0 || slice.getHigh()[dim] != 0))
      return {};
  int64_t offset = 0;
  for (Value input : concat.getInputs()) {
    if (-offset == slice.getLow()[1] && input.getType() == slice.getType())
      return input;
    offset += shapeOf(input)[1];
  }
  return {};
}

OpFoldResult PadOp::fold(FoldAdaptor) {
  auto isZero = [](int64_t count) { return count == 0; };
  if (llvm::all_of(getLow(), isZero) && llvm::all_of(getHigh(), isZero))
    return getInput();
  if (auto concat = getInput().getDefiningOp<ConcatOp>())
    return sliceOfConcat(*this, concat);
  auto inner = getInput().getDefiningOp<PadOp>();
  if (!inner)
    return {};
  SmallVector<int64_t> low, high;
  for (auto [dim, size] : llvm::enumerate(shapeOf(inner.getInput()))) {
    if (!areOnePad(size, inner.getLow()[dim], inner.getHigh()[dim], getLow()[dim], getHigh()[dim]))
      return {};
    low.push_back(inner.getLow()[dim] + getLow()[dim]);
    high.push_back(inner.getHigh()[dim] + getHigh()[dim]);
  }
  getInputMutable().assign(inner.getInput());
  setLow(low);
  setHigh(high);
  return getResult();
}

OpFoldResult ConcatOp::fold(FoldAdaptor) {
  if (getInputs().size() == 1)
    return getInputs()[0];
  SmallVector<Value> flat;
  for (Value input : getInputs()) {
    if (auto inner = input.getDefiningOp<ConcatOp>())
      llvm::append_range(flat, inner.getInputs());
    else
      flat.push_back(input);
  }
  if (flat.size() == getInputs().size() && llvm::equal(flat, getInputs()))
    return {};
  getInputsMutable().assign(flat);
  return getResult();
}

//===----------------------------------------------------------------------===//
// Gradient
//===----------------------------------------------------------------------===//

void ReshapeOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<ReshapeOp>(sink.result(), shapeOf(getInput())));
}

void TransposeOp::buildGradients(GradientSink &sink) {
  SmallVector<int64_t> inverse(getPermutation().size());
  for (auto [i, dim] : llvm::enumerate(getPermutation()))
    inverse[dim] = i;
  sink.set(0, sink.create<TransposeOp>(sink.result(), inverse));
}

void ReduceSumOp::buildGradients(GradientSink &sink) {
  SmallVector<int64_t> kept = complement(getDims(), rankOf(getInput()));
  sink.set(0, broadcastLike(sink, sink.result(), kept, getInput()));
}

void BroadcastOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<ReduceSumOp>(sink.result(), complement(getDims(), getShape().size())));
}

static SmallVector<int64_t> negated(ArrayRef<int64_t> values) {
  return llvm::map_to_vector(values, [](int64_t value) { return -value; });
}

void PadOp::buildGradients(GradientSink &sink) {
  sink.set(0, sink.create<PadOp>(sink.result(), negated(getLow()), negated(getHigh())));
}

void ConcatOp::buildGradients(GradientSink &sink) {
  SmallVector<int64_t> low(rankOf(getOutput()), 0), high(low);
  int64_t all = shapeOf(getOutput())[1], offset = 0;
  for (auto [i, input] : llvm::enumerate(getInputs())) {
    int64_t channels = shapeOf(input)[1];
    low[1] = -offset;
    offset += channels;
    high[1] = offset - all;
    if (sink.needs(i))
      sink.set(i, sink.create<PadOp>(sink.result(), low, high));
  }
}
