//===- ElementwisePatterns.cpp - One formula an element -------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// x^exponent, by roots and divisions where those are exact to the last bit.
Value power(LinalgBuilder &s, Value x, double exponent) {
  Type type = x.getType();
  auto inverse = [&](Value value) { return s.div(s.number(type, 1), value); };
  if (exponent == 0)
    return s.number(type, 1);
  if (exponent == 1)
    return x;
  if (exponent == 2)
    return s.mul(x, x);
  if (exponent == 0.5)
    return s.op<math::SqrtOp>(x);
  if (exponent == -0.5)
    return inverse(s.op<math::SqrtOp>(x));
  if (exponent == -1)
    return inverse(x);
  return s.op<math::PowFOp>(x, s.number(type, exponent));
}

/// What one element of each op is.
Value formula(cnn::AddOp, LinalgBuilder &s, ValueRange v) { return s.add(v[0], v[1]); }
Value formula(cnn::SubOp, LinalgBuilder &s, ValueRange v) { return s.sub(v[0], v[1]); }
Value formula(cnn::MulOp, LinalgBuilder &s, ValueRange v) { return s.mul(v[0], v[1]); }
Value formula(cnn::DivOp, LinalgBuilder &s, ValueRange v) {
  Value zero = s.number(v[0].getType(), 0);
  Value undefined = s.compare(arith::CmpFPredicate::OEQ, v[1], zero);
  return s.select(undefined, zero, s.div(v[0], v[1]));
}
Value formula(cnn::ScaleOp op, LinalgBuilder &s, ValueRange v) {
  Type type = v[0].getType();
  Value product = s.mul(v[0], s.number(type, op.getFactor().convertToDouble()));
  if (op.getOffset().isPosZero())
    return product;
  return s.add(product, s.number(type, op.getOffset().convertToDouble()));
}
Value formula(cnn::PowOp op, LinalgBuilder &s, ValueRange v) {
  return power(s, v[0], op.getExponent().convertToDouble());
}
Value formula(cnn::ReluOp, LinalgBuilder &s, ValueRange v) {
  return s.op<arith::MaximumFOp>(v[0], s.number(v[0].getType(), 0));
}
Value formula(cnn::ReluMaskOp, LinalgBuilder &s, ValueRange v) {
  Value zero = s.number(v[0].getType(), 0);
  return s.select(s.compare(arith::CmpFPredicate::OGT, v[1], zero), v[0], zero);
}
Value formula(cnn::TanhOp, LinalgBuilder &s, ValueRange v) { return s.op<math::TanhOp>(v[0]); }
Value formula(cnn::SigmoidOp, LinalgBuilder &s, ValueRange v) {
  Value one = s.number(v[0].getType(), 1);
  Value growth = s.op<math::ExpOp>(s.op<arith::NegFOp>(v[0]));
  return s.div(one, s.add(one, growth));
}

template <typename OpTy> struct LowerElementwise final : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    SmallVector<Operand> operands = asOperands(rewriter, op->getOperands());
    rewriter.replaceOp(
        op, b.elementwise(tensorType(op.getOutput()), operands,
                          [&](LinalgBuilder &s, ValueRange v) { return formula(op, s, v); }));
    return success();
  }
};

Value formula(cnn::BiasAddOp, LinalgBuilder &s, ValueRange v) { return s.add(v[0], v[1]); }
Value formula(cnn::ScaleChannelsOp, LinalgBuilder &s, ValueRange v) { return s.mul(v[0], v[1]); }

/// The second operand has one element a channel.
template <typename OpTy> struct LowerPerChannel final : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(op.getOutput());
    Operand perChannel{adaptor.getOperands()[1], b.map(type.getRank(), {b.dim(1)})};
    rewriter.replaceOp(
        op, b.elementwise(type, {asOperand(rewriter, op.getInput()), perChannel},
                          [&](LinalgBuilder &s, ValueRange v) { return formula(op, s, v); }));
    return success();
  }
};

} // namespace

void cnnc::populateElementwisePatterns(RewritePatternSet &patterns) {
  patterns.add<LowerElementwise<cnn::AddOp>, LowerElementwise<cnn::SubOp>,
               LowerElementwise<cnn::MulOp>, LowerElementwise<cnn::DivOp>,
               LowerElementwise<cnn::ScaleOp>, LowerElementwise<cnn::PowOp>,
               LowerElementwise<cnn::ReluOp>, LowerElementwise<cnn::ReluMaskOp>,
               LowerElementwise<cnn::TanhOp>, LowerElementwise<cnn::SigmoidOp>,
               LowerPerChannel<cnn::BiasAddOp>, LowerPerChannel<cnn::ScaleChannelsOp>>(
      patterns.getContext());
}
