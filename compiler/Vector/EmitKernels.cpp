//===- EmitKernels.cpp - Vector loops for every kernel --------------------===//
//
// Each private function that OutlineKernels has made holds one op. Its schedule, or for
// an op that only passes over memory the order in which that lies, becomes loops over
// vectors. Where the loops have parts that threads may share, the function gets the
// numbers of the first part and of the one after the last as arguments.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/KernelFunctions.h"
#include "compiler/Support/ScheduleCheck.h"
#include "compiler/Vector/SweepSchedule.h"
#include "compiler/Vector/TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

namespace cnnc {
#define GEN_PASS_DEF_EMITKERNELSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

struct EmitKernelsPass final : cnnc::impl::EmitKernelsPassBase<EmitKernelsPass> {
  using Base::Base;

  void runOnOperation() override {
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (!function.isPrivate() || function.isExternal())
        continue;
      SmallVector<Operation *> ops;
      for (Operation &op : function.getBody().front())
        if (isa<linalg::LinalgOp, cnn::KernelOp>(op))
          ops.push_back(&op);
      if (ops.size() == 1 && failed(emit(function, ops.front())))
        return signalPassFailure();
    }
    giveTasks();
  }

  LogicalResult emit(func::FuncOp function, Operation *op) {
    std::optional<LoopNest> nest = LoopNest::of(op);
    if (!nest || !nest->linearize() || !TileEmitter::canEmit(*nest))
      return success();
    // What is pooled needs a tile of whole windows, which only a schedule gives.
    if (nest->pool && !op->hasAttr(kScheduleAttr))
      return success();
    std::optional<Schedule> schedule;
    if (Attribute attribute = op->getAttr(kScheduleAttr)) {
      std::string reason;
      schedule = Schedule::parse(attribute, nest->reductions, &reason);
      if (schedule)
        reason = obstacleTo(*nest, *schedule);
      if (!reason.empty())
        return op->emitOpError("expects '")
               << kScheduleAttr << "' to be a schedule of its " << nest->loops()
               << " loops, but got " << attribute << ": " << reason;
    } else {
      joinLoops(*nest);
      schedule = sweepSchedule(*nest, machine());
    }
    if (!schedule)
      return success();
    OpBuilder builder(op);
    TileEmitter emitter(*nest, *schedule, hasFma, builder);
    Value begin, end;
    if (schedule->tasks > 0) {
      Location loc = function.getLoc();
      function->setAttr(kTasksAttr, builder.getI64IntegerAttr(emitter.tasks()));
      for (Value *bound : {&begin, &end}) {
        if (failed(function.insertArgument(function.getNumArguments(), builder.getIndexType(),
                                           builder.getDictionaryAttr({}), loc)))
          return failure();
        *bound = function.getArguments().back();
      }
    }
    emitter.emit(begin, end);
    op->erase();
    function->setAttr(kVectorizedAttr, builder.getUnitAttr());
    ++emitted;
    return success();
  }

  /// Lets every caller do all parts.
  void giveTasks() {
    SymbolTable symbols(getOperation());
    getOperation().walk([&](func::CallOp call) {
      auto callee = symbols.lookup<func::FuncOp>(call.getCallee());
      auto tasks = callee ? callee->getAttrOfType<IntegerAttr>(kTasksAttr) : IntegerAttr();
      if (!tasks || call.getNumOperands() == callee.getNumArguments())
        return;
      OpBuilder builder(call);
      SmallVector<Value> bounds{
          arith::ConstantIndexOp::create(builder, call.getLoc(), 0),
          arith::ConstantIndexOp::create(builder, call.getLoc(), tasks.getInt())};
      call->insertOperands(call.getNumOperands(), bounds);
    });
  }

  MachineModel machine() const {
    MachineModel model;
    model.vectorBits = vectorBits;
    model.registers = registers;
    model.hasFma = hasFma;
    return model;
  }
};

} // namespace
