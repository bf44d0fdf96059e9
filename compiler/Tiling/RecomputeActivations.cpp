//===- RecomputeActivations.cpp - Compute again instead of keeping --------===//
//
// What forward computes and backward reads again is alive from the one to the other.
// Where it is cheap to compute from a tensor that backward needs anyway, as
// relu(scale * x + offset) from the x that batchnorm's gradient reads, it is computed
// again at its late users. These are often loops that can take it in, or a padded copy
// that is then written directly: so this rarely costs a sweep over memory.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Tiling/CheapOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace cnnc {
#define GEN_PASS_DEF_RECOMPUTEACTIVATIONSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// Operands of an op at a place of the block.
struct LateUsers {
  SmallVector<OpOperand *> operands;
  int64_t last = 0; ///< place of the last of them
};

struct RecomputeActivationsPass final
    : cnnc::impl::RecomputeActivationsPassBase<RecomputeActivationsPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !function.getBody().hasOneBlock())
      return;
    block = &function.getBody().front();
    places.clear();
    for (auto [index, op] : llvm::enumerate(*block))
      places[&op] = index;
    SmallVector<linalg::GenericOp> candidates;
    for (auto op : block->getOps<linalg::GenericOp>())
      if (isCheap(op, maxOps) && bytesOf(op->getResult(0)) >= minBytes)
        candidates.push_back(op);
    // In the order of the text: what is not kept itself is not there to compute others from.
    for (linalg::GenericOp op : candidates) {
      LateUsers late = lateUsers(op);
      if (!late.operands.empty() && keepsInputs(op, late.last))
        recompute(op, late);
    }
  }

private:
  /// Of what stands in a region, the place of the op of the block.
  int64_t placeOf(Operation *op) const { return places.lookup(block->findAncestorOpInBlock(*op)); }

  /// The users behind the first long pause.
  LateUsers lateUsers(linalg::GenericOp op) const {
    SmallVector<std::pair<int64_t, OpOperand *>> users;
    for (OpOperand &use : op->getResult(0).getUses())
      users.push_back({placeOf(use.getOwner()), &use});
    llvm::sort(users, [](auto &a, auto &b) { return a.first < b.first; });
    LateUsers late;
    int64_t previous = placeOf(op);
    for (auto [place, use] : users) {
      if (!late.operands.empty() || place - previous >= minPause)
        late.operands.push_back(use);
      previous = place;
    }
    late.last = previous;
    return late;
  }

  /// Whether all that `op` reads and that is of any size is alive at `place` without it.
  bool keepsInputs(linalg::GenericOp op, int64_t place) const {
    int64_t own = bytesOf(op->getResult(0));
    return llvm::all_of(op.getDpsInputs(), [&](Value input) {
      if (isa<BlockArgument>(input) || bytesOf(input) <= own / kSmallShare)
        return true;
      return llvm::any_of(input.getUsers(),
                          [&](Operation *user) { return user != op && placeOf(user) >= place; });
    });
  }

  /// A copy of `op` before each late user.
  void recompute(linalg::GenericOp op, const LateUsers &late) {
    for (OpOperand *use : late.operands) {
      Operation *user = block->findAncestorOpInBlock(*use->getOwner());
      auto [empty, copy] = copyBefore(user, op);
      places[empty] = places[copy] = places.lookup(user);
      use->set(copy->getResult(0));
    }
    ++recomputed;
  }

  Block *block = nullptr;
  DenseMap<Operation *, int64_t> places;
};

} // namespace
