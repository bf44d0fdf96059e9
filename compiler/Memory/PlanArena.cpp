//===- PlanArena.cpp - One workspace for all temporary buffers ------------===//
//
// Allocations become views into one argument. Time is the numbering of the ops in
// the function's only block; an op inside a region has the time of the op of the
// block that holds it, because a loop touches its buffers in any iteration.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/MathExtras.h"

namespace cnnc {
#define GEN_PASS_DEF_PLANARENAPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// Of CNNC_ALIGNMENT in abi.h: a cache line, and the widest vector.
constexpr int64_t bufferAlignment = 64;

/// An allocation, when it is alive and where it will lie.
struct Buffer {
  Operation *allocation;
  int64_t bytes;
  int64_t first = 0, last = 0; // op numbers, both inclusive
  int64_t offset = 0;

  int64_t end() const {
    return offset + static_cast<int64_t>(llvm::alignTo(bytes, bufferAlignment));
  }
  bool isAliveWith(const Buffer &other) const { return first <= other.last && other.first <= last; }
};

//===----------------------------------------------------------------------===//
// Liveness
//===----------------------------------------------------------------------===//

/// Finds the first and the last op of the function's block that touch a buffer.
class Liveness {
public:
  explicit Liveness(Block &block) : block(block) {
    for (auto [index, op] : llvm::enumerate(block))
      numbers[&op] = index;
  }

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
  DenseMap<Operation *, int64_t> numbers;
  SmallVector<Value> aliases;
  DenseSet<Value> seen;
};

//===----------------------------------------------------------------------===//
// Placement
//===----------------------------------------------------------------------===//

/// The offset of the tightest gap for `buffer` between those of `placed`, which is sorted by
/// offset, that are alive with it; their end if no gap fits.
int64_t tightestGap(const Buffer &buffer, ArrayRef<Buffer *> placed) {
  int64_t best = -1, bestSize = std::numeric_limits<int64_t>::max(), gapStart = 0;
  for (const Buffer *other : placed) {
    if (!buffer.isAliveWith(*other))
      continue;
    int64_t gap = other->offset - gapStart;
    if (gap >= buffer.bytes && gap < bestSize) {
      best = gapStart;
      bestSize = gap;
    }
    gapStart = std::max(gapStart, other->end());
  }
  return best >= 0 ? best : gapStart;
}

/// Gives every buffer an offset; returns the bytes of the arena.
int64_t place(MutableArrayRef<Buffer> buffers) {
  SmallVector<Buffer *> order = llvm::map_to_vector(buffers, [](Buffer &b) { return &b; });
  llvm::sort(order, [](Buffer *a, Buffer *b) { // among equals, text order
    return a->bytes != b->bytes ? a->bytes > b->bytes : a < b;
  });
  SmallVector<Buffer *> placed;
  int64_t arenaBytes = 0;
  for (Buffer *buffer : order) {
    buffer->offset = tightestGap(*buffer, placed);
    arenaBytes = std::max(arenaBytes, buffer->end());
    auto position = llvm::upper_bound(placed, buffer,
                                      [](Buffer *a, Buffer *b) { return a->offset < b->offset; });
    placed.insert(position, buffer);
  }
  return arenaBytes;
}

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
  return Buffer{allocation, type.getNumElements() * elementBytes};
}

void replaceByView(const Buffer &buffer, Value workspace, OpBuilder &builder) {
  Location location = buffer.allocation->getLoc();
  Value offset = arith::ConstantIndexOp::create(builder, location, buffer.offset);
  auto view = memref::ViewOp::create(builder, location, buffer.allocation->getResultTypes().front(),
                                     workspace, offset, ValueRange());
  view->setAttr("cnn.live", builder.getDenseI64ArrayAttr({buffer.first, buffer.last}));
  buffer.allocation->replaceAllUsesWith(view);
}

struct PlanArenaPass final : cnnc::impl::PlanArenaPassBase<PlanArenaPass> {
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
