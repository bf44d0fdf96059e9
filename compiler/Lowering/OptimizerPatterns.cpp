//===- OptimizerPatterns.cpp - Steps of optimizers, in place --------------===//
//
// Parameters and slots are the destinations, so that bufferization updates them
// where they are.
//
//===----------------------------------------------------------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// A scalar of type f32, in the element type of the parameter.
Value convertRate(LinalgBuilder &s, Value rate, Type element) {
  if (rate.getType() == element)
    return rate;
  return s.op<arith::ExtFOp>(element, rate);
}

/// g + decay * w, or g.
Value withDecay(LinalgBuilder &s, Value gradient, Value parameter, const APFloat &decay) {
  if (decay.isZero())
    return gradient;
  Value factor = s.number(gradient.getType(), decay.convertToDouble());
  return s.add(gradient, s.mul(factor, parameter));
}

/// w - rate * decay * w.
Value decayed(LinalgBuilder &s, Value parameter, Value rate, const APFloat &decay) {
  if (decay.isZero())
    return parameter;
  Value share = s.mul(rate, s.number(parameter.getType(), decay.convertToDouble()));
  return s.sub(parameter, s.mul(share, parameter));
}

/// keep * old + share * h^2: the squares that RMSProp and AdaGrad divide by.
Value blendSquare(LinalgBuilder &s, Value old, double keep, Value gradient, double share) {
  auto times = [&](double factor, Value value) {
    return factor == 1 ? value : s.mul(s.number(value.getType(), factor), value);
  };
  return s.add(times(keep, old), times(share, s.mul(gradient, gradient)));
}

/// h / (sqrt(square) + epsilon).
Value dividedByRoot(LinalgBuilder &s, Value gradient, Value square, const APFloat &epsilon) {
  Value root = s.op<math::SqrtOp>(square);
  return s.div(gradient, s.add(root, s.number(root.getType(), epsilon.convertToDouble())));
}

struct LowerSgd final : OpConversionPattern<cnn::SgdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::SgdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    unsigned rank = tensorType(op.getParameter()).getRank();
    rewriter.replaceOp(
        op, b.loop({asOperand(rewriter, op.getGradient()), {adaptor.getRate(), b.map(rank, {})}},
                   {adaptor.getParameter(), b.identity(rank)}, [&](LinalgBuilder &s, ValueRange v) {
                     Value step = withDecay(s, v[0], v[2], op.getDecay());
                     return s.sub(v[2], s.mul(convertRate(s, v[1], v[2].getType()), step));
                   }));
    return success();
  }
};

struct LowerMomentum final : OpConversionPattern<cnn::MomentumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::MomentumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    unsigned rank = tensorType(op.getParameter()).getRank();
    AffineMap all = b.identity(rank);
    rewriter.replaceOp(
        op, b.loops({asOperand(rewriter, op.getGradient()), {adaptor.getRate(), b.map(rank, {})}},
                    {{adaptor.getParameter(), all}, {adaptor.getVelocity(), all}},
                    [&](LinalgBuilder &s, ValueRange v) {
                      Type element = v[2].getType();
                      Value momentum = s.number(element, op.getMomentum().convertToDouble());
                      Value gradient = withDecay(s, v[0], v[2], op.getDecay());
                      Value velocity = s.add(s.mul(momentum, v[3]), gradient);
                      Value step =
                          op.getNesterov() ? s.add(gradient, s.mul(momentum, velocity)) : velocity;
                      Value updated = s.sub(v[2], s.mul(convertRate(s, v[1], element), step));
                      return SmallVector<Value>{updated, velocity};
                    }));
    return success();
  }
};

/// 1 / (1 - beta^t), a scalar: the power is taken once, not for each element.
Value biasCorrection(LinalgBuilder &b, Value step, const APFloat &beta, Type element) {
  return b.elementwise(RankedTensorType::get({}, element), {{step, b.identity(0)}},
                       [&](LinalgBuilder &s, ValueRange v) {
                         Value one = s.number(element, 1);
                         Value next = s.op<arith::AddIOp>(v[0], s.integer(v[0].getType(), 1));
                         Value count = s.op<arith::SIToFPOp>(element, next);
                         Value power =
                             s.op<math::PowFOp>(s.number(element, beta.convertToDouble()), count);
                         return s.div(one, s.sub(one, power));
                       });
}

