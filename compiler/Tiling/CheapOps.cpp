//===- CheapOps.cpp - What may be computed again --------------------------===//

#include "compiler/Tiling/CheapOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;

int64_t cnnc::bytesOf(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type || !type.hasStaticShape() || !type.getElementType().isIntOrFloat())
    return 0;
  return type.getNumElements() * type.getElementTypeBitWidth() / 8;
}

bool cnnc::isElementwise(linalg::GenericOp op) {
  return op && op.getNumParallelLoops() == op.getNumLoops() && op.hasPureTensorSemantics();
}

bool cnnc::isCheap(linalg::GenericOp op, size_t maxOps) {
  if (!isElementwise(op) || op->getNumResults() != 1 ||
      !op.getIndexingMapMatchingResult(op->getResult(0)).isPermutation() ||
      !op.getDpsInits()[0].getDefiningOp<tensor::EmptyOp>())
    return false;
  Block::OpListType &body = op.getBody()->getOperations();
  return body.size() <= maxOps + 1 && llvm::all_of(body, [](Operation &inner) {
           return isa<linalg::YieldOp>(inner) || isa<arith::ArithDialect>(inner.getDialect());
         });
}

cnnc::Copy cnnc::copyBefore(Operation *place, linalg::GenericOp op) {
  OpBuilder builder(place);
  IRMapping mapping;
  Operation *empty = builder.clone(*op.getDpsInits()[0].getDefiningOp());
  mapping.map(op.getDpsInits()[0], empty->getResult(0));
  return {empty, builder.clone(*op, mapping)};
}
