//===- EmitKernels.cpp - Vector loops for every kernel --------------------===//
//
// Each private function that OutlineKernels has made holds one op, or several that share
// their tasks. A schedule, or for an op that only passes over memory the order in which
// that lies, becomes loops over vectors. Where the loops have parts that threads may share, the
// function gets the numbers of the first part and of the one after the last as arguments.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/KernelFunctions.h"
#include "compiler/Support/RowLoop.h"
#include "compiler/Support/ScheduleCheck.h"
#include "compiler/Vector/SweepSchedule.h"
#include "compiler/Vector/TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace cnnc {
#define GEN_PASS_DEF_EMITKERNELSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

struct EmitKernelsPass final : WithRegisters<cnnc::impl::EmitKernelsPassBase<EmitKernelsPass>> {
  using WithRegisters::WithRegisters;

  void runOnOperation() override {
    for (auto function : llvm::make_early_inc_range(getOperation().getOps<func::FuncOp>())) {
      if (!function.isPrivate() || function.isExternal())
        continue;
      SmallVector<Operation *> ops;
      for (Operation &op : function.getBody().front())
        if (isa<linalg::LinalgOp, cnn::KernelOp>(op))
          ops.push_back(&op);
      if (!ops.empty() && failed(emit(function, ops)))
        return signalPassFailure();
    }
    giveTasks();
  }

  /// The loops of an op, and how they run.
  struct Plan {
    LoopNest nest;
    Schedule schedule;
  };

  /// How ops without schedules of their own share their rows; nothing for a single op.
  static std::optional<RowPart> partOf(ArrayRef<Operation *> ops) {
    if (ops.size() == 1 || ops.front()->hasAttr(kScheduleAttr))
      return std::nullopt;
    int64_t rows = 1, work = 0;
    for (Operation *op : ops) {
      std::optional<LoopNest> nest = LoopNest::of(op);
      std::optional<unsigned> loop = nest ? rowLoopOf(*nest) : std::nullopt;
      if (!loop)
        return std::nullopt;
      rows = nest->extents[*loop];
      int64_t iterations = 1;
      for (int64_t extent : nest->extents)
        iterations *= extent;
      work += iterations;
    }
    return rowPart(rows, work);
  }

  /// The function's argument that a buffer is a part of, or null.
  static BlockArgument argumentOf(Value buffer) {
    while (auto view = buffer.getDefiningOp<ViewLikeOpInterface>())
      buffer = view.getViewSource();
    return dyn_cast<BlockArgument>(buffer);
  }

  /// Whether results may be computed twice, one after the other: each is written once, when it is
  /// complete, to where nothing is read.
  static bool mayRepeat(const LoopNest &nest, const Schedule &schedule) {
    auto isOfLanes = [&](const Level &level) { return level.loop == schedule.laneLoop; };
    auto isBlock = [&](const Level &level) { return nest.reductions[level.loop]; };
    if (!nest.isKernel() || nest.pool || !nest.hasReductions() ||
        llvm::is_contained(nest.meeting, true) || llvm::any_of(schedule.levels, isBlock) ||
        llvm::any_of(ArrayRef(schedule.levels).take_front(schedule.tasks), isOfLanes))
      return false;
    return llvm::all_of(nest.outputs, [&](OpOperand *output) {
      BlockArgument written = argumentOf(output->get());
      auto function = nest.op->getParentOfType<func::FuncOp>();
      bool isAlone = written && function.getArgAttr(written.getArgNumber(),
                                                    LLVM::LLVMDialect::getNoAliasAttrName());
      return isAlone && llvm::none_of(nest.operands(), [&](OpOperand *other) {
               return other != output && argumentOf(other->get()) == written;
             });
    });
  }

  /// Nothing for what has no vectors.
  FailureOr<std::optional<Plan>> plan(Operation *op, std::optional<RowPart> part) {
    std::optional<LoopNest> nest = LoopNest::of(op);
    if (!nest || !nest->linearize() || !TileEmitter::canEmit(*nest))
      return std::optional<Plan>();
    Attribute attribute = op->getAttr(kScheduleAttr);
    // What is pooled needs a tile of whole windows, which only a schedule gives.
    if (nest->pool && !attribute)
      return std::optional<Plan>();
    std::optional<Schedule> schedule;
    if (attribute) {
      std::string reason;
      schedule = Schedule::parse(attribute, nest->reductions, &reason);
      if (schedule)
        reason = obstacleTo(*nest, *schedule);
      if (!reason.empty())
        return op->emitOpError("expects '")
               << kScheduleAttr << "' to be a schedule of its " << nest->loops()
               << " loops, but got " << attribute << ": " << reason;
      schedule->repeatsResults = mayRepeat(*nest, *schedule);
    } else {
      std::optional<unsigned> rows;
      if (part)
        rows = rowLoopOf(*nest);
      joinLoops(*nest, rows);
      if (part)
        part->loop = *rows;
      schedule = sweepSchedule(*nest, machine(), part);
    }
    return schedule ? std::optional(Plan{std::move(*nest), *schedule}) : std::nullopt;
  }

  LogicalResult emit(func::FuncOp function, ArrayRef<Operation *> ops) {
    std::vector<Plan> plans;
    std::optional<RowPart> part = partOf(ops);
    for (Operation *op : ops) {
      FailureOr<std::optional<Plan>> planned = plan(op, part);
      if (failed(planned))
        return failure();
      if (!*planned)
        return success();
      plans.push_back(std::move(**planned));
    }
    OpBuilder builder(ops.front());
    std::vector<TileEmitter> emitters;
    for (const Plan &plan : plans)
      emitters.emplace_back(plan.nest, plan.schedule, hasFma, builder);
    Value task;
    if (plans.front().schedule.tasks > 0) {
      FailureOr<scf::ForOp> loop = loopOverTasks(function, emitters.front().tasks(), builder);
      if (failed(loop))
        return failure();
      task = loop->getInductionVar();
      builder.setInsertionPointToStart(loop->getBody());
    }
    for (TileEmitter &emitter : emitters)
      emitter.emit(task);
    for (Operation *op : ops)
      op->erase();
    function->setAttr(kVectorizedAttr, builder.getUnitAttr());
    ++emitted;
    return success();
  }

  /// From the first task to before the last, which the function gets as arguments.
  FailureOr<scf::ForOp> loopOverTasks(func::FuncOp function, int64_t tasks, OpBuilder &builder) {
    Location loc = function.getLoc();
    function->setAttr(kTasksAttr, builder.getI64IntegerAttr(tasks));
    SmallVector<Value> bounds;
    for (unsigned i = 0; i < 2; ++i) {
      if (failed(function.insertArgument(function.getNumArguments(), builder.getIndexType(),
                                         builder.getDictionaryAttr({}), loc)))
        return failure();
      bounds.push_back(function.getArguments().back());
    }
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    return scf::ForOp::create(builder, loc, bounds[0], bounds[1], one);
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
};

} // namespace
