//===- PartCompiler.h - Many modules to objects, on all processors --------===//
#ifndef CNNC_CODEGEN_PARTCOMPILER_H
#define CNNC_CODEGEN_PARTCOMPILER_H

#include "compiler/Codegen/Object.h"
#include "compiler/Codegen/TargetInfo.h"

#include "llvm/ADT/ArrayRef.h"
#include <vector>

namespace llvm {
class LLVMContext;
} // namespace llvm

namespace cnnc {

class ObjectCache;

/// Keeps LLVM's errors as text; by default they end the process.
void collectErrors(llvm::LLVMContext &context, std::string &errors);

/// `module` in the form in which a part goes to its compiler.
std::string bitcodeOf(const llvm::Module &module);

class PartCompiler {
public:
  /// `cache` may be null.
  PartCompiler(const TargetInfo &target, Effort effort, ObjectCache *cache)
      : target(target), effort(effort), cache(cache) {}

  /// An object for each part, in their order. Each is compiled by itself: how many threads there
  /// are changes nothing of it. Fails with all that is wrong.
  llvm::Expected<std::vector<std::string>> compileAll(llvm::ArrayRef<std::string> parts) const;

private:
  llvm::Expected<std::string> find(llvm::StringRef part) const;
  llvm::Expected<std::string> compile(llvm::StringRef part) const;

  const TargetInfo &target;
  Effort effort;
  ObjectCache *cache;
};

} // namespace cnnc

#endif // CNNC_CODEGEN_PARTCOMPILER_H
