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

/// The same of the batch for each channel, in one pass over memory: parts of an image have sums of
/// their own, of (x - k) and of (x - k)^2 where k is the part's first element, and what these say
/// is small. k is an element of the part, so that the squares exceed the part's own variance no
/// more than as often as it has elements: what cancels is bounded by that, whatever the mean.
class OnePassStatistics {
public:
  OnePassStatistics(LinalgBuilder &b, Value x)
      : b(b), x(x), shape(shapeOf(x)), channel(withShape(x, shape[1])) {
    // A map, or where that has many elements each of its rows.
    for (int64_t loop = 0; loop < 4; ++loop)
      (loop < (shape[2] * shape[3] > kLongestPart ? 3 : 2) ? kept : summed).push_back(loop);
    for (int64_t loop : summed)
      length *= shape[loop];
  }

  /// Where images are too small for parts, their statistics would be as large as they are.
  static bool isWorthwhile(LinalgBuilder &b, Value x) {
    ArrayRef<int64_t> shape = shapeOf(x);
    return b.layout() == ArrayRef<int64_t>{1} && shape.size() == 4 &&
           shape[2] * shape[3] >= kShortestPart;
  }

  /// The mean and the variance.
  std::pair<Value, Value> build() {
    sumParts();
    Value mean = meanOf({}, [&](LinalgBuilder &s, ValueRange v) {
      return s.add(s.mul(v[0], s.number(v[0].getType(), length)), v[1]);
    });
    // Of each part: the squares around its own mean, and that around the mean of all.
    Value variance = meanOf(mean, [&](LinalgBuilder &s, ValueRange v) {
      Value average = s.div(v[1], s.number(v[1].getType(), length));
      Value inside = s.sub(v[2], s.mul(v[1], average));
      Value away = s.sub(s.add(v[0], average), v[3]);
      Value outside = s.mul(s.mul(away, away), s.number(v[1].getType(), length));
      return s.add(inside, outside);
    });
    return {mean, variance};
  }

private:
  /// Of all images each part is a row or a map; see isWorthwhile.
  static constexpr int64_t kShortestPart = 32, kLongestPart = 1024;

  /// How the first element of a part is read, by loops of which the others are 0.
  AffineMap first(ArrayRef<AffineExpr> loops, unsigned count) {
    SmallVector<AffineExpr> results(4, b.builder.getAffineConstantExpr(0));
    llvm::copy(loops, results.begin());
    return b.map(count, results);
  }

  void sumParts() {
    SmallVector<AffineExpr> part;
    SmallVector<int64_t> size;
    for (int64_t loop : kept) {
      part.push_back(b.dim(loop));
      size.push_back(shape[loop]);
    }
    AffineMap write = b.map(4, part);
    auto zero = [&]() -> Operand { return {b.filled(withShape(x, size), 0), write}; };
    SmallVector<Value> results =
        b.loops({{x, b.identity(4)}, {x, first(part, 4)}}, {zero(), zero()},
                [](LinalgBuilder &s, ValueRange v) {
                  Value away = s.sub(v[0], v[1]);
                  return SmallVector<Value>{s.add(v[2], away), s.add(v[3], s.mul(away, away))};
                });
    sums = results[0];
    squares = results[1];
  }

  /// Of the channel's elements, from what `body` makes of each part's first element, sums and, if
  /// there is one, the mean: the sum of its elements' values.
  Value meanOf(Value mean, LinalgBuilder::Body body) {
    // Loops: channel, image and, of rows, the row.
    SmallVector<AffineExpr> part{b.dim(1), b.dim(0)};
    if (kept.size() == 3)
      part.push_back(b.dim(2));
    unsigned count = part.size();
    AffineMap read = b.map(count, part), write = b.map(count, {b.dim(0)});
    SmallVector<Operand> inputs{{x, first(part, count)}, {sums, read}};
    if (mean) {
      inputs.push_back({squares, read});
      inputs.push_back({mean, write});
    }
    Value total =
        b.loop(inputs, {b.filled(channel, 0), write},
               [&](LinalgBuilder &s, ValueRange v) { return s.add(v.back(), body(s, v)); });
    double elements = double(tensorType(x).getNumElements() / shape[1]);
    return b.elementwise(channel, {{total, b.identity(1)}}, [&](LinalgBuilder &s, ValueRange v) {
      return s.mul(v[0], s.number(v[0].getType(), 1 / elements));
    });
  }

  LinalgBuilder &b;
  Value x;
  ArrayRef<int64_t> shape;
  RankedTensorType channel;
  SmallVector<int64_t> kept, summed; ///< dimensions that name a part, and those of its elements
  double length = 1;                 ///< elements of a part
  Value sums, squares;               ///< of the parts
};

/// batch_norm = normalize by the mean and variance of the batch.
struct DecomposeBatchNorm final : OpConversionPattern<cnn::BatchNormOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::BatchNormOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    Value x = op.getInput();
    LinalgBuilder b(rewriter, op);
    auto [mean, variance] =
        OnePassStatistics::isWorthwhile(b, x)
            ? OnePassStatistics(b, adaptor.getInput()).build()
            : statisticsOf(rewriter, op, x, cnn::allButChannels(tensorType(x).getRank()), {1});
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
