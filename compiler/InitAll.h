//===- InitAll.h - Dialects and passes that the tools need ------------------===//
#ifndef CNNC_INITALL_H
#define CNNC_INITALL_H

#include "mlir/IR/DialectRegistry.h"

namespace cnnc {

/// The dialects of all phases, how their ops become buffers, and LLVM IR.
void registerDialects(mlir::DialectRegistry &registry);
/// The passes and pipelines of cnnc, and the clean-up passes of MLIR they use.
void registerPasses();

} // namespace cnnc

#endif // CNNC_INITALL_H
