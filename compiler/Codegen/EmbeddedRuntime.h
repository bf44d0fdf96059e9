//===- EmbeddedRuntime.h - What every library has besides its network -----===//
#ifndef CNNC_CODEGEN_EMBEDDEDRUNTIME_H
#define CNNC_CODEGEN_EMBEDDEDRUNTIME_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace llvm {
class Module;
} // namespace llvm

namespace cnnc {

/// Links runtime/embedded (initial parameters, loading, saving) into `module` and makes everything
/// internal but the functions whose name starts with `prefix` and an underscore.
llvm::Error linkEmbeddedRuntime(llvm::Module &module, llvm::StringRef prefix);

/// The text of cnnc/abi.h.
llvm::StringRef abiHeaderText();

} // namespace cnnc

#endif // CNNC_CODEGEN_EMBEDDEDRUNTIME_H
