//===- FusePool.cpp - Pooling what a kernel has finished ------------------===//
//
// Where windows do not overlap, all sums that a window needs can be in registers
// together: then a convolution's map is pooled before it reaches memory, and where
// nobody else reads it, it never does.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "compiler/Tiling/FusionRemarks.h"
#include "compiler/Tiling/TileSearch.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"

namespace cnnc {
#define GEN_PASS_DEF_FUSEPOOLPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;
using namespace cnnc;

namespace {

/// One dimension of the map that is pooled: `position` of the pooling kernel's loops, and if it
/// is `size` times that loop plus another one, that one.
struct Axis {
  unsigned position;
  std::optional<unsigned> tap;
  int64_t size = 1;
};

std::optional<unsigned> loopOf(AffineExpr expression) {
  auto dim = dyn_cast<AffineDimExpr>(expression);
  return dim ? std::optional(dim.getPosition()) : std::nullopt;
}

/// position, or position * size + tap.
std::optional<Axis> axisOf(AffineExpr index) {
  if (std::optional<unsigned> loop = loopOf(index))
    return Axis{*loop, std::nullopt};
  auto sum = dyn_cast<AffineBinaryOpExpr>(index);
  if (!sum || sum.getKind() != AffineExprKind::Add)
    return std::nullopt;
  for (auto [scaled, other] :
       {std::pair(sum.getLHS(), sum.getRHS()), std::pair(sum.getRHS(), sum.getLHS())}) {
    auto product = dyn_cast<AffineBinaryOpExpr>(scaled);
    auto factor = product ? dyn_cast<AffineConstantExpr>(product.getRHS()) : AffineConstantExpr();
    std::optional<unsigned> tap = loopOf(other);
    if (!factor || !tap || product.getKind() != AffineExprKind::Mul)
      continue;
    if (std::optional<unsigned> position = loopOf(product.getLHS()))
      return Axis{*position, tap, factor.getValue()};
  }
  return std::nullopt;
}

/// A kernel's result and the kernel that pools it.
class Pooling {
public:
  Pooling(cnn::KernelOp kernel, OpResult result, cnn::KernelOp user, const MachineModel &machine)
      : kernel(kernel), result(result), user(user), machine(machine) {}

  /// Why the two cannot be one; empty if they can.
  StringRef obstacle() {
    bool readsOthers = llvm::any_of(user.getInputs(), [&](Value input) {
      return input != result && !input.getDefiningOp<arith::ConstantOp>();
    });
    if (readsOthers || user.getInputs()[0] != result || !user.getExtras().empty())
      return "it is a kernel itself";
    if (StringRef text = obstacleInWindows(); !text.empty())
      return text;
    if (!readsNumbersOfTaps())
      return "it is a kernel itself";
    if (!kernel.getPool().empty() || !user.getPool().empty())
      return "the kernel pools already";
    if (llvm::any_of(kernel->getUsers(), [&](Operation *other) {
          return other != user && other->isBeforeInBlock(user);
        }))
      return "another op needs the result earlier";
    std::optional<Schedule> alone = scheduleOf(kernel);
    if (!alone)
      return "the kernel has no tile of registers";
    if (llvm::any_of(axes, [&](const std::pair<Axis, unsigned> &axis) {
          return axis.first.tap && axis.second == alone->laneLoop;
        }))
      return "its vectors lie along the windows";
    // Where blocks of a long sum wait in the output, there has to be one.
    isKept = !result.hasOneUse() || llvm::any_of(alone->levels, [&](const Level &level) {
      return kernel.getReductions()[level.loop];
    });
    return isKept && leavesSomething ? "its windows leave out what is kept" : "";
  }

