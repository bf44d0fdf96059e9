//===- LossPatterns.cpp - Losses to reductions ----------------------------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

/// Whether the loops are at the label's class, dimension 1.
Value isLabel(LinalgBuilder &s, Value label, unsigned classDim) {
  Value here = s.op<arith::IndexCastOp>(label.getType(), s.index(classDim));
  return s.op<arith::CmpIOp>(arith::CmpIPredicate::eq, here, label);
}

struct LowerOneHot final : OpConversionPattern<cnn::OneHotOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::OneHotOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(op.getOutput());
    double on = op.getOn().convertToDouble(), off = op.getOff().convertToDouble();
    rewriter.replaceOp(
        op, b.elementwise(type, {{adaptor.getLabel(), b.withoutChannels(type.getRank())}},
                          [&](LinalgBuilder &s, ValueRange v) {
                            Type element = type.getElementType();
                            return s.select(isLabel(s, v[0], 1), s.number(element, on),
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

/// -mean of sum over k of t[k] * (x[k] - max - log sum exp(x - max)).
struct LowerCrossEntropy final : OpConversionPattern<cnn::CrossEntropyOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::CrossEntropyOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    Value x = adaptor.getLogits();
    auto type = tensorType(x);
    unsigned rank = type.getRank();
    AffineMap row = b.withoutChannels(rank), all = b.identity(rank);
    Value largest = b.maximumOfChannels(x);
    Value shifted = b.elementwise(type, {{x, all}, {largest, row}},
                                  [](LinalgBuilder &s, ValueRange v) { return s.sub(v[0], v[1]); });
    Value sums = b.reduce(shifted, {1}, 0, [](LinalgBuilder &s, ValueRange v) {
      return s.add(v[1], s.op<math::ExpOp>(v[0]));
    });
    Value logs =
        b.elementwise(tensorType(sums), {{sums, b.identity(rank - 1)}},
                      [](LinalgBuilder &s, ValueRange v) { return s.op<math::LogOp>(v[0]); });

    double smooth = op.getSmooth().convertToDouble(), classes = double(type.getDimSize(1));
    double on = 1 - smooth + smooth / classes, off = smooth / classes;
    Value zero = b.filled(tensorType(op.getLoss()), 0);
    Value total = b.loop({{shifted, all}, {logs, row}, {adaptor.getLabel(), row}},
                         {zero, b.map(rank, {})}, [&](LinalgBuilder &s, ValueRange v) {
                           Type element = type.getElementType();
                           Value weight = s.select(isLabel(s, v[2], 1), s.number(element, on),
                                                   s.number(element, off));
                           return s.add(v[3], s.mul(weight, s.sub(v[1], v[0])));
                         });
    double rows = double(tensorType(adaptor.getLabel()).getNumElements());
    rewriter.replaceOp(op, scaled(b, total, 1 / rows));
    return success();
  }
};

struct LowerMeanSquaredError final : OpConversionPattern<cnn::MeanSquaredErrorOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::MeanSquaredErrorOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(adaptor.getPrediction());
    Value total = b.reduce({adaptor.getPrediction(), adaptor.getTarget()},
                           llvm::to_vector(llvm::seq<int64_t>(0, type.getRank())), 0,
                           [](LinalgBuilder &s, ValueRange v) {
                             Value difference = s.sub(v[0], v[1]);
                             return s.add(v[2], s.mul(difference, difference));
                           });
    rewriter.replaceOp(op, scaled(b, total, 1 / double(type.getNumElements())));
    return success();
  }
};

} // namespace

void cnnc::populateLossPatterns(RewritePatternSet &patterns) {
  patterns.add<LowerOneHot, LowerCrossEntropy, LowerMeanSquaredError>(patterns.getContext());
}
