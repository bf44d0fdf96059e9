//===- MeasureBandwidth.cpp - How fast a core reads -----------------------===//
//
// Reads the same memory again and again: half a cache's, which stays there but in no
// nearer one, or twice the last one's, which stays nowhere.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/MeasureBandwidth.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/Alignment.h"
#include <algorithm>
#include <vector>

using namespace llvm;

namespace cnnc {

/// Loads that are under way at once, each with a sum of its own.
static constexpr unsigned kChains = 8;
static constexpr int kMeasurements = 8;
static constexpr size_t kAlignment = 64; ///< of the widest vectors
/// The least and the most that is read in one pass: a loop must be worth its start, and a machine
/// with a very large cache has other use for its memory.
static constexpr int64_t kLeastBytes = 4 << 10, kMostBytes = 256 << 20;

/// Passes over the first `bytes` of data. The bits of all are joined, so that each is needed.
static void buildLoop(Function &function, const TargetInfo &target, int64_t bytes,
                      IRBuilderBase &builder) {
  LLVMContext &context = function.getContext();
  Type *i64 = builder.getInt64Ty(), *i8 = builder.getInt8Ty();
  auto *vector = FixedVectorType::get(builder.getInt32Ty(), target.vectorBits / 32);
  int64_t vectorBytes = target.vectorBits / 8;
  auto *entry = BasicBlock::Create(context, "", &function);
  auto *pass = BasicBlock::Create(context, "", &function);
  auto *loop = BasicBlock::Create(context, "", &function);
  auto *passEnd = BasicBlock::Create(context, "", &function);
  auto *end = BasicBlock::Create(context, "", &function);
  Value *data = function.getArg(1);
  builder.SetInsertPoint(entry);
  builder.CreateBr(pass);

  builder.SetInsertPoint(pass);
  PHINode *counter = builder.CreatePHI(i64, 2);
  counter->addIncoming(builder.getInt64(0), entry);
  SmallVector<PHINode *> before, sums;
  for (unsigned i = 0; i < kChains; ++i) {
    before.push_back(builder.CreatePHI(vector, 2));
    before.back()->addIncoming(Constant::getNullValue(vector), entry);
  }
  builder.CreateBr(loop);

  builder.SetInsertPoint(loop);
  PHINode *offset = builder.CreatePHI(i64, 2);
  offset->addIncoming(builder.getInt64(0), pass);
  for (unsigned i = 0; i < kChains; ++i) {
    sums.push_back(builder.CreatePHI(vector, 2));
    sums.back()->addIncoming(before[i], pass);
  }
  for (unsigned i = 0; i < kChains; ++i) {
    Value *place =
        builder.CreateGEP(i8, data, builder.CreateAdd(offset, builder.getInt64(i * vectorBytes)));
    // The sum of integers: an instruction of one cycle, and no number is too small for it.
    Value *sum =
        builder.CreateAdd(sums[i], builder.CreateAlignedLoad(vector, place, Align(kAlignment)));
    sums[i]->addIncoming(sum, loop);
    before[i]->addIncoming(sum, passEnd);
  }
  Value *next = builder.CreateAdd(offset, builder.getInt64(kChains * vectorBytes));
  offset->addIncoming(next, loop);
  builder.CreateCondBr(builder.CreateICmpSLT(next, builder.getInt64(bytes)), loop, passEnd);

  builder.SetInsertPoint(passEnd);
  Value *done = builder.CreateAdd(counter, builder.getInt64(1));
  counter->addIncoming(done, passEnd);
  builder.CreateCondBr(builder.CreateICmpSLT(done, function.getArg(0)), pass, end);

  builder.SetInsertPoint(end);
  Value *total = sums[0]->getIncomingValueForBlock(loop);
  for (PHINode *sum : drop_begin(sums))
    total = builder.CreateAdd(total, sum->getIncomingValueForBlock(loop));
  builder.CreateAlignedStore(total, data, Align(kAlignment));
  builder.CreateRetVoid();
}

Expected<Bandwidths> measureBandwidths(const TargetInfo &target, const HostThreads &threads) {
  const MachineModel &machine = target.machine;
  const int64_t sizes[] = {
      machine.l1Bytes / 2,
      machine.l2Bytes / 2,
      // Others use it, too, and of some machines the system tells the size of all that there are.
      std::min(4 * machine.l2Bytes, machine.l3Bytes / 2),
      2 * machine.l3Bytes,
  };
  double rates[std::size(sizes)];
  auto measured = [](int64_t size) {
    return alignDown(std::clamp(size, kLeastBytes, kMostBytes), kLeastBytes);
  };
  // Written, or all pages would be the one page of zeros.
  int64_t most = measured(*std::max_element(std::begin(sizes), std::end(sizes)));
  std::vector<float> memory((most + kAlignment) / sizeof(float), 0);
  auto *data = reinterpret_cast<float *>(alignAddr(memory.data(), Align(kAlignment)));
  for (auto [size, rate] : zip(sizes, rates)) {
    int64_t bytes = measured(size);
    Expected<HostLoop> loop =
        HostLoop::compile(target, [&](Function &function, IRBuilderBase &builder) {
          buildLoop(function, target, bytes, builder);
        });
    if (!loop)
      return loop.takeError();
    rate = double(bytes) / loop->secondsEach(kMeasurements, data, threads) * 1e-9;
  }
  return Bandwidths{rates[0], rates[1], rates[2], rates[3]};
}

} // namespace cnnc
