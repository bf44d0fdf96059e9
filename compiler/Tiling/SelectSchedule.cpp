//===- SelectSchedule.cpp - Choose tiles and order of loops ---------------===//

#include "compiler/Passes.h"
#include "compiler/Tiling/TileSearch.h"
#include "compiler/Tiling/WindowSearch.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/Remarks.h"

namespace cnnc {
#define GEN_PASS_DEF_SELECTSCHEDULEPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

struct SelectSchedulePass final
    : WithMachine<cnnc::impl::SelectSchedulePassBase<SelectSchedulePass>> {
  using WithMachine::WithMachine;

  void runOnOperation() override {
    const MachineModel machine = machineModel();
    getOperation().walk([&](Operation *op) {
      if (op->hasAttr(kScheduleAttr))
        return;
      std::optional<LoopNest> nest = LoopNest::of(op);
      if (!nest || !nest->linearize())
        return;
      std::optional<Schedule> schedule = searchTile(*nest, machine);
      if (!schedule && (schedule = searchWindow(*nest, machine)))
        // Its taps are written out: to leave some out at a border would cost more than their zeros.
        if (auto kernel = dyn_cast<cnn::KernelOp>(op))
          kernel.removeDomainAttr();
      if (!schedule)
        return;
      op->setAttr(kScheduleAttr, schedule->toAttribute(&getContext()));
      ++selected;
    });
  }
};

} // namespace
