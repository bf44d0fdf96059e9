//===- ConvPatterns.cpp - Convolutions to loops over windows --------------===//

#include "compiler/Lowering/BlockedConv.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// A convolution whose groups, if there are several, are a dimension of their own, so
/// that every loop indexes some tensor by itself: x [N, G, C, H, W] (or [G, N, C, H, W]
/// where the batch is split), w [G, O, C, K, L], y [N, G, O, P, Q]; else without G.
class GroupedConv {
public:
  GroupedConv(LinalgBuilder &b, cnn::Conv2DOp conv, Value image, Value weights)
      : groups(std::max(conv.getGroups(), conv.getBatchGroups())),
        groupsOfBatch(conv.getBatchGroups() > 1) {
    ArrayRef<int64_t> x = shapeOf(image), w = shapeOf(weights);
    input = image;
    filter = weights;
    outputShape.assign(shapeOf(conv.getOutput()).begin(), shapeOf(conv.getOutput()).end());
    if (groups == 1)
      return;
    input = groupsOfBatch ? b.reshape(image, {groups, x[0] / groups, x[1], x[2], x[3]})
                          : b.reshape(image, {x[0], groups, x[1] / groups, x[2], x[3]});
    filter = b.reshape(weights, {groups, w[0] / groups, w[1], w[2], w[3]});
    outputShape = {outputShape[0], groups, outputShape[1] / groups, outputShape[2], outputShape[3]};
  }

  /// Sizes along H and W (axis 0 and 1).
  int64_t inputSize(unsigned axis) const { return shapeOf(input).take_back(2)[axis]; }
  int64_t taps(unsigned axis) const { return shapeOf(filter).take_back(2)[axis]; }
  int64_t outputSize(unsigned axis) const { return ArrayRef(outputShape).take_back(2)[axis]; }

  Value input, filter;
  int64_t groups;
  bool groupsOfBatch;
  SmallVector<int64_t> outputShape;
};

Value multiplyAdd(LinalgBuilder &b, ValueRange v) { return b.add(v[2], b.mul(v[0], v[1])); }

/// Names of the loops of a convolution.
enum ConvLoop { N, G, O, C, K, L, P, Q };

/// The loops of a convolution in a given order, outermost first.
class ConvLoops {
public:
  ConvLoops(LinalgBuilder &b, const GroupedConv &conv, ArrayRef<ConvLoop> order)
      : b(b), conv(conv) {
    for (ConvLoop loop : order)
      if (loop != G || conv.groups > 1)
        positions[loop] = count++;
  }

  AffineExpr at(ConvLoop loop) const { return b.dim(positions[loop]); }
  AffineMap input(AffineExpr h, AffineExpr w) const {
    return conv.groupsOfBatch ? map({G, N, C}, h, w) : map({N, G, C}, h, w);
  }
  AffineMap filter() const { return map({G, O, C}, at(K), at(L)); }
  AffineMap output(AffineExpr p, AffineExpr q) const { return map({N, G, O}, p, q); }

private:
  AffineMap map(ArrayRef<ConvLoop> loops, AffineExpr row, AffineExpr column) const {
    SmallVector<AffineExpr> results;
    for (ConvLoop loop : loops)
      if (loop != G || conv.groups > 1)
        results.push_back(at(loop));
    results.append({row, column});
    return b.map(count, results);
  }

  LinalgBuilder &b;
  const GroupedConv &conv;
  std::array<unsigned, 8> positions{};
  unsigned count = 0;
};

/// y[p, q] += x[p*S + k*D, q*S + l*D] * w[k, l] on a padded input.
Value slideWindow(LinalgBuilder &b, cnn::Conv2DOp conv, const GroupedConv &grouped) {
  // The longer of a row of outputs and a row of taps is the innermost loop: outputs in
  // a layer, taps in a filter's gradient, whose taps are an image. There the sum waits
  // in a register.
  bool rowsOfOutputs = grouped.outputSize(1) >= grouped.taps(1);
  ConvLoops loops(b, grouped,
                  rowsOfOutputs ? ArrayRef<ConvLoop>{N, G, O, P, C, K, L, Q}
                                : ArrayRef<ConvLoop>{N, G, O, P, Q, C, K, L});
  ArrayRef<int64_t> s = conv.getStrides(), d = conv.getDilations();
  AffineMap input =
      loops.input(loops.at(P) * s[0] + loops.at(K) * d[0], loops.at(Q) * s[1] + loops.at(L) * d[1]);
  Value zeros = b.filled(withShape(grouped.input, grouped.outputShape), 0);
  return b.loop({{grouped.input, input}, {grouped.filter, loops.filter()}},
                {zeros, loops.output(loops.at(P), loops.at(Q))}, multiplyAdd);
}

