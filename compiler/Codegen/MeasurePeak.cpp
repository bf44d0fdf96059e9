//===- MeasurePeak.cpp - What a processor can compute at most -------------===//
//
// A loop of a*b+c on registers: no memory, and more chains of dependent sums than
// an instruction's latency times the instructions that start in a cycle. Made by
// the code generator of the networks, so it has the vectors that they can have.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/MeasurePeak.h"
#include "compiler/Codegen/HostLoop.h"

#include "llvm/IR/IRBuilder.h"
#include <vector>

using namespace llvm;

namespace cnnc {

/// Registers that are not sums: a and b, and a product where that is an instruction of its own.
static constexpr unsigned kOtherRegisters = 4;
static constexpr int kMeasurements = 60;
/// Floats between two threads' numbers, so that no two share a line of the cache, and from a to the
/// results.
static constexpr size_t kStride = 64, kResults = kStride / 2;

static unsigned chainsOf(const TargetInfo &target) { return target.vectorCount - kOtherRegisters; }
static unsigned lanesOf(const TargetInfo &target) { return target.vectorBits / 32; }

/// data[0] is a, data[1] is b, and kResults behind them are the sums.
static void buildLoop(Function &function, const TargetInfo &target, IRBuilderBase &builder) {
  LLVMContext &context = function.getContext();
  Type *f32 = builder.getFloatTy(), *i64 = builder.getInt64Ty();
  auto *vector = FixedVectorType::get(f32, lanesOf(target));
  auto *entry = BasicBlock::Create(context, "", &function);
  auto *loop = BasicBlock::Create(context, "", &function);
  auto *end = BasicBlock::Create(context, "", &function);
  Value *data = function.getArg(1);

  builder.SetInsertPoint(entry);
  auto load = [&](unsigned i) {
    Value *place = builder.CreateConstInBoundsGEP1_64(f32, data, i);
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
  builder.CreateCondBr(builder.CreateICmpSLT(next, function.getArg(0)), loop, end);

  builder.SetInsertPoint(end);
  Value *total = sums[0]->getIncomingValueForBlock(loop);
  for (PHINode *sum : drop_begin(sums))
    total = builder.CreateFAdd(total, sum->getIncomingValueForBlock(loop));
  builder.CreateAlignedStore(total, builder.CreateConstInBoundsGEP1_64(f32, data, kResults),
                             Align(4));
  builder.CreateRetVoid();
}

Expected<double> measurePeakGflops(const TargetInfo &target, cnnc_parallel run, void *pool,
                                   int64_t threads) {
  Expected<HostLoop> loop =
      HostLoop::compile(target, [&](Function &function, IRBuilderBase &builder) {
        buildLoop(function, target, builder);
      });
  if (!loop)
    return loop.takeError();
  // With a = 1/2 and b = 1 the sums go to 2: no number is too large or too small.
  std::vector<float> memory(threads * kStride, 1);
  SmallVector<float *> data;
  for (int64_t i = 0; i < threads; ++i) {
    data.push_back(memory.data() + i * kStride);
    data.back()[0] = 0.5F;
  }
  double seconds = loop->secondsEach(kMeasurements, data, {run, pool, threads});
  return 2.0 * chainsOf(target) * lanesOf(target) * double(threads) / seconds * 1e-9;
}

} // namespace cnnc
