//===- PoolPatterns.cpp - Pooling to loops over windows -------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// The loops of a pool, (n, c, p, q, k, l), and how they index its tensors.
struct PoolLoops {
  AffineMap input;  ///< the padded input, at p*S + k*D and q*S + l*D
  AffineMap output; ///< at p and q
  Operand taps;     ///< a tensor that is never read: its shape bounds k and l
};

PoolLoops poolLoops(LinalgBuilder &b, Value input, ArrayRef<int64_t> kernel,
                    ArrayRef<int64_t> strides, ArrayRef<int64_t> dilations) {
  enum { N, C, P, Q, K, L };
  AffineExpr h = b.dim(P) * strides[0] + b.dim(K) * dilations[0];
  AffineExpr w = b.dim(Q) * strides[1] + b.dim(L) * dilations[1];
  return {b.map(6, {b.dim(N), b.dim(C), h, w}),
          b.map(6, {b.dim(N), b.dim(C), b.dim(P), b.dim(Q)}),
          {b.empty(withShape(input, kernel)), b.map(6, {b.dim(K), b.dim(L)})}};
}

Value padImage(LinalgBuilder &b, Value image, ArrayRef<int64_t> pad, double fill) {
  return b.padOrCrop(image, {0, 0, pad[0], pad[2]}, {0, 0, pad[1], pad[3]}, fill);
}

struct LowerMaxPool final : OpConversionPattern<cnn::MaxPoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::MaxPoolOp pool, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, pool);
    Value input = padImage(b, adaptor.getInput(), pool.getPadding(), kLowest);
    PoolLoops loops = poolLoops(b, input, pool.getKernel(), pool.getStrides(), pool.getDilations());
    Value lowest = b.filled(tensorType(pool.getOutput()), kLowest);
    rewriter.replaceOp(pool, b.loop({{input, loops.input}, loops.taps}, {lowest, loops.output},
                                    [](LinalgBuilder &s, ValueRange v) {
                                      return s.op<arith::MaximumFOp>(v[2], v[0]);
                                    }));
    return success();
  }
};

/// The taps' numbers in row-major order.
Value tapNumbers(LinalgBuilder &b, ArrayRef<int64_t> kernel, Type element) {
  SmallVector<Attribute> numbers;
  for (int64_t tap = 0; tap < kernel[0] * kernel[1]; ++tap)
    numbers.push_back(b.builder.getIntegerAttr(element, tap));
  auto type = RankedTensorType::get(kernel, element);
  return b.op<arith::ConstantOp>(DenseElementsAttr::get(type, numbers));
}

/// Row-major number of the tap at loops k and l, as the index's element type.
Value tapNumber(LinalgBuilder &s, int64_t kernelWidth, Type type) {
  Value row = s.op<arith::MulIOp>(s.index(4), s.integer(s.builder.getIndexType(), kernelWidth));
  return s.op<arith::IndexCastOp>(type, s.op<arith::AddIOp>(row, s.index(5)));
}

struct LowerPoolArgmax final : OpConversionPattern<cnn::PoolArgmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::PoolArgmaxOp pool, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, pool);
    Value input = padImage(b, adaptor.getInput(), pool.getPadding(), kLowest);
    PoolLoops loops = poolLoops(b, input, pool.getKernel(), pool.getStrides(), pool.getDilations());
    auto type = tensorType(pool.getIndex());
    Value best = b.filled(withShape(input, type.getShape()), kLowest);
    // Tap -1 is none: it stays where no position exceeds -infinity.
    Value index = b.filled(type, -1);
    // As data: a reduction that asks for its loops' numbers cannot join others.
    Operand taps{tapNumbers(b, pool.getKernel(), type.getElementType()), loops.taps.map};
    SmallVector<Value> results =
        b.loops({{input, loops.input}, taps}, {{best, loops.output}, {index, loops.output}},
                [&](LinalgBuilder &s, ValueRange v) {
                  // Strictly greater: of equal values the first in row-major order stays.
                  Value wins = s.compare(arith::CmpFPredicate::OGT, v[0], v[2]);
                  return SmallVector<Value>{s.op<arith::MaximumFOp>(v[2], v[0]),
                                            s.select(wins, v[1], v[3])};
                });
    rewriter.replaceOp(pool, results[1]);
    return success();
  }
};

struct LowerPoolTake final : OpConversionPattern<cnn::PoolTakeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::PoolTakeOp pool, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, pool);
    Value input = padImage(b, adaptor.getInput(), pool.getPadding(), 0);
    PoolLoops loops = poolLoops(b, input, pool.getKernel(), pool.getStrides(), pool.getDilations());
    Type element = tensorType(pool.getIndex()).getElementType();
    int64_t width = pool.getKernel()[1];
    Value zeros = b.filled(tensorType(pool.getOutput()), 0);
    rewriter.replaceOp(
        pool, b.loop({{input, loops.input}, {adaptor.getIndex(), loops.output}, loops.taps},
                     {zeros, loops.output}, [&](LinalgBuilder &s, ValueRange v) {
                       Value here = s.op<arith::CmpIOp>(arith::CmpIPredicate::eq, v[1],
                                                        tapNumber(s, width, element));
                       return s.select(here, v[0], v[3]);
                     }));
    return success();
  }
};

