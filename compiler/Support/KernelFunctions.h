//===- KernelFunctions.h - What phases tell each other of kernels -----------===//
//
// Attributes of the private functions that kernels are, and when threads share one.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_KERNELFUNCTIONS_H
#define CNNC_SUPPORT_KERNELFUNCTIONS_H

#include "llvm/ADT/StringRef.h"
#include <cstdint>

namespace cnnc {

/// How many parts the function has that threads may share; then its last two arguments are the
/// first part to do and the one to stop before. An integer.
inline constexpr llvm::StringLiteral kTasksAttr = "cnn.tasks";
/// Elements from which another thread is worth waking for an op that only passes over memory; with
/// fewer it would not be awake in time.
inline constexpr int64_t kWorthSweeping = 1 << 14;
/// And from which several updates are worth it together: each element moves several numbers.
inline constexpr int64_t kWorthJoining = kWorthSweeping / 2;
/// The function's loops are vectors already. A unit.
inline constexpr llvm::StringLiteral kVectorizedAttr = "cnn.vectorized";

} // namespace cnnc

#endif // CNNC_SUPPORT_KERNELFUNCTIONS_H
