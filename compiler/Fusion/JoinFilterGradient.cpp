//===- JoinFilterGradient.cpp - A filter's gradient as one op -------------===//
//
// The gradient towards a filter is a convolution whose batch and channels have changed
// places. Written as one op it reads both tensors as they are.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace cnnc {
#define GEN_PASS_DEF_JOINFILTERGRADIENTPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// What the value is, batch and channels exchanged; null if it is not.
Value exchanged(Value value) {
  auto transpose = value.getDefiningOp<cnn::TransposeOp>();
  if (!transpose || transpose.getPermutation() != ArrayRef<int64_t>{1, 0, 2, 3})
    return {};
  return transpose.getInput();
}

/// transpose(conv2d(transpose x, transpose dy)) -> filter_gradient x, dy
struct Join final : OpRewritePattern<cnn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::TransposeOp op, PatternRewriter &rewriter) const override {
    Value inner = exchanged(op.getOutput());
    auto conv = inner ? inner.getDefiningOp<cnn::Conv2DOp>() : nullptr;
    if (!conv)
      return rewriter.notifyMatchFailure(op,
                                         "expected a convolution, batch and channels exchanged");
    Value input = exchanged(conv.getInput()), gradient = exchanged(conv.getFilter());
    if (!input || !gradient)
      return rewriter.notifyMatchFailure(op, "expected operands, batch and channels exchanged");
    if (conv.getGroups() != 1 ||
        llvm::any_of(conv.getInputDilations(), [](int64_t d) { return d != 1; }))
      return rewriter.notifyMatchFailure(op, "expected no groups and no input dilation");
    // The taps of the inner convolution are the output's positions, and the other way round.
    auto kernel = cast<RankedTensorType>(op.getType()).getShape().drop_front(2);
    rewriter.replaceOpWithNewOp<cnn::FilterGradientOp>(op, input, gradient, kernel,
                                                       conv.getDilations(), conv.getPadding(),
                                                       conv.getStrides(), conv.getBatchGroups());
    return success();
  }
};

struct JoinFilterGradientPass final
    : cnnc::impl::JoinFilterGradientPassBase<JoinFilterGradientPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<Join>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
