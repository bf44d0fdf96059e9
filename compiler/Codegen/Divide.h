//===- Divide.h - A module in parts that are compiled apart ---------------===//
#ifndef CNNC_CODEGEN_DIVIDE_H
#define CNNC_CODEGEN_DIVIDE_H

#include "llvm/IR/Module.h"
#include <memory>
#include <string>
#include <vector>

namespace cnnc {

/// One function of a network in a module of its own, with what only it needs.
struct KernelPart {
  std::string name; ///< of the function, in both modules
  std::unique_ptr<llvm::Module> module;
};

/// Moves the functions that are local and never inlined out of `module`, each into a module of
/// its own, in their order. They become hidden symbols. What they use of other local functions
/// and constants is copied.
///
/// Division costs no speed: LLVM would not look across these calls anyway. It does not depend on
/// how many processors there are, so neither does the code.
std::vector<KernelPart> takeKernels(llvm::Module &module);

/// Gives the part's function the one name that all kernels have as long as they are alone, so that
/// equal kernels of different networks are equal.
llvm::StringRef makeAnonymous(KernelPart &part);

} // namespace cnnc

#endif // CNNC_CODEGEN_DIVIDE_H
