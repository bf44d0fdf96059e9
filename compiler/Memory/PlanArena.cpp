//===- PlanArena.cpp - One workspace for all temporary buffers ------------===//
//
// Allocations become views into one argument. Time is the numbering of the ops in
// the function's only block that do something, the steps; an op inside a region has
// the time of the op of the block that holds it, because a loop touches its buffers
// in any iteration.
//
//===----------------------------------------------------------------------===//

#include "compiler/Memory/ArenaPlacement.h"
#include "compiler/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

namespace cnnc {
#define GEN_PASS_DEF_PLANARENAPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// An allocation and its place in the arena.
struct Buffer : cnnc::ArenaBuffer {
  Operation *allocation = nullptr;
};

//===----------------------------------------------------------------------===//
// Liveness
//===----------------------------------------------------------------------===//

/// Finds the first and the last op of the function's block that touch a buffer.
class Liveness {
public:
  explicit Liveness(Block &block) : block(block) {
    for (Operation &op : block) {
      numbers[&op] = steps.size();
      if (!isPure(&op) && !isa<memref::AllocOp, memref::AllocaOp>(op))
        steps.push_back(op.getLoc());
    }
  }

  /// Where each step is written in the net's text.
  ArrayRef<Attribute> places() const { return steps; }

  LogicalResult measure(Buffer &buffer) {
    int64_t birth = numberOf(buffer.allocation);
    buffer.first = std::numeric_limits<int64_t>::max();
    buffer.last = -1;
    aliases.clear();
    addAlias(buffer.allocation->getResult(0));
    while (!aliases.empty())
      for (OpOperand &use : aliases.pop_back_val().getUses())
        if (failed(addUse(buffer, use)))
          return failure();
    if (buffer.last < 0) // never touched
      buffer.first = buffer.last = birth;
    seen.clear();
    return success();
  }

private:
  int64_t numberOf(Operation *op) { return numbers.lookup(block.findAncestorOpInBlock(*op)); }

  void addAlias(Value value) {
    if (isa<BaseMemRefType>(value.getType()) && seen.insert(value).second)
      aliases.push_back(value);
  }

  LogicalResult addUse(Buffer &buffer, OpOperand &use) {
    Operation *user = use.getOwner();
    if (isa<memref::ExtractAlignedPointerAsIndexOp>(user))
      return user->emitOpError("takes the address of a buffer that the arena has to place");
    // Whatever an op makes of a buffer may be that buffer: its results, the arguments of its
    // regions, and for a terminator the results of the op that it ends.
    for (Value result : user->getResults())
      addAlias(result);
    for (Region &region : user->getRegions())
      for (Value argument : region.getArguments())
        addAlias(argument);
    if (user->hasTrait<OpTrait::IsTerminator>() && user->getBlock() != &block) {
      Operation *parent = user->getParentOp();
      if (parent->isProperAncestor(buffer.allocation))
        return buffer.allocation->emitOpError("leaves the region that allocates it");
      for (Value result : parent->getResults())
        addAlias(result);
    }
    if (isa<ViewLikeOpInterface>(user)) // an address, not an access
      return success();
    int64_t number = numberOf(user);
    buffer.first = std::min(buffer.first, number);
    buffer.last = std::max(buffer.last, number);
    return success();
  }

