//===- KernelBufferization.h - Kernels on buffers ---------------------------===//
#ifndef CNNC_MEMORY_KERNELBUFFERIZATION_H
#define CNNC_MEMORY_KERNELBUFFERIZATION_H

#include "mlir/IR/DialectRegistry.h"

namespace cnnc {

/// Lets one-shot bufferization put kernels on buffers.
void registerKernelBufferization(mlir::DialectRegistry &registry);

} // namespace cnnc

#endif // CNNC_MEMORY_KERNELBUFFERIZATION_H
