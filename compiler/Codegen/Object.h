//===- Object.h - LLVM IR to machine code ---------------------------------===//
#ifndef CNNC_CODEGEN_OBJECT_H
#define CNNC_CODEGEN_OBJECT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace cnnc {

/// What can be printed of a network in machine form: --emit=llvmir|asm|obj.
enum class OutputKind { LLVMIR, Assembly, Object };

/// How hard LLVM tries. The code of either computes what the IR says; quick code comes in a
/// fraction of the time and is slow: for tests that compile many networks and run each once.
enum class Effort { Full, Quick };

/// On a function whose loops are vectorized and unrolled as they shall be, or that has none; also
/// as the unit attribute `cnn.vectorized` of an `llvm.func`.
inline constexpr llvm::StringLiteral kVectorized = "cnn-vectorized";
/// On a function that was optimized when the compiler was built.
inline constexpr llvm::StringLiteral kOptimized = "cnn-optimized";

/// LLVM's -O3 pipeline for `machine`, or -O1 without the vectorizers; never with loops unrolled.
/// Modules whose functions are all `kVectorized` get a short one, `kOptimized` ones none.
void optimize(llvm::Module &module, llvm::TargetMachine &machine, Effort effort);

/// How hard the code generator shall try.
void chooseLevel(llvm::TargetMachine &machine, const llvm::Module &module, Effort effort);

/// `module` as text or as the bytes of an object file. Code generation changes the module.
llvm::Expected<std::string> emit(llvm::Module &module, llvm::TargetMachine &machine,
                                 OutputKind kind);

} // namespace cnnc

#endif // CNNC_CODEGEN_OBJECT_H