/// A convolution with an input dilation: every input adds its products where they
/// belong (see ScatterAxis), so that the zeros between inputs cost nothing.
Value scatterProducts(LinalgBuilder &b, cnn::Conv2DOp conv, const GroupedConv &grouped) {
  unsigned rank = grouped.outputShape.size(), image = rank - 2;
  SmallVector<int64_t> sums(grouped.outputShape), low(rank, 0), high(rank, 0), strides(rank, 1);
  // P and Q run over the input here.
  ConvLoops loops(b, grouped, {N, G, O, C, K, L, P, Q});
  std::array<AffineExpr, 2> target;
  for (unsigned i : {0u, 1u}) {
    WindowAxis axis{grouped.taps(i),          conv.getStrides()[i],
                    conv.getPadding()[2 * i], conv.getPadding()[2 * i + 1],
                    conv.getDilations()[i],   conv.getInputDilations()[i]};
    ScatterAxis scatter = scatterWindow(grouped.inputSize(i), grouped.outputSize(i), axis);
    sums[image + i] = scatter.size;
    low[image + i] = scatter.padLow;
    high[image + i] = scatter.padHigh;
    strides[image + i] = axis.stride;
    target[i] = loops.at(i == 0 ? P : Q) * axis.inputDilation +
                (loops.at(i == 0 ? K : L) * -axis.dilation + scatter.reach);
  }
  Value zeros = b.filled(withShape(grouped.input, sums), 0);
  Value dense = b.loop(
      {{grouped.input, loops.input(loops.at(P), loops.at(Q))}, {grouped.filter, loops.filter()}},
      {zeros, loops.output(target[0], target[1])}, multiplyAdd);
  return b.strided(b.padOrCrop(dense, low, high, 0), strides);
}

/// On blocks an adjoint reads the filter that it turns.
ConvOperands operandsOf(ConversionPatternRewriter &rewriter, cnn::Conv2DOp conv,
                        cnn::Conv2DOp::Adaptor adaptor) {
  auto turned = conv.getFilter().getDefiningOp<cnn::TransposeFilterOp>();
  if (!turned || turned.getGroups() != conv.getGroups())
    return {adaptor.getInput(), adaptor.getFilter(), false};
  return {adaptor.getInput(), rewriter.getRemappedValue(turned.getFilter()), true};
}

struct LowerConv2D final : OpConversionPattern<cnn::Conv2DOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::Conv2DOp conv, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, conv);
    if (auto result = convolveBlocks(b, conv, operandsOf(rewriter, conv, adaptor))) {
      rewriter.replaceOp(conv, *result);
      return success();
    }
    bool dilated = llvm::any_of(conv.getInputDilations(), [](int64_t d) { return d > 1; });
    Value input = adaptor.getInput();
    if (!dilated) {
      ArrayRef<int64_t> pad = conv.getPadding();
      input = b.padOrCrop(input, {0, 0, pad[0], pad[2]}, {0, 0, pad[1], pad[3]}, 0);
    }
    GroupedConv grouped(b, conv, input, adaptor.getFilter());
    Value result = dilated ? scatterProducts(b, conv, grouped) : slideWindow(b, conv, grouped);
    rewriter.replaceOp(conv, b.reshape(result, shapeOf(conv.getOutput())));
    return success();
  }
};

struct LowerFilterGradient final : OpConversionPattern<cnn::FilterGradientOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::FilterGradientOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(op, sumFilterGradient(b, op, adaptor.getInput(), adaptor.getGradient()));
    return success();
  }
};

/// t[g, c, o, k, l] = w[g, o, c, K-1-k, L-1-l].
struct LowerTransposeFilter final : OpConversionPattern<cnn::TransposeFilterOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::TransposeFilterOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
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
  patterns.add<LowerConv2D, LowerFilterGradient, LowerTransposeFilter>(patterns.getContext());
}
