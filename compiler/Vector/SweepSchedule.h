//===- SweepSchedule.h - How ops run that only pass over memory -------------===//
#ifndef CNNC_VECTOR_SWEEPSCHEDULE_H
#define CNNC_VECTOR_SWEEPSCHEDULE_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/MachineModel.h"
#include "compiler/Support/Schedule.h"

namespace cnnc {

/// Joins loops of a linearized nest that are one row in memory for every operand: [8, 16, 28] of
/// an element-wise op on whole buffers becomes [3584].
/// The loop over `rows` stays by itself.
void joinLoops(LoopNest &nest, std::optional<unsigned> &rows);

/// How ops share the loop over their rows: `step` of them at once, in tasks that threads share or
/// one after the other. Each op's own `loop` is that over rows.
struct RowPart {
  unsigned loop;
  int64_t step;
  bool isShared;
};
/// For ops of so many rows that have `work` iterations together.
RowPart rowPart(int64_t rows, int64_t work);

/// Vectors along a loop in which the operands are contiguous, outputs in the order in which they
/// lie. Nothing where no loop gives vectors. With `rows` the loops of all ops that share these have
/// the same first level, and elements one by one where they give no vectors.
std::optional<Schedule> sweepSchedule(const LoopNest &nest, const MachineModel &machine,
                                      std::optional<RowPart> rows = std::nullopt);

/// A pass with the options `vector-bits`, `registers` and `has-fma` of Passes.td.
template <typename PassBase> struct WithRegisters : PassBase {
  using PassBase::PassBase;

protected:
  MachineModel machine() const {
    MachineModel model;
    model.vectorBits = this->vectorBits;
    model.registers = this->registers;
    model.hasFma = this->hasFma;
    return model;
  }
};

} // namespace cnnc

#endif // CNNC_VECTOR_SWEEPSCHEDULE_H
