//===- WriterBufferization.cpp - Ops that only write their outputs --------===//
//
// cnn.kernel and cnn.fill_border start from constants: what their destinations held is
// gone, so no copy is made for them.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Bufferization/IR/DstBufferizableOpInterfaceImpl.h"

using namespace mlir;
using namespace mlir::bufferization;

namespace {

template <typename OpTy>
struct WriterModel final : DstBufferizableOpInterfaceExternalModel<WriterModel<OpTy>, OpTy> {
  bool bufferizesToMemoryRead(Operation *op, OpOperand &operand, const AnalysisState &) const {
    return !cast<OpTy>(op).isDpsInit(&operand);
  }

  LogicalResult bufferize(Operation *op, RewriterBase &rewriter,
                          const BufferizationOptions &options, BufferizationState &state) const {
    if (cast<OpTy>(op).hasPureBufferSemantics())
      return success();
    SmallVector<Value> operands;
    for (Value operand : op->getOperands()) {
      FailureOr<Value> buffer = isa<TensorType>(operand.getType())
                                    ? getBuffer(rewriter, operand, options, state)
                                    : FailureOr<Value>(operand);
      if (failed(buffer))
        return failure();
      operands.push_back(*buffer);
    }
    rewriter.setInsertionPoint(op);
    OperationState created(op->getLoc(), op->getName(), operands, TypeRange(), op->getAttrs());
    for (unsigned i = 0; i < op->getNumRegions(); ++i)
      created.addRegion();
    auto onBuffers = cast<OpTy>(rewriter.create(created));
    for (auto [to, from] : llvm::zip_equal(onBuffers->getRegions(), op->getRegions()))
      to.takeBody(from);
    replaceOpWithBufferizedValues(rewriter, op, llvm::to_vector_of<Value>(onBuffers.getDpsInits()));
    return success();
  }
};

} // namespace

void cnnc::registerWriterBufferization(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, cnn::CnnDialect *) {
    cnn::FillBorderOp::attachInterface<WriterModel<cnn::FillBorderOp>>(*context);
    cnn::KernelOp::attachInterface<WriterModel<cnn::KernelOp>>(*context);
  });
}
