//===- ShapePatterns.cpp - Order, shape and sums over dimensions ----------===//

#include "compiler/Lowering/LinalgBuilder.h"
#include "compiler/Lowering/Patterns.h"

using namespace mlir;
using namespace cnnc;

namespace {

Value same(LinalgBuilder &, ValueRange v) { return v[0]; }

struct LowerReshape final : OpConversionPattern<cnn::ReshapeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::ReshapeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(op, b.reshape(adaptor.getInput(), op.getShape()));
    return success();
  }
};

struct LowerTranspose final : OpConversionPattern<cnn::TransposeOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::TransposeOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(op, b.transpose(adaptor.getInput(), op.getPermutation()));
    return success();
  }
};

struct LowerReduceSum final : OpConversionPattern<cnn::ReduceSumOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::ReduceSumOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(op,
                       b.reduce(adaptor.getInput(), op.getDims(), 0,
                                [](LinalgBuilder &s, ValueRange v) { return s.add(v[1], v[0]); }));
    return success();
  }
};

/// For users that cannot read it where it stands.
struct LowerBroadcast final : OpConversionPattern<cnn::BroadcastOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::BroadcastOp op, OpAdaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(
        op, b.elementwise(tensorType(op.getOutput()), {asOperand(rewriter, op.getOutput())}, same));
    return success();
  }
};

struct LowerPad final : OpConversionPattern<cnn::PadOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::PadOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    rewriter.replaceOp(op, b.padOrCrop(adaptor.getInput(), op.getLow(), op.getHigh(), 0));
    return success();
  }
};

struct LowerConcat final : OpConversionPattern<cnn::ConcatOp> {
  using OpConversionPattern::OpConversionPattern;
  LogicalResult matchAndRewrite(cnn::ConcatOp op, OpAdaptor adaptor,
                                ConversionPatternRewriter &rewriter) const override {
    LinalgBuilder b(rewriter, op);
    auto type = tensorType(op.getOutput());
    SmallVector<int64_t> offset(type.getRank(), 0);
    Value whole = b.empty(type);
    for (Value input : adaptor.getInputs()) {
      whole = b.insert(input, whole, offset);
      offset[1] += shapeOf(input)[1];
    }
    rewriter.replaceOp(op, whole);
    return success();
  }
};

} // namespace

void cnnc::populateShapePatterns(RewritePatternSet &patterns) {
  patterns.add<LowerReshape, LowerTranspose, LowerReduceSum, LowerBroadcast, LowerPad, LowerConcat>(
      patterns.getContext());
}