  /// The two as one, or null if no tile holds a window.
  cnn::KernelOp build() {
    OpBuilder builder(user);
    cnn::KernelOp fused = create(builder);
    if (!scheduleOf(fused)) {
      fused.erase();
      return {};
    }
    unsigned number = 0;
    for (OpResult old : kernel->getResults())
      if (isKept || old != result)
        old.replaceAllUsesExcept(fused->getResult(number++), user);
    user->replaceAllUsesWith(fused->getResults().drop_front(number));
    user.erase();
    kernel.erase();
    return fused;
  }

private:
  StringRef obstacleInWindows() {
    AffineMap read = user.getMap(user.getInputsMutable()[0]);
    AffineMap written = kernel.getMap(*kernel.getTiedOpOperand(result));
    size_t taps = 0;
    int64_t points = 1;
    for (auto [index, place] : llvm::zip_equal(read.getResults(), written.getResults())) {
      std::optional<Axis> axis = axisOf(index);
      if (!axis || user.getReductions()[axis->position])
        return "it reduces more than windows";
      std::optional<unsigned> loop = loopOf(place);
      if (!loop)
        return "the kernel writes blocks";
      if (axis->tap) {
        int64_t taken = user.getExtents()[axis->position] * axis->size;
        if (!user.getReductions()[*axis->tap] || user.getExtents()[*axis->tap] != axis->size)
          return "its windows overlap, or leave gaps";
        leavesSomething |= taken != kernel.getExtents()[*loop];
        points *= axis->size;
        ++taps;
      }
      axes.emplace_back(*axis, *loop);
    }
    if (taps == 0 || size_t(llvm::count(user.getReductions(), true)) != taps ||
        user.getExtents().size() != axes.size() + taps)
      return "it reduces more than windows";
    return points > cnn::KernelOp::kMostWindowPoints ? "its windows are large" : "";
  }

  /// Whether the inputs behind the first are constants with an element for each point of a window,
  /// row-major.
  bool readsNumbersOfTaps() {
    SmallVector<AffineExpr> taps;
    for (auto [loop, isReduced] : llvm::enumerate(user.getReductions()))
      if (isReduced)
        taps.push_back(getAffineDimExpr(loop, user.getContext()));
    for (OpOperand &operand : llvm::drop_begin(user.getInputsMutable()))
      if (!operand.get().getDefiningOp<arith::ConstantOp>() ||
          user.getMap(operand).getResults() != ArrayRef<AffineExpr>(taps))
        return false;
    return true;
  }

  std::optional<Schedule> scheduleOf(cnn::KernelOp op) const {
    std::optional<LoopNest> nest = LoopNest::of(op);
    return nest && nest->linearize() ? searchTile(*nest, machine) : std::nullopt;
  }

  cnn::KernelOp create(OpBuilder &builder) {
    placeLoops(builder);
    SmallVector<Value> outputs;
    SmallVector<Attribute> maps;
    for (OpOperand &operand : kernel->getOpOperands()) {
      bool isOutput = kernel.isDpsInit(&operand);
      if (isOutput && !isKept && kernel.getTiedOpResult(&operand) == result)
        continue;
      if (isOutput)
        outputs.push_back(operand.get());
      maps.push_back(translated(kernel.getMap(operand), ofKernel));
    }
    for (OpOperand &output : user.getOutputsMutable()) {
      outputs.push_back(output.get());
      maps.push_back(translated(user.getMap(output), ofUser));
    }
    auto fused = cnn::KernelOp::create(
        builder, builder.getFusedLoc({kernel.getLoc(), user.getLoc()}),
        ValueRange(outputs).getTypes(), kernel.getInputs(), kernel.getExtras(), outputs,
        builder.getArrayAttr(maps), builder.getDenseI64ArrayAttr(extents),
        builder.getDenseBoolArrayAttr(reductions), kernel.getStartsAttr(),
        builder.getDenseI64ArrayAttr(window), /*domain=*/nullptr);
    IRMapping mapping;
    kernel.getReduce().cloneInto(&fused.getReduce(), mapping);
    kernel.getFinish().cloneInto(&fused.getFinish(), mapping);
    buildFinish(fused);
    buildPool(builder, fused);
    return fused;
  }

  /// The kernel's loops, of which those over windows take their steps, and behind them the taps.
  void placeLoops(OpBuilder &builder) {
    extents.assign(kernel.getExtents().begin(), kernel.getExtents().end());
    reductions.assign(kernel.getReductions().begin(), kernel.getReductions().end());
    for (unsigned loop = 0; loop < extents.size(); ++loop)
      ofKernel.push_back(builder.getAffineDimExpr(loop));
    ofUser.resize(user.getExtents().size());
    // In the order in which the pooling kernel reduces.
    llvm::sort(axes,
               [](auto &a, auto &b) { return a.first.tap.value_or(0) < b.first.tap.value_or(0); });
    for (auto &[axis, loop] : axes) {
      ofUser[axis.position] = builder.getAffineDimExpr(loop);
      if (!axis.tap)
        continue;
      AffineExpr tap = builder.getAffineDimExpr(extents.size());
      ofUser[*axis.tap] = tap;
      ofKernel[loop] = builder.getAffineDimExpr(loop) * axis.size + tap;
      window.push_back(int64_t(extents.size()));
      extents[loop] = user.getExtents()[axis.position];
      extents.push_back(axis.size);
      reductions.push_back(false);
    }
  }

