//===- ActivationPatterns.cpp - Softmax and its logarithm -----------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// a / b, rounded nearly as a division, of which a row has only one: what the product with the
/// inverse lacks is known exactly.
Value quotient(LinalgBuilder &s, Value a, Value b, Value inverse) {
  Value near = s.mul(a, inverse);
  Value rest = s.op<math::FmaOp>(s.op<arith::NegFOp>(near), b, a);
  return s.op<math::FmaOp>(rest, inverse, near);
}

/// exp(x - max) / sum of exp(x - max), over dimension 1.
struct LowerSoftmax final : OpConversionPattern<cnn::SoftmaxOp> {
  LowerSoftmax(MLIRContext *context, bool hasFma) : OpConversionPattern(context), hasFma(hasFma) {}
  LogicalResult matchAndRewrite(cnn::SoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getInput();
    auto type = tensorType(x);
    AffineMap identity = b.identity(type.getRank()), row = b.withoutChannels(type.getRank());
    LinalgBuilder::LogitShares shares = b.shareLogits(x);
    Operand exponential{shares.exponentials, identity}, sum{shares.sum, row};
    if (hasFma)
      rewriter.replaceOp(op, b.elementwise(type, {exponential, sum, {b.inverse(shares.sum), row}},
                                           [](LinalgBuilder &s, ValueRange v) {
                                             return quotient(s, v[0], v[1], v[2]);
                                           }));
    else
      rewriter.replaceOp(
          op, b.elementwise(type, {exponential, sum},
                            [](LinalgBuilder &s, ValueRange v) { return s.div(v[0], v[1]); }));
    return success();
  }

private:
  bool hasFma;
};

/// (x - max) - log of the sum of exp(x - max), over dimension 1.
struct LowerLogSoftmax final : OpConversionPattern<cnn::LogSoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::LogSoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getInput();
    auto type = tensorType(x);
    AffineMap identity = b.identity(type.getRank()), row = b.withoutChannels(type.getRank());
    auto [largest, sum] = b.sumLogits(x);
    rewriter.replaceOp(op,
                       b.elementwise(type, {{x, identity}, {largest, row}, {b.logarithm(sum), row}},
                                     [](LinalgBuilder &s, ValueRange v) {
                                       return s.sub(s.sub(v[0], v[1]), v[2]);
                                     }));
    return success();
  }
};

} // namespace

void cnnc::populateActivationPatterns(RewritePatternSet &patterns, bool hasFma) {
  patterns.add<LowerSoftmax>(patterns.getContext(), hasFma);
  patterns.add<LowerLogSoftmax>(patterns.getContext());
}
