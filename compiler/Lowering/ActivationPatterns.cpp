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
    Value largest = b.maximumOfChannels(x);
    Value growth =
        b.elementwise(type, {{x, identity}, {largest, row}}, [](LinalgBuilder &s, ValueRange v) {
          return s.op<math::ExpOp>(s.sub(v[0], v[1]));
        });
    Value sum =
        b.reduce(growth, {1}, 0, [](LinalgBuilder &s, ValueRange v) { return s.add(v[1], v[0]); });
    rewriter.replaceOp(
        op, b.elementwise(type, {{growth, identity}, {sum, row}},
                          [](LinalgBuilder &s, ValueRange v) { return s.div(v[0], v[1]); }));
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
    auto [shifted, logarithm] = b.shiftLogits(x);
    rewriter.replaceOp(
        op, b.elementwise(type, {{shifted, identity}, {logarithm, row}},
                          [](LinalgBuilder &s, ValueRange v) { return s.sub(v[0], v[1]); }));
    return success();
  }
};

} // namespace

void cnnc::populateActivationPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerSoftmax, LowerLogSoftmax>(patterns.getContext());
}
