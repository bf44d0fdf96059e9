//===- NormPatterns.cpp - Normalization by its parts ----------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"
#include "dialect/Ops/Rules.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// y[c] = the sum of x[c - before .. c + after], a window along dimension 1.
struct LowerChannelWindowSum final : OpConversionPattern<cnn::ChannelWindowSumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::ChannelWindowSumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(adaptor.getInput());
    int64_t rank = type.getRank(), before = op.getBefore(), after = op.getAfter();
    SmallVector<int64_t> low(rank, 0), high(rank, 0);
    low[1] = before;
    high[1] = after;
    Value padded = b.padOrCrop(adaptor.getInput(), low, high, 0);
    // Loops: batch, channel, tap, the other dimensions.
    SmallVector<AffineExpr> read{b.dim(0), b.dim(1) + b.dim(2)}, write{b.dim(0), b.dim(1)};
    for (int64_t i = 2; i < rank; ++i) {
      read.push_back(b.dim(i + 1));
      write.push_back(b.dim(i + 1));
    }
    unsigned loops = rank + 1;
    Value taps = b.empty(withShape(padded, {before + 1 + after}));
    rewriter.replaceOp(op,
                       b.loop({{padded, b.map(loops, read)}, {taps, b.map(loops, {b.dim(2)})}},
                              {b.filled(type, 0), b.map(loops, write)},
                              [](LinalgBuilder &s, ValueRange v) { return s.add(v[2], v[0]); }));
    return success();
  }
};

/// lrn = x * (k + alpha/size * channel_window_sum(x * x))^-beta.
struct DecomposeLrn final : OpRewritePattern<cnn::LrnOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::LrnOp op, PatternRewriter &rewriter) const override {
    Location loc = op.getLoc();
    int64_t size = op.getSize();
    Value square = cnn::MulOp::create(rewriter, loc, op.getInput(), op.getInput());
    Value sums = cnn::ChannelWindowSumOp::create(rewriter, loc, square, size / 2, (size - 1) / 2);
    Value base = cnn::ScaleOp::create(rewriter, loc, sums, op.getAlpha().convertToDouble() / size,
                                      op.getK().convertToDouble());
    Value factor = cnn::PowOp::create(rewriter, loc, base, -op.getBeta().convertToDouble());
    rewriter.replaceOpWithNewOp<cnn::MulOp>(op, op.getInput(), factor);
    return success();
  }
};

/// The mean and the variance of `x` over the dimensions `reduced`, which have the
/// dimensions `kept`. The variance is the mean of (x - mean)^2: a second pass, but no
/// cancellation.
std::pair<Value, Value> statisticsOf(PatternRewriter &rewriter, Operation *op, Value x,
                                     ArrayRef<int64_t> reduced, ArrayRef<int64_t> kept) {
  Location loc = op->getLoc();
  double elements = 1;
  for (int64_t dim : reduced)
    elements *= double(shapeOf(x)[dim]);
  auto mean = [&](Value value) -> Value {
    auto sum = cnn::ReduceSumOp::create(rewriter, loc, value, reduced);
    inheritLayout(op, sum);
    return cnn::ScaleOp::create(rewriter, loc, sum, 1 / elements);
  };
  Value average = mean(x);
  Value around = cnn::BroadcastOp::create(rewriter, loc, average, kept, shapeOf(x));
  auto centered = cnn::SubOp::create(rewriter, loc, x, around);
  auto square = cnn::MulOp::create(rewriter, loc, centered, centered);
  inheritLayout(op, centered);
  inheritLayout(op, square);
  return {average, mean(square)};
}

/// batch_norm = normalize by the mean and variance of the batch.
struct DecomposeBatchNorm final : OpRewritePattern<cnn::BatchNormOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::BatchNormOp op, PatternRewriter &rewriter) const override {
    Value x = op.getInput();
    auto [mean, variance] =
        statisticsOf(rewriter, op, x, cnn::allButChannels(tensorType(x).getRank()), {1});
    auto normalized = cnn::NormalizeOp::create(rewriter, op.getLoc(), x.getType(), x, mean,
                                               variance, op.getEpsilonAttr());
    inheritLayout(op, normalized);
    rewriter.replaceOp(op, {normalized, mean, variance});
    return success();
  }
};

