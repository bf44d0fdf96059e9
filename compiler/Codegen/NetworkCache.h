//===- NetworkCache.h - Whole networks in the cache -----------------------===//
//
// Beside the kernels, which networks share, the cache has whole networks under the
// text from which the passes start: with that, neither MLIR nor LLVM has work to do.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_CODEGEN_NETWORKCACHE_H
#define CNNC_CODEGEN_NETWORKCACHE_H

#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/ObjectCache.h"

namespace cnnc {

/// The key of the code that the phases make of `text` for `target`. `options` names all that
/// changes what they make.
std::string networkKey(llvm::StringRef text, llvm::StringRef options, const TargetInfo &target);

/// The network under `key`, if it is there and whole. Attributes are read in `context`.
std::optional<CompiledNetwork> findNetwork(const ObjectCache &cache, llvm::StringRef key,
                                           const TargetInfo &target, mlir::MLIRContext &context);

/// Stores the code of `module`, which the LLVM phase has left.
void keepNetwork(ObjectCache &cache, llvm::StringRef key, mlir::ModuleOp module,
                 const CompiledNetwork &network);

} // namespace cnnc

#endif // CNNC_CODEGEN_NETWORKCACHE_H
