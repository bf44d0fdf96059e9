//===- SweepSchedule.h - How ops run that only pass over memory -------------===//
#ifndef CNNC_VECTOR_SWEEPSCHEDULE_H
#define CNNC_VECTOR_SWEEPSCHEDULE_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/MachineModel.h"
#include "compiler/Support/Schedule.h"

namespace cnnc {

/// Joins loops of a linearized nest that are one row in memory for every operand: [8, 16, 28] of
/// an element-wise op on whole buffers becomes [3584].
void joinLoops(LoopNest &nest);

/// Vectors along a loop in which the operands are contiguous, outputs in the order in which they
/// lie. Nothing where no loop gives vectors.
std::optional<Schedule> sweepSchedule(const LoopNest &nest, const MachineModel &machine);

} // namespace cnnc

#endif // CNNC_VECTOR_SWEEPSCHEDULE_H
