//===- JoinUpdates.cpp - Many small updates as one sweep ------------------===//
//
// The optimizer does the same with each parameter, of which most are small: alone, none
// of them is worth a second thread. The kernel of all that have one rule gets two
// element numbers instead of a length, and one function calls it for the parameters, so
// that threads share them together.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/KernelFunctions.h"
#include "compiler/Vector/SweepSchedule.h"
#include "compiler/Vector/TileEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"

namespace cnnc {
#define GEN_PASS_DEF_JOINUPDATESPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// The length of a row of which only some elements are asked for: more than any has.
constexpr int64_t kEndless = int64_t(1) << 40;
/// Elements of one task: few enough that threads get about equal shares of some small parameters.
constexpr int64_t kPart = 1 << 10;

//===----------------------------------------------------------------------===//
// What can be joined
//===----------------------------------------------------------------------===//

/// The only op of a kernel, if it updates buffers in place that are one row for all operands but
/// scalars.
std::optional<LoopNest> updateOf(func::FuncOp function) {
  if (!function || !function.isPrivate() || function.isExternal())
    return std::nullopt;
  auto ops = llvm::to_vector(function.getBody().front().getOps<linalg::LinalgOp>());
  std::optional<LoopNest> nest = ops.size() == 1 ? LoopNest::of(ops.front()) : std::nullopt;
  if (!nest || nest->hasReductions() || !nest->readsOutputs() || nest->usesIndices() ||
      !nest->linearize() || !TileEmitter::canEmit(*nest))
    return std::nullopt;
  std::optional<unsigned> rows; // none that must stay
  joinLoops(*nest, rows);
  if (nest->loops() != 1)
    return std::nullopt;
  for (auto [i, operand] : llvm::enumerate(nest->operands())) {
    auto buffer = dyn_cast<MemRefType>(operand->get().getType());
    int64_t stride = nest->indices[i].strides[0];
    bool isRow = stride == 1 || (stride == 0 && i < nest->firstOutput());
    if (!buffer || !buffer.getLayout().isIdentity() || !isRow ||
        !isa<BlockArgument>(operand->get()))
      return std::nullopt;
  }
  return nest;
}

/// The argument that a value is a part of: a variable, or the workspace.
Value rootOf(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// A kernel for any number of elements: with the arguments of the one that it is made of, rows
/// without an end, and the first element and the one to stop before.
struct RowKernel {
  func::FuncOp function;
  int64_t step; ///< the first element must be a multiple of it
};

/// Calls that follow each other and do the same with different variables.
class Run {
public:
  struct Member {
    func::CallOp call;
    int64_t elements;
  };
  SmallVector<Member> members;
  int64_t elements = 0;

  bool isWorthIt() const { return members.size() > 1 && elements >= kWorthJoining; }

  /// Adds a call whose callee holds `nest`, unless it and the others touch what one of them writes.
  bool add(func::CallOp call, const LoopNest &nest) {
    SmallVector<Value> outputs;
    for (OpOperand *output : nest.outputs)
      outputs.push_back(call.getOperand(cast<BlockArgument>(output->get()).getArgNumber()));
    auto isFree = [&](Value output) {
      return isa<BlockArgument>(output) && !touched.contains(output);
    };
    bool readsOthers = llvm::any_of(
        call.getOperands(), [&](Value operand) { return written.contains(rootOf(operand)); });
    if (readsOthers || !llvm::all_of(outputs, isFree))
      return false;
    written.insert_range(outputs);
    for (Value operand : call.getOperands())
      touched.insert(rootOf(operand));
    members.push_back({call, nest.extents[0]});
    elements += nest.extents[0];
    return true;
  }

private:
  SmallPtrSet<Value, 16> written, touched;
};

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

struct JoinUpdatesPass final : WithRegisters<cnnc::impl::JoinUpdatesPassBase<JoinUpdatesPass>> {
  using WithRegisters::WithRegisters;

  void runOnOperation() override {
    SymbolTable table(getOperation());
    symbols = &table;
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (function.isPublic() && !function.isExternal())
        for (Block &block : function.getBody())
          joinIn(block);
    for (auto &entry : rows)
      entry.second.function->erase(); // those in the module are copies
    for (auto function : llvm::to_vector(getOperation().getOps<func::FuncOp>()))
      if (replaced.contains(function) && SymbolTable::symbolKnownUseEmpty(function, getOperation()))
        function.erase();
  }

private:
  void joinIn(Block &block) {
    Run run;
    StringRef rule;
    auto end = [&] {
      if (run.isWorthIt())
        join(run, rule);
      run = Run();
    };
    for (Operation &op : llvm::make_early_inc_range(block)) {
      if (isPure(&op))
        continue;
      auto call = dyn_cast<func::CallOp>(op);
      auto callee = call ? symbols->lookup<func::FuncOp>(call.getCallee()) : nullptr;
      std::optional<LoopNest> nest = updateOf(callee);
      if (!nest) {
        end();
        continue;
      }
      StringRef here = ruleOf(callee);
      if (here != rule || !run.add(call, *nest)) {
        end();
        run.add(call, *nest);
      }
      rule = here;
    }
    end();
  }

  /// The text of the kernel that does what `function` does, for any number of elements.
  StringRef ruleOf(func::FuncOp function) {
    auto [known, isNew] = rules.try_emplace(function);
    if (!isNew)
      return known->second;
    RowKernel row = createRow(function);
    std::string text;
    llvm::raw_string_ostream stream(text);
    row.function.print(stream, OpPrintingFlags().useLocalScope());
    auto [entry, isFirst] = rows.try_emplace(text, row);
    if (!isFirst)
      row.function->erase();
    return known->second = entry->first();
  }

  /// The tasks of the schedule from one number to before another.
  void emitBetween(Value begin, Value end, const LoopNest &nest, const Schedule &schedule,
                   OpBuilder &builder) {
    TileEmitter emitter(nest, schedule, hasFma, builder);
    Location loc = nest.op->getLoc();
    Value one = arith::ConstantIndexOp::create(builder, loc, 1);
    auto loop = scf::ForOp::create(builder, loc, begin, end, one);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(loop.getBody());
    emitter.emit(loop.getInductionVar());
  }

  RowKernel createRow(func::FuncOp function);
  /// The kernel of a rule in this module.
  RowKernel kernelOf(StringRef rule);
  func::FuncOp createSweep(Run &run, RowKernel row, ValueRange operands);
  void join(Run &run, StringRef rule);

  SymbolTable *symbols = nullptr;
  llvm::DenseMap<Operation *, StringRef> rules;
  llvm::StringMap<RowKernel> rows;
  llvm::StringMap<RowKernel> placed;
  llvm::SmallPtrSet<Operation *, 16> replaced;
};

MemRefType endlessRow(Type buffer) {
  return MemRefType::get({kEndless}, cast<MemRefType>(buffer).getElementType());
}

} // namespace

RowKernel JoinUpdatesPass::createRow(func::FuncOp function) {
  func::FuncOp row = function.clone();
  row.setName("update");
  LoopNest nest = *updateOf(row);
  for (auto [operand, index] : llvm::zip_equal(nest.operands(), nest.indices))
    if (index.strides[0] == 1)
      operand->get().setType(endlessRow(operand->get().getType()));
  nest.extents[0] = kEndless;
  Schedule whole = *sweepSchedule(nest, machine());
  whole.levels = {{0, whole.tile[0]}};
  whole.tasks = 1;
  Schedule single;
  single.tile = {1};
  single.levels = {{0, 1}};
  single.tasks = 1;

  Block &body = row.getBody().front();
  Location loc = row.getLoc();
  OpBuilder builder(nest.op);
  for (int bound = 0; bound < 2; ++bound)
    (void)row.insertArgument(row.getNumArguments(), builder.getIndexType(),
                             builder.getDictionaryAttr({}), loc);
  Value begin = body.getArguments().take_back(2)[0], end = body.getArguments().back();
  row.setFunctionType(builder.getFunctionType(body.getArgumentTypes(), {}));
  Value step = arith::ConstantIndexOp::create(builder, loc, whole.tile[0]);
  Value first = arith::DivUIOp::create(builder, loc, begin, step),
        last = arith::DivUIOp::create(builder, loc, end, step);
  emitBetween(first, last, nest, whole, builder);
  Value rest = arith::MulIOp::create(builder, loc, last, step);
  emitBetween(rest, end, nest, single, builder);
  nest.op->erase();
  row->setAttr(kVectorizedAttr, builder.getUnitAttr());
  return {row, whole.tile[0]};
}

RowKernel JoinUpdatesPass::kernelOf(StringRef rule) {
  auto [known, isNew] = placed.try_emplace(rule);
  if (isNew) {
    RowKernel row = rows.lookup(rule);
    func::FuncOp function = row.function.clone();
    symbols->insert(function);
    known->second = {function, row.step};
  }
  return known->second;
}

/// A function of all `operands`, whose tasks are parts of the variables one after the other.
func::FuncOp JoinUpdatesPass::createSweep(Run &run, RowKernel row, ValueRange operands) {
  OpBuilder builder(&getContext());
  Location loc = run.members.front().call.getLoc();
  SmallVector<Type> types(operands.getTypes());
  types.append(2, builder.getIndexType());
  auto sweep = func::FuncOp::create(loc, "update_all", builder.getFunctionType(types, {}));
  sweep.setPrivate();
  symbols->insert(sweep);
  Block *body = sweep.addEntryBlock();
  builder.setInsertionPointToStart(body);
  IRMapping mapping;
  mapping.map(operands, body->getArguments().drop_back(2));
  Value begin = body->getArguments().take_back(2)[0], end = body->getArguments().back();
  auto number = [&](int64_t value) -> Value {
    return arith::ConstantIndexOp::create(builder, loc, value);
  };
  auto elementOf = [&](Value task, int64_t firstTask, int64_t part) -> Value {
    Value inside = arith::SubIOp::create(builder, loc, task, number(firstTask));
    return arith::MulIOp::create(builder, loc, inside, number(part));
  };
  int64_t part = llvm::alignTo(kPart, row.step), tasks = 0;
  for (Run::Member &member : run.members) {
    int64_t count = llvm::divideCeil(member.elements, part);
    Value first = arith::MaxUIOp::create(builder, loc, begin, number(tasks));
    Value last = arith::MinUIOp::create(builder, loc, end, number(tasks + count));
    Value isHere = arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ult, first, last);
    auto branch = scf::IfOp::create(builder, loc, isHere, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPointToStart(branch.thenBlock());
    SmallVector<Value> arguments;
    for (auto [operand, type] :
         llvm::zip(member.call.getOperands(), row.function.getArgumentTypes())) {
      Value value = mapping.lookup(operand);
      if (value.getType() != type)
        value =
            memref::ReinterpretCastOp::create(builder, loc, cast<MemRefType>(type), value, 0,
                                              ArrayRef<int64_t>{kEndless}, ArrayRef<int64_t>{1});
      arguments.push_back(value);
    }
    arguments.push_back(elementOf(first, tasks, part));
    arguments.push_back(arith::MinUIOp::create(builder, loc, elementOf(last, tasks, part),
                                               number(member.elements)));
    func::CallOp::create(builder, loc, row.function, arguments);
    tasks += count;
  }
  func::ReturnOp::create(builder, loc);
  sweep->setAttr(kTasksAttr, builder.getI64IntegerAttr(tasks));
  return sweep;
}

void JoinUpdatesPass::join(Run &run, StringRef rule) {
  llvm::SetVector<Value> operands;
  for (Run::Member &member : run.members)
    operands.insert_range(member.call.getOperands());
  func::FuncOp sweep = createSweep(run, kernelOf(rule), operands.getArrayRef());
  // Where the last one stood, all operands are there.
  func::CallOp last = run.members.back().call;
  OpBuilder builder(last);
  SmallVector<Value> arguments(operands.getArrayRef());
  auto tasks = sweep->getAttrOfType<IntegerAttr>(kTasksAttr);
  for (int64_t bound : {int64_t(0), tasks.getInt()})
    arguments.push_back(arith::ConstantIndexOp::create(builder, last.getLoc(), bound));
  func::CallOp::create(builder, last.getLoc(), sweep, arguments);
  for (Run::Member &member : run.members) {
    replaced.insert(symbols->lookup(member.call.getCallee()));
    member.call->erase();
    ++joined;
  }
}
