//===- EmbeddedRuntime.cpp - What every library has besides its network ---===//
//
// The C files of runtime/embedded are compiled to bitcode when the compiler is
// built, so a network can be compiled where there is no C compiler.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/EmbeddedRuntime.h"
#include "compiler/Codegen/Object.h"

#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace llvm;

namespace cnnc {

static const unsigned char modelBitcode[] = {
#include "Model.bc.inc"
};
static const unsigned char safetensorsBitcode[] = {
#include "Safetensors.bc.inc"
};
static const unsigned char abiHeader[] = {
#include "abi.h.inc"
};

static StringRef bytes(ArrayRef<unsigned char> data) {
  return StringRef(reinterpret_cast<const char *>(data.data()), data.size());
}

/// Starts the names of what ModelInfo.cpp calls.
static constexpr StringLiteral kModelFunction = "cnnc_model_";

StringRef abiHeaderText() { return bytes(abiHeader); }

Expected<std::unique_ptr<Module>> loadEmbeddedRuntime(const Module &like) {
  auto runtime = std::make_unique<Module>("embedded runtime", like.getContext());
  runtime->setTargetTriple(like.getTargetTriple());
  runtime->setDataLayout(like.getDataLayout());
  for (ArrayRef<unsigned char> part : {ArrayRef(modelBitcode), ArrayRef(safetensorsBitcode)}) {
    Expected<std::unique_ptr<Module>> parsed =
        parseBitcodeFile(MemoryBufferRef(bytes(part), "embedded runtime"), like.getContext());
    if (!parsed)
      return parsed.takeError();
    // The bitcode names the machine that built the compiler; nothing in it depends on that.
    (*parsed)->setTargetTriple(like.getTargetTriple());
    (*parsed)->setDataLayout(like.getDataLayout());
    if (Linker::linkModules(*runtime, std::move(*parsed)))
      return createStringError("cannot link the embedded runtime");
  }
  internalizeModule(*runtime, [](const GlobalValue &value) {
    return value.getName().starts_with(kModelFunction);
  });
  for (Function &function : *runtime) {
    if (function.isDeclaration())
      continue;
    function.addFnAttr(kOptimized);
    if (function.hasExternalLinkage())
      function.setVisibility(GlobalValue::HiddenVisibility);
  }
  return runtime;
}

} // namespace cnnc
