//===- DispatchKernels.cpp - Kernels that threads of the caller share -----===//
//
// A library starts no threads: it asks its caller to run a function on several
// ranges of tasks. For this a kernel's arguments go through memory, since the
// caller knows none of them. Which thread does which tasks changes no bit, so the
// order of the calls is all that the network's function has to keep.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/KernelFunctions.h"
#include "compiler/Support/OpPlace.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/ADT/MapVector.h"

namespace cnnc {
#define GEN_PASS_DEF_DISPATCHKERNELSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

/// Code generation writes these two globals, each a function and what it gets as its first
/// argument, by the functions `<prefix>_set_parallel` and `<prefix>_set_probe`.
static constexpr StringLiteral kParallelGlobal = "cnn.parallel", kProbeGlobal = "cnn.probe";

namespace {

//===----------------------------------------------------------------------===//
// What the module gets
//===----------------------------------------------------------------------===//

/// The two functions that call the caller's.
class Hooks {
public:
  explicit Hooks(ModuleOp module)
      : symbols(module), builder(OpBuilder::atBlockEnd(module.getBody())),
        loc(UnknownLoc::get(module.getContext())),
        pointer(LLVM::LLVMPointerType::get(module.getContext())), i64(builder.getI64Type()),
        nothing(LLVM::LLVMVoidType::get(module.getContext())) {}

  /// `cnn.dispatch(task, context, tasks)`.
  LLVM::LLVMFuncOp dispatch();
  /// `cnn.probe_call(call, start)`.
  LLVM::LLVMFuncOp probe();
  /// `<kernel>_task(context, begin, end)`.
  LLVM::LLVMFuncOp taskOf(LLVM::LLVMFuncOp kernel);

private:
  LLVM::LLVMFuncOp createFunction(StringRef name, ArrayRef<Type> arguments);
  /// Loads a hook and branches on it: the builder is left where it is not null, with the hook and
  /// its first argument; the block returned is where it is null, without an end.
  Block *openHook(StringRef name, Value &hook, Value &first);

