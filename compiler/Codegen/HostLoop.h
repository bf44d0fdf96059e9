//===- HostLoop.h - A loop that is made to be timed -------------------------===//
#ifndef CNNC_CODEGEN_HOSTLOOP_H
#define CNNC_CODEGEN_HOSTLOOP_H

#include "cnnc/abi.h"
#include "compiler/Codegen/TargetInfo.h"

#include "llvm/ADT/STLFunctionalExtras.h"
#include <memory>

namespace llvm {
class Function;
class IRBuilderBase;
namespace orc {
class LLJIT;
}
} // namespace llvm

namespace cnnc {

/// Who runs a task on each of so many threads.
struct HostThreads {
  cnnc_parallel run;
  void *pool;
  int64_t count;
};

/// void loop(i64 count, ptr data), written in LLVM IR and loaded into this process.
class HostLoop {
public:
  /// What `build` makes of the empty function. Fails for a target whose code does not run here.
  static llvm::Expected<HostLoop>
  compile(const TargetInfo &target,
          llvm::function_ref<void(llvm::Function &, llvm::IRBuilderBase &)> build);
  HostLoop(HostLoop &&);
  ~HostLoop();

  /// Of one run on all threads at once, each with its own data.
  double seconds(int64_t count, llvm::ArrayRef<float *> data, const HostThreads &threads) const;
  /// Of one iteration: the least of several runs, each long enough to be measured.
  double secondsEach(int measurements, llvm::ArrayRef<float *> data,
                     const HostThreads &threads) const;

private:
  explicit HostLoop(std::unique_ptr<llvm::orc::LLJIT> jit);

  std::unique_ptr<llvm::orc::LLJIT> jit;
  void (*loop)(int64_t count, float *data) = nullptr;
};

} // namespace cnnc

#endif // CNNC_CODEGEN_HOSTLOOP_H
