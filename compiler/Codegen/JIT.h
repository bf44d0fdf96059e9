//===- JIT.h - Running a compiled network in this process -----------------===//
#ifndef CNNC_CODEGEN_JIT_H
#define CNNC_CODEGEN_JIT_H

#include "cnnc/abi.h"
#include "compiler/Codegen/Object.h"
#include "llvm/Support/Error.h"
#include <memory>

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace llvm::orc {
class LLJIT;
} // namespace llvm::orc

namespace cnnc {

class ObjectCache;
struct CompiledNetwork;

/// A network loaded into this process: the same object bytes that the library would have. libm and
/// mem* come from the process. The code lives as long as this.
class LoadedNetwork {
public:
  /// Loads `network`, which must be compiled for the host.
  static llvm::Expected<LoadedNetwork> load(const CompiledNetwork &network);
  /// Compiles a module that the LLVM phase has left for the host, and loads it.
  static llvm::Expected<LoadedNetwork> compile(mlir::ModuleOp module, Effort effort = Effort::Full,
                                               ObjectCache *cache = nullptr);

  LoadedNetwork(LoadedNetwork &&);
  LoadedNetwork &operator=(LoadedNetwork &&);
  ~LoadedNetwork();

  const cnnc_model_info &info() const { return *table; }
  /// `<prefix>_init`: fills `params` with the initial parameters of `seed`.
  void init(void *params, uint64_t seed) const { initialize(params, seed); }
  /// `<prefix>_load`: CNNC_OK or an error code, with `params` as it was.
  int load(void *params, const void *safetensors, size_t bytes) const {
    return loadParameters(params, safetensors, bytes);
  }
  /// `<prefix>_save`: the bytes that the file needs; it is written only if `capacity` suffices.
  size_t save(const void *params, void *safetensors, size_t capacity) const {
    return saveParameters(params, safetensors, capacity);
  }

  /// Called before (`start` 1) and after (0) each call of a kernel, with its number in
  /// ModelDescription::calls.
  using Probe = void (*)(void *context, int64_t call, int32_t start);
  /// Of a network that is compiled with a profile; does nothing in others.
  void setProbe(Probe probe, void *context) const {
    if (storeProbe)
      storeProbe(probe, context);
  }

private:
  explicit LoadedNetwork(std::unique_ptr<llvm::orc::LLJIT> jit);

  std::unique_ptr<llvm::orc::LLJIT> jit;
  const cnnc_model_info *table = nullptr;
  void (*initialize)(void *, uint64_t) = nullptr;
  int (*loadParameters)(void *, const void *, size_t) = nullptr;
  size_t (*saveParameters)(const void *, void *, size_t) = nullptr;
  void (*storeProbe)(Probe, void *) = nullptr;
};

/// Loads an object without constructors and thread-local data. libm and mem* come from the process.
llvm::Expected<std::unique_ptr<llvm::orc::LLJIT>> loadObject(llvm::StringRef object,
                                                             llvm::StringRef name);
/// The address of the function `name` in what is loaded.
llvm::Expected<void *> findFunction(llvm::orc::LLJIT &jit, llvm::StringRef name);

} // namespace cnnc

#endif // CNNC_CODEGEN_JIT_H
