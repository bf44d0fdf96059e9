//===- StoredBlocks.h - Which variables are stored in blocks ----------------===//
#ifndef CNNC_LAYOUT_STOREDBLOCKS_H
#define CNNC_LAYOUT_STOREDBLOCKS_H

#include "mlir/IR/BuiltinOps.h"

namespace cnnc {

/// Gives `blocks` to variables whose readers have `cnn.blocks` and want them packed, and
/// `cnn.blocks` to the ops that update them. Returns how many variables.
unsigned storeVariablesInBlocks(mlir::ModuleOp module);

} // namespace cnnc

#endif // CNNC_LAYOUT_STOREDBLOCKS_H