/// The results of a normalization by statistics with the dimensions `kept`.
SmallVector<Value> normalize(PatternRewriter &rewriter, Operation *op, Value x, double epsilon,
                             ArrayRef<int64_t> reduced, ArrayRef<int64_t> kept) {
  Location loc = op->getLoc();
  auto [mean, variance] = statisticsOf(rewriter, op, x, reduced, kept);
  auto spread = [&](Value statistic) -> Value {
    return cnn::BroadcastOp::create(rewriter, loc, statistic, kept, shapeOf(x));
  };
  // One root for each mean, not one an element.
  Value shifted = cnn::ScaleOp::create(rewriter, loc, variance, 1.0, epsilon);
  Value deviation = cnn::PowOp::create(rewriter, loc, shifted, -0.5);
  auto centered = cnn::SubOp::create(rewriter, loc, x, spread(mean));
  auto normalized = cnn::MulOp::create(rewriter, loc, centered, spread(deviation));
  inheritLayout(op, centered);
  inheritLayout(op, normalized);
  return {normalized, mean, variance};
}

/// What shares its statistics is one dimension of a reshaped tensor.
struct DecomposeGroupNorm final : OpRewritePattern<cnn::GroupNormOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::GroupNormOp op, PatternRewriter &rewriter) const override {
    ArrayRef<int64_t> shape = shapeOf(op.getInput());
    Value grouped = cnn::ReshapeOp::create(rewriter, op.getLoc(), op.getInput(),
                                           cnn::groupedShape(shape, op.getGroups()));
    SmallVector<Value> results =
        normalize(rewriter, op, grouped, op.getEpsilon().convertToDouble(), {2}, {0, 1});
    results[0] = cnn::ReshapeOp::create(rewriter, op.getLoc(), results[0], shape);
    rewriter.replaceOp(op, results);
    return success();
  }
};

struct DecomposePositionNorm final : OpRewritePattern<cnn::PositionNormOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::PositionNormOp op, PatternRewriter &rewriter) const override {
    SmallVector<int64_t> kept = cnn::allButChannels(tensorType(op.getInput()).getRank());
    rewriter.replaceOp(
        op, normalize(rewriter, op, op.getInput(), op.getEpsilon().convertToDouble(), {1}, kept));
    return success();
  }
};

struct LowerNormalize final : OpConversionPattern<cnn::NormalizeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::NormalizeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(adaptor.getInput());
    double epsilon = op.getEpsilon().convertToDouble();
    // One root a channel, not one an element.
    Value deviation =
        b.elementwise(tensorType(adaptor.getVariance()), {{adaptor.getVariance(), b.identity(1)}},
                      [&](LinalgBuilder &s, ValueRange v) {
                        Value shifted = s.add(v[0], s.number(v[0].getType(), epsilon));
                        return s.div(s.number(v[0].getType(), 1), s.op<math::SqrtOp>(shifted));
                      });
    AffineMap channel = b.map(type.getRank(), {b.dim(1)});
    rewriter.replaceOp(op, b.elementwise(type,
                                         {{adaptor.getInput(), b.identity(type.getRank())},
                                          {adaptor.getMean(), channel},
                                          {deviation, channel}},
                                         [](LinalgBuilder &s, ValueRange v) {
                                           return s.mul(s.sub(v[0], v[1]), v[2]);
                                         }));
    return success();
  }
};

} // namespace

void cnnc::populateNormPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerChannelWindowSum, DecomposeLrn, DecomposeBatchNorm, DecomposeGroupNorm,
               DecomposePositionNorm, LowerNormalize>(patterns.getContext());
}
