//===- JoinFilterGradient.cpp - A filter's gradient as one op -------------===//
//
// The gradient towards a filter is a convolution whose batch and channels have changed
// places. Written as one op it reads both tensors as they are. Of a transposed convolution,
// which turns its filter, it is that of the convolution whose input gradient it computes:
// there dy is read in windows, and x is what comes of them.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"
#include "dialect/ShapeInference.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Transforms/GreedyPatternRewriteDriver.h"

namespace cnnc {
#define GEN_PASS_DEF_JOINFILTERGRADIENTPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// What the value is, batch and channels exchanged; null if it is not.
Value exchanged(Value value) {
  auto transpose = value.getDefiningOp<cnn::TransposeOp>();
  if (!transpose || transpose.getPermutation() != ArrayRef<int64_t>{1, 0, 2, 3})
    return {};
  return transpose.getInput();
}

ArrayRef<int64_t> shapeOf(Value value) {
  return cast<RankedTensorType>(value.getType()).getShape();
}

bool areOnes(ArrayRef<int64_t> numbers) {
  return llvm::all_of(numbers, [](int64_t n) { return n == 1; });
}

/// The filter's gradient of a convolution of stride 1 over x with zeros between neighbours, turned:
/// p + k*D - lo = h*B says where dy is read for x[h], counted in the other direction.
Value gradientOfTurned(OpBuilder &builder, Location loc, Value x, Value dy,
                       ArrayRef<cnnc::WindowAxis> axes, int64_t groups) {
  SmallVector<int64_t> kernel, strides, padding, dilations;
  for (auto [i, axis] : llvm::enumerate(axes)) {
    cnnc::WindowAxis adjoint = cnnc::adjointWindow(shapeOf(x)[2 + i], shapeOf(dy)[2 + i], axis);
    kernel.push_back(adjoint.size);
    strides.push_back(adjoint.stride);
    padding.append({adjoint.padLow, adjoint.padHigh});
    dilations.push_back(adjoint.dilation);
  }
  return cnn::FilterGradientOp::create(builder, loc, dy, x, kernel, strides, padding, dilations,
                                       groups);
}

/// transpose(conv2d(transpose x, transpose dy)) -> filter_gradient x, dy; with an input dilation
/// -> transpose_filter(filter_gradient dy, x)
struct Join final : OpRewritePattern<cnn::TransposeOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::TransposeOp op, PatternRewriter &rewriter) const override {
    Value inner = exchanged(op.getOutput());
    auto conv = inner ? inner.getDefiningOp<cnn::Conv2DOp>() : nullptr;
    if (!conv)
      return rewriter.notifyMatchFailure(op,
                                         "expected a convolution, batch and channels exchanged");
    Value input = exchanged(conv.getInput()), gradient = exchanged(conv.getFilter());
    if (!input || !gradient)
      return rewriter.notifyMatchFailure(op, "expected operands, batch and channels exchanged");
    if (conv.getGroups() != 1)
      return rewriter.notifyMatchFailure(op, "expected no groups");
    // The taps of the inner convolution are the output's positions, and the other way round.
    ArrayRef<int64_t> kernel = shapeOf(op.getOutput()).drop_front(2);
    ArrayRef<int64_t> zeros = conv.getInputDilations(), pad = conv.getPadding();
    if (areOnes(zeros)) {
      rewriter.replaceOpWithNewOp<cnn::FilterGradientOp>(op, input, gradient, kernel,
                                                         conv.getDilations(), pad,
                                                         conv.getStrides(), conv.getBatchGroups());
      return success();
    }
    if (!areOnes(conv.getDilations()))
      return rewriter.notifyMatchFailure(op, "expected a stride or an input dilation, not both");
    SmallVector<cnnc::WindowAxis, 2> axes;
    for (unsigned i : {0u, 1u})
      axes.push_back(
          {kernel[i], /*stride=*/1, pad[2 * i], pad[2 * i + 1], conv.getStrides()[i], zeros[i]});
    Value turned =
        gradientOfTurned(rewriter, op.getLoc(), input, gradient, axes, conv.getBatchGroups());
    rewriter.replaceOpWithNewOp<cnn::TransposeFilterOp>(op, turned, conv.getBatchGroups());
    return success();
  }
};

/// transpose_filter(filter_gradient x, dy) -> filter_gradient dy, x, of stride 1: so the filter of
/// a transposed convolution without a stride is not turned either.
struct Exchange final : OpRewritePattern<cnn::TransposeFilterOp> {
  using OpRewritePattern::OpRewritePattern;
  LogicalResult matchAndRewrite(cnn::TransposeFilterOp op,
                                PatternRewriter &rewriter) const override {
    auto inner = op.getFilter().getDefiningOp<cnn::FilterGradientOp>();
    if (!inner || !inner->hasOneUse() || inner.getGroups() != op.getGroups())
      return rewriter.notifyMatchFailure(op, "expected a filter's gradient of as many groups");
    if (!areOnes(inner.getStrides()))
      return rewriter.notifyMatchFailure(op, "expected a stride of 1");
    SmallVector<cnnc::WindowAxis, 2> axes;
    for (unsigned i : {0u, 1u})
      axes.push_back({inner.getKernel()[i], /*stride=*/1, inner.getPadding()[2 * i],
                      inner.getPadding()[2 * i + 1], inner.getDilations()[i]});
    rewriter.replaceOp(op, gradientOfTurned(rewriter, inner.getLoc(), inner.getInput(),
                                            inner.getGradient(), axes, inner.getGroups()));
    return success();
  }
};

struct JoinFilterGradientPass final
    : cnnc::impl::JoinFilterGradientPassBase<JoinFilterGradientPass> {
  void runOnOperation() override {
    RewritePatternSet patterns(&getContext());
    patterns.add<Join, Exchange>(&getContext());
    if (failed(applyPatternsGreedily(getOperation(), std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
