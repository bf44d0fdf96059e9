//===- ConvPatterns.cpp - Convolutions to loops over windows --------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// A convolution with its groups as a dimension of their own, so that every loop
/// indexes some tensor by itself: x [N, G, C, H, W] (or [G, N, C, H, W] where the
/// batch is split), w [G, O, C, K, L], y [N, G, O, P, Q].
struct GroupedConv {
  Value input, filter;
  int64_t groups;
  bool groupsOfBatch;
  SmallVector<int64_t> outputShape; ///< [N, G, O, P, Q]
};

GroupedConv splitGroups(LinalgBuilder &b, cnn::Conv2DOp conv, Value input, Value filter) {
  int64_t batchGroups = conv.getBatchGroups();
  int64_t groups = std::max<int64_t>(conv.getGroups(), batchGroups);
  ArrayRef<int64_t> x = shapeOf(input), w = shapeOf(filter), y = shapeOf(conv.getOutput());
  SmallVector<int64_t> xs = batchGroups > 1
                                ? SmallVector<int64_t>{groups, x[0] / groups, x[1], x[2], x[3]}
                                : SmallVector<int64_t>{x[0], groups, x[1] / groups, x[2], x[3]};
  return {b.reshape(input, xs),
          b.reshape(filter, {groups, w[0] / groups, w[1], w[2], w[3]}),
          groups,
          batchGroups > 1,
          {y[0], groups, y[1] / groups, y[2], y[3]}};
}

Value multiplyAdd(LinalgBuilder &b, ValueRange v) { return b.add(v[2], b.mul(v[0], v[1])); }

/// Positions of loops; the innermost is the last.
struct LoopOrder {
  unsigned n, g, o, c, k, l, p, q;
};

/// y[p, q] += x[p*S + k*D, q*S + l*D] * w[k, l] on a padded input.
Value slideWindow(LinalgBuilder &b, cnn::Conv2DOp conv, const GroupedConv &grouped) {
  // The longer of a row of outputs and a row of taps is the innermost loop: outputs
  // in a layer, taps in a filter's gradient, whose taps are an image. There the sum
  // waits in a register.
  bool rowsOfOutputs = grouped.outputShape[4] >= shapeOf(grouped.filter)[4];
  LoopOrder i = rowsOfOutputs
                    ? LoopOrder{.n = 0, .g = 1, .o = 2, .c = 4, .k = 5, .l = 6, .p = 3, .q = 7}
                    : LoopOrder{.n = 0, .g = 1, .o = 2, .c = 5, .k = 6, .l = 7, .p = 3, .q = 4};
  ArrayRef<int64_t> s = conv.getStrides(), d = conv.getDilations();
  AffineExpr h = b.dim(i.p) * s[0] + b.dim(i.k) * d[0];
  AffineExpr w = b.dim(i.q) * s[1] + b.dim(i.l) * d[1];
  AffineExpr outer = b.dim(grouped.groupsOfBatch ? i.g : i.n);
  AffineExpr inner = b.dim(grouped.groupsOfBatch ? i.n : i.g);
  AffineMap input = b.map(8, {outer, inner, b.dim(i.c), h, w});
  AffineMap filter = b.map(8, {b.dim(i.g), b.dim(i.o), b.dim(i.c), b.dim(i.k), b.dim(i.l)});
  AffineMap output = b.map(8, {b.dim(i.n), b.dim(i.g), b.dim(i.o), b.dim(i.p), b.dim(i.q)});
  Value zeros = b.filled(withShape(grouped.input, grouped.outputShape), 0);
  return b.loop({{grouped.input, input}, {grouped.filter, filter}}, {zeros, output}, multiplyAdd);
}

