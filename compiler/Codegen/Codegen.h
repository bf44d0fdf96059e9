//===- Codegen.h - From the LLVM dialect to a library or running code -----===//
//
// The one entry to this folder for tools: a module in the LLVM dialect goes in,
// text or an object comes out. JIT.h runs an object, AOT.h writes one to disk:
// the same bytes, so what is trained in memory is what the library does.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_CODEGEN_CODEGEN_H
#define CNNC_CODEGEN_CODEGEN_H

#include "compiler/Codegen/ModelInfo.h"
#include "compiler/Codegen/Object.h"
#include "compiler/Codegen/TargetInfo.h"

namespace cnnc {

class ObjectCache;

/// An object file and what is in it.
struct CompiledNetwork {
  ModelDescription model;
  TargetInfo target;
  std::string object;
};

/// Compiles a module that the LLVM phase has left. The module stays as it was. All processors take
/// part; the object does not depend on how many there are. Kernels that `cache` has are not
/// compiled again.
llvm::Expected<CompiledNetwork> compileNetwork(mlir::ModuleOp module, const TargetInfo &target,
                                               Effort effort = Effort::Full,
                                               ObjectCache *cache = nullptr);

/// The same code as text, or the object's bytes.
llvm::Expected<std::string> emitNetwork(mlir::ModuleOp module, const TargetInfo &target,
                                        OutputKind kind);

} // namespace cnnc

#endif // CNNC_CODEGEN_CODEGEN_H
