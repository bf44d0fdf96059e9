//===- CnnToLinalg.cpp - cnn ops to linalg on tensors ---------------------===//

#include "compiler/Lowering/Patterns.h"
#include "compiler/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Transforms/DialectConversion.h"

namespace cnnc {
#define GEN_PASS_DEF_CNNTOLINALGPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

struct CnnToLinalgPass final : cnnc::impl::CnnToLinalgPassBase<CnnToLinalgPass> {
  using CnnToLinalgPassBase::CnnToLinalgPassBase;
  void runOnOperation() override {
    MLIRContext *context = &getContext();
    RewritePatternSet patterns(context);
    cnnc::populateConvPatterns(patterns);
    cnnc::populatePoolPatterns(patterns);
    cnnc::populateResamplePatterns(patterns);
    cnnc::populateNormPatterns(patterns);
    cnnc::populateActivationPatterns(patterns, hasFma);
    cnnc::populateDropoutPatterns(patterns);
    cnnc::populateLinearPatterns(patterns);
    cnnc::populateElementwisePatterns(patterns, hasFma);
    cnnc::populateShapePatterns(patterns);
    cnnc::populateLossPatterns(patterns);
    cnnc::populateOptimizerPatterns(patterns);

    ConversionTarget target(*context);
    target.addIllegalDialect<cnn::CnnDialect>();
    target.markUnknownOpDynamicallyLegal([](Operation *) { return true; });
    if (failed(applyPartialConversion(getOperation(), target, std::move(patterns))))
      signalPassFailure();
  }
};

} // namespace