  Attribute translated(AffineMap map, ArrayRef<AffineExpr> loops) const {
    return AffineMapAttr::get(map.replaceDimsAndSymbols(loops, {}, extents.size(), 0));
  }

  /// What is pooled follows the elements of the outputs.
  void buildFinish(cnn::KernelOp fused) const {
    auto yield = cast<cnn::YieldOp>(fused.getFinish().front().getTerminator());
    SmallVector<Value> values(yield.getValues());
    unsigned number = result.getResultNumber();
    Value pooled = values[number];
    if (!isKept)
      values.erase(values.begin() + number);
    values.push_back(pooled);
    yield.getValuesMutable().assign(values);
  }

  /// The pooling kernel's reduction, written out, and what it does at its end.
  void buildPool(OpBuilder &builder, cnn::KernelOp fused) {
    OpBuilder::InsertionGuard guard(builder);
    Location loc = user.getLoc();
    Block &block = fused.getPool().emplaceBlock();
    builder.setInsertionPointToStart(&block);
    Type element = user.getReduce().front().getArgument(0).getType();
    for (int64_t i = 0; i < fused.getWindowPoints(); ++i)
      block.addArgument(element, loc);
    SmallVector<Value> values;
    for (Attribute start : user.getStarts())
      values.push_back(arith::ConstantOp::create(builder, loc, cast<TypedAttr>(start)));
    for (BlockArgument point : block.getArguments()) {
      SmallVector<Value> inputs{point};
      for (Value numbers : user.getInputs().drop_front()) {
        DenseElementsAttr all;
        [[maybe_unused]] bool isConstant = matchPattern(numbers, m_Constant(&all));
        assert(isConstant && "checked by readsNumbersOfTaps");
        auto number = cast<TypedAttr>(all.getValues<Attribute>()[point.getArgNumber()]);
        inputs.push_back(arith::ConstantOp::create(builder, loc, number));
      }
      values.insert(values.begin(), inputs.begin(), inputs.end());
      values = copied(builder, user.getReduce().front(), values);
    }
    cnn::YieldOp::create(builder, loc, copied(builder, user.getFinish().front(), values));
  }

  static SmallVector<Value> copied(OpBuilder &builder, Block &block, ArrayRef<Value> arguments) {
    IRMapping mapping;
    mapping.map(block.getArguments(), arguments);
    for (Operation &op : block.without_terminator())
      builder.clone(op, mapping);
    return llvm::map_to_vector(block.getTerminator()->getOperands(),
                               [&](Value value) { return mapping.lookupOrDefault(value); });
  }

  cnn::KernelOp kernel;
  OpResult result;
  cnn::KernelOp user;
  const MachineModel &machine;
  bool leavesSomething = false, isKept = false;
  SmallVector<std::pair<Axis, unsigned>> axes; ///< and the kernel's loops
  SmallVector<int64_t> extents, window;
  SmallVector<bool> reductions;
  SmallVector<AffineExpr> ofKernel, ofUser; ///< loops as expressions of the fused ones
};

struct FusePoolPass final : WithMachine<cnnc::impl::FusePoolPassBase<FusePoolPass>> {
  using WithMachine::WithMachine;

  void runOnOperation() override {
    machine = machineModel();
    SmallVector<cnn::KernelOp> kernels;
    getOperation().walk([&](cnn::KernelOp kernel) { kernels.push_back(kernel); });
    // From the last on: what pools is still a kernel of its own when its producer comes.
    for (cnn::KernelOp kernel : llvm::reverse(kernels))
      fuse(kernel);
  }

private:
  /// Takes in the first kernel that can be.
  void fuse(cnn::KernelOp kernel) {
    for (OpResult result : kernel->getResults())
      for (OpOperand &use : result.getUses()) {
        auto user = dyn_cast<cnn::KernelOp>(use.getOwner());
        if (!user || user->getBlock() != kernel->getBlock() || user.isDpsInit(&use))
          continue;
        Pooling pooling(kernel, result, user, machine);
        StringRef obstacle = pooling.obstacle();
        Location at = kernel.getLoc(), userAt = user.getLoc();
        if (obstacle.empty() && pooling.build()) {
          remarkFused(at, userAt);
          ++fused;
          return;
        }
        remarkRefused(at, userAt, obstacle.empty() ? "no tile holds a window" : obstacle);
      }
  }

  MachineModel machine;
};

} // namespace
