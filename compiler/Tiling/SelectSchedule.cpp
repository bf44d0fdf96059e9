//===- SelectSchedule.cpp - Choose the order of loops ---------------------===//

#include "compiler/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace cnnc {
#define GEN_PASS_DEF_SELECTSCHEDULEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// What one operand costs if `loop` is innermost: nothing if its element stays the
/// same or the next one follows, else a cache line an iteration. A result is read and
/// written back.
unsigned costOf(AffineMap map, unsigned loop, bool isResult) {
  constexpr unsigned line = 1, readAndWritten = 2;
  if (!map.isFunctionOfDim(loop))
    return 0;
  ArrayRef<AffineExpr> results = map.getResults();
  bool contiguous =
      results.back() == getAffineDimExpr(loop, map.getContext()) &&
      llvm::none_of(results.drop_back(), [&](AffineExpr e) { return e.isFunctionOfDim(loop); });
  if (contiguous)
    return 0;
  return isResult ? readAndWritten : line;
}

unsigned costOf(linalg::GenericOp op, unsigned loop) {
  unsigned cost = 0;
  for (OpOperand &operand : op->getOpOperands())
    cost += costOf(op.getMatchingIndexingMap(&operand), loop, op.isDpsInit(&operand));
  return cost;
}

struct SelectSchedulePass final : cnnc::impl::SelectSchedulePassBase<SelectSchedulePass> {
  void runOnOperation() override {
    getOperation().walk([&](linalg::GenericOp op) {
      unsigned loops = op.getNumLoops();
      if (op->hasAttr("cnn.schedule") || loops < 2 || op.getNumParallelLoops() != loops)
        return;
      unsigned best = loops - 1;
      for (unsigned loop = 0; loop + 1 < loops; ++loop)
        if (costOf(op, loop) < costOf(op, best))
          best = loop;
      if (best == loops - 1)
        return;
      SmallVector<int64_t> order;
      for (unsigned loop = 0; loop < loops; ++loop)
        if (loop != best)
          order.push_back(loop);
      order.push_back(best);
      op->setAttr("cnn.schedule", Builder(op).getDenseI64ArrayAttr(order));
      ++selected;
    });
  }
};

} // namespace
