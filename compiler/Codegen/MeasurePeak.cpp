//===- MeasurePeak.cpp - What a processor can compute at most -------------===//
//
// A loop of a*b+c on registers: no memory, and more chains of dependent sums than
// an instruction's latency times the instructions that start in a cycle. Made by
// the code generator of the networks, so it has the vectors that they can have.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/MeasurePeak.h"
#include "compiler/Codegen/JIT.h"
#include "compiler/Codegen/Object.h"

#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Target/TargetMachine.h"
#include <chrono>
#include <vector>

using namespace llvm;

namespace cnnc {

/// Registers that are not sums: a and b, and a product where that is an instruction of its own.
static constexpr unsigned kOtherRegisters = 4;
static constexpr StringLiteral kLoopName = "peak_loop";
/// Of one measurement: long beside starting threads, short enough to be repeated.
static constexpr double kLeastSeconds = 0.01;
static constexpr int kMeasurements = 15;
/// Floats between two threads' results, so that no two share a line of the cache.
static constexpr size_t kStride = 64;

static unsigned chainsOf(const TargetInfo &target) { return target.vectorCount - kOtherRegisters; }
static unsigned lanesOf(const TargetInfo &target) { return target.vectorBits / 32; }

/// void peak_loop(i64 iterations, ptr io): io[0] is a, io[1] is b, and gets the sums.
static void buildLoop(Module &module, const TargetInfo &target) {
  LLVMContext &context = module.getContext();
  IRBuilder<> builder(context);
  Type *f32 = builder.getFloatTy(), *i64 = builder.getInt64Ty();
  auto *vector = FixedVectorType::get(f32, lanesOf(target));
  auto *function =
      Function::Create(FunctionType::get(builder.getVoidTy(), {i64, builder.getPtrTy()}, false),
                       GlobalValue::ExternalLinkage, kLoopName, module);
  auto *entry = BasicBlock::Create(context, "", function);
  auto *loop = BasicBlock::Create(context, "", function);
  auto *end = BasicBlock::Create(context, "", function);
  Value *io = function->getArg(1);

  builder.SetInsertPoint(entry);
  auto load = [&](unsigned i) {
    Value *place = builder.CreateConstInBoundsGEP1_64(f32, io, i);
    return builder.CreateVectorSplat(lanesOf(target), builder.CreateLoad(f32, place));
  };
  Value *a = load(0), *b = load(1);
  builder.CreateBr(loop);

  builder.SetInsertPoint(loop);
  PHINode *counter = builder.CreatePHI(i64, 2);
  counter->addIncoming(builder.getInt64(0), entry);
  SmallVector<PHINode *> sums;
  for (unsigned i = 0; i < chainsOf(target); ++i) {
    // From different numbers: equal chains would be one.
    sums.push_back(builder.CreatePHI(vector, 2));
    sums.back()->addIncoming(ConstantFP::get(vector, i), entry);
  }
  for (PHINode *sum : sums)
    sum->addIncoming(builder.CreateIntrinsic(Intrinsic::fmuladd, {vector}, {sum, a, b}), loop);
  Value *next = builder.CreateAdd(counter, builder.getInt64(1));
  counter->addIncoming(next, loop);
  builder.CreateCondBr(builder.CreateICmpSLT(next, function->getArg(0)), loop, end);

  builder.SetInsertPoint(end);
  Value *total = sums[0]->getIncomingValueForBlock(loop);
  for (PHINode *sum : drop_begin(sums))
    total = builder.CreateFAdd(total, sum->getIncomingValueForBlock(loop));
  builder.CreateAlignedStore(total, io, Align(4));
  builder.CreateRetVoid();
}

namespace {

/// The loop on all threads.
struct Measurement {
  void (*loop)(int64_t iterations, float *io);
  int64_t iterations;
  std::vector<float> memory;

  static void task(void *context, int64_t begin, int64_t end) {
    auto &self = *static_cast<Measurement *>(context);
    for (; begin < end; ++begin) {
      float *io = self.memory.data() + begin * kStride;
      // The sums go to 2: no number is too large or too small.
      io[0] = 0.5F;
      io[1] = 1;
      self.loop(self.iterations, io);
    }
  }

  double seconds(cnnc_parallel run, void *pool, int64_t threads) {
    auto start = std::chrono::steady_clock::now();
    run(pool, task, this, threads);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
};

} // namespace

Expected<double> measurePeakGflops(const TargetInfo &target, cnnc_parallel run, void *pool,
                                   int64_t threads) {
  if (!target.isHost)
    return createStringError("code for " + target.cpu + " cannot run on this processor");
  Expected<std::unique_ptr<TargetMachine>> machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  Module module("peak", context);
  module.setPICLevel(PICLevel::BigPIC);
  buildLoop(module, target);
  setTarget(module, target, **machine);
  optimize(module, **machine, Effort::Full);
  Expected<std::string> object = emit(module, **machine, OutputKind::Object);
  if (!object)
    return object.takeError();
  Expected<std::unique_ptr<orc::LLJIT>> jit = loadObject(*object, "peak.o");
  if (!jit)
    return jit.takeError();
  Expected<void *> loop = findFunction(**jit, kLoopName);
  if (!loop)
    return loop.takeError();

  Measurement measurement{reinterpret_cast<void (*)(int64_t, float *)>(*loop), 1 << 12,
                          std::vector<float>(threads * kStride)};
  while (measurement.seconds(run, pool, threads) < kLeastSeconds)
    measurement.iterations *= 2;
  double best = measurement.seconds(run, pool, threads);
  for (int i = 1; i < kMeasurements; ++i)
    best = std::min(best, measurement.seconds(run, pool, threads));
  double sums = double(measurement.iterations) * chainsOf(target) * lanesOf(target) * threads;
  return 2 * sums / best * 1e-9;
}

} // namespace cnnc
