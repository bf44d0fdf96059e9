//===- KernelFunctions.h - What phases tell each other of kernels -----------===//
//
// Attributes of the private functions that kernels are.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_KERNELFUNCTIONS_H
#define CNNC_SUPPORT_KERNELFUNCTIONS_H

#include "llvm/ADT/StringRef.h"

namespace cnnc {

/// How many parts the function has that threads may share; then its last two arguments are the
/// first part to do and the one to stop before. An integer.
inline constexpr llvm::StringLiteral kTasksAttr = "cnn.tasks";
/// The function's loops are vectors already. A unit.
inline constexpr llvm::StringLiteral kVectorizedAttr = "cnn.vectorized";

} // namespace cnnc

#endif // CNNC_SUPPORT_KERNELFUNCTIONS_H
