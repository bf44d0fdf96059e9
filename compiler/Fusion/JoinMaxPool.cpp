//===- JoinMaxPool.cpp - Max pooling and its gradient as one matter -------===//
//
// Backward asks which position of a window was the largest. The loop that finds the
// largest value knows it, and then nobody needs the pooled tensor again: a byte for each
// window is kept instead. A relu before the pooling masks its gradient; only the largest
// of a window has one, and is positive where the pooled value is: so the mask is as
// small as that.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"

namespace cnnc {
#define GEN_PASS_DEF_JOINMAXPOOLPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

template <typename A, typename B> bool haveSameWindow(A a, B b) {
  return a.getKernel() == b.getKernel() && a.getStrides() == b.getStrides() &&
         a.getPadding() == b.getPadding() && a.getDilations() == b.getDilations();
}

/// The pooling of which `argmax` says the positions, if there is one before it.
cnn::MaxPoolOp poolOf(cnn::PoolArgmaxOp argmax) {
  for (Operation *user : argmax.getInput().getUsers()) {
    auto pool = dyn_cast<cnn::MaxPoolOp>(user);
    if (pool && pool->getBlock() == argmax->getBlock() && pool->isBeforeInBlock(argmax) &&
        haveSameWindow(pool, argmax))
      return pool;
  }
  return {};
}

struct JoinMaxPoolPass final : cnnc::impl::JoinMaxPoolPassBase<JoinMaxPoolPass> {
  using Base::Base;

  void runOnOperation() override {
    SmallVector<cnn::PoolArgmaxOp> ops;
    getOperation().walk([&](cnn::PoolArgmaxOp argmax) { ops.push_back(argmax); });
    for (cnn::PoolArgmaxOp argmax : ops) {
      cnn::MaxPoolOp pool = poolOf(argmax);
      if (!pool)
        continue;
      for (Operation *user : llvm::make_early_inc_range(argmax->getUsers()))
        if (auto unpool = dyn_cast<cnn::UnpoolOp>(user))
          maskEarlier(unpool, argmax, pool);
      int64_t windows = cast<RankedTensorType>(pool.getType()).getNumElements();
      if (cast<RankedTensorType>(pool.getInput().getType()).getNumElements() < minInputs * windows)
        continue;
      argmax->moveAfter(pool);
      ++moved;
    }
  }

  /// relu_mask(unpool(dy, argmax(x)), x) -> unpool(relu_mask(dy, max_pool(x)), argmax(x))
  void maskEarlier(cnn::UnpoolOp unpool, cnn::PoolArgmaxOp argmax, cnn::MaxPoolOp pool) {
    if (!unpool->hasOneUse() || unpool.getIndex() != argmax.getIndex() ||
        !haveSameWindow(unpool, argmax))
      return;
    auto mask = dyn_cast<cnn::ReluMaskOp>(*unpool->user_begin());
    if (!mask || mask.getInput() != unpool.getOutput() || mask.getMask() != argmax.getInput())
      return;
    OpBuilder builder(unpool);
    Value masked =
        cnn::ReluMaskOp::create(builder, mask.getLoc(), unpool.getInput(), pool.getOutput());
    unpool.getInputMutable().assign(masked);
    mask.replaceAllUsesWith(unpool.getOutput());
    mask.erase();
    ++masks;
  }
};

} // namespace
