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

/// keep * old + share * fresh: a running mean, or with two factors of 1 a sum.
Value blend(LinalgBuilder &s, double keep, Value old, double share, Value fresh) {
  auto times = [&](double factor, Value value) {
    return factor == 1 ? value : s.mul(s.number(value.getType(), factor), value);
  };
  return s.add(times(keep, old), times(share, fresh));
}

/// h / (sqrt(square) + epsilon).
Value dividedByRoot(LinalgBuilder &s, Value gradient, Value square, const APFloat &epsilon) {
  Value root = s.op<math::SqrtOp>(square);
  return s.div(gradient, s.add(root, s.number(root.getType(), epsilon.convertToDouble())));
}

/// Writes the parameter and the optimizer's state for it where they are. `body` sees an
/// element of the gradient, the `scalars`, the parameter and the state, in this order.
template <typename OpTy>
void updateInPlace(ConversionPatternRewriter &rewriter, OpTy op, ArrayRef<Value> scalars,
                   ArrayRef<Value> state, LinalgBuilder::BodyOfSeveral body) {
  LinalgBuilder b(rewriter, op);
  unsigned rank = tensorType(op.getParameter()).getRank();
  SmallVector<Operand> inputs{asOperand(rewriter, op.getGradient())}, destinations;
  for (Value scalar : scalars)
    inputs.push_back({scalar, b.map(rank, {})});
  for (Value part : state)
    destinations.push_back({part, b.identity(rank)});
  rewriter.replaceOp(op, b.loops(inputs, destinations, body));
}

struct LowerSgd final : OpConversionPattern<cnn::SgdOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::SgdOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto body = [&](LinalgBuilder &s, ValueRange v) {
      Value step = withDecay(s, v[0], v[2], op.getDecay());
      Value rate = convertRate(s, v[1], v[2].getType());
      return SmallVector<Value>{s.sub(v[2], s.mul(rate, step))};
    };
    updateInPlace(rewriter, op, {adaptor.getRate()}, {adaptor.getParameter()}, body);
    return success();
  }
};

struct LowerMomentum final : OpConversionPattern<cnn::MomentumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::MomentumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    auto body = [&](LinalgBuilder &s, ValueRange v) {
      Type element = v[2].getType();
      Value momentum = s.number(element, op.getMomentum().convertToDouble());
      Value gradient = withDecay(s, v[0], v[2], op.getDecay());
      Value velocity = s.add(s.mul(momentum, v[3]), gradient);
      Value step = op.getNesterov() ? s.add(gradient, s.mul(momentum, velocity)) : velocity;
      Value updated = s.sub(v[2], s.mul(convertRate(s, v[1], element), step));
      return SmallVector<Value>{updated, velocity};
    };
    updateInPlace(rewriter, op, {adaptor.getRate()},
                  {adaptor.getParameter(), adaptor.getVelocity()}, body);
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
    Type element = tensorType(op.getParameter()).getElementType();
    Value first = biasCorrection(b, adaptor.getStep(), op.getBeta1(), element);
    Value second = biasCorrection(b, adaptor.getStep(), op.getBeta2(), element);
    double beta1 = op.getBeta1().convertToDouble(), beta2 = op.getBeta2().convertToDouble();
    double epsilon = op.getEpsilon().convertToDouble();
    auto body = [&](LinalgBuilder &s, ValueRange v) {
      Value rate = convertRate(s, v[1], element), old = v[4];
      Value gradient = v[0];
      if (op.getDecoupled())
        old = decayed(s, old, rate, op.getDecay());
      else
        gradient = withDecay(s, v[0], old, op.getDecay());
      Value mean = blend(s, beta1, v[5], 1 - beta1, gradient);
      Value square = blend(s, beta2, v[6], 1 - beta2, s.mul(gradient, gradient));
      Value root = s.op<math::SqrtOp>(s.mul(square, v[3]));
      Value divisor = s.add(root, s.number(element, epsilon));
      Value step = s.div(s.mul(mean, v[2]), divisor);
      return SmallVector<Value>{s.sub(old, s.mul(rate, step)), mean, square};
    };
    updateInPlace(rewriter, op, {adaptor.getRate(), first, second},
                  {adaptor.getParameter(), adaptor.getFirst(), adaptor.getSecond()}, body);
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
    auto [keep, share] = squareShares(op);
    auto body = [&, keep = keep, share = share](LinalgBuilder &s, ValueRange v) {
      Value gradient = withDecay(s, v[0], v[2], op.getDecay());
      Value square = blend(s, keep, v[3], share, s.mul(gradient, gradient));
      Value step = dividedByRoot(s, gradient, square, op.getEpsilon());
      Value rate = convertRate(s, v[1], v[2].getType());
      return SmallVector<Value>{s.sub(v[2], s.mul(rate, step)), square};
    };
    updateInPlace(rewriter, op, {adaptor.getRate()}, {adaptor.getParameter(), adaptor.getSquare()},
                  body);
    return success();
  }
};

struct LowerRmsPropMomentum final : OpConversionPattern<cnn::RmsPropMomentumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::RmsPropMomentumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    double alpha = op.getAlpha().convertToDouble(), momentum = op.getMomentum().convertToDouble();
    auto body = [&](LinalgBuilder &s, ValueRange v) {
      Type element = v[2].getType();
      Value gradient = withDecay(s, v[0], v[2], op.getDecay());
      Value square = blend(s, alpha, v[3], 1 - alpha, s.mul(gradient, gradient));
      Value step = dividedByRoot(s, gradient, square, op.getEpsilon());
      Value velocity = s.add(s.mul(s.number(element, momentum), v[4]), step);
      Value updated = s.sub(v[2], s.mul(convertRate(s, v[1], element), velocity));
      return SmallVector<Value>{updated, square, velocity};
    };
    updateInPlace(rewriter, op, {adaptor.getRate()},
                  {adaptor.getParameter(), adaptor.getSquare(), adaptor.getVelocity()}, body);
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
