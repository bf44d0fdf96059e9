//===- KernelBufferization.cpp - Kernels on buffers -----------------------===//

#include "compiler/Memory/KernelBufferization.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;

namespace {

struct KernelModel final : DstBufferizableOpInterfaceExternalModel<KernelModel, cnn::KernelOp> {
  /// What the outputs held does not matter: the starts are constants.
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return !cast<cnn::KernelOp>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options, BufferizationState &state) const {
    auto kernel = cast<cnn::KernelOp>(op);
    if (kernel.hasPureBufferSemantics())
      return success();
    SmallVector<Value> operands;
    for (OpOperand &operand : op->getOpOperands()) {
      if (!isa<TensorType>(operand.get().getType())) {
        operands.push_back(operand.get());
        continue;
      }
      FailureOr<Value> buffer = getBuffer(rewriter, operand.get(), options, state);
      if (failed(buffer))
        return failure();
      operands.push_back(*buffer);
    }
    rewriter.setInsertionPoint(op);
    OperationState created(op->getLoc(), op->getName(), operands, TypeRange(), op->getAttrs());
    created.addRegion();
    created.addRegion();
    Operation *onBuffers = rewriter.create(created);
    for (auto [to, from] : llvm::zip_equal(onBuffers->getRegions(), op->getRegions()))
      to.takeBody(from);
    replaceOpWithBufferizedValues(rewriter, op, cast<cnn::KernelOp>(onBuffers).getOutputs());
    return success();
  }
};

} // namespace

void cnnc::registerKernelBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::KernelOp::attachInterface<KernelModel>(*context);
  });
}
