//===- Variable.cpp - What outlives a call --------------------------------===//

#include "dialect/Ops/Rules.h"

#include "mlir/IR/OpImplementation.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::cnn;

#define GET_OP_CLASSES
#include "dialect/CnnOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Verify
//===----------------------------------------------------------------------===//

LogicalResult VariableOp::verify() {
  auto type = dyn_cast<RankedTensorType>(getType());
  if (!type || !type.hasStaticShape())
    return emitOpError("expects a static shape, but got ") << getType(); // (C1)
  if (getUniform().has_value() + getNormal().has_value() + getConstant().has_value() > 1)
    return emitOpError("expects one of 'uniform', 'normal' and 'constant'"); // (C2)
  if (getUniform() && !(getUniform()->convertToDouble() > 0))
    return emitOpError("expects a positive 'uniform'"); // (C2)
  if (getNormal() && !(getNormal()->convertToDouble() > 0))
    return emitOpError("expects a positive 'normal'"); // (C2)
  if (std::optional<ArrayRef<int64_t>> dims = getBlocks()) {
    bool isOrdered = *dims == ArrayRef<int64_t>{1} || *dims == ArrayRef<int64_t>{0} ||
                     *dims == ArrayRef<int64_t>{1, 0};
    if (!isOrdered || dims->front() >= type.getRank())
      return emitOpError("expects 'blocks' of dimension 1, 0 or both, in this order"); // (C3)
  }
  return success();
}

//===----------------------------------------------------------------------===//
// Storage
//===----------------------------------------------------------------------===//

SmallVector<int64_t> cnn::blockedShape(ArrayRef<int64_t> shape, ArrayRef<int64_t> dims) {
  SmallVector<int64_t> blocked(shape);
  for (int64_t dim : dims)
    blocked[dim] = llvm::divideCeil(shape[dim], kBlock);
  blocked.append(dims.size(), kBlock);
  return blocked;
}

RankedTensorType VariableOp::getStoredType() {
  auto type = cast<RankedTensorType>(getType());
  return type.clone(blockedShape(type.getShape(), getBlocks().value_or(ArrayRef<int64_t>())));
}
