//===- LinalgBuilder.h - Short forms for linalg on tensors ------------------===//
//
// What the patterns of this phase build with: element-wise ops, reductions,
// signed padding, sliding windows.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_LOWERING_LINALGBUILDER_H
#define CNNC_LOWERING_LINALGBUILDER_H

#include "dialect/CnnOps.h"
#include "dialect/ShapeInference.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/DialectConversion.h"

namespace cnnc {

using mlir::AffineExpr;
using mlir::AffineMap;
using mlir::Location;
using mlir::RankedTensorType;
using mlir::Type;
using mlir::Value;
using mlir::ValueRange;

/// A tensor and how the loops index it.
struct Operand {
  Value value;
  AffineMap map;
};

inline RankedTensorType tensorType(Value value) {
  return mlir::cast<RankedTensorType>(value.getType());
}
inline llvm::ArrayRef<int64_t> shapeOf(Value value) { return tensorType(value).getShape(); }
inline RankedTensorType withShape(Value like, llvm::ArrayRef<int64_t> shape) {
  return RankedTensorType::get(shape, tensorType(like).getElementType());
}

/// Builds linalg ops at one location.
class LinalgBuilder {
public:
  /// Computes an element from the operands' elements (first) and, in a reduction,
  /// from what the destinations hold (last).
  using Body = llvm::function_ref<Value(LinalgBuilder &, ValueRange)>;
  using BodyOfSeveral = llvm::function_ref<llvm::SmallVector<Value>(LinalgBuilder &, ValueRange)>;

  LinalgBuilder(mlir::OpBuilder &builder, Location loc) : builder(builder), loc(loc) {}
  /// Builds at the location of `op` and in the layout that the phase Layout chose for
  /// it: with `cnn.innermost = d`, padding and loops happen on tensors whose dimension d
  /// is moved to the end, and so is its loop. What moves there and back between two such
  /// ops cancels out in canonicalization.
  LinalgBuilder(mlir::OpBuilder &builder, mlir::Operation *op);

  mlir::OpBuilder &builder;
  Location loc;

  /// Whether the loops over the images are innermost.
  bool hasImagesInnermost() const { return innermost.has_value(); }

  //===--- Scalars --------------------------------------------------------===//
  template <typename OpTy, typename... Args> Value op(Args &&...args) {
    return OpTy::create(builder, loc, std::forward<Args>(args)...)->getResult(0);
  }
  Value number(Type type, double value);
  Value integer(Type type, int64_t value);
  Value add(Value a, Value b) { return op<mlir::arith::AddFOp>(a, b); }
  Value sub(Value a, Value b) { return op<mlir::arith::SubFOp>(a, b); }
  Value mul(Value a, Value b) { return op<mlir::arith::MulFOp>(a, b); }
  Value div(Value a, Value b) { return op<mlir::arith::DivFOp>(a, b); }
  Value select(Value condition, Value a, Value b) {
    return op<mlir::arith::SelectOp>(condition, a, b);
  }
  Value compare(mlir::arith::CmpFPredicate predicate, Value a, Value b) {
    return op<mlir::arith::CmpFOp>(predicate, a, b);
  }

  /// a where x is positive, else b.
  Value wherePositive(Value x, Value a, Value b) {
    return select(compare(mlir::arith::CmpFPredicate::OGT, x, number(x.getType(), 0)), a, b);
  }
  /// max(x, 0)
  Value positivePart(Value x) { return op<mlir::arith::MaximumFOp>(x, number(x.getType(), 0)); }
  /// log(1 + exp(-|x|)), which never overflows.
  Value log1pOfDecay(Value x) {
    Value decay = op<mlir::math::ExpOp>(op<mlir::arith::NegFOp>(op<mlir::math::AbsFOp>(x)));
    return op<mlir::math::Log1pOp>(decay);
  }

