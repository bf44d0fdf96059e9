//===- LowerLoops.cpp - linalg on buffers to loops ------------------------===//
//
// Loops stand in the order of the op's dimensions: whoever built the op chose it.
// The suffix of loops on which no output depends carries its accumulators as loop
// values. A store per iteration would hide the reduction from LLVM, which only
// vectorizes one that it finds as a loop-carried value.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/LoopNest.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"

namespace cnnc {
#define GEN_PASS_DEF_LOWERLOOPSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Builds the loop nest of one linalg op in front of it.
class LinalgLoops {
public:
  LinalgLoops(linalg::LinalgOp op)
      : op(op), location(op.getLoc()), builder(op), extents(op.getStaticLoopRanges()) {
    // The suffix of loops that no output depends on.
    firstReduction = extents.size();
    while (firstReduction > 0 && !outputsDependOn(firstReduction - 1))
      --firstReduction;
  }

  void build() {
    for (unsigned dim = 0; dim < firstReduction; ++dim)
      openLoop(dim, {});
    SmallVector<Value> accumulators;
    for (OpOperand &output : op.getDpsInitsMutable())
      accumulators.push_back(load(output));

    SmallVector<scf::ForOp> reductions;
    SmallVector<Value> carried = accumulators;
    for (unsigned dim = firstReduction; dim < extents.size(); ++dim) {
      scf::ForOp loop = openLoop(dim, carried);
      reductions.push_back(loop);
      carried.assign(loop.getRegionIterArgs().begin(), loop.getRegionIterArgs().end());
    }

    SmallVector<Value> results = computeBody(carried);
    for (scf::ForOp loop : llvm::reverse(reductions)) {
      builder.setInsertionPointToEnd(loop.getBody());
      scf::YieldOp::create(builder, location, results);
      builder.setInsertionPointAfter(loop);
      results.assign(loop.getResults().begin(), loop.getResults().end());
    }
    for (auto [value, output] : llvm::zip(results, op.getDpsInitsMutable()))
      memref::StoreOp::create(builder, location, value, output.get(), indices(output));
  }

private:
  bool outputsDependOn(unsigned dim) {
    return llvm::any_of(op.getDpsInitsMutable(), [&](OpOperand &output) {
      return op.getMatchingIndexingMap(&output).isFunctionOfDim(dim);
    });
  }

  scf::ForOp openLoop(unsigned dim, ValueRange carried) {
    Value zero = arith::ConstantIndexOp::create(builder, location, 0);
    Value one = arith::ConstantIndexOp::create(builder, location, 1);
    Value extent = arith::ConstantIndexOp::create(builder, location, extents[dim]);
    auto loop = scf::ForOp::create(builder, location, zero, extent, one, carried);
    variables.push_back(loop.getInductionVar());
    builder.setInsertionPointToStart(loop.getBody());
    return loop;
  }

  SmallVector<Value> indices(OpOperand &operand) {
    SmallVector<OpFoldResult> dims(variables.begin(), variables.end());
    dims.resize(extents.size(), builder.getIndexAttr(0)); // loops that the map does not use
    AffineMap map = op.getMatchingIndexingMap(&operand);
    SmallVector<Value> result;
    for (unsigned i = 0; i < map.getNumResults(); ++i) {
      OpFoldResult index =
          affine::makeComposedFoldedAffineApply(builder, location, map.getSubMap({i}), dims);
      result.push_back(getValueOrCreateConstantIndexOp(builder, location, index));
    }
    return result;
  }

  Value load(OpOperand &operand) {
    if (!isa<MemRefType>(operand.get().getType())) // a scalar
      return operand.get();
    return memref::LoadOp::create(builder, location, operand.get(), indices(operand));
  }

  SmallVector<Value> computeBody(ValueRange accumulators) {
    Block *body = op.getBlock();
    IRMapping mapping;
    for (OpOperand *input : op.getDpsInputOperands()) {
      BlockArgument argument = op.getMatchingBlockArgument(input);
      if (!argument.use_empty())
        mapping.map(argument, load(*input));
    }
    for (auto [argument, value] : llvm::zip(op.getRegionOutputArgs(), accumulators))
      mapping.map(argument, value);
    for (Operation &inner : body->without_terminator()) {
      if (auto index = dyn_cast<linalg::IndexOp>(inner)) {
        mapping.map(index.getResult(), variables[index.getDim()]);
        continue;
      }
      Operation *copy = builder.clone(inner, mapping);
      if (firstReduction < extents.size())
        allowReordering(copy, accumulators);
    }
    return llvm::map_to_vector(body->getTerminator()->getOperands(),
                               [&](Value value) { return mapping.lookupOrDefault(value); });
  }

