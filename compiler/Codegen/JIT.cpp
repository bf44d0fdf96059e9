//===- JIT.cpp - Running a compiled network in this process ---------------===//

#include "compiler/Codegen/JIT.h"
#include "compiler/Codegen/Codegen.h"

#include "llvm/ExecutionEngine/Orc/ExecutionUtils.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace cnnc {

LoadedNetwork::LoadedNetwork(std::unique_ptr<orc::LLJIT> jit) : jit(std::move(jit)) {}
LoadedNetwork::LoadedNetwork(LoadedNetwork &&) = default;
LoadedNetwork &LoadedNetwork::operator=(LoadedNetwork &&) = default;
LoadedNetwork::~LoadedNetwork() = default;

Expected<std::unique_ptr<orc::LLJIT>> loadObject(StringRef object, StringRef name) {
  // The object has no constructors and no thread-local data: it needs no platform.
  Expected<std::unique_ptr<orc::LLJIT>> jit =
      orc::LLJITBuilder().setPlatformSetUp(orc::setUpInactivePlatform).create();
  if (!jit)
    return jit.takeError();
  auto process = orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      (*jit)->getDataLayout().getGlobalPrefix());
  if (!process)
    return process.takeError();
  (*jit)->getMainJITDylib().addGenerator(std::move(*process));
  if (Error error = (*jit)->addObjectFile(MemoryBuffer::getMemBufferCopy(object, name)))
    return std::move(error);
  return jit;
}

Expected<void *> findFunction(orc::LLJIT &jit, StringRef name) {
  Expected<orc::ExecutorAddr> address = jit.lookup(name);
  if (!address)
    return address.takeError();
  return address->toPtr<void *>();
}

template <typename Function>
static Error find(orc::LLJIT &jit, const std::string &name, Function *&function) {
  Expected<void *> address = findFunction(jit, name);
  if (!address)
    return address.takeError();
  function = reinterpret_cast<Function *>(*address);
  return Error::success();
}

Expected<LoadedNetwork> LoadedNetwork::load(const CompiledNetwork &network) {
  if (!network.target.isHost)
    return createStringError("code for " + network.target.cpu + " cannot run on this processor");
  Expected<std::unique_ptr<orc::LLJIT>> jit =
      loadObject(network.object, network.model.prefix + ".o");
  if (!jit)
    return jit.takeError();
  LoadedNetwork loaded(std::move(*jit));
  const cnnc_model_info *(*getInfo)() = nullptr;
  const std::string &prefix = network.model.prefix;
  if (Error error = joinErrors(find(*loaded.jit, prefix + "_info", getInfo),
                               find(*loaded.jit, prefix + "_init", loaded.initialize)))
    return std::move(error);
  if (Error error = joinErrors(find(*loaded.jit, prefix + "_load", loaded.loadParameters),
                               find(*loaded.jit, prefix + "_save", loaded.saveParameters)))
    return std::move(error);
  if (!network.model.calls.empty())
    if (Error error = find(*loaded.jit, prefix + "_set_probe", loaded.storeProbe))
      return std::move(error);
  loaded.table = getInfo();
  return loaded;
}

Expected<LoadedNetwork> LoadedNetwork::compile(mlir::ModuleOp module, Effort effort,
                                               ObjectCache *cache) {
  Expected<TargetInfo> target = findTarget("native");
  if (!target)
    return target.takeError();
  Expected<CompiledNetwork> compiled = compileNetwork(module, *target, effort, cache);
  if (!compiled)
    return compiled.takeError();
  return load(*compiled);
}

} // namespace cnnc
