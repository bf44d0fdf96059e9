//===- ActivationPatterns.cpp - Softmax and its logarithm -----------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// exp(x - max) / sum of exp(x - max), over dimension 1.
struct LowerSoftmax final : OpConversionPattern<cnn::SoftmaxOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::SoftmaxOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getInput();
    auto type = tensorType(x);
    AffineMap identity = b.identity(type.getRank()), row = b.withoutChannels(type.getRank());
    LinalgBuilder::LogitShares shares = b.shareLogits(x);
    Operand exponential{shares.exponentials, identity}, inverse{b.inverse(shares.sum), row};
    rewriter.replaceOp(
        op, b.elementwise(type, {exponential, inverse},
                          [](LinalgBuilder &s, ValueRange v) { return s.mul(v[0], v[1]); }));
    return success();
  }
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

void cnnc::populateActivationPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerSoftmax, LowerLogSoftmax>(patterns.getContext());
}
