//===- FoldBatchNorm.cpp - Batch normalization as one multiply-add --------===//
//
// Four rewrites that meet: normalization becomes a factor and an addend a channel,
// factors move up past addends, factors join, addends join. What is left behind a
// convolution costs it one multiply-add on sums that are in registers (FuseEpilogue). In the
// filter the factor would cost nothing there, but a product for each weight in each call.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace cnnc {
#define GEN_PASS_DEF_FOLDBATCHNORMPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// A convolution, with a factor or without, that nobody else reads.
bool isScaledConvolution(Value value) {
  while (auto scale = value.getDefiningOp<cnn::ScaleChannelsOp>()) {
    if (!scale->hasOneUse())
      return false;
    value = scale.getInput();
  }
  return value.getDefiningOp<cnn::Conv2DOp>() && value.hasOneUse();
}

/// normalize(conv, m, v) -> conv * r - m * r with r = (v + epsilon)^-1/2
struct SplitNormalize final : OpRewritePattern<cnn::NormalizeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::NormalizeOp op, PatternRewriter &rewriter) const override {
    Value input = op.getInput();
    if (!input.getDefiningOp<cnn::Conv2DOp>() && !input.getDefiningOp<cnn::BiasAddOp>())
      return rewriter.notifyMatchFailure(op, "expected the output of a convolution");
    Location loc = op.getLoc();
    Value shifted = cnn::ScaleOp::create(rewriter, loc, op.getVariance(), 1.0,
                                         op.getEpsilon().convertToDouble());
    Value factor = cnn::PowOp::create(rewriter, loc, shifted, -0.5);
    Value product = cnn::MulOp::create(rewriter, loc, op.getMean(), factor);
    Value addend = cnn::ScaleOp::create(rewriter, loc, product, -1.0);
    Value scaled = cnn::ScaleChannelsOp::create(rewriter, loc, input.getType(), input, factor);
    rewriter.replaceOpWithNewOp<cnn::BiasAddOp>(op, op.getType(), scaled, addend);
    return success();
  }
};

/// (x + b) * s -> x * s + b * s
struct ScaleBeforeBias final : OpRewritePattern<cnn::ScaleChannelsOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::ScaleChannelsOp op, PatternRewriter &rewriter) const override {
    auto bias = op.getInput().getDefiningOp<cnn::BiasAddOp>();
    if (!bias || !bias->hasOneUse())
      return rewriter.notifyMatchFailure(op, "expected a bias with one user");
    if (!isScaledConvolution(bias.getInput()))
      return rewriter.notifyMatchFailure(op, "expected a convolution with one user");
    Location loc = op.getLoc();
    Value scaled =
        cnn::ScaleChannelsOp::create(rewriter, loc, op.getType(), bias.getInput(), op.getFactor());
    Value addend = cnn::MulOp::create(rewriter, loc, bias.getBias(), op.getFactor());
    rewriter.replaceOpWithNewOp<cnn::BiasAddOp>(op, op.getType(), scaled, addend);
    return success();
  }
};

/// (x * a) * b -> x * (a * b)
struct JoinFactors final : OpRewritePattern<cnn::ScaleChannelsOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::ScaleChannelsOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<cnn::ScaleChannelsOp>();
    if (!inner || !inner->hasOneUse())
      return rewriter.notifyMatchFailure(op, "expected a factor with one user");
    if (!inner.getInput().getDefiningOp<cnn::Conv2DOp>())
      return rewriter.notifyMatchFailure(op, "expected a scaled convolution");
    Value product = cnn::MulOp::create(rewriter, op.getLoc(), inner.getFactor(), op.getFactor());
    rewriter.replaceOpWithNewOp<cnn::ScaleChannelsOp>(op, op.getType(), inner.getInput(), product);
    return success();
  }
};

/// (x + a) + b -> x + (a + b)
struct JoinBiases final : OpRewritePattern<cnn::BiasAddOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::BiasAddOp op, PatternRewriter &rewriter) const override {
    auto inner = op.getInput().getDefiningOp<cnn::BiasAddOp>();
    if (!inner || !inner->hasOneUse())
      return rewriter.notifyMatchFailure(op, "expected a bias with one user");
    Value sum = cnn::AddOp::create(rewriter, op.getLoc(), inner.getBias(), op.getBias());
    rewriter.replaceOpWithNewOp<cnn::BiasAddOp>(op, op.getType(), inner.getInput(), sum);
    return success();
  }
};

struct FoldBatchNormPass final : cnnc::impl::FoldBatchNormPassBase<FoldBatchNormPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<SplitNormalize, ScaleBeforeBias, JoinFactors, JoinBiases>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
