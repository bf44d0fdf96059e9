//===- LinearPatterns.cpp - Matrix products to loops ----------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

struct LowerMatmul final : OpConversionPattern<cnn::MatmulOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::MatmulOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    // With b [n, k] both rows run along k: a dot product whose sum waits in a
    // register. With b [k, n] a row of b is added to a row of the result.
    bool dot = op.getTransposeB();
    AffineExpr m = b.dim(0), n = b.dim(dot ? 1 : 2), k = b.dim(dot ? 2 : 1);
    AffineMap left = op.getTransposeA() ? b.map(3, {k, m}) : b.map(3, {m, k});
    AffineMap right = op.getTransposeB() ? b.map(3, {n, k}) : b.map(3, {k, n});
    Value zeros = b.filled(tensorType(op.getOutput()), 0);
    rewriter.replaceOp(
        op, b.loop({{adaptor.getA(), left}, {adaptor.getB(), right}}, {zeros, b.map(3, {m, n})},
                   [](LinalgBuilder &s, ValueRange v) { return s.add(v[2], s.mul(v[0], v[1])); }));
    return success();
  }
};

} // namespace

void cnnc::populateLinearPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerMatmul>(patterns.getContext());
}
