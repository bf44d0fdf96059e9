//===- CnnOps.h - The cnn dialect and its ops -------------------------------===//
#ifndef CNN_OPS_H
#define CNN_OPS_H

#include "dialect/CnnInterfaces.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/IntegerSet.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "dialect/CnnDialect.h.inc"
#include "dialect/CnnEnums.h.inc"

#define GET_OP_CLASSES
#include "dialect/CnnOps.h.inc"

namespace mlir::cnn {

/// Names of the attributes on functions' arguments and results.
inline constexpr llvm::StringLiteral kRoleAttr = "cnn.role";
inline constexpr llvm::StringLiteral kNameAttr = "cnn.name";
inline constexpr llvm::StringLiteral kClassesAttr = "cnn.classes";
/// On ops of images: the dimensions of the first operand that are divided into blocks, in
/// the order in which the blocks lie innermost. Set by the phase Layout, read by the phase
/// Lowering.
inline constexpr llvm::StringLiteral kBlocksAttr = "cnn.blocks";
/// Elements of a block: 64 bytes of f32, a cache line and the widest vector.
inline constexpr int64_t kBlock = 16;
/// The shape with `dims` divided into blocks, which lie innermost in this order.
llvm::SmallVector<int64_t> blockedShape(llvm::ArrayRef<int64_t> shape,
                                        llvm::ArrayRef<int64_t> dims);

} // namespace mlir::cnn

#endif // CNN_OPS_H
