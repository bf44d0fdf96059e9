//===- CnnDialect.cpp - The cnn dialect -----------------------------------===//

#include "dialect/CnnOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/DialectImplementation.h"
#include "llvm/ADT/STLExtras.h"

using namespace mlir;
using namespace mlir::cnn;

#include "dialect/CnnDialect.cpp.inc"
#include "dialect/CnnEnums.cpp.inc"

void CnnDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "dialect/CnnOps.cpp.inc"
      >();
}

/// A role must be one of `roles`; all but `anonymous` carry a name.
static LogicalResult verifyRole(Operation *op, NamedAttribute attribute,
                                ArrayRef<StringRef> roles) {
  if (attribute.getName() != kRoleAttr)
    return success();
  auto role = dyn_cast<StringAttr>(attribute.getValue());
  if (!role || !llvm::is_contained(roles, role.getValue()))
    return op->emitOpError() << "expects '" << kRoleAttr << "' to be one of "
                             << llvm::join(roles, ", ") << ", but got " << attribute.getValue();
  return success();
}

LogicalResult CnnDialect::verifyRegionArgAttribute(Operation *op, unsigned, unsigned,
                                                   NamedAttribute attribute) {
  // Destinations and the workspace are arguments once results have become buffers.
  return verifyRole(op, attribute,
                    {"input", "target", "variable", "learning_rate", "output", "gradient", "loss",
                     "probe", "workspace"});
}

LogicalResult CnnDialect::verifyRegionResultAttribute(Operation *op, unsigned, unsigned,
                                                      NamedAttribute attribute) {
  return verifyRole(op, attribute, {"output", "loss", "update", "gradient", "probe"});
}