  Block &block;
  DenseMap<Operation *, int64_t> numbers; // of what is no step: of the next one
  SmallVector<Attribute> steps;
  SmallVector<Value> aliases;
  DenseSet<Value> seen;
};

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

FailureOr<Buffer> describe(Operation *allocation) {
  auto type = cast<MemRefType>(allocation->getResult(0).getType());
  if (!type.hasStaticShape() || !type.getLayout().isIdentity())
    return allocation->emitOpError("expected a static shape and no layout, but is ") << type;
  if (!type.getElementType().isIntOrIndexOrFloat() || type.getElementType().isIndex())
    return allocation->emitOpError("expected elements of a known size, but is ") << type;
  int64_t elementBytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
  Buffer buffer;
  buffer.allocation = allocation;
  buffer.bytes = type.getNumElements() * elementBytes;
  return buffer;
}

void replaceByView(const Buffer &buffer, Value workspace, OpBuilder &builder) {
  Location location = buffer.allocation->getLoc();
  Value offset = arith::ConstantIndexOp::create(builder, location, buffer.offset);
  auto view = memref::ViewOp::create(builder, location, buffer.allocation->getResultTypes().front(),
                                     workspace, offset, ValueRange());
  view->setAttr("cnn.live", builder.getDenseI64ArrayAttr({buffer.first, buffer.last}));
  buffer.allocation->replaceAllUsesWith(view);
}

int64_t place(MutableArrayRef<Buffer> buffers) {
  SmallVector<cnnc::ArenaBuffer> places(buffers.begin(), buffers.end());
  int64_t bytes = cnnc::placeBuffers(places);
  for (auto [buffer, place] : llvm::zip_equal(buffers, places))
    buffer.offset = place.offset;
  return bytes;
}

/// The attribute cnn.arena: what lies where and when, for `cnnc plan`.
DictionaryAttr describeArena(Builder builder, ArrayRef<Buffer> buffers, ArrayRef<Attribute> steps) {
  auto number = [&](StringRef name, int64_t value) {
    return builder.getNamedAttr(name, builder.getI64IntegerAttr(value));
  };
  SmallVector<Attribute> entries;
  for (const Buffer &buffer : buffers)
    entries.push_back(builder.getDictionaryAttr(
        {builder.getNamedAttr("at", LocationAttr(buffer.allocation->getLoc())),
         number("bytes", buffer.bytes), number("first", buffer.first), number("last", buffer.last),
         number("offset", buffer.offset)}));
  return builder.getDictionaryAttr({builder.getNamedAttr("buffers", builder.getArrayAttr(entries)),
                                    builder.getNamedAttr("steps", builder.getArrayAttr(steps))});
}

struct PlanArenaPass final : cnnc::impl::PlanArenaPassBase<PlanArenaPass> {
  using Base::Base;

  void runOnOperation() override {
    func::FuncOp function = getOperation();
    if (function.isExternal())
      return;
    if (!function.getBody().hasOneBlock())
      return (void)function.emitOpError("expected a body of one block"), signalPassFailure();

    function.walk([](memref::DeallocOp op) { op.erase(); }); // the arena is the caller's
    SmallVector<Buffer> buffers;
    Liveness liveness(function.getBody().front());
    WalkResult walk = function.walk([&](Operation *op) -> WalkResult {
      if (!isa<memref::AllocOp, memref::AllocaOp>(op))
        return WalkResult::advance();
      FailureOr<Buffer> buffer = describe(op);
      if (failed(buffer) || failed(liveness.measure(*buffer)))
        return WalkResult::interrupt();
      buffers.push_back(*buffer);
      return WalkResult::advance();
    });
    if (walk.wasInterrupted())
      return signalPassFailure();

    int64_t bytes = place(buffers);
    if (failed(addWorkspace(function, bytes)))
      return signalPassFailure();
    if (record)
      function->setAttr("cnn.arena",
                        describeArena(Builder(&getContext()), buffers, liveness.places()));
    OpBuilder builder = OpBuilder::atBlockBegin(&function.getBody().front());
    int64_t sum = 0;
    for (const Buffer &buffer : buffers) {
      replaceByView(buffer, function.getArguments().back(), builder);
      sum += buffer.bytes;
    }
    for (const Buffer &buffer : buffers) // not earlier: the builder may stand before one
      buffer.allocation->erase();
    arenaBytes += bytes;
    bufferBytes += sum;
    remark::passed(function.getLoc(), remark::RemarkOpts::name("arena").category("cnn-memory"))
        << remark::add("{0} buffers of {1} bytes share {2} bytes", buffers.size(), sum, bytes);
  }

  LogicalResult addWorkspace(func::FuncOp function, int64_t bytes) {
    Builder builder(&getContext());
    auto attributes = builder.getDictionaryAttr(
        builder.getNamedAttr("cnn.role", builder.getStringAttr("workspace")));
    function->setAttr("cnn.arena_bytes", builder.getI64IntegerAttr(bytes));
    return function.insertArgument(function.getNumArguments(),
                                   MemRefType::get({bytes}, builder.getI8Type()), attributes,
                                   function.getLoc());
  }
};

} // namespace