  //===--- Tensors --------------------------------------------------------===//
  Value empty(RankedTensorType type);
  /// A tensor with the same number everywhere.
  Value filled(RankedTensorType type, double value);
  /// Adds (positive) or crops (negative) positions at both ends of each dimension.
  Value padOrCrop(Value tensor, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
                  double fill);
  /// Writes `part` into `whole` from position `offset[i]` of each dimension.
  Value insert(Value part, Value whole, llvm::ArrayRef<int64_t> offset);
  /// A constant of these numbers, in row-major order.
  Value constant(RankedTensorType type, llvm::ArrayRef<double> values);
  /// Every `stride[i]`-th position of dimension i, from the first.
  Value strided(Value tensor, llvm::ArrayRef<int64_t> strides);
  Value reshape(Value tensor, llvm::ArrayRef<int64_t> shape);

  //===--- Loops ----------------------------------------------------------===//
  /// Loops over all dimensions of `maps`, in their order. A dimension that the
  /// first destination's map does not use is a reduction.
  llvm::SmallVector<Value> loops(llvm::ArrayRef<Operand> inputs,
                                 llvm::ArrayRef<Operand> destinations, BodyOfSeveral body);
  Value loop(llvm::ArrayRef<Operand> inputs, Operand destination, Body body);
  /// Element by element; the body sees the inputs only.
  Value elementwise(RankedTensorType type, llvm::ArrayRef<Operand> inputs, Body body);
  /// Reduces over `dims`; they become the innermost loops. The body is called with
  /// the elements of `inputs`, all of the same shape, and the result so far.
  Value reduce(llvm::ArrayRef<Value> inputs, llvm::ArrayRef<int64_t> dims, double start, Body body);
  /// In a body: where the loop `dim` of the maps is.
  Value index(unsigned dim) {
    return op<mlir::linalg::IndexOp>(loopPositions.empty() ? dim : loopPositions[dim]);
  }

  /// Dimension `dim` of `rank` loops.
  AffineExpr dim(unsigned i) { return builder.getAffineDimExpr(i); }
  AffineMap map(unsigned loops, llvm::ArrayRef<AffineExpr> results) {
    return AffineMap::get(loops, 0, results, builder.getContext());
  }
  AffineMap identity(unsigned rank) { return builder.getMultiDimIdentityMap(rank); }

  /// All dimensions but the channels: how a value for each of the others is read.
  AffineMap withoutChannels(unsigned rank);
  /// The largest along the channels.
  Value maximumOfChannels(Value tensor);
  /// x - max along the channels, and the logarithm of the sum of its exponentials: what
  /// softmax's logarithm and the cross entropy are made of.
  struct ShiftedLogits {
    Value shifted, logOfSum;
  };
  ShiftedLogits shiftLogits(Value logits);

  /// Dimensions in another order, as linalg.transpose: pairs of inverse ones fold.
  Value transpose(Value tensor, llvm::ArrayRef<int64_t> permutation);

private:
  llvm::SmallVector<mlir::OpFoldResult> asIndices(llvm::ArrayRef<int64_t> values) {
    return mlir::getAsIndexOpFoldResult(builder.getContext(), values);
  }
  Value padOrCropRowMajor(Value tensor, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
                          double fill);
  Value insertRowMajor(Value part, Value whole, llvm::ArrayRef<int64_t> offset);
  llvm::SmallVector<Value> loopsAsGiven(llvm::ArrayRef<Operand> inputs,
                                        llvm::ArrayRef<Operand> destinations, BodyOfSeveral body,
                                        llvm::ArrayRef<unsigned> positions);
  /// The operand with the dimension that loop `dim` runs over moved to the end.
  Operand moveToEnd(const Operand &operand, unsigned dim, bool isDestination);

  std::optional<unsigned> innermost;         ///< dimension of the op's first operand
  llvm::SmallVector<unsigned> loopPositions; ///< in a body, if the loops were reordered
};

/// Gives `part` of a decomposed op the op's layout.
void inheritLayout(mlir::Operation *op, mlir::Operation *part);

/// The value as an operand of an element-wise op over `rank` loops. What
/// cnn.broadcast repeats is read where it stands.
Operand asOperand(mlir::ConversionPatternRewriter &rewriter, Value original);
llvm::SmallVector<Operand> asOperands(mlir::ConversionPatternRewriter &rewriter,
                                      ValueRange originals);

/// Start of a maximum: what every number exceeds.
inline constexpr double kLowest = -std::numeric_limits<double>::infinity();

} // namespace cnnc

#endif // CNNC_LOWERING_LINALGBUILDER_H
