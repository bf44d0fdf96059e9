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
  bool positive = llvm::all_of(shape, [](int64_t size) { return size > 0; });
  if (!positive || !cnnc::checkedElements({shape.data(), shape.size()}))
    return emitOptionalError(loc, "shape [", shape,
                             "] must have positive sizes, whose product fits 64 bits"); // (C2)
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
