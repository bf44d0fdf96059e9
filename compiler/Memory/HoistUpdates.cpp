//===- HoistUpdates.cpp - Update a variable as soon as that can be --------===//
//
// The optimizer's ops stand at the end of the function, so that the gradients of all
// parameters would be alive together. Each needs its own gradient only. On tensors an
// op may stand anywhere behind what it reads; that it overwrites its variable is why
// it also stands behind everyone who reads the old value: there bufferization needs no
// copy.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace cnnc {
#define GEN_PASS_DEF_HOISTUPDATESPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Whether an op computes nothing but new values of arguments, for the caller.
bool isUpdate(linalg::LinalgOp op, Block &block) {
  auto isArgument = [&](Value value) {
    auto argument = dyn_cast<BlockArgument>(value);
    return argument && argument.getOwner() == &block;
  };
  auto isReturned = [&](Operation *user) { return user == block.getTerminator(); };
  return op.hasPureTensorSemantics() && op.getNumDpsInits() > 0 &&
         llvm::all_of(op.getDpsInits(), isArgument) && llvm::all_of(op->getUsers(), isReturned);
}

/// What an update has to stand behind.
class Place {
public:
  explicit Place(linalg::LinalgOp update) : update(update) {
    llvm::SetVector<Value> read(update->operand_begin(), update->operand_end());
    getUsedValuesDefinedAbove(update->getRegions(), read);
    for (Value value : read)
      if (Operation *definition = value.getDefiningOp())
        add(definition);
    for (Value variable : update.getDpsInits())
      addReaders(variable);
  }

  /// The last of them, or null.
  Operation *last() const { return latest; }

private:
  void add(Operation *op) {
    Operation *ancestor = update->getBlock()->findAncestorOpInBlock(*op);
    if (ancestor && (!latest || latest->isBeforeInBlock(ancestor)))
      latest = ancestor;
  }

  void addReaders(Value value) {
    for (Operation *user : value.getUsers()) {
      if (user == update || user == update->getBlock()->getTerminator())
        continue;
      add(user);
      if (isa<tensor::ExpandShapeOp, tensor::CollapseShapeOp, tensor::ExtractSliceOp,
              tensor::CastOp>(user)) // may read the variable where its result is used
        addReaders(user->getResult(0));
    }
  }

  linalg::LinalgOp update;
  Operation *latest = nullptr;
};

struct HoistUpdatesPass final : cnnc::impl::HoistUpdatesPassBase<HoistUpdatesPass> {
  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal() || !function.getBody().hasOneBlock())
      return;
    Block &block = function.getBody().front();
    SmallVector<linalg::LinalgOp> updates;
    for (Operation &op : block)
      if (auto linalgOp = dyn_cast<linalg::LinalgOp>(op); linalgOp && isUpdate(linalgOp, block))
        updates.push_back(linalgOp);
    for (linalg::LinalgOp update : updates) {
      Operation *last = Place(update).last();
      if (!last || !last->isBeforeInBlock(update) || last->getNextNode() == update)
        continue;
      update->moveAfter(last);
      ++hoisted;
    }
  }
};

} // namespace
