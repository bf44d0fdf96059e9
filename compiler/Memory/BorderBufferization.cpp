//===- BorderBufferization.cpp - How cnn.fill_border becomes a write ------===//
//
// It reads nothing: what its destination held is gone, also inside, so no copy is made
// for it.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;

namespace {

struct FillBorderModel final
    : DstBufferizableOpInterfaceExternalModel<FillBorderModel, cnn::FillBorderOp> {
  bool bufferizesToMemoryRead(Operation *, OpOperand &, const AnalysisState &) const {
    return false;
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options, BufferizationState &state) const {
    auto border = cast<cnn::FillBorderOp>(op);
    FailureOr<Value> buffer = getBuffer(rewriter, border.getDestination(), options, state);
    if (failed(buffer))
      return failure();
    cnn::FillBorderOp::create(rewriter, op->getLoc(), TypeRange(), *buffer, border.getLow(),
                              border.getHigh(), border.getValue());
    replaceOpWithBufferizedValues(rewriter, op, *buffer);
    return success();
  }
};

} // namespace

void cnnc::registerBorderBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::FillBorderOp::attachInterface<FillBorderModel>(*context);
  });
}
