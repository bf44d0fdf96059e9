//===- SplitElementwise.cpp - Element-wise ops slice by slice -------------===//
//
// The gradient of a strided convolution consists of phases: kernels that write every other
// place each. What follows reads all of them together, so that no kernel can take it in. Slice by
// slice it is an op on the results of one kernel.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace cnnc {
#define GEN_PASS_DEF_SPLITELEMENTWISEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Whether two slices have no place in common, because along one dimension they take turns.
bool takeTurns(tensor::InsertSliceOp a, tensor::InsertSliceOp b) {
  for (unsigned dim = 0; dim < a.getStaticOffsets().size(); ++dim) {
    int64_t step = a.getStaticStrides()[dim];
    if (step == b.getStaticStrides()[dim] &&
        (a.getStaticOffsets()[dim] - b.getStaticOffsets()[dim]) % step != 0)
      return true;
  }
  return false;
}

/// Whether nobody but `reader` needs the value.
bool isOnlyFor(Operation *reader, Value value) {
  return llvm::all_of(value.getUsers(),
                      [&](Operation *user) { return user == reader || isOpTriviallyDead(user); });
}

/// Products that are summed for one result.
int64_t stepsOf(cnn::KernelOp kernel) {
  int64_t steps = 1;
  for (auto [extent, reduces] : llvm::zip_equal(kernel.getExtents(), kernel.getReductions()))
    steps *= reduces ? extent : 1;
  return steps;
}

/// The slices of kernels that a tensor consists of, in the order in which they are inserted; none
/// if it is something else.
SmallVector<tensor::InsertSliceOp> slicesOf(Operation *reader, Value whole) {
  SmallVector<tensor::InsertSliceOp> slices;
  int64_t left = cast<RankedTensorType>(whole.getType()).getNumElements();
  while (auto slice = whole.getDefiningOp<tensor::InsertSliceOp>()) {
    bool isStatic = slice.getOffsets().empty() && slice.getSizes().empty() &&
                    slice.getStrides().empty() &&
                    slice.getSourceType().getRank() == slice.getType().getRank();
    if (!isStatic || !slice.getSource().getDefiningOp<cnn::KernelOp>() ||
        !slice.getSource().hasOneUse() || !isOnlyFor(reader, whole) ||
        !llvm::all_of(slices, [&](tensor::InsertSliceOp other) { return takeTurns(slice, other); }))
      return {};
    slices.push_back(slice);
    left -= slice.getSourceType().getNumElements();
    reader = slice;
    whole = slice.getDest();
  }
  if (left != 0 || slices.size() < 2)
    return {};
  std::reverse(slices.begin(), slices.end());
  return slices;
}

/// Each dimension of every operand is a loop or a single place.
bool indexesPlainly(linalg::GenericOp op) {
  return llvm::all_of(op->getOpOperands(), [&](OpOperand &operand) {
    AffineMap map = op.getMatchingIndexingMap(&operand);
    return op.isDpsInit(&operand) ? map.isPermutation()
                                  : map.isProjectedPermutation(/*allowZeroInResults=*/true);
  });
}

