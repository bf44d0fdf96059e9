//===- SpreadElementwise.cpp - Normalize where it is read -----------------===//
//
// A batch normalization reads its input for the statistics, so that is in memory anyway.
// What the normalization makes of it, element by element, is read by the scale behind it
// and by its own gradient: all of them loops that can compute it again. Then one tensor
// less is written, and the input is kept instead of the normalized values.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Tiling/CheapOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace cnnc {
#define GEN_PASS_DEF_SPREADELEMENTWISEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// The only input of any size, if the others are small beside it and the result.
OpOperand *largeInput(linalg::GenericOp op) {
  int64_t own = bytesOf(op->getResult(0));
  OpOperand *large = nullptr;
  for (OpOperand *input : op.getDpsInputOperands()) {
    if (bytesOf(input->get()) * kSmallShare <= own)
      continue;
    if (large || bytesOf(input->get()) > own || !op.getMatchingIndexingMap(input).isPermutation())
      return nullptr;
    large = input;
  }
  return large;
}

/// Whether a reduction reads the tensor: then no kernel that makes it can keep it in registers.
bool isSummed(Value tensor) {
  return llvm::any_of(tensor.getUsers(), [](Operation *user) {
    auto linalg = dyn_cast<linalg::LinalgOp>(user);
    return linalg && linalg.getNumReductionLoops() > 0;
  });
}

struct SpreadElementwisePass final : cnnc::impl::SpreadElementwisePassBase<SpreadElementwisePass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<linalg::GenericOp> candidates;
    getOperation().walk([&](linalg::GenericOp op) {
      if (isCheap(op, maxOps))
        candidates.push_back(op);
    });
    for (linalg::GenericOp op : candidates) {
      OpOperand *input = largeInput(op);
      if (input && isSummed(input->get()) && canAllCompute(op))
        spreadOut(op);
    }
  }

private:
  /// Whether every user is a loop that reads each element once, so that it can compute it.
  static bool canAllCompute(linalg::GenericOp op) {
    return !op->use_empty() && llvm::all_of(op->getUses(), [&](OpOperand &use) {
      auto user = dyn_cast<linalg::GenericOp>(use.getOwner());
      return isElementwise(user) && user->getBlock() == op->getBlock() && !user.isDpsInit(&use) &&
             user.getMatchingIndexingMap(&use).isPermutation();
    });
  }

  void spreadOut(linalg::GenericOp op) {
    SmallPtrSet<Operation *, 8> users(op->user_begin(), op->user_end());
    if (users.size() == 1) // joined anyway
      return;
    for (Operation *user : users)
      user->replaceUsesOfWith(op->getResult(0), copyBefore(user, op).op->getResult(0));
    op->erase();
    ++spread;
  }
};

} // namespace
