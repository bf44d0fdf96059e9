//===- OutlineKernels.cpp - One function for each loop nest ---------------===//
//
// All temporaries share the pointer of the workspace, where LLVM cannot tell them
// apart: it would neither keep sums in registers nor vectorize. As arguments of a
// function of its own they are different pointers, and can be promised not to
// overlap. Ops that differ in their addresses only share one function.
//
// Kernels that write one buffer in turns (the phases of a strided gradient) are one function: its
// tasks do the part of each, so that the lines of the buffer stay in the cache meanwhile.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/Schedule.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/SetVector.h"

namespace cnnc {
#define GEN_PASS_DEF_OUTLINEKERNELSPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// The buffer that a value is a part of: an argument, or a view into a blob.
Value bufferOf(Value value) {
  while (Operation *op = value.getDefiningOp()) {
    auto view = dyn_cast<ViewLikeOpInterface>(op);
    // A memref.view makes a buffer of its own out of a blob: the arena gives buffers
    // that are alive together different bytes.
    if (!view || isa<memref::ViewOp>(op))
      break;
    value = view.getViewSource();
  }
  return value;
}

/// Two views of one blob are one buffer if they start at the same byte.
bool isSameBuffer(Value a, Value b) {
  if (a == b)
    return true;
  auto first = a.getDefiningOp<memref::ViewOp>(), second = b.getDefiningOp<memref::ViewOp>();
  return first && second && first.getSource() == second.getSource() &&
         first.getByteShift() == second.getByteShift();
}

/// Whether two views of a buffer have no element in common, because along one dimension they take
/// turns.
bool takeTurns(Value a, Value b) {
  auto first = a.getDefiningOp<memref::SubViewOp>(), second = b.getDefiningOp<memref::SubViewOp>();
  if (!first || !second || first.getSource() != second.getSource())
    return false;
  for (unsigned dim = 0; dim < first.getStaticOffsets().size(); ++dim) {
    int64_t step = first.getStaticStrides()[dim];
    int64_t offsets[] = {first.getStaticOffsets()[dim], second.getStaticOffsets()[dim]};
    if (ShapedType::isDynamic(step) || step != second.getStaticStrides()[dim] ||
        llvm::any_of(offsets, ShapedType::isDynamic))
      return false;
    if ((offsets[0] - offsets[1]) % step != 0)
      return true;
  }
  return false;
}

bool mayOverlap(Value a, Value b) {
  return isSameBuffer(bufferOf(a), bufferOf(b)) && !takeTurns(a, b);
}

/// Ops of one function with what they read from outside.
struct Kernel {
  SmallVector<Operation *> ops;
  SmallVector<Value> arguments;       ///< buffers and scalars
  SmallVector<Operation *> constants; ///< copied into the function

  explicit Kernel(ArrayRef<Operation *> ops) : ops(ops) {
    llvm::SetVector<Value> used;
    for (Operation *op : ops) {
      used.insert(op->operand_begin(), op->operand_end());
      getUsedValuesDefinedAbove(op->getRegions(), used);
    }
    for (Value value : used) {
      Operation *definition = value.getDefiningOp();
      if (definition && definition->hasTrait<OpTrait::ConstantLike>())
        constants.push_back(definition);
      else
        arguments.push_back(value);
    }
  }

  bool writes(Value value) const {
    return llvm::any_of(ops, [&](Operation *op) {
      return llvm::is_contained(cast<DestinationStyleOpInterface>(op).getDpsInits(), value);
    });
  }