struct SplitElementwisePass final : cnnc::impl::SplitElementwisePassBase<SplitElementwisePass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> ops;
    getOperation().walk([&](linalg::GenericOp op) { ops.push_back(op); });
    for (linalg::GenericOp op : ops)
      if (op.hasPureTensorSemantics() && op.getNumReductionLoops() == 0 &&
          !op.hasIndexSemantics() && indexesPlainly(op) &&
          llvm::all_of(op.getDpsInits(),
                       [](Value init) { return init.getDefiningOp<tensor::EmptyOp>(); }))
        split(op);
  }

  void split(linalg::GenericOp op) {
    for (OpOperand *operand : op.getDpsInputOperands()) {
      SmallVector<tensor::InsertSliceOp> slices = slicesOf(op, operand->get());
      auto isLong = [&](tensor::InsertSliceOp slice) {
        return stepsOf(slice.getSource().getDefiningOp<cnn::KernelOp>()) > maxSteps;
      };
      if (slices.empty() || llvm::any_of(slices, isLong) ||
          !op.getMatchingIndexingMap(operand).isPermutation())
        continue;
      replace(op, *operand, slices);
      ++splits;
      return;
    }
  }

  /// Offsets, sizes and strides by the loops of the op.
  struct Part {
    SmallVector<int64_t> offsets, sizes, strides;
  };

  static Part partOf(linalg::GenericOp op, OpOperand &operand, tensor::InsertSliceOp slice) {
    Part part;
    unsigned loops = op.getNumLoops();
    part.offsets.assign(loops, 0);
    part.sizes = part.strides = part.offsets;
    for (auto [dim, index] : llvm::enumerate(op.getMatchingIndexingMap(&operand).getResults())) {
      unsigned loop = cast<AffineDimExpr>(index).getPosition();
      part.offsets[loop] = slice.getStaticOffsets()[dim];
      part.sizes[loop] = slice.getStaticSizes()[dim];
      part.strides[loop] = slice.getStaticStrides()[dim];
    }
    return part;
  }

  /// Where a tensor with this map is touched by a part of the loops.
  struct Region {
    SmallVector<OpFoldResult> offsets, sizes, strides;
    SmallVector<int64_t> shape;

    Region(Builder &builder, AffineMap map, const Part &part) {
      for (AffineExpr index : map.getResults()) {
        auto dim = dyn_cast<AffineDimExpr>(index);
        shape.push_back(dim ? part.sizes[dim.getPosition()] : 1);
        offsets.push_back(builder.getIndexAttr(dim ? part.offsets[dim.getPosition()] : 0));
        sizes.push_back(builder.getIndexAttr(shape.back()));
        strides.push_back(builder.getIndexAttr(dim ? part.strides[dim.getPosition()] : 1));
      }
    }
  };

  void replace(linalg::GenericOp op, OpOperand &operand, ArrayRef<tensor::InsertSliceOp> slices) {
    OpBuilder builder(op);
    Location loc = op.getLoc();
    SmallVector<Value> wholes(op.getDpsInits());
    for (tensor::InsertSliceOp slice : slices) {
      Part part = partOf(op, operand, slice);
      SmallVector<Value> operands;
      SmallVector<Type> results;
      for (OpOperand &other : op->getOpOperands()) {
        Region region(builder, op.getMatchingIndexingMap(&other), part);
        auto type = dyn_cast<RankedTensorType>(other.get().getType());
        if (&other == &operand)
          operands.push_back(slice.getSource());
        else if (!type)
          operands.push_back(other.get());
        else if (op.isDpsInit(&other))
          operands.push_back(
              tensor::EmptyOp::create(builder, loc, region.shape, type.getElementType()));
        else if (type.getShape() == ArrayRef(region.shape))
          operands.push_back(other.get());
        else
          operands.push_back(tensor::ExtractSliceOp::create(
              builder, loc, other.get(), region.offsets, region.sizes, region.strides));
        if (op.isDpsInit(&other))
          results.push_back(operands.back().getType());
      }
      Operation *small = mlir::clone(builder, op.getOperation(), results, operands);
      for (auto [i, whole] : llvm::enumerate(wholes)) {
        Region region(builder, op.getIndexingMapMatchingResult(op->getResult(i)), part);
        whole = tensor::InsertSliceOp::create(builder, loc, small->getResult(i), whole,
                                              region.offsets, region.sizes, region.strides);
      }
    }
    op->replaceAllUsesWith(wholes);
    op->erase();
    for (tensor::InsertSliceOp slice : llvm::reverse(slices)) {
      for (Operation *dead : llvm::make_early_inc_range(slice->getUsers()))
        dead->erase();
      slice->erase();
    }
  }
};

} // namespace
