//===- ScaleSums.cpp - Sums of what is scaled channel by channel ----------===//
//
// A factor that a whole channel shares is as well multiplied with the channel's sum. The
// backward pass of a normalization with a scale behind it sums the gradient before and
// behind the scale: then these are the same sums, and what is scaled is needed once only.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace cnnc {
#define GEN_PASS_DEF_SCALESUMSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Whether the sum has one element a channel.
bool keepsChannelsOnly(cnn::ReduceSumOp sum) {
  return cast<RankedTensorType>(sum.getType()).getRank() == 1 &&
         !llvm::is_contained(sum.getDims(), 1);
}

/// sum(x * f) -> sum(x) * f
struct SumOfScaled final : OpRewritePattern<cnn::ReduceSumOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::ReduceSumOp sum, PatternRewriter &rewriter) const override {
    auto scaled = sum.getInput().getDefiningOp<cnn::ScaleChannelsOp>();
    if (!scaled || !keepsChannelsOnly(sum))
      return rewriter.notifyMatchFailure(sum, "expected one sum for each scaled channel");
    Value plain =
        cnn::ReduceSumOp::create(rewriter, sum.getLoc(), scaled.getInput(), sum.getDims());
    rewriter.replaceOpWithNewOp<cnn::MulOp>(sum, plain, scaled.getFactor());
    return success();
  }
};

/// sum((x * f) * y) -> sum(x * y) * f
struct SumOfScaledProduct final : OpRewritePattern<cnn::ReduceSumOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::ReduceSumOp sum, PatternRewriter &rewriter) const override {
    auto product = sum.getInput().getDefiningOp<cnn::MulOp>();
    if (!product || !product->hasOneUse() || !keepsChannelsOnly(sum))
      return rewriter.notifyMatchFailure(sum, "expected one sum of products for each channel");
    for (unsigned i : {0u, 1u}) {
      auto scaled = product->getOperand(i).getDefiningOp<cnn::ScaleChannelsOp>();
      if (!scaled)
        continue;
      SmallVector<Value> factors(product->getOperands());
      factors[i] = scaled.getInput();
      Value plain = cnn::MulOp::create(rewriter, product.getLoc(), factors[0], factors[1]);
      Value sums = cnn::ReduceSumOp::create(rewriter, sum.getLoc(), plain, sum.getDims());
      rewriter.replaceOpWithNewOp<cnn::MulOp>(sum, sums, scaled.getFactor());
      return success();
    }
    return rewriter.notifyMatchFailure(sum, "expected a scaled factor");
  }
};

struct ScaleSumsPass final : cnnc::impl::ScaleSumsPassBase<ScaleSumsPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SumOfScaled, SumOfScaledProduct>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
