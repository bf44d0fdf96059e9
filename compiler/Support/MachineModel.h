//===- MachineModel.h - What a schedule has to know of a processor ----------===//
#ifndef CNNC_SUPPORT_MACHINEMODEL_H
#define CNNC_SUPPORT_MACHINEMODEL_H

#include <cstdint>

namespace cnnc {

/// The numbers that tile sizes follow from. Those that stand here are of the least that x86-64-v3
/// promises; TargetInfo fills in the target's.
struct MachineModel {
  int64_t vectorBits = 256;   ///< of the widest vector to use
  int64_t registers = 16;     ///< of this width
  bool hasFma = true;         ///< whether a multiply-add is one instruction
  int64_t fmaPorts = 2;       ///< multiply-adds of full vectors that start in a cycle
  int64_t fmaLatency = 4;     ///< cycles until a sum can be added to again
  int64_t loadPorts = 2;      ///< loads of full vectors in a cycle
  int64_t l1Bytes = 32 << 10; ///< of a core
  int64_t l2Bytes = 512 << 10;
  int64_t l3Bytes = 16 << 20; ///< shared by all cores
  // Bytes a cycle that one core reads. Of l1Bandwidth() no more than the loads say.
  int64_t l2Bandwidth = 32;    ///< a whole line in two cycles
  int64_t l3Bandwidth = 16;    ///< 76 to 80 GB/s at 3.6 GHz were measured, on Zen 3 and Zen 5
  int64_t memoryBandwidth = 4; ///< 13 to 32 GB/s there; several cores share some more

  int64_t l1Bandwidth() const { return loadPorts * vectorBits / 8; }
  /// Whether a tile of registers is so large that its loads may come from the second cache, as
  /// those of AVX-512 and of AArch64; the 16 registers of AVX2 are few.
  bool hasManyRegisters() const { return registers > 16; }
};

} // namespace cnnc

#endif // CNNC_SUPPORT_MACHINEMODEL_H
