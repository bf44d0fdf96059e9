//===- LossPatterns.cpp - Losses to reductions ----------------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"
#include "dialect/LabelSmoothing.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// Whether the loops are at the label's class, `dim`.
Value isLabel(LinalgBuilder &s, Value label, unsigned dim = 1) {
  Value here = s.op<arith::IndexCastOp>(label.getType(), s.index(dim));
  return s.op<arith::CmpIOp>(arith::CmpIPredicate::eq, here, label);
}

struct LowerOneHot final : OpConversionPattern<cnn::OneHotOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::OneHotOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(op.getOutput());
    double on = op.getOn().convertToDouble(), off = op.getOff().convertToDouble();
    rewriter.replaceOp(op, b.elementwise(type,
                                         {{adaptor.getLabel(), b.withoutChannels(type.getRank())}},
                                         [&](LinalgBuilder &s, ValueRange v) {
                                           Type element = type.getElementType();
                                           return s.select(isLabel(s, v[0]), s.number(element, on),
                                                           s.number(element, off));
                                         }));
    return success();
  }
};

Value scaled(LinalgBuilder &b, Value scalar, double factor) {
  return b.elementwise(tensorType(scalar), {{scalar, b.identity(0)}},
                       [&](LinalgBuilder &s, ValueRange v) {
                         return s.mul(v[0], s.number(v[0].getType(), factor));
                       });
}

/// The mean over the labels of what `body` sums, over all elements, from those of `inputs`.
Value meanOverLabels(LinalgBuilder &b, ArrayRef<Operand> inputs, Value label,
                     LinalgBuilder::Body body) {
  Value scores = inputs[0].value;
  Value zero = b.filled(withShape(scores, {}), 0);
  Value total = b.loop(inputs, {zero, b.map(tensorType(scores).getRank(), {})}, body);
  return scaled(b, total, 1 / double(tensorType(label).getNumElements()));
}

/// What a class has to be.
struct Truth : cnnc::SmoothedLabel {
  using SmoothedLabel::SmoothedLabel;
  Value at(LinalgBuilder &s, Value label, unsigned classDim, Type element) const {
    return s.select(isLabel(s, label, classDim), s.number(element, on), s.number(element, off));
  }
};

/// -mean of sum over k of t[k] * (x[k] - max - log sum exp(x - max)). Label by label first, so that
/// the rows of the logits are apart until the end.
Value crossEntropy(LinalgBuilder &b, Value x, Value label, LinalgBuilder::LogitSums sums,
                   const Truth &truth) {
  unsigned rank = tensorType(x).getRank();
  AffineMap row = b.channelsReduced(rank);
  auto body = [&](LinalgBuilder &s, ValueRange v) {
    Value weight = truth.at(s, v[3], rank - 1, v[0].getType());
    return s.add(v[4], s.mul(weight, s.sub(v[2], s.sub(v[0], v[1]))));
  };
  SmallVector<Operand> inputs{{x, b.channelsInnermost(rank)},
                              {sums.largest, row},
                              {b.logarithm(sums.sum), row},
                              {label, row}};
  Value losses = b.loop(inputs, {b.filled(tensorType(sums.sum), 0), row}, body);
  Value total = b.reduce({losses}, llvm::to_vector(llvm::seq<int64_t>(0, rank - 1)), 0,
                         [](LinalgBuilder &s, ValueRange v) { return s.add(v[1], v[0]); });
  return scaled(b, total, 1 / double(tensorType(label).getNumElements()));
}

struct LowerCrossEntropy final : OpConversionPattern<cnn::CrossEntropyOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::CrossEntropyOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getLogits();
    Truth truth(op.getSmooth().convertToDouble(), double(shapeOf(x)[1]));
    rewriter.replaceOp(op, crossEntropy(b, x, adaptor.getLabel(), b.sumLogits(x), truth));
    return success();
  }
};

/// The gradient stands before the mean of the losses: it is made row by row as they are.
struct LowerCrossEntropyStep final : OpConversionPattern<cnn::CrossEntropyStepOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::CrossEntropyStepOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getLogits(), label = adaptor.getLabel();
    auto type = tensorType(x);
    AffineMap row = b.withoutChannels(type.getRank()), all = b.identity(type.getRank());
    Truth truth(op.getSmooth().convertToDouble(), double(type.getDimSize(1)));
    double factor = op.getFactor().convertToDouble();
    LinalgBuilder::LogitShares shares = b.shareLogits(x);
    SmallVector<Operand> inputs{
        {shares.exponentials, all}, {b.inverse(shares.sum), row}, {label, row}};
    Value gradient = b.elementwise(type, inputs, [&](LinalgBuilder &s, ValueRange v) {
      Type element = v[0].getType();
      Value difference = s.sub(s.mul(v[0], v[1]), truth.at(s, v[2], 1, element));
      return s.mul(difference, s.number(element, factor));
    });
    Value loss = crossEntropy(b, x, label, {shares.largest, shares.sum}, truth);
    rewriter.replaceOp(op, {loss, gradient});
    return success();
  }
};