  SymbolTable symbols;
  OpBuilder builder;
  Location loc;
  Type pointer, i64, nothing;
  LLVM::LLVMFuncOp dispatchFunction, probeFunction;
  llvm::DenseMap<Operation *, LLVM::LLVMFuncOp> tasks;
};

} // namespace

LLVM::LLVMFuncOp Hooks::createFunction(StringRef name, ArrayRef<Type> arguments) {
  auto type = LLVM::LLVMFunctionType::get(nothing, arguments);
  auto function = LLVM::LLVMFuncOp::create(builder, loc, name, type, LLVM::Linkage::Internal);
  SymbolTable::setSymbolVisibility(function, SymbolTable::Visibility::Private);
  symbols.insert(function);
  builder.setInsertionPointToStart(function.addEntryBlock(builder));
  return function;
}

Block *Hooks::openHook(StringRef name, Value &hook, Value &first) {
  Block *entry = builder.getInsertionBlock();
  OpBuilder atModule = OpBuilder::atBlockBegin(entry->getParentOp()->getBlock());
  auto global = LLVM::GlobalOp::create(atModule, loc, LLVM::LLVMArrayType::get(pointer, 2),
                                       /*isConstant=*/false, LLVM::Linkage::Internal, name,
                                       LLVM::ZeroAttr::get(builder.getContext()));
  Value place = LLVM::AddressOfOp::create(builder, loc, global);
  hook = LLVM::LoadOp::create(builder, loc, pointer, place);
  Value null = LLVM::ZeroOp::create(builder, loc, pointer);
  Value isNull = LLVM::ICmpOp::create(builder, loc, LLVM::ICmpPredicate::eq, hook, null);
  Block *without = builder.createBlock(entry->getParent(), entry->getParent()->end());
  Block *with = builder.createBlock(entry->getParent(), entry->getParent()->end());
  builder.setInsertionPointToEnd(entry);
  LLVM::CondBrOp::create(builder, loc, isNull, without, with);
  builder.setInsertionPointToStart(with);
  Value second =
      LLVM::GEPOp::create(builder, loc, pointer, pointer, place, ArrayRef<LLVM::GEPArg>{1});
  first = LLVM::LoadOp::create(builder, loc, pointer, second);
  return without;
}

LLVM::LLVMFuncOp Hooks::dispatch() {
  if (dispatchFunction)
    return dispatchFunction;
  OpBuilder::InsertionGuard guard(builder);
  dispatchFunction = createFunction("cnn.dispatch", {pointer, pointer, i64});
  auto arguments = dispatchFunction.getArguments();
  Value task = arguments[0], context = arguments[1], count = arguments[2], run, pool;
  Block *alone = openHook(kParallelGlobal, run, pool);
  auto runType = LLVM::LLVMFunctionType::get(nothing, {pointer, pointer, pointer, i64});
  LLVM::CallOp::create(builder, loc, runType, ValueRange{run, pool, task, context, count});
  LLVM::ReturnOp::create(builder, loc, ValueRange());
  builder.setInsertionPointToStart(alone);
  Value zero = LLVM::ConstantOp::create(builder, loc, i64, 0);
  auto taskType = LLVM::LLVMFunctionType::get(nothing, {pointer, i64, i64});
  LLVM::CallOp::create(builder, loc, taskType, ValueRange{task, context, zero, count});
  LLVM::ReturnOp::create(builder, loc, ValueRange());
  return dispatchFunction;
}

LLVM::LLVMFuncOp Hooks::probe() {
  if (probeFunction)
    return probeFunction;
  OpBuilder::InsertionGuard guard(builder);
  Type i32 = builder.getI32Type();
  probeFunction = createFunction("cnn.probe_call", {i64, i32});
  Value hook, context;
  Block *without = openHook(kProbeGlobal, hook, context);
  auto type = LLVM::LLVMFunctionType::get(nothing, {pointer, i64, i32});
  auto arguments = probeFunction.getArguments();
  LLVM::CallOp::create(builder, loc, type, ValueRange{hook, context, arguments[0], arguments[1]});
  LLVM::ReturnOp::create(builder, loc, ValueRange());
  builder.setInsertionPointToStart(without);
  LLVM::ReturnOp::create(builder, loc, ValueRange());
  return probeFunction;
}

LLVM::LLVMFuncOp Hooks::taskOf(LLVM::LLVMFuncOp kernel) {
  LLVM::LLVMFuncOp &task = tasks[kernel];
  if (task)
    return task;
  OpBuilder::InsertionGuard guard(builder);
  task = createFunction((kernel.getName() + "_task").str(), {pointer, i64, i64});
  auto arguments = task.getArguments();
  SmallVector<Value> values;
  for (auto [i, type] : llvm::enumerate(kernel.getArgumentTypes().drop_back(2))) {
    Value slot = LLVM::GEPOp::create(builder, loc, pointer, i64, arguments[0],
                                     ArrayRef<LLVM::GEPArg>{int32_t(i)});
    values.push_back(LLVM::LoadOp::create(builder, loc, type, slot));
  }
  values.append({arguments[1], arguments[2]});
  LLVM::CallOp::create(builder, loc, kernel, values);
  LLVM::ReturnOp::create(builder, loc, ValueRange());
  return task;
}

//===----------------------------------------------------------------------===//
// Split kernels
//===----------------------------------------------------------------------===//

/// What fits in a slot of the context.
static bool fitsSlot(Type type) {
  return isa<LLVM::LLVMPointerType>(type) ||
         (type.isIntOrFloat() && type.getIntOrFloatBitWidth() <= 64);
}

/// The number of tasks of a kernel; 1 where it is not split.
static FailureOr<int64_t> tasksOf(LLVM::LLVMFuncOp function) {
  Attribute attribute = function->getAttr(kTasksAttr);
  if (!attribute)
    return 1;
  auto number = dyn_cast<IntegerAttr>(attribute);
  if (!number || number.getInt() < 1)
    return function.emitOpError("expected a positive number as ")
           << kTasksAttr << ", but is " << attribute;
  ArrayRef<Type> types = function.getArgumentTypes();
  auto isIndex = [](Type type) { return type.isInteger(64); };
  if (types.size() < 2 || !llvm::all_of(types.take_back(2), isIndex))
    return function.emitOpError("expected two i64 as last arguments of a split kernel");
  if (!isa<LLVM::LLVMVoidType>(function.getFunctionType().getReturnType()))
    return function.emitOpError("expected a split kernel to return nothing");
  for (Type type : types)
    if (!fitsSlot(type))
      return function.emitOpError("expected pointers and numbers of at most 64 bits as arguments "
                                  "of a split kernel, but one is ")
             << type;
  return number.getInt();
}

/// Of all tasks, as the place of the call decides nothing else.
static LogicalResult checkRange(LLVM::CallOp call, int64_t tasks) {
  APInt begin, end;
  auto range = call.getArgOperands().take_back(2);
  if (matchPattern(range[0], m_ConstantInt(&begin)) && begin.isZero() &&
      matchPattern(range[1], m_ConstantInt(&end)) && end.getSExtValue() == tasks)
    return success();
  return call.emitOpError("expected a call of the tasks 0 to ") << tasks;
}

/// The array on the stack that all calls of `function` use, one after the other.
static Value createContext(LLVM::LLVMFuncOp function, int64_t slots) {
  OpBuilder builder = OpBuilder::atBlockBegin(&function.getBody().front());
  Location loc = function.getLoc();
  Type i64 = builder.getI64Type();
  Value one = LLVM::ConstantOp::create(builder, loc, i64, 1);
  return LLVM::AllocaOp::create(builder, loc, LLVM::LLVMPointerType::get(builder.getContext()),
                                LLVM::LLVMArrayType::get(i64, std::max<int64_t>(slots, 1)), one);
}

static void dispatch(LLVM::CallOp call, LLVM::LLVMFuncOp kernel, Value context, Hooks &hooks) {
  OpBuilder builder(call);
  Location loc = call.getLoc();
  Type pointer = context.getType();
  for (auto [i, value] : llvm::enumerate(call.getArgOperands().drop_back(2))) {
    Value slot = LLVM::GEPOp::create(builder, loc, pointer, builder.getI64Type(), context,
                                     ArrayRef<LLVM::GEPArg>{int32_t(i)});
    LLVM::StoreOp::create(builder, loc, value, slot);
  }
  Value task = LLVM::AddressOfOp::create(builder, loc, hooks.taskOf(kernel));
  LLVM::CallOp::create(builder, loc, hooks.dispatch(),
                       ValueRange{task, context, call.getArgOperands().back()});
  call.erase();
}

//===----------------------------------------------------------------------===//
// Profile
//===----------------------------------------------------------------------===//

/// What a location says: `"conv1"("weights"("net.cnn":3:5))` is the layer, what of it the op
/// computes (nothing in the forward pass), and the line.
static DictionaryAttr describeCall(LLVM::CallOp call) {
  Builder builder(call.getContext());
  OpPlace place = placeOf(call.getLoc()); // of joined layers the first
  return builder.getDictionaryAttr({
      builder.getNamedAttr("layer", builder.getStringAttr(place.layer)),
      builder.getNamedAttr("direction", builder.getStringAttr(place.direction)),
      builder.getNamedAttr("line", builder.getI64IntegerAttr(place.line)),
      builder.getNamedAttr("kernel", builder.getStringAttr(*call.getCallee())),
  });
}

/// Puts `call` between two announcements.
static void announce(LLVM::CallOp call, int64_t number, Hooks &hooks) {
  OpBuilder builder(call);
  Location loc = call.getLoc();
  Value which = LLVM::ConstantOp::create(builder, loc, builder.getI64Type(), number);
  for (int start : {1, 0}) {
    Value isStart = LLVM::ConstantOp::create(builder, loc, builder.getI32Type(), start);
    LLVM::CallOp::create(builder, loc, hooks.probe(), ValueRange{which, isStart});
    builder.setInsertionPointAfter(call);
  }
}

namespace {

struct DispatchKernelsPass final : cnnc::impl::DispatchKernelsPassBase<DispatchKernelsPass> {
  using Base::Base;

