//===- ReuseOperands.h - Element-wise ops over an operand -------------------===//
#ifndef CNNC_MEMORY_REUSEOPERANDS_H
#define CNNC_MEMORY_REUSEOPERANDS_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace cnnc {

/// Lets element-wise ops on tensors write over an operand that nobody reads afterwards, instead of
/// into a buffer of their own. It only proposes: the body does not read what it writes over, so
/// that bufferization, where it finds a reader after all, allocates and copies nothing.
void reuseOperands(mlir::func::FuncOp function);

} // namespace cnnc

#endif // CNNC_MEMORY_REUSEOPERANDS_H
