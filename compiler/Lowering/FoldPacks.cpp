//===- FoldPacks.cpp - What is packed and unpacked in between -------------===//
//
// Neighbours in one layout exchange packed tensors: the pairs between them go. What is
// packed, padded or transposed twice in the same way is so once. Only these ops are
// shared: general CSE would also share the tensors that sums start from, which then have
// to be copied.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace cnnc {
#define GEN_PASS_DEF_FOLDPACKSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// pack(unpack(x)) -> x, in one layout. What x has beyond the unpacked tensor is zero, as
/// packing would make it: the phase Layout divides dimensions with a rest only in ops that
/// keep it so.
struct FoldPackOfUnpack final : OpRewritePattern<linalg::PackOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(linalg::PackOp pack, PatternRewriter &rewriter) const override {
    auto unpack = pack.getSource().getDefiningOp<linalg::UnPackOp>();
    if (!unpack)
      return rewriter.notifyMatchFailure(pack, "expected an unpacked tensor");
    if (unpack.getSource().getType() != pack.getResult().getType() ||
        unpack.getInnerDimsPos() != pack.getInnerDimsPos() ||
        unpack.getOuterDimsPerm() != pack.getOuterDimsPerm())
      return rewriter.notifyMatchFailure(pack, "expected the same layout");
    rewriter.replaceOp(pack, unpack.getSource());
    return success();
  }
};

/// Whether two ops move the same elements to the same places of a new tensor.
bool moveTheSame(Operation *a, Operation *b) {
  if (a->getName() != b->getName() || a->getResultTypes() != b->getResultTypes() ||
      a->getOperand(0) != b->getOperand(0) ||
      a->getPropertiesAsAttribute() != b->getPropertiesAsAttribute())
    return false;
  if (auto pad = dyn_cast<tensor::PadOp>(a)) {
    Attribute first, second;
    Value other = cast<tensor::PadOp>(b).getConstantPaddingValue();
    return other && matchPattern(pad.getConstantPaddingValue(), m_Constant(&first)) &&
           matchPattern(other, m_Constant(&second)) && first == second;
  }
  return true;
}

bool isNewTensor(Value value) { return value.getDefiningOp<tensor::EmptyOp>() != nullptr; }

/// Ops that only move elements, into a tensor of their own.
bool isMove(Operation *op) {
  if (auto pack = dyn_cast<linalg::PackOp>(op))
    return isNewTensor(pack.getDest());
  if (auto unpack = dyn_cast<linalg::UnPackOp>(op))
    return isNewTensor(unpack.getDest());
  if (auto transpose = dyn_cast<linalg::TransposeOp>(op))
    return isNewTensor(transpose.getInit());
  auto pad = dyn_cast<tensor::PadOp>(op);
  return pad && pad.getConstantPaddingValue() && pad.getResultType().hasStaticShape();
}

struct FoldPacksPass final : cnnc::impl::FoldPacksPassBase<FoldPacksPass> {
  void runOnOperation() override {
    if (getOperation().isDeclaration())
      return;
    RewritePatternSet patterns(&getContext());
    patterns.add<FoldPackOfUnpack>(&getContext());
    linalg::PackOp::getCanonicalizationPatterns(patterns, &getContext());
    linalg::UnPackOp::getCanonicalizationPatterns(patterns, &getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      return signalPassFailure();
    shareMoves(getOperation().getBody().front());
  }

  void shareMoves(Block &block) {
    DenseMap<Value, SmallVector<Operation *>> movesOf;
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (!isMove(&op))
        continue;
      SmallVector<Operation *> &earlier = movesOf[op.getOperand(0)];
      auto found =
          llvm::find_if(earlier, [&](Operation *other) { return moveTheSame(other, &op); });
      if (found == earlier.end()) {
        earlier.push_back(&op);
        continue;
      }
      op.replaceAllUsesWith(*found);
      op.erase();
      ++shared;
    }
  }
};

} // namespace