bool isOne(int64_t dilation) { return dilation == 1; }

struct LowerUnpool final : OpConversionPattern<cnn::UnpoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::UnpoolOp pool, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, pool);
    Value input = adaptor.getInput();
    ArrayRef<int64_t> size = pool.getSize(), pad = pool.getPadding(), y = shapeOf(input);
    PoolLoops loops = poolLoops(b, input, pool.getKernel(), pool.getStrides(), pool.getDilations());
    Type element = tensorType(pool.getIndex()).getElementType();
    int64_t width = pool.getKernel()[1];
    if (pool.getKernel() == pool.getStrides() && llvm::all_of(pool.getDilations(), isOne)) {
      // Windows side by side: each position is in one of them, or behind the last.
      SmallVector<int64_t> covered{y[2] * pool.getKernel()[0], y[3] * pool.getKernel()[1]};
      Value dense =
          b.loop({{input, loops.output}, {adaptor.getIndex(), loops.output}, loops.taps},
                 {b.empty(withShape(input, {y[0], y[1], covered[0], covered[1]})), loops.input},
                 [&](LinalgBuilder &s, ValueRange v) {
                   Value here = s.op<arith::CmpIOp>(arith::CmpIPredicate::eq, v[1],
                                                    tapNumber(s, width, element));
                   return s.select(here, v[0], s.number(v[0].getType(), 0));
                 });
      rewriter.replaceOp(
          pool,
          b.padOrCrop(dense, {0, 0, -pad[0], -pad[2]},
                      {0, 0, size[0] + pad[0] - covered[0], size[1] + pad[2] - covered[1]}, 0));
      return success();
    }
    rewriter.replaceOp(pool, gather(b, pool, input, adaptor.getIndex()));
    return success();
  }

