//===- ElementwisePatterns.cpp - One formula an element -------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"
#include "compiler/Lowering/SmoothFunctions.h"

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
Value formula(cnn::MaxOp, LinalgBuilder &s, ValueRange v) {
  return s.op<arith::MaximumFOp>(v[0], v[1]);
}
Value formula(cnn::WhereOp, LinalgBuilder &s, ValueRange v) {
  return s.wherePositive(v[0], v[1], v[2]);
}
Value formula(cnn::ExpOp, LinalgBuilder &s, ValueRange v) { return buildExp(s, v[0]); }
Value formula(cnn::ErfcOp, LinalgBuilder &s, ValueRange v) { return buildErfc(s, v[0]); }
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
Value formula(cnn::ReluOp, LinalgBuilder &s, ValueRange v) { return s.positivePart(v[0]); }
Value formula(cnn::ReluMaskOp, LinalgBuilder &s, ValueRange v) {
  return s.wherePositive(v[1], v[0], s.number(v[0].getType(), 0));
}
Value formula(cnn::SigmoidOp, LinalgBuilder &s, ValueRange v) { return buildSigmoid(s, v[0]); }

/// x cut off below 0 and above 6.
Value upToSix(LinalgBuilder &s, Value x) {
  return s.op<arith::MinimumFOp>(s.positivePart(x), s.number(x.getType(), 6));
}

Value formula(cnn::LReluOp op, LinalgBuilder &s, ValueRange v) {
  Value slope = s.number(v[0].getType(), op.getSlope().convertToDouble());
  return s.wherePositive(v[0], v[0], s.mul(v[0], slope));
}
Value formula(cnn::Relu6Op, LinalgBuilder &s, ValueRange v) { return upToSix(s, v[0]); }
Value formula(cnn::EluOp, LinalgBuilder &s, ValueRange v) {
  return s.wherePositive(v[0], v[0], buildExpMinusOne(s, v[0]));
}
/// min(max(x + 3, 0), 6) / 6. The sum comes first: both ends are exactly 0 and 1. A factor 1/6
/// would be rounded, too.
Value hardSigmoid(LinalgBuilder &s, Value x) {
  Type type = x.getType();
  return s.div(upToSix(s, s.add(x, s.number(type, 3))), s.number(type, 6));
}
Value formula(cnn::HardSigmoidOp, LinalgBuilder &s, ValueRange v) { return hardSigmoid(s, v[0]); }
Value formula(cnn::HardSwishOp, LinalgBuilder &s, ValueRange v) {
  return s.mul(v[0], hardSigmoid(s, v[0]));
}
Value formula(cnn::SoftplusOp, LinalgBuilder &s, ValueRange v) {
  Value positive = s.positivePart(v[0]);
  return s.add(positive, s.log1pOfDecay(v[0]));
}
Value formula(cnn::GeluOp, LinalgBuilder &s, ValueRange v) { return buildGelu(s, v[0]); }
Value formula(cnn::SiluOp, LinalgBuilder &s, ValueRange v) { return buildSilu(s, v[0]); }

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

/// Its formula depends on the target.
struct LowerTanh final : OpConversionPattern<cnn::TanhOp> {
  LowerTanh(MLIRContext *context, bool hasFma) : OpConversionPattern(context), hasFma(hasFma) {}
  LogicalResult matchAndRewrite(cnn::TanhOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(
        op,
        b.elementwise(tensorType(op.getOutput()), {asOperand(rewriter, op.getInput())},
                      [&](LinalgBuilder &s, ValueRange v) { return buildTanh(s, v[0], hasFma); }));
    return success();
  }

private:
  bool hasFma;
};

/// One slope for all is read at its only place.
struct LowerPRelu final : OpConversionPattern<cnn::PReluOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::PReluOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(op.getOutput());
    AffineExpr at = op.isShared() ? rewriter.getAffineConstantExpr(0) : b.dim(1);
    Operand slope{adaptor.getSlope(), b.map(type.getRank(), {at})};
    rewriter.replaceOp(op, b.elementwise(type, {asOperand(rewriter, op.getInput()), slope},
                                         [](LinalgBuilder &s, ValueRange v) {
                                           return s.wherePositive(v[0], v[0], s.mul(v[0], v[1]));
                                         }));
    return success();
  }
};

} // namespace

void cnnc::populateElementwisePatterns(RewritePatternSet &patterns, bool hasFma) {
  patterns.add<LowerTanh>(patterns.getContext(), hasFma);
  patterns.add<
      LowerElementwise<cnn::AddOp>, LowerElementwise<cnn::SubOp>, LowerElementwise<cnn::MulOp>,
      LowerElementwise<cnn::DivOp>, LowerElementwise<cnn::ScaleOp>, LowerElementwise<cnn::PowOp>,
      LowerElementwise<cnn::ReluOp>, LowerElementwise<cnn::ReluMaskOp>,
      LowerElementwise<cnn::SigmoidOp>, LowerElementwise<cnn::MaxOp>,
      LowerElementwise<cnn::WhereOp>, LowerElementwise<cnn::ExpOp>, LowerElementwise<cnn::ErfcOp>,
      LowerElementwise<cnn::LReluOp>, LowerElementwise<cnn::Relu6Op>, LowerElementwise<cnn::EluOp>,
      LowerElementwise<cnn::HardSigmoidOp>, LowerElementwise<cnn::HardSwishOp>,
      LowerElementwise<cnn::SoftplusOp>, LowerElementwise<cnn::GeluOp>,
      LowerElementwise<cnn::SiluOp>, LowerPRelu, LowerPerChannel<cnn::BiasAddOp>,
      LowerPerChannel<cnn::ScaleChannelsOp>>(patterns.getContext());
}