/// A convolution with an input dilation B: every input adds its products where they
/// belong, so that the zeros between inputs cost nothing. Output position p reads
/// x[h] with h*B = p + k*D - lo, so x[h]*w[k] adds to position h*B + (K-1-k)*D of a
/// buffer that starts (K-1)*D - lo before the output.
Value scatterProducts(LinalgBuilder &b, cnn::Conv2DOp conv, const GroupedConv &grouped) {
  ArrayRef<int64_t> x = shapeOf(grouped.input), w = shapeOf(grouped.filter);
  ArrayRef<int64_t> d = conv.getDilations(), dilation = conv.getInputDilations();
  ArrayRef<int64_t> s = conv.getStrides(), pad = conv.getPadding();
  SmallVector<int64_t> sums(grouped.outputShape), low(5, 0), high(5, 0), strides(5, 1);
  for (unsigned axis : {0u, 1u}) {
    int64_t reach = (w[3 + axis] - 1) * d[axis];
    sums[3 + axis] = (x[3 + axis] - 1) * dilation[axis] + 1 + reach;
    int64_t dense = (grouped.outputShape[3 + axis] - 1) * s[axis] + 1;
    low[3 + axis] = pad[2 * axis] - reach;
    high[3 + axis] = dense - sums[3 + axis] - low[3 + axis];
    strides[3 + axis] = s[axis];
  }
  enum { N, G, O, C, K, L, H, W };
  AffineExpr p = b.dim(H) * dilation[0] + (b.dim(K) * -d[0] + (w[3] - 1) * d[0]);
  AffineExpr q = b.dim(W) * dilation[1] + (b.dim(L) * -d[1] + (w[4] - 1) * d[1]);
  AffineExpr outer = b.dim(grouped.groupsOfBatch ? G : N);
  AffineExpr inner = b.dim(grouped.groupsOfBatch ? N : G);
  AffineMap input = b.map(8, {outer, inner, b.dim(C), b.dim(H), b.dim(W)});
  AffineMap filter = b.map(8, {b.dim(G), b.dim(O), b.dim(C), b.dim(K), b.dim(L)});
  AffineMap output = b.map(8, {b.dim(N), b.dim(G), b.dim(O), p, q});
  Value zeros = b.filled(withShape(grouped.input, sums), 0);
  Value dense =
      b.loop({{grouped.input, input}, {grouped.filter, filter}}, {zeros, output}, multiplyAdd);
  return b.strided(b.padOrCrop(dense, low, high, 0), strides);
}

struct LowerConv2D final : OpConversionPattern<cnn::Conv2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::Conv2DOp conv, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, conv.getLoc());
    bool dilated = llvm::any_of(conv.getInputDilations(), [](int64_t d) { return d > 1; });
    Value input = adaptor.getInput();
    if (!dilated) {
      ArrayRef<int64_t> pad = conv.getPadding();
      input = b.padOrCrop(input, {0, 0, pad[0], pad[2]}, {0, 0, pad[1], pad[3]}, 0);
    }
    GroupedConv grouped = splitGroups(b, conv, input, adaptor.getFilter());
    Value result = dilated ? scatterProducts(b, conv, grouped) : slideWindow(b, conv, grouped);
    rewriter.replaceOp(conv, b.reshape(result, shapeOf(conv.getOutput())));
    return success();
  }
};

/// t[g, c, o, k, l] = w[g, o, c, K-1-k, L-1-l].
struct LowerTransposeFilter final : OpConversionPattern<cnn::TransposeFilterOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::TransposeFilterOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op.getLoc());
    int64_t groups = op.getGroups();
    ArrayRef<int64_t> w = shapeOf(op.getFilter());
    Value filter = b.reshape(adaptor.getFilter(), {groups, w[0] / groups, w[1], w[2], w[3]});
    auto type = withShape(filter, {groups, w[1], w[0] / groups, w[2], w[3]});
    AffineMap read = b.map(
        5, {b.dim(0), b.dim(2), b.dim(1), b.dim(3) * -1 + (w[2] - 1), b.dim(4) * -1 + (w[3] - 1)});
    Value turned =
        b.elementwise(type, {{filter, read}}, [](LinalgBuilder &, ValueRange v) { return v[0]; });
    rewriter.replaceOp(op, b.reshape(turned, shapeOf(op.getOutput())));
    return success();
  }
};

} // namespace

void cnnc::populateConvPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerConv2D, LowerTransposeFilter>(patterns.getContext());
}
