//===- JoinElementwise.cpp - Chains of element-wise ops as one loop -------===//

#include "compiler/Passes.h"
#include "compiler/Tiling/CheapOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace cnnc {
#define GEN_PASS_DEF_JOINELEMENTWISEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// Inputs of which every iteration reads another element. One number for many, as a bias, stays in
/// a register or at least in the first cache.
unsigned streamsOf(linalg::GenericOp op) {
  return llvm::count_if(op.getDpsInputOperands(), [&](OpOperand *input) {
    return op.getMatchingIndexingMap(input).getNumResults() == op.getNumLoops();
  });
}

struct JoinElementwisePass final : cnnc::impl::JoinElementwisePassBase<JoinElementwisePass> {
  using Base::Base;

  void runOnOperation() override {
    auto isWorthwhile = [&](OpOperand *operand) {
      auto producer = operand->get().getDefiningOp<linalg::GenericOp>();
      auto user = dyn_cast<linalg::GenericOp>(operand->getOwner());
      // A user that repeats elements would compute each of them several times.
      return isElementwise(producer) && user && user.hasPureTensorSemantics() &&
             producer->hasOneUse() && !user.isDpsInit(operand) &&
             user.getMatchingIndexingMap(operand).isPermutation() &&
             streamsOf(producer) + streamsOf(user) <= maxStreams + 1;
    };
    RewritePatternSet patterns(&getContext());
    linalg::populateElementwiseOpsFusionPatterns(patterns, isWorthwhile);
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
