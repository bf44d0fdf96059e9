//===- CheapOps.h - What may be computed again ------------------------------===//
#ifndef CNNC_TILING_CHEAPOPS_H
#define CNNC_TILING_CHEAPOPS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"

namespace cnnc {

/// Of a tensor of static shape; 0 for other values.
int64_t bytesOf(mlir::Value value);

/// A tensor with at most this share of another one's bytes is not worth a thought: one number for
/// that many.
inline constexpr int64_t kSmallShare = 16;

/// Loops without reductions on tensors.
bool isElementwise(mlir::linalg::GenericOp op);

/// An element-wise op of at most `maxOps` arithmetic operations, none of them a function, which
/// makes one new tensor.
bool isCheap(mlir::linalg::GenericOp op, size_t maxOps);

/// A copy of the op into a tensor of its own, and that tensor's op.
struct Copy {
  mlir::Operation *empty;
  mlir::Operation *op;
};
Copy copyBefore(mlir::Operation *place, mlir::linalg::GenericOp op);

} // namespace cnnc

#endif // CNNC_TILING_CHEAPOPS_H
