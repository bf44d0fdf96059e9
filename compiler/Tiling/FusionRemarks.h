//===- FusionRemarks.h - What a kernel takes in, and why not -------*- C++ -*-===//
//
// Remarks of the category cnn-fuse, which `cnnc explain` reads. They stand at the op that the
// kernel takes in or not, and have the kernel's position.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TILING_FUSIONREMARKS_H
#define CNNC_TILING_FUSIONREMARKS_H

#include "mlir/IR/Location.h"
#include "llvm/ADT/StringRef.h"

namespace cnnc {

void remarkFused(mlir::Location kernel, mlir::Location user);
void remarkRefused(mlir::Location kernel, mlir::Location user, llvm::StringRef obstacle);

} // namespace cnnc

#endif // CNNC_TILING_FUSIONREMARKS_H