struct LowerAdam final : OpConversionPattern<cnn::AdamOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::AdamOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(op.getParameter());
    AffineMap all = b.identity(type.getRank()), scalar = b.map(type.getRank(), {});
    Type element = type.getElementType();
    Value first = biasCorrection(b, adaptor.getStep(), op.getBeta1(), element);
    Value second = biasCorrection(b, adaptor.getStep(), op.getBeta2(), element);
    double beta1 = op.getBeta1().convertToDouble(), beta2 = op.getBeta2().convertToDouble();
    double epsilon = op.getEpsilon().convertToDouble();
    rewriter.replaceOp(op, b.loops({asOperand(rewriter, op.getGradient()),
                                    {adaptor.getRate(), scalar},
                                    {first, scalar},
                                    {second, scalar}},
                                   {{adaptor.getParameter(), all},
                                    {adaptor.getFirst(), all},
                                    {adaptor.getSecond(), all}},
                                   [&](LinalgBuilder &s, ValueRange v) {
                                     auto blend = [&](double beta, Value old, Value fresh) {
                                       return s.add(s.mul(s.number(element, beta), old),
                                                    s.mul(s.number(element, 1 - beta), fresh));
                                     };
                                     Value rate = convertRate(s, v[1], element), old = v[4];
                                     Value gradient = v[0];
                                     if (op.getDecoupled())
                                       old = decayed(s, old, rate, op.getDecay());
                                     else
                                       gradient = withDecay(s, v[0], old, op.getDecay());
                                     Value mean = blend(beta1, v[5], gradient);
                                     Value square = blend(beta2, v[6], s.mul(gradient, gradient));
                                     Value root = s.op<math::SqrtOp>(s.mul(square, v[3]));
                                     Value divisor = s.add(root, s.number(element, epsilon));
                                     Value step = s.div(s.mul(mean, v[2]), divisor);
                                     Value updated = s.sub(old, s.mul(rate, step));
                                     return SmallVector<Value>{updated, mean, square};
                                   }));
    return success();
  }
};

/// How much of the old square stays, and how much of the new one comes.
std::pair<double, double> squareShares(cnn::RmsPropOp op) {
  double alpha = op.getAlpha().convertToDouble();
  return {alpha, 1 - alpha};
}
std::pair<double, double> squareShares(cnn::AdagradOp) { return {1, 1}; }

/// RMSProp without momentum, and AdaGrad.
template <typename OpTy> struct LowerSquareStep final : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    unsigned rank = tensorType(op.getParameter()).getRank();
    AffineMap all = b.identity(rank);
    auto [keep, share] = squareShares(op);
    auto body = [&, keep = keep, share = share](LinalgBuilder &s, ValueRange v) {
      Value gradient = withDecay(s, v[0], v[2], op.getDecay());
      Value square = blendSquare(s, v[3], keep, gradient, share);
      Value step = dividedByRoot(s, gradient, square, op.getEpsilon());
      Value rate = convertRate(s, v[1], v[2].getType());
      return SmallVector<Value>{s.sub(v[2], s.mul(rate, step)), square};
    };
    rewriter.replaceOp(
        op, b.loops({asOperand(rewriter, op.getGradient()), {adaptor.getRate(), b.map(rank, {})}},
                    {{adaptor.getParameter(), all}, {adaptor.getSquare(), all}}, body));
    return success();
  }
};

struct LowerRmsPropMomentum final : OpConversionPattern<cnn::RmsPropMomentumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::RmsPropMomentumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    unsigned rank = tensorType(op.getParameter()).getRank();
    AffineMap all = b.identity(rank);
    double alpha = op.getAlpha().convertToDouble(), momentum = op.getMomentum().convertToDouble();
    auto body = [&](LinalgBuilder &s, ValueRange v) {
      Type element = v[2].getType();
      Value gradient = withDecay(s, v[0], v[2], op.getDecay());
      Value square = blendSquare(s, v[3], alpha, gradient, 1 - alpha);
      Value step = dividedByRoot(s, gradient, square, op.getEpsilon());
      Value velocity = s.add(s.mul(s.number(element, momentum), v[4]), step);
      Value updated = s.sub(v[2], s.mul(convertRate(s, v[1], element), velocity));
      return SmallVector<Value>{updated, square, velocity};
    };
    rewriter.replaceOp(
        op, b.loops({asOperand(rewriter, op.getGradient()), {adaptor.getRate(), b.map(rank, {})}},
                    {{adaptor.getParameter(), all},
                     {adaptor.getSquare(), all},
                     {adaptor.getVelocity(), all}},
                    body));
    return success();
  }
};

struct LowerIncrement final : OpConversionPattern<cnn::IncrementOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::IncrementOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(
        op, b.loop({}, {adaptor.getInput(), b.identity(0)}, [](LinalgBuilder &s, ValueRange v) {
          return s.op<arith::AddIOp>(v[0], s.integer(v[0].getType(), 1));
        }));
    return success();
  }
};

} // namespace

void cnnc::populateOptimizerPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerSgd, LowerMomentum, LowerAdam, LowerSquareStep<cnn::RmsPropOp>,
               LowerSquareStep<cnn::AdagradOp>, LowerRmsPropMomentum, LowerIncrement>(
      patterns.getContext());
}