private:
  /// Along one axis: the windows that have an input position, which is `phase` behind a multiple of
  /// the stride. Of the padded pool these are the `count` from that multiple on.
  struct GatherAxis {
    int64_t count, padLow, padHigh, steps;
    SmallVector<SmallVector<int64_t>> taps; ///< by phase and window; -1 where it has no such tap

    GatherAxis(int64_t kernel, int64_t stride, int64_t pad, int64_t dilation, int64_t size,
               int64_t windows) {
      int64_t reach = dilation * (kernel - 1),
              last = llvm::divideFloorSigned(stride - 1 + pad, stride);
      int64_t first = llvm::divideCeilSigned(pad - reach, stride);
      count = last - first + 1;
      steps = llvm::divideCeil(size, stride);
      padLow = -first;
      padHigh = steps + last - windows;
      for (int64_t phase = 0; phase < stride; ++phase) {
        taps.emplace_back();
        for (int64_t window = first; window <= last; ++window) {
          int64_t away = phase + pad - stride * window;
          bool isTap = away >= 0 && away <= reach && away % dilation == 0;
          taps.back().push_back(isTap ? away / dilation : -1);
        }
      }
    }
  };

  /// Each position adds what the windows over it send there: it is written once, and nothing is
  /// filled before. The phases are loops, so that which tap of which window a position is depends
  /// on no other loop.
  static Value gather(LinalgBuilder &b, cnn::UnpoolOp pool, Value input, Value index) {
    SmallVector<int64_t> blocks(b.layout().value_or(ArrayRef<int64_t>()));
    SmallVector<int64_t> windows(shapeOf(input)), size(pool.getSize()), low(4, 0), high(4, 0);
    SmallVector<GatherAxis> axes;
    for (unsigned i : {0u, 1u}) {
      axes.emplace_back(pool.getKernel()[i], pool.getStrides()[i], pool.getPadding()[2 * i],
                        pool.getDilations()[i], size[i], windows[2 + i]);
      low[2 + i] = axes[i].padLow;
      high[2 + i] = axes[i].padHigh;
    }
    // Beyond the pool there are zeros to add, whatever the index.
    input = b.pack(b.padOrCrop(input, low, high, 0), blocks);
    index = b.pack(b.padOrCrop(index, low, high, 0), blocks);
    enum { N, C, P, R, Q, S, K, L, Loops };
    SmallVector<AffineExpr> read{b.dim(N), b.dim(C), b.dim(P) + b.dim(K), b.dim(Q) + b.dim(L)};
    SmallVector<AffineExpr> write{b.dim(N), b.dim(C), b.dim(P), b.dim(R), b.dim(Q), b.dim(S)};
    SmallVector<int64_t> shape(shapeOf(input)), phases{shape[0],      shape[1],
                                                       axes[0].steps, pool.getStrides()[0],
                                                       axes[1].steps, pool.getStrides()[1]};
    for (unsigned i = 0; i < blocks.size(); ++i) {
      read.push_back(b.dim(Loops + i));
      write.push_back(b.dim(Loops + i));
      phases.push_back(cnn::kBlock);
    }
    unsigned loops = Loops + blocks.size();
    Operand taps{tapTable(b, axes, pool.getKernel()[1], tensorType(index).getElementType()),
                 b.map(loops, {b.dim(R), b.dim(S), b.dim(K), b.dim(L)})};
    Value sum = b.plainLoop({{input, b.map(loops, read)}, {index, b.map(loops, read)}, taps},
                            {b.filled(withShape(input, phases), 0), b.map(loops, write)},
                            [](LinalgBuilder &s, ValueRange v) {
                              Value here =
                                  s.op<arith::CmpIOp>(arith::CmpIPredicate::eq, v[1], v[2]);
                              return s.add(v[3], s.select(here, v[0], s.number(v[0].getType(), 0)));
                            });
    return withoutPhases(b, sum, blocks, shapeOf(pool.getOutput()));
  }

  /// The numbers of the taps by phases and windows; no index is -2.
  static Value tapTable(LinalgBuilder &b, ArrayRef<GatherAxis> axes, int64_t width, Type element) {
    SmallVector<Attribute> numbers;
    for (const SmallVector<int64_t> &rows : axes[0].taps)
      for (const SmallVector<int64_t> &columns : axes[1].taps)
        for (int64_t row : rows)
          for (int64_t column : columns)
            numbers.push_back(b.builder.getIntegerAttr(
                element, row < 0 || column < 0 ? -2 : row * width + column));
    auto type = RankedTensorType::get(
        {int64_t(axes[0].taps.size()), int64_t(axes[1].taps.size()), axes[0].count, axes[1].count},
        element);
    return b.op<arith::ConstantOp>(DenseElementsAttr::get(type, numbers));
  }

  /// [N, C, P, S, Q, T, …] as [N, C, height, width]: what the last phases exceed is cropped.
  static Value withoutPhases(LinalgBuilder &b, Value phases, ArrayRef<int64_t> blocks,
                             ArrayRef<int64_t> size) {
    SmallVector<ReassociationIndices> groups{{0}, {1}, {2, 3}, {4, 5}};
    for (unsigned i = 0; i < blocks.size(); ++i)
      groups.push_back({6 + int64_t(i)});
    Value image = tensor::CollapseShapeOp::create(b.builder, b.loc, phases, groups);
    SmallVector<int64_t> shape(size);
    for (unsigned dim : {2u, 3u})
      shape[dim] = shapeOf(image)[dim];
    return b.padOrCrop(b.unpack(image, shape, blocks), {0, 0, 0, 0},
                       {0, 0, size[2] - shape[2], size[3] - shape[3]}, 0);
  }
};

Value addTap(LinalgBuilder &s, ValueRange v) { return s.add(v[2], v[0]); }

struct LowerSumPool final : OpConversionPattern<cnn::SumPoolOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::SumPoolOp pool, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, pool);
    Value result = llvm::any_of(pool.getInputDilations(), [](int64_t d) { return d > 1; })
                       ? spread(b, pool, adaptor.getInput())
                       : slide(b, pool, adaptor.getInput());
    rewriter.replaceOp(pool, result);
    return success();
  }

  static Value slide(LinalgBuilder &b, cnn::SumPoolOp pool, Value image) {
    Value input = padImage(b, image, pool.getPadding(), 0);
    PoolLoops loops = poolLoops(b, input, pool.getKernel(), pool.getStrides(), pool.getDilations());
    Value zeros = b.filled(tensorType(pool.getOutput()), 0);
    return b.loop({{input, loops.input}, loops.taps}, {zeros, loops.output}, addTap);
  }

  /// With an input dilation every input adds itself where its windows are (see
  /// ScatterAxis). All taps weigh the same, so they may run backwards.
  static Value spread(LinalgBuilder &b, cnn::SumPoolOp pool, Value image) {
    ArrayRef<int64_t> x = shapeOf(image), y = shapeOf(pool.getOutput());
    SmallVector<int64_t> sums(y), low(4, 0), high(4, 0), strides(4, 1);
    for (unsigned i : {0u, 1u}) {
      WindowAxis axis{pool.getKernel()[i],      pool.getStrides()[i],
                      pool.getPadding()[2 * i], pool.getPadding()[2 * i + 1],
                      pool.getDilations()[i],   pool.getInputDilations()[i]};
      ScatterAxis scatter = scatterWindow(x[2 + i], y[2 + i], axis);
      sums[2 + i] = scatter.size;
      low[2 + i] = scatter.padLow;
      high[2 + i] = scatter.padHigh;
      strides[2 + i] = axis.stride;
    }
    PoolLoops loops =
        poolLoops(b, image, pool.getKernel(), pool.getInputDilations(), pool.getDilations());
    Value zeros = b.filled(withShape(image, sums), 0);
    Value dense = b.loop({{image, loops.output}, loops.taps}, {zeros, loops.input}, addTap);
    return b.strided(b.padOrCrop(dense, low, high, 0), strides);
  }
};