  /// Lets LLVM split a sum or product that a loop carries over the lanes of a vector.
  void allowReordering(Operation *combiner, ValueRange accumulators) {
    if (!isa<arith::AddFOp, arith::MulFOp>(combiner) ||
        llvm::none_of(combiner->getOperands(),
                      [&](Value operand) { return llvm::is_contained(accumulators, operand); }))
      return;
    auto flags = cast<arith::ArithFastMathInterface>(combiner).getFastMathFlagsAttr().getValue();
    flags = flags | arith::FastMathFlags::reassoc | arith::FastMathFlags::contract;
    combiner->setAttr(arith::AddFOp::getFastMathAttrName(),
                      arith::FastMathFlagsAttr::get(combiner->getContext(), flags));
  }

  linalg::LinalgOp op;
  Location location;
  OpBuilder builder;
  SmallVector<int64_t> extents;
  unsigned firstReduction;
  SmallVector<Value> variables;
};

/// Builds the loops of a kernel in front of it: those that do not reduce around those that do.
class KernelLoops {
public:
  explicit KernelLoops(cnn::KernelOp op)
      : op(op), location(op.getLoc()), builder(op), variables(op.getExtents().size()) {}

  void build() {
    openLoops(/*reducing=*/false, {});
    if (op.getPool().empty())
      return storeAll(finishPoint(), op.getOutputsMutable());
    // A window is written out: its loops are no loops.
    SmallVector<Value> pooled;
    unsigned pointOutputs = op.getPointOutputs();
    for (const SmallVector<int64_t> &point : cnnc::LoopNest::of(op)->windowPoints()) {
      for (int64_t loop : op.getWindowLoops())
        variables[loop] = arith::ConstantIndexOp::create(builder, location, point[loop]);
      SmallVector<Value> results = finishPoint();
      storeAll(ArrayRef(results).take_front(pointOutputs),
               op.getOutputsMutable().slice(0, pointOutputs));
      llvm::append_range(pooled, ArrayRef(results).drop_front(pointOutputs));
    }
    storeAll(copyRegion(op.getPool().front(), pooled, {}),
             op.getOutputsMutable().slice(pointOutputs, op.getOutputs().size() - pointOutputs));
  }

private:
  /// What `finish` makes of one point of the loops that do not reduce.
  SmallVector<Value> finishPoint() {
    SmallVector<Value> starts;
    for (Attribute start : op.getStarts())
      starts.push_back(arith::ConstantOp::create(builder, location, cast<TypedAttr>(start)));
    SmallVector<scf::ForOp> reductions = openLoops(/*reducing=*/true, starts);
    SmallVector<Value> carried = starts;
    if (!reductions.empty())
      carried.assign(reductions.back().getRegionIterArgs().begin(),
                     reductions.back().getRegionIterArgs().end());
    SmallVector<Value> sums =
        copyRegion(op.getReduce().front(), load(op.getInputsMutable()), carried);
    for (scf::ForOp loop : llvm::reverse(reductions)) {
      builder.setInsertionPointToEnd(loop.getBody());
      scf::YieldOp::create(builder, location, sums);
      builder.setInsertionPointAfter(loop);
      sums.assign(loop.getResults().begin(), loop.getResults().end());
    }
    return copyRegion(op.getFinish().front(), sums, load(op.getExtrasMutable()));
  }

  void storeAll(ArrayRef<Value> values, MutableOperandRange outputs) {
    for (auto [value, output] : llvm::zip_equal(values, outputs))
      memref::StoreOp::create(builder, location, value, output.get(), indices(output));
  }

  SmallVector<scf::ForOp> openLoops(bool reducing, ValueRange carried) {
    SmallVector<scf::ForOp> loops;
    Value zero = arith::ConstantIndexOp::create(builder, location, 0);
    Value one = arith::ConstantIndexOp::create(builder, location, 1);
    for (auto [number, extent] : llvm::enumerate(op.getExtents())) {
      if (op.getReductions()[number] != reducing || llvm::is_contained(op.getWindowLoops(), number))
        continue;
      Value end = arith::ConstantIndexOp::create(builder, location, extent);
      auto loop = scf::ForOp::create(builder, location, zero, end, one,
                                     loops.empty() ? carried : loops.back().getRegionIterArgs());
      variables[number] = loop.getInductionVar();
      loops.push_back(loop);
      builder.setInsertionPointToStart(loop.getBody());
    }
    return loops;
  }