/// -mean of x at the label. Other classes are not multiplied by 0: their logarithm may be
/// infinite.
struct LowerNegativeLogLikelihood final : OpConversionPattern<cnn::NegativeLogLikelihoodOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::NegativeLogLikelihoodOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getScores(), label = adaptor.getLabel();
    unsigned rank = tensorType(x).getRank();
    auto body = [](LinalgBuilder &s, ValueRange v) {
      Value none = s.number(v[0].getType(), 0);
      return s.sub(v[2], s.select(isLabel(s, v[1]), v[0], none));
    };
    rewriter.replaceOp(
        op,
        meanOverLabels(b, {{x, b.identity(rank)}, {label, b.withoutChannels(rank)}}, label, body));
    return success();
  }
};

/// Mean of the sum over wrong classes of max(0, 1 + x[k] - x[label]).
struct LowerHinge final : OpConversionPattern<cnn::HingeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::HingeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getScores();
    unsigned rank = tensorType(x).getRank();
    AffineMap row = b.withoutChannels(rank), all = b.identity(rank);
    Operand scores{x, all}, label{adaptor.getLabel(), row};
    Value none = b.filled(withShape(x, shapeOf(label.value)), 0);
    Value right = b.loop({scores, label}, {none, row}, [](LinalgBuilder &s, ValueRange v) {
      return s.select(isLabel(s, v[1]), v[0], v[2]);
    });
    auto body = [](LinalgBuilder &s, ValueRange v) {
      Type element = v[0].getType();
      Value term = s.positivePart(s.add(s.sub(v[0], v[2]), s.number(element, 1)));
      return s.add(v[3], s.select(isLabel(s, v[1]), s.number(element, 0), term));
    };
    rewriter.replaceOp(op, meanOverLabels(b, {scores, label, {right, row}}, label.value, body));
    return success();
  }
};

/// What one element adds to each loss that is a mean over elements.
Value term(cnn::MeanSquaredErrorOp, LinalgBuilder &s, Value x, Value t) {
  Value difference = s.sub(x, t);
  return s.mul(difference, difference);
}
Value term(cnn::MeanAbsoluteErrorOp, LinalgBuilder &s, Value x, Value t) {
  return s.op<math::AbsFOp>(s.sub(x, t));
}
Value term(cnn::HuberOp op, LinalgBuilder &s, Value x, Value t) {
  double delta = op.getDelta().convertToDouble();
  Type type = x.getType();
  Value difference = s.sub(x, t);
  Value distance = s.op<math::AbsFOp>(difference);
  Value square = s.mul(s.mul(difference, difference), s.number(type, 0.5));
  Value line = s.mul(s.sub(distance, s.number(type, delta / 2)), s.number(type, delta));
  Value isNear = s.compare(arith::CmpFPredicate::OLE, distance, s.number(type, delta));
  return s.select(isNear, square, line);
}
Value term(cnn::BinaryCrossEntropyOp, LinalgBuilder &s, Value x, Value t) {
  Value difference = s.sub(s.positivePart(x), s.mul(x, t));
  return s.add(difference, s.log1pOfDecay(x));
}

template <typename OpTy> struct LowerMeanLoss final : OpConversionPattern<OpTy> {
  using OpConversionPattern<OpTy>::OpConversionPattern;
  LogicalResult matchAndRewrite(OpTy op, typename OpTy::Adaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(adaptor.getPrediction());
    Value total = b.reduce(
        {adaptor.getPrediction(), adaptor.getTarget()},
        llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())), 0,
        [&](LinalgBuilder &s, ValueRange v) { return s.add(v[2], term(op, s, v[0], v[1])); });
    rewriter.replaceOp(op, scaled(b, total, 1 / double(type.getNumElements())));
    return success();
  }
};

} // namespace

void cnnc::populateLossPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerOneHot, LowerCrossEntropy, LowerCrossEntropyStep, LowerNegativeLogLikelihood,
               LowerHinge, LowerMeanLoss<cnn::MeanSquaredErrorOp>,
               LowerMeanLoss<cnn::MeanAbsoluteErrorOp>, LowerMeanLoss<cnn::HuberOp>,
               LowerMeanLoss<cnn::BinaryCrossEntropyOp>>(patterns.getContext());
}
