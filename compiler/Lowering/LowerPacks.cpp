//===- LowerPacks.cpp - Packing as loops that copy ------------------------===//
//
// One loop nest moves each element to its place. Where only dimensions of one position
// would change places (a vector of channels, a map of 1x1) nothing moves: a new shape.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "llvm/Support/MathExtras.h"

namespace cnnc {
#define GEN_PASS_DEF_LOWERPACKSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// A tensor and its packed form.
struct Packing {
  RankedTensorType plain, packed;
  ArrayRef<int64_t> dims; ///< that are divided
  int64_t tile;

  /// The plain shape with the divided dimensions filled up to whole blocks.
  RankedTensorType whole() const {
    SmallVector<int64_t> shape(plain.getShape());
    for (int64_t dim : dims)
      shape[dim] = llvm::alignTo(shape[dim], tile);
    return RankedTensorType::get(shape, plain.getElementType());
  }

  /// From the loops over the packed tensor to the plain one.
  AffineMap plainMap(OpBuilder &builder) const {
    SmallVector<AffineExpr> results;
    for (int64_t i = 0; i < plain.getRank(); ++i)
      results.push_back(builder.getAffineDimExpr(i));
    for (auto [i, dim] : llvm::enumerate(dims))
      results[dim] = results[dim] * tile + builder.getAffineDimExpr(plain.getRank() + i);
    return AffineMap::get(packed.getRank(), 0, results, builder.getContext());
  }

  /// Whether the elements have the same order in both: only dimensions of one position move.
  bool keepsOrder() const {
    SmallVector<std::pair<int64_t, int64_t>> plainOrder, packedOrder; // dimension, part
    for (int64_t i = 0; i < plain.getRank(); ++i) {
      const int64_t *divided = llvm::find(dims, i);
      if (packed.getDimSize(i) > 1) {
        plainOrder.emplace_back(i, 0);
        packedOrder.emplace_back(i, 0);
      }
      if (divided != dims.end())
        plainOrder.emplace_back(i, 1);
    }
    for (int64_t dim : dims)
      packedOrder.emplace_back(dim, 1);
    return plainOrder == packedOrder;
  }
};

/// The same elements in the same order.
Value reshaped(OpBuilder &builder, Location loc, Value tensor, RankedTensorType type) {
  auto all = [](int64_t rank) {
    return SmallVector<ReassociationIndices>{llvm::to_vector(llvm::seq<int64_t>(0, rank))};
  };
  int64_t rank = cast<RankedTensorType>(tensor.getType()).getRank();
  if (rank > 1)
    tensor = tensor::CollapseShapeOp::create(builder, loc, tensor, all(rank));
  if (type.getRank() == 1)
    return tensor;
  return tensor::ExpandShapeOp::create(builder, loc, type, tensor, all(type.getRank()));
}

/// Copies element by element, in the order of the packed tensor.
Value copied(OpBuilder &builder, Location loc, Value source, RankedTensorType type,
             AffineMap sourceMap, AffineMap targetMap) {
  Value target = tensor::EmptyOp::create(builder, loc, type.getShape(), type.getElementType());
  SmallVector<utils::IteratorType> iterators(sourceMap.getNumDims(), utils::IteratorType::parallel);
  return linalg::GenericOp::create(builder, loc, type, source, target,
                                   ArrayRef<AffineMap>{sourceMap, targetMap}, iterators,
                                   [](OpBuilder &inner, Location where, ValueRange arguments) {
                                     linalg::YieldOp::create(inner, where, arguments[0]);
                                   })
      .getResult(0);
}

LogicalResult lower(linalg::PackOp pack) {
  OpBuilder builder(pack);
  Location loc = pack.getLoc();
  Packing packing{pack.getSourceType(), pack.getDestType(), pack.getInnerDimsPos(),
                  pack.getStaticTiles()[0]};
  Value source = pack.getSource();
  if (RankedTensorType whole = packing.whole(); whole != packing.plain) {
    SmallVector<OpFoldResult> low, high;
    for (auto [from, to] : llvm::zip_equal(packing.plain.getShape(), whole.getShape())) {
      low.push_back(builder.getIndexAttr(0));
      high.push_back(builder.getIndexAttr(to - from));
    }
    source = tensor::PadOp::create(builder, loc, whole, source, low, high, pack.getPaddingValue());
  }
  Value result = packing.keepsOrder()
                     ? reshaped(builder, loc, source, packing.packed)
                     : copied(builder, loc, source, packing.packed, packing.plainMap(builder),
                              builder.getMultiDimIdentityMap(packing.packed.getRank()));
  pack.getResult().replaceAllUsesWith(result);
  pack.erase();
  return success();
}

LogicalResult lower(linalg::UnPackOp unpack) {
  OpBuilder builder(unpack);
  Location loc = unpack.getLoc();
  Packing packing{unpack.getDestType(), unpack.getSourceType(), unpack.getInnerDimsPos(),
                  unpack.getStaticTiles()[0]};
  RankedTensorType whole = packing.whole();
  Value result = packing.keepsOrder()
                     ? reshaped(builder, loc, unpack.getSource(), whole)
                     : copied(builder, loc, unpack.getSource(), whole,
                              builder.getMultiDimIdentityMap(packing.packed.getRank()),
                              packing.plainMap(builder));
  if (whole != packing.plain) {
    SmallVector<int64_t> zeros(whole.getRank(), 0), ones(whole.getRank(), 1);
    result = tensor::ExtractSliceOp::create(
        builder, loc, result, getAsIndexOpFoldResult(builder.getContext(), zeros),
        getAsIndexOpFoldResult(builder.getContext(), packing.plain.getShape()),
        getAsIndexOpFoldResult(builder.getContext(), ones));
  }
  unpack.getResult().replaceAllUsesWith(result);
  unpack.erase();
  return success();
}

/// Whether this is a packing that the phase Lowering makes.
template <typename OpTy> bool isOurs(OpTy op) {
  SmallVector<int64_t> tiles = op.getStaticTiles();
  return op.getOuterDimsPerm().empty() && op.getSourceType().hasStaticShape() &&
         op.getDestType().hasStaticShape() && !tiles.empty() && llvm::all_equal(tiles) &&
         !ShapedType::isDynamic(tiles[0]);
}

struct LowerPacksPass final : cnnc::impl::LowerPacksPassBase<LowerPacksPass> {
  void runOnOperation() override {
    WalkResult result = getOperation().walk([](Operation *op) -> WalkResult {
      if (auto pack = dyn_cast<linalg::PackOp>(op))
        return isOurs(pack) ? lower(pack) : op->emitOpError("expected static blocks of one size");
      if (auto unpack = dyn_cast<linalg::UnPackOp>(op))
        return isOurs(unpack) ? lower(unpack)
                              : op->emitOpError("expected static blocks of one size");
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
