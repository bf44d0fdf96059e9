//===- OutlineKernels.cpp - One function for each loop nest ---------------===//
//
// All temporaries share the pointer of the workspace, where LLVM cannot tell them
// apart: it would neither keep sums in registers nor vectorize. As arguments of a
// function of its own they are different pointers, and can be promised not to
// overlap. Ops that differ in their addresses only share one function.
//
// Kernels that write one buffer in turns (the phases of a strided gradient) are one function: its
// tasks do the part of each, so that the lines of the buffer stay in the cache meanwhile. So are
// ops that go through the same rows, each reading what one before it wrote of the row, as those
// of a softmax.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Support/RowLoop.h"
#include "compiler/Support/Schedule.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
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

/// The bytes of a blob that a view is.
struct Bytes {
  Value blob;
  int64_t first, end;
};

std::optional<Bytes> bytesOf(Value buffer) {
  auto view = buffer.getDefiningOp<memref::ViewOp>();
  APInt shift;
  if (!view || !view.getType().hasStaticShape() ||
      !matchPattern(view.getByteShift(), m_ConstantInt(&shift)))
    return std::nullopt;
  int64_t bits = view.getType().getNumElements() * view.getType().getElementTypeBitWidth();
  return Bytes{view.getSource(), shift.getSExtValue(), shift.getSExtValue() + (bits + 7) / 8};
}

/// Whether two buffers may have bytes in common: in the arena, those that are not alive together.
bool shareBytes(Value a, Value b) {
  std::optional<Bytes> first = bytesOf(a), second = bytesOf(b);
  if (!first || !second)
    return a == b;
  return first->blob == second->blob && first->first < second->end && second->first < first->end;
}

/// Whether they are the same elements under two names.
bool isSameBuffer(Value a, Value b) {
  std::optional<Bytes> first = bytesOf(a), second = bytesOf(b);
  return a == b || (a.getType() == b.getType() && first && second && first->blob == second->blob &&
                    first->first == second->first);
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
  return shareBytes(bufferOf(a), bufferOf(b)) && !takeTurns(a, b);
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

//===----------------------------------------------------------------------===//
// Ops that go through the same rows
//===----------------------------------------------------------------------===//

/// Maps of one row that the second cache shall hold.
constexpr int64_t kRowMaps = 8;

/// A nest of loops over rows.
struct Rows {
  LoopNest nest;
  unsigned loop;

  /// Nothing where a row exceeds its part of the second cache.
  static std::optional<Rows> of(Operation *op, int64_t l2Bytes) {
    std::optional<LoopNest> nest = LoopNest::of(op);
    std::optional<unsigned> loop = nest ? rowLoopOf(*nest) : std::nullopt;
    if (!loop || nest->pool || op->hasAttr(kScheduleAttr) || !nest->linearize() ||
        !nest->domain.empty())
      return std::nullopt;
    Rows rows{std::move(*nest), *loop};
    bool isShort = rows.elements() * int64_t(sizeof(float)) * kRowMaps <= l2Bytes;
    return isShort ? std::optional(std::move(rows)) : std::nullopt;
  }

  int64_t count() const { return nest.extents[loop]; }
  int64_t elements() const {
    int64_t product = 1;
    for (auto [i, extent] : llvm::enumerate(nest.extents))
      product *= i == loop ? 1 : extent;
    return product;
  }
  bool writes(OpOperand *operand) const { return llvm::is_contained(nest.outputs, operand); }

  /// Whether what both touch, and one of them writes, lies in the same row of the same buffer. A
  /// buffer may be the bytes of one that is not needed any more: row by row, too, that is so.
  bool isApartByRows(const Rows &other) const {
    for (OpOperand *mine : nest.operands())
      for (OpOperand *its : other.nest.operands()) {
        Value a = mine->get(), b = its->get();
        if (!isa<MemRefType>(a.getType()) || !isa<MemRefType>(b.getType()) ||
            (!writes(mine) && !other.writes(its)) || !mayOverlap(a, b))
          continue;
        if (!isSameBuffer(a, b) || !isRowByRow(nest, *mine, loop) ||
            !isRowByRow(other.nest, *its, other.loop))
          return false;
      }
    return true;
  }

  /// Whether it reads what `before` writes; what is filled is written for others to add to.
  bool follows(const Rows &before) const {
    return isa<linalg::FillOp>(nest.op) ||
           llvm::any_of(before.nest.outputs, [&](OpOperand *output) {
             return llvm::is_contained(nest.op->getOperands(), output->get());
           });
  }
};

/// How many of `ops`, from the first, can run row by row as one function: one that has no such
/// neighbours runs alone.
size_t countRowByRow(ArrayRef<Operation *> ops, int64_t l2Bytes) {
  std::vector<Rows> group;
  size_t count = 1;
  for (Operation *op : ops) {
    std::optional<Rows> rows = Rows::of(op, l2Bytes);
    if (!rows)
      break;
    if (!group.empty() &&
        (rows->count() != group.front().count() || !areNeighbours(group.back().nest.op, op) ||
         llvm::none_of(group, [&](const Rows &before) { return rows->follows(before); }) ||
         !llvm::all_of(group, [&](const Rows &before) { return before.isApartByRows(*rows); })))
      break;
    group.push_back(std::move(*rows));
    // A sum of rows is what several passes over them are for. What only is filled is for others.
    auto isSum = [](const Rows &row) { return row.nest.isKernel() && row.nest.hasReductions(); };
    if (!isa<linalg::FillOp>(op) && llvm::any_of(group, isSum))
      count = group.size();
  }
  return count;
}

struct OutlineKernelsPass final : cnnc::impl::OutlineKernelsPassBase<OutlineKernelsPass> {
  using Base::Base;

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
      if (together.size() == 1)
        together = llvm::to_vector(ArrayRef(ops).slice(first).take_front(
            countRowByRow(ArrayRef(ops).drop_front(first), l2Bytes)));
      end = first + together.size();
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
