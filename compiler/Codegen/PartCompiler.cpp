//===- PartCompiler.cpp - Many modules to objects, on all processors ------===//

#include "compiler/Codegen/PartCompiler.h"
#include "compiler/Codegen/ObjectCache.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/Support/ThreadPool.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include <numeric>

using namespace llvm;

namespace cnnc {

void collectErrors(LLVMContext &context, std::string &errors) {
  context.setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *diagnostic, void *text) {
        if (diagnostic->getSeverity() != DS_Error)
          return;
        raw_string_ostream stream(*static_cast<std::string *>(text));
        DiagnosticPrinterRawOStream printer(stream);
        diagnostic->print(printer);
        stream << '\n';
      },
      &errors);
}

std::string bitcodeOf(const Module &module) {
  std::string bytes;
  raw_string_ostream stream(bytes);
  WriteBitcodeToFile(module, stream);
  return bytes;
}

Expected<std::string> PartCompiler::compile(StringRef part) const {
  Expected<std::unique_ptr<TargetMachine>> machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context; // one a part: a context is for one thread
  std::string errors;
  collectErrors(context, errors);
  Expected<std::unique_ptr<Module>> module =
      parseBitcodeFile(MemoryBufferRef(part, "part"), context);
  if (!module)
    return module.takeError();
  chooseLevel(**machine, **module, effort);
  optimize(**module, **machine, effort);
  Expected<std::string> object = emit(**module, **machine, OutputKind::Object);
  if (object && !errors.empty())
    return createStringError(errors);
  return object;
}

/// From the cache, or into it.
Expected<std::string> PartCompiler::find(StringRef part) const {
  if (!cache)
    return compile(part);
  std::string key = CacheKey("part")
                        .add(target.triple)
                        .add(target.cpu)
                        .add(target.features)
                        .add(uint64_t(effort))
                        .add(part)
                        .finish();
  if (std::optional<std::string> object = cache->find(key))
    return std::move(*object);
  Expected<std::string> object = compile(part);
  if (object)
    cache->keep(key, *object);
  return object;
}

Expected<std::vector<std::string>> PartCompiler::compileAll(ArrayRef<std::string> parts) const {
  // The largest first, so that no thread starts one when the others are done.
  std::vector<size_t> order(parts.size());
  std::iota(order.begin(), order.end(), 0);
  sort(order, [&](size_t a, size_t b) {
    return std::pair(parts[b].size(), a) < std::pair(parts[a].size(), b);
  });
  std::vector<std::optional<Expected<std::string>>> results(parts.size());
  {
    DefaultThreadPool pool(hardware_concurrency());
    for (size_t i : order)
      pool.async([&, i] { results[i].emplace(find(parts[i])); });
  }
  std::vector<std::string> objects;
  Error errors = Error::success();
  for (std::optional<Expected<std::string>> &result : results)
    if (*result)
      objects.push_back(std::move(**result));
    else
      errors = joinErrors(std::move(errors), result->takeError());
  if (errors)
    return std::move(errors);
  return objects;
}

} // namespace cnnc