  void runOnOperation() override {
    for (auto function : getOperation().getOps<LLVM::LLVMFuncOp>()) {
      FailureOr<int64_t> tasks = tasksOf(function);
      if (failed(tasks))
        return signalPassFailure();
      functions[function.getName()] = {function, *tasks};
    }
    Hooks hooks(getOperation());
    SmallVector<LLVM::LLVMFuncOp> callers(getOperation().getOps<LLVM::LLVMFuncOp>());
    for (LLVM::LLVMFuncOp caller : callers)
      if (failed(rewriteCalls(caller, hooks)))
        return signalPassFailure();
    for (auto &entry : functions)
      entry.second.function->removeAttr(kTasksAttr);
    if (profile)
      recordCalls();
  }

private:
  struct Kernel {
    LLVM::LLVMFuncOp function;
    int64_t tasks;
  };

  LogicalResult rewriteCalls(LLVM::LLVMFuncOp caller, Hooks &hooks) {
    bool isProfiled =
        profile && SymbolTable::getSymbolVisibility(caller) == SymbolTable::Visibility::Public;
    SmallVector<std::pair<LLVM::CallOp, Kernel>> splitCalls;
    int64_t slots = 0;
    WalkResult walked = caller.walk([&](LLVM::CallOp call) {
      auto kernel = functions.find(call.getCallee().value_or(""));
      if (kernel == functions.end() || kernel->second.function.isExternal())
        return WalkResult::advance();
      if (isProfiled) {
        announce(call, calls.size(), hooks);
        calls.push_back(describeCall(call));
      }
      if (kernel->second.tasks == 1)
        return WalkResult::advance();
      splitCalls.push_back({call, kernel->second});
      slots = std::max<int64_t>(slots, call.getArgOperands().size() - 2);
      return failed(checkRange(call, kernel->second.tasks)) ? WalkResult::interrupt()
                                                            : WalkResult::advance();
    });
    if (walked.wasInterrupted() || splitCalls.empty())
      return failure(walked.wasInterrupted());
    Value context = createContext(caller, slots);
    for (auto &[call, kernel] : splitCalls)
      dispatch(call, kernel.function, context, hooks);
    split += splitCalls.size();
    return success();
  }

  void recordCalls() {
    auto model = getOperation()->getAttrOfType<DictionaryAttr>("cnn.model");
    NamedAttrList entries(model ? model : DictionaryAttr::get(&getContext()));
    entries.set("calls", ArrayAttr::get(&getContext(), calls));
    getOperation()->setAttr("cnn.model", entries.getDictionary(&getContext()));
  }

  llvm::MapVector<StringRef, Kernel> functions;
  SmallVector<Attribute> calls;
};

} // namespace
