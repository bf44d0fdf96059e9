//===- EmbeddedRuntime.h - What every library has besides its network -----===//
#ifndef CNNC_CODEGEN_EMBEDDEDRUNTIME_H
#define CNNC_CODEGEN_EMBEDDEDRUNTIME_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace llvm {
class Module;
} // namespace llvm

namespace cnnc {

/// runtime/embedded (initial parameters, loading, saving) as a module for the processor of `like`.
/// The functions that the tables' public functions call are hidden, all else is internal.
llvm::Expected<std::unique_ptr<llvm::Module>> loadEmbeddedRuntime(const llvm::Module &like);

/// The text of cnnc/abi.h.
llvm::StringRef abiHeaderText();

} // namespace cnnc

#endif // CNNC_CODEGEN_EMBEDDEDRUNTIME_H