/// How many positions each window along one axis divides by.
SmallVector<double> divisors(cnn::AverageWindowsOp op, unsigned axis) {
  WindowAxis window{.size = op.getKernel()[axis],
                    .stride = op.getStrides()[axis],
                    .padLow = op.getPadding()[2 * axis],
                    .padHigh = op.getPadding()[2 * axis + 1],
                    .dilation = op.getDilations()[axis]};
  int64_t input = op.getSize()[axis];
  if (op.getCountPad()) {
    // Padding counts as input; what rounding up added does not.
    input += window.padLow + window.padHigh - op.getOverhang()[axis];
    window.padLow = 0;
  }
  SmallVector<double> counts;
  for (int64_t p = 0; p < shapeOf(op.getInput())[2 + axis]; ++p)
    counts.push_back(double(countCovered(input, window, p)));
  return counts;
}

struct LowerAverageWindows final : OpConversionPattern<cnn::AverageWindowsOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::AverageWindowsOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(adaptor.getInput());
    SmallVector<double> rows = divisors(op, 0), columns = divisors(op, 1);
    if (llvm::all_equal(rows) && llvm::all_equal(columns)) {
      double count = rows[0] * columns[0];
      rewriter.replaceOp(op, b.elementwise(type, {{adaptor.getInput(), b.identity(4)}},
                                           [&](LinalgBuilder &s, ValueRange v) {
                                             return s.div(v[0], s.number(v[0].getType(), count));
                                           }));
      return success();
    }
    ArrayRef<int64_t> size = type.getShape().take_back(2);
    Operand byRow{b.constant(withShape(adaptor.getInput(), size[0]), rows), b.map(4, {b.dim(2)})};
    Operand byColumn{b.constant(withShape(adaptor.getInput(), size[1]), columns),
                     b.map(4, {b.dim(3)})};
    rewriter.replaceOp(op,
                       b.elementwise(type, {{adaptor.getInput(), b.identity(4)}, byRow, byColumn},
                                     [](LinalgBuilder &s, ValueRange v) {
                                       return s.div(v[0], s.mul(v[1], v[2]));
                                     }));
    return success();
  }
};

/// avg_pool = average_windows(sum_pool).
struct DecomposeAvgPool final : OpRewritePattern<cnn::AvgPoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::AvgPoolOp pool, PatternRewriter &rewriter) const override {
    auto sum = cnn::SumPoolOp::create(rewriter, pool.getLoc(), pool.getInput(), pool.getKernel(),
                                      pool.getStrides(), pool.getPadding(), pool.getDilations());
    auto mean = cnn::AverageWindowsOp::create(
        rewriter, pool.getLoc(), sum, shapeOf(pool.getInput()).drop_front(2), pool.getKernel(),
        pool.getStrides(), pool.getPadding(), pool.getDilations(), pool.getCountPad(),
        pool.getOverhang());
    inheritLayout(pool, sum);
    inheritLayout(pool, mean);
    rewriter.replaceOp(pool, mean);
    return success();
  }
};

/// l2_pool = sqrt(sum_pool(x * x)).
struct DecomposeL2Pool final : OpRewritePattern<cnn::L2PoolOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::L2PoolOp pool, PatternRewriter &rewriter) const override {
    Location loc = pool.getLoc();
    auto square = cnn::MulOp::create(rewriter, loc, pool.getInput(), pool.getInput());
    auto sum = cnn::SumPoolOp::create(rewriter, loc, square, pool.getKernel(), pool.getStrides(),
                                      pool.getPadding(), pool.getDilations());
    auto root = cnn::PowOp::create(rewriter, loc, sum, 0.5);
    for (Operation *part : {square.getOperation(), sum.getOperation(), root.getOperation()})
      inheritLayout(pool, part);
    rewriter.replaceOp(pool, root);
    return success();
  }
};

} // namespace

void cnnc::populatePoolPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerMaxPool, LowerPoolArgmax, LowerPoolTake, LowerUnpool, LowerSumPool,
               LowerAverageWindows, DecomposeAvgPool, DecomposeL2Pool>(patterns.getContext());
}