  SmallVector<Value> indices(OpOperand &operand) {
    AffineMap map = op.getMap(operand);
    SmallVector<Value> result;
    for (unsigned i = 0; i < map.getNumResults(); ++i) {
      OpFoldResult index = affine::makeComposedFoldedAffineApply(
          builder, location, map.getSubMap({i}), getAsOpFoldResult(variables));
      result.push_back(getValueOrCreateConstantIndexOp(builder, location, index));
    }
    return result;
  }

  SmallVector<Value> load(MutableOperandRange operands) {
    SmallVector<Value> values;
    for (OpOperand &operand : operands)
      values.push_back(
          isa<MemRefType>(operand.get().getType())
              ? memref::LoadOp::create(builder, location, operand.get(), indices(operand))
                    .getResult()
              : operand.get());
    return values;
  }

  SmallVector<Value> copyRegion(Block &block, ValueRange first, ValueRange second) {
    IRMapping mapping;
    SmallVector<Value> arguments(first);
    llvm::append_range(arguments, second);
    mapping.map(block.getArguments(), arguments);
    for (Operation &inner : block.without_terminator())
      builder.clone(inner, mapping);
    return llvm::map_to_vector(block.getTerminator()->getOperands(),
                               [&](Value value) { return mapping.lookupOrDefault(value); });
  }

  cnn::KernelOp op;
  Location location;
  OpBuilder builder;
  SmallVector<Value> variables;
};

/// Fills a border, one side of a dimension after the other. The sides of a dimension leave
/// out the corners, which those of the dimensions before it have filled.
class BorderLoops {
public:
  BorderLoops(cnn::FillBorderOp op)
      : op(op), location(op.getLoc()), builder(op),
        shape(cast<MemRefType>(op.getDestination().getType()).getShape()) {}

  void build() {
    Value value = arith::ConstantOp::create(builder, location, op.getValue());
    SmallVector<int64_t> first(shape.size(), 0), end(shape);
    for (unsigned dim = 0; dim < shape.size(); ++dim) {
      int64_t inside = op.getLow()[dim], behind = shape[dim] - op.getHigh()[dim];
      fill(value, first, end, dim, 0, inside);
      fill(value, first, end, dim, behind, shape[dim]);
      first[dim] = inside;
      end[dim] = behind;
    }
  }

private:
  void fill(Value value, ArrayRef<int64_t> first, ArrayRef<int64_t> end, unsigned side,
            int64_t sideFirst, int64_t sideEnd) {
    if (sideFirst == sideEnd)
      return;
    OpBuilder::InsertionGuard guard(builder);
    SmallVector<Value> indices;
    Value one = arith::ConstantIndexOp::create(builder, location, 1);
    for (unsigned dim = 0; dim < shape.size(); ++dim) {
      Value from =
          arith::ConstantIndexOp::create(builder, location, dim == side ? sideFirst : first[dim]);
      Value to =
          arith::ConstantIndexOp::create(builder, location, dim == side ? sideEnd : end[dim]);
      auto loop = scf::ForOp::create(builder, location, from, to, one);
      indices.push_back(loop.getInductionVar());
      builder.setInsertionPointToStart(loop.getBody());
    }
    memref::StoreOp::create(builder, location, value, op.getDestination(), indices);
  }

  cnn::FillBorderOp op;
  Location location;
  OpBuilder builder;
  ArrayRef<int64_t> shape;
};

struct LowerLoopsPass final : cnnc::impl::LowerLoopsPassBase<LowerLoopsPass> {
  void runOnOperation() override {
    getOperation().walk([](memref::CopyOp copy) {
      OpBuilder builder(copy);
      linalg::CopyOp::create(builder, copy.getLoc(), copy.getSource(), copy.getTarget());
      copy.erase();
    });
    getOperation().walk([](cnn::KernelOp kernel) {
      if (!kernel.hasPureBufferSemantics())
        return;
      KernelLoops(kernel).build();
      kernel.erase();
    });
    getOperation().walk([](cnn::FillBorderOp border) {
      if (!isa<MemRefType>(border.getDestination().getType()))
        return;
      BorderLoops(border).build();
      border.erase();
    });
    WalkResult result = getOperation().walk([](linalg::LinalgOp op) -> WalkResult {
      if (!op.hasPureBufferSemantics())
        return WalkResult::advance();
      if (llvm::is_contained(op.getStaticLoopRanges(), ShapedType::kDynamic))
        return op.emitOpError("expected static shapes");
      LinalgLoops(op).build();
      op.erase();
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
