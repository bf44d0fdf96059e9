//===- Passes.h - All passes of the compiler --------------------------------===//
//
// Declares a create function for each pass of Passes.td and their registration.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_PASSES_H
#define CNNC_PASSES_H

#include "dialect/CnnOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace cnnc {

#define GEN_PASS_DECL
#include "compiler/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "compiler/Passes.h.inc"

/// What the pass cnn-bufferize needs to know of cnn.fill_border and cnn.kernel.
void registerWriterBufferization(mlir::DialectRegistry &registry);

} // namespace cnnc

#endif // CNNC_PASSES_H
