//===- Variable.cpp - What outlives a call --------------------------------===//

#include "dialect/Ops/Rules.h"

#include "mlir/IR/OpImplementation.h"

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
  return success();
}
