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
  int64_t l2Bandwidth = 32;   ///< bytes a cycle from a core's second cache
};

} // namespace cnnc

#endif // CNNC_SUPPORT_MACHINEMODEL_H