  /// Whether what argument `i` touches is written through no other argument, or only read.
  bool isAlone(unsigned i) const {
    Value value = arguments[i];
    for (auto [j, other] : llvm::enumerate(arguments))
      if (i != j && isa<MemRefType>(other.getType()) && mayOverlap(value, other) &&
          (writes(value) || writes(other)))
        return false;
    return true;
  }
};

//===----------------------------------------------------------------------===//
// Kernels that share their tasks
//===----------------------------------------------------------------------===//

/// Whether both divide the same loops into the same tasks.
bool haveSameTasks(cnn::KernelOp a, cnn::KernelOp b) {
  std::optional<Schedule> first = Schedule::parse(a->getAttr(kScheduleAttr), a.getReductions());
  std::optional<Schedule> second = Schedule::parse(b->getAttr(kScheduleAttr), b.getReductions());
  if (!first || !second || first->tasks == 0 || first->tasks != second->tasks)
    return false;
  for (unsigned i = 0; i < first->tasks; ++i) {
    Level x = first->levels[i], y = second->levels[i];
    if (x.loop != y.loop || x.step != y.step || a.getExtents()[x.loop] != b.getExtents()[y.loop])
      return false;
  }
  return true;
}

/// Whether `next` may run task by task after `op`: neither reads or writes what the other one
/// writes, and they write one buffer in turns.
bool canRunByTasks(cnn::KernelOp op, cnn::KernelOp next) {
  auto isApart = [](cnn::KernelOp writer, cnn::KernelOp other) {
    return llvm::none_of(writer.getDpsInits(), [&](Value written) {
      return llvm::any_of(other->getOperands(), [&](Value value) {
        return isa<MemRefType>(value.getType()) && mayOverlap(written, value);
      });
    });
  };
  return takeTurns(op.getDpsInits().front(), next.getDpsInits().front()) && isApart(op, next) &&
         isApart(next, op);
}

/// Whether nothing happens between two ops of a block.
bool areNeighbours(Operation *op, Operation *next) {
  while ((op = op->getNextNode()) && op != next)
    if (!isMemoryEffectFree(op))
      return false;
  return op == next;
}

/// Whether `op` can be in the function of `ops`, which come before it.
bool canJoin(ArrayRef<Operation *> ops, Operation *op) {
  auto next = dyn_cast<cnn::KernelOp>(op);
  return next && areNeighbours(ops.back(), op) && llvm::all_of(ops, [&](Operation *before) {
           auto kernel = dyn_cast<cnn::KernelOp>(before);
           return kernel && haveSameTasks(kernel, next) && canRunByTasks(kernel, next);
         });
}

struct OutlineKernelsPass final : cnnc::impl::OutlineKernelsPassBase<OutlineKernelsPass> {
  void runOnOperation() override {
    SmallVector<Operation *> ops;
    getOperation().walk([&](DestinationStyleOpInterface op) {
      if (op.hasPureBufferSemantics() && op->getParentOfType<func::FuncOp>().isPublic())
        ops.push_back(op);
    });
    for (size_t first = 0, end; first < ops.size(); first = end) {
      SmallVector<Operation *> together{ops[first]};
      for (end = first + 1; end < ops.size() && canJoin(together, ops[end]); ++end)
        together.push_back(ops[end]);
      outline(Kernel(together));
    }
  }

  void outline(Kernel kernel) {
    func::FuncOp function = createFunction(kernel);
    // The same text is the same kernel: only addresses differ.
    std::string text;
    llvm::raw_string_ostream stream(text);
    function.print(stream, OpPrintingFlags().useLocalScope());
    auto [found, isNew] = functions.try_emplace(text, function);
    if (isNew) {
      function.setName((Twine("kernel_") + Twine(functions.size() - 1)).str());
      ++kernels;
    } else {
      function.erase();
    }
    // Behind the views that the last one reads.
    OpBuilder builder(kernel.ops.back());
    func::CallOp::create(builder, kernel.ops.front()->getLoc(), found->second, kernel.arguments);
    for (Operation *op : kernel.ops)
      op->erase();
    ++calls;
  }

  func::FuncOp createFunction(Kernel &kernel) {
    OpBuilder builder = OpBuilder::atBlockEnd(getOperation().getBody());
    Location loc = kernel.ops.front()->getLoc();
    SmallVector<Type> types =
        llvm::map_to_vector(kernel.arguments, [](Value v) { return v.getType(); });
    auto function =
        func::FuncOp::create(builder, loc, "kernel", builder.getFunctionType(types, {}));
    function.setPrivate();
    // Inlined, the buffers would be parts of one blob again.
    function->setAttr("passthrough", builder.getStrArrayAttr({"noinline"}));
    Block *body = function.addEntryBlock();
    builder.setInsertionPointToStart(body);
    IRMapping mapping;
    mapping.map(kernel.arguments, body->getArguments());
    for (Operation *constant : kernel.constants)
      builder.clone(*constant, mapping);
    for (Operation *op : kernel.ops)
      builder.clone(*op, mapping);
    func::ReturnOp::create(builder, loc);
    for (unsigned i = 0; i < types.size(); ++i)
      if (isa<MemRefType>(types[i]) && kernel.isAlone(i))
        function.setArgAttr(i, LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr());
    return function;
  }

  llvm::StringMap<func::FuncOp> functions;
};

} // namespace
