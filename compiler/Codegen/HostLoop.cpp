//===- HostLoop.cpp - A loop that is made to be timed ---------------------===//

#include "compiler/Codegen/HostLoop.h"
#include "compiler/Codegen/JIT.h"
#include "compiler/Codegen/Object.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"
#include <algorithm>
#include <chrono>

using namespace llvm;

namespace cnnc {

static constexpr StringLiteral kLoopName = "timed_loop";
/// Of one measurement: long beside starting threads, and short beside the time for which the system
/// gives a processor to other work.
static constexpr double kLeastSeconds = 0.002;

HostLoop::HostLoop(std::unique_ptr<orc::LLJIT> jit) : jit(std::move(jit)) {}
HostLoop::HostLoop(HostLoop &&) = default;
HostLoop::~HostLoop() = default;

Expected<HostLoop> HostLoop::compile(const TargetInfo &target,
                                     function_ref<void(Function &, IRBuilderBase &)> build) {
  if (!target.isHost)
    return createStringError("code for " + target.cpu + " cannot run on this processor");
  Expected<std::unique_ptr<TargetMachine>> machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  Module module("loop", context);
  module.setPICLevel(PICLevel::BigPIC);
  IRBuilder<> builder(context);
  auto *type = FunctionType::get(builder.getVoidTy(), {builder.getInt64Ty(), builder.getPtrTy()},
                                 /*isVarArg=*/false);
  build(*Function::Create(type, GlobalValue::ExternalLinkage, kLoopName, module), builder);
  setTarget(module, target, **machine);
  optimize(module, **machine, Effort::Full);
  Expected<std::string> object = emit(module, **machine, OutputKind::Object);
  if (!object)
    return object.takeError();
  Expected<std::unique_ptr<orc::LLJIT>> jit = loadObject(*object, "loop.o");
  if (!jit)
    return jit.takeError();
  HostLoop made(std::move(*jit));
  Expected<void *> function = findFunction(*made.jit, kLoopName);
  if (!function)
    return function.takeError();
  made.loop = reinterpret_cast<void (*)(int64_t, float *)>(*function);
  return made;
}

double HostLoop::seconds(int64_t count, ArrayRef<float *> data, const HostThreads &threads) const {
  struct Tasks {
    void (*loop)(int64_t, float *);
    int64_t count;
    ArrayRef<float *> data;
  } tasks{loop, count, data};
  auto task = [](void *context, int64_t begin, int64_t end) {
    auto &self = *static_cast<Tasks *>(context);
    for (; begin < end; ++begin)
      self.loop(self.count, self.data[begin]);
  };
  auto start = std::chrono::steady_clock::now();
  threads.run(threads.pool, task, &tasks, threads.count);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double HostLoop::secondsEach(int measurements, ArrayRef<float *> data,
                             const HostThreads &threads) const {
  auto least = [&](int64_t count, int runs) {
    double best = seconds(count, data, threads);
    for (int i = 1; i < runs; ++i)
      best = std::min(best, seconds(count, data, threads));
    return best;
  };
  int64_t count = 1;
  while (least(count, 2) < kLeastSeconds)
    count *= 2;
  // Both runs may have been long because others had the processor.
  double best;
  while ((best = least(count, measurements)) < kLeastSeconds / 2)
    count *= 2;
  return best / double(count);
}

} // namespace cnnc
