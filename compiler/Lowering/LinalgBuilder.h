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
  /// Builds at the location of `op` and in the layout that the phase Layout chose for it:
  /// `cnn.blocks` names dimensions of the op's first operand. Padding and loops then happen on
  /// tensors whose blocks lie innermost (linalg.pack), so do the loops over the places in a
  /// block, and results are unpacked. What is packed and unpacked between two such ops cancels
  /// out (FoldPacks).
  LinalgBuilder(mlir::OpBuilder &builder, mlir::Operation *op);

  mlir::OpBuilder &builder;
  Location loc;

  /// The dimensions of the op's first operand that are divided into blocks; none of them for
  /// a convolution from plain images into blocks of channels. Nothing without a layout.
  std::optional<llvm::ArrayRef<int64_t>> layout() const {
    return hasLayout ? std::optional(llvm::ArrayRef<int64_t>(blocks)) : std::nullopt;
  }

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
  /// The tensor with `dims` divided into blocks, which lie innermost in this order. What a
  /// dimension lacks to a multiple is zero.
  Value pack(Value tensor, llvm::ArrayRef<int64_t> dims);
  /// Of `shape`, as pack divides it.
  Value unpack(Value packed, llvm::ArrayRef<int64_t> shape, llvm::ArrayRef<int64_t> dims);

  //===--- Loops ----------------------------------------------------------===//
  /// Loops over all dimensions of `maps`, in their order. A dimension that the
  /// first destination's map does not use is a reduction.
  llvm::SmallVector<Value> loops(llvm::ArrayRef<Operand> inputs,
                                 llvm::ArrayRef<Operand> destinations, BodyOfSeveral body);
  Value loop(llvm::ArrayRef<Operand> inputs, Operand destination, Body body);
  /// The same on the operands as they are, whatever the layout.
  Value plainLoop(llvm::ArrayRef<Operand> inputs, Operand destination, Body body);
  /// Element by element; the body sees the inputs only.
  Value elementwise(RankedTensorType type, llvm::ArrayRef<Operand> inputs, Body body);
  /// Reduces over `dims`; they become the innermost loops. The body is called with
  /// the elements of `inputs`, all of the same shape, and the result so far.
  Value reduce(llvm::ArrayRef<Value> inputs, llvm::ArrayRef<int64_t> dims, double start, Body body);
  /// In a body: where the loop `dim` of the maps is.
  Value index(unsigned dim);

  /// Dimension `dim` of `rank` loops.
  AffineExpr dim(unsigned i) { return builder.getAffineDimExpr(i); }
  AffineMap map(unsigned loops, llvm::ArrayRef<AffineExpr> results) {
    return AffineMap::get(loops, 0, results, builder.getContext());
  }
  AffineMap identity(unsigned rank) { return builder.getMultiDimIdentityMap(rank); }

  /// All dimensions but the channels: how a value for each of the others is read.
  AffineMap withoutChannels(unsigned rank);
  /// With the channels as the innermost of `rank` loops: how a tensor is read, and how what is made
  /// of all channels is written.
  AffineMap channelsInnermost(unsigned rank);
  AffineMap channelsReduced(unsigned rank);
  /// The largest along the channels.
  Value maximumOfChannels(Value tensor);
  /// Of logits along the channels: the largest, and the sum of exp(x - largest): what the logarithm
  /// of softmax and the cross entropy are made of.
  struct LogitSums {
    Value largest, sum;
  };
  LogitSums sumLogits(Value logits);
  /// With the exponentials themselves, for those who need each of them once more.
  struct LogitShares {
    Value largest, exponentials, sum;
  };
  LogitShares shareLogits(Value logits);
  Value logarithm(Value tensor);
  Value inverse(Value tensor);

  /// Dimensions in another order, as linalg.transpose: pairs of inverse ones fold.
  Value transpose(Value tensor, llvm::ArrayRef<int64_t> permutation);

private:
  llvm::SmallVector<mlir::OpFoldResult> asIndices(llvm::ArrayRef<int64_t> values) {
    return mlir::getAsIndexOpFoldResult(builder.getContext(), values);
  }
  /// Whether `tensor` has the dimensions that the layout divides.
  bool isBlocked(Value tensor) const;
  Value padOrCropPlain(Value tensor, llvm::ArrayRef<int64_t> low, llvm::ArrayRef<int64_t> high,
                       double fill);
  Value stridedPlain(Value tensor, llvm::ArrayRef<int64_t> strides);
  Value insertPlain(Value part, Value whole, llvm::ArrayRef<int64_t> offset);
  /// A destination as pack makes it; what every element starts as needs no packing.
  Value packDestination(Value tensor, llvm::ArrayRef<int64_t> dims);
  /// The loops over the dimensions that the layout divides, if every operand is indexed by them
  /// alone or not at all.
  std::optional<llvm::SmallVector<unsigned>> dividedLoops(llvm::ArrayRef<Operand> inputs,
                                                          llvm::ArrayRef<Operand> destinations);
  /// Loops with the given ones divided; those over the places in a block are innermost.
  llvm::SmallVector<Value> blockedLoops(llvm::ArrayRef<Operand> inputs,
                                        llvm::ArrayRef<Operand> destinations,
                                        llvm::ArrayRef<unsigned> divided, BodyOfSeveral body);
  llvm::SmallVector<Value> plainLoops(llvm::ArrayRef<Operand> inputs,
                                      llvm::ArrayRef<Operand> destinations, BodyOfSeveral body,
                                      llvm::ArrayRef<unsigned> divided);

  bool hasLayout = false;
  llvm::SmallVector<int64_t> blocks; ///< dimensions of the op's first operand
  int64_t rank = 0;                  ///< of the op's first operand
  // In a body: the loops that are divided, and how many loops were there before.
  llvm::SmallVector<unsigned> dividedDims;
  unsigned undividedLoops = 0;
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
