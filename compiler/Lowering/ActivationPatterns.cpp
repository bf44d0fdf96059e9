//===- ActivationPatterns.cpp - Softmax -----------------------------------===//

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
    SmallVector<AffineExpr> others{b.dim(0)};
    for (int64_t i = 2; i < type.getRank(); ++i)
      others.push_back(b.dim(i));
    AffineMap identity = b.identity(type.getRank()), row = b.map(type.getRank(), others);
    Value largest = b.reduce(x, {1}, kLowest, [](LinalgBuilder &s, ValueRange v) {
      return s.op<arith::MaximumFOp>(v[1], v[0]);
    });
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

} // namespace

void cnnc::populateActivationPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerSoftmax>(patterns.getContext());
}
