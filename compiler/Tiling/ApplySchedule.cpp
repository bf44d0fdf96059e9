//===- ApplySchedule.cpp - Put loops into the order of their schedules ----===//

#include "compiler/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Linalg/Transforms/Transforms.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"

namespace cnnc {
#define GEN_PASS_DEF_APPLYSCHEDULEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

struct ApplySchedulePass final : cnnc::impl::ApplySchedulePassBase<ApplySchedulePass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    WalkResult result = getOperation().walk([&](linalg::GenericOp op) {
      Attribute attribute = op->getAttr("cnn.schedule");
      if (!attribute)
        return WalkResult::advance();
      auto schedule = dyn_cast<DenseI64ArrayAttr>(attribute);
      if (!schedule || schedule.size() != op.getNumLoops() ||
          !isPermutationVector(schedule.asArrayRef())) {
        op.emitOpError("expects 'cnn.schedule' to be a permutation of its ")
            << op.getNumLoops() << " loops, but got " << attribute;
        return WalkResult::interrupt();
      }
      SmallVector<unsigned> order(schedule.asArrayRef());
      op->removeAttr("cnn.schedule");
      rewriter.setInsertionPoint(op);
      if (failed(linalg::interchangeGenericOp(rewriter, op, order)))
        return WalkResult(op.emitOpError("cannot run its loops in another order"));
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};

} // namespace
