//===- KernelFacts.cpp - What a scheduled loop nest does, in numbers ------===//

#include "compiler/Support/KernelFacts.h"
#include "compiler/Support/DomainShare.h"
#include "compiler/Support/LoopNest.h"
#include "compiler/Support/TileLoads.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;

namespace cnnc {

//===----------------------------------------------------------------------===//
// Kinds
//===----------------------------------------------------------------------===//

/// Whether an index of an input is a sum over a loop that reduces and one that does not: the
/// places of a window.
static bool hasWindow(const LoopNest &nest) {
  auto isOver = [&](AffineExpr index, bool reduces) {
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (nest.reductions[loop] == reduces && nest.extents[loop] > 1 && index.isFunctionOfDim(loop))
        return true;
    return false;
  };
  return llvm::any_of(nest.inputs, [&](OpOperand *input) {
    return llvm::any_of(nest.mapOf(*input).getResults(), [&](AffineExpr index) {
      return isOver(index, true) && isOver(index, false);
    });
  });
}

static bool onlyMoves(const LoopNest &nest) {
  return !nest.hasReductions() && !nest.isKernel() &&
         llvm::all_of(nest.body->getTerminator()->getOperands(),
                      [](Value value) { return isa<BlockArgument>(value); });
}

static std::string kindOf(const LoopNest &nest, const OpPlace &place, bool isContraction) {
  if (isa<linalg::FillOp>(nest.op))
    return "fill";
  if (onlyMoves(nest))
    return "copy";
  bool isWindow = hasWindow(nest);
  if (isContraction && !isWindow)
    return "matrix product";
  if (isContraction)
    return place.direction == "weights" ? "filter gradient"
           : place.direction == "data"  ? "input gradient"
                                        : "direct convolution";
  if (!nest.hasReductions())
    return "sweep";
  return isWindow ? "sweep over windows" : "sweep with sums";
}

//===----------------------------------------------------------------------===//
// Tiles
//===----------------------------------------------------------------------===//

namespace {

/// Counts of one contraction under its schedule.
class TileReader {
public:
  TileReader(const LoopNest &nest, const Schedule &schedule) : nest(nest), schedule(schedule) {
    lanesReduce = nest.reductions[schedule.laneLoop];
    findFactors();
  }

  TileFacts read(const MachineModel &machine) const {
    TileFacts facts{};
    facts.lanes = schedule.lanes;
    facts.laneLoop = schedule.laneLoop;
    facts.laneExtent = nest.extents[schedule.laneLoop];
    facts.lanesReduce = lanesReduce;
    auto isLane = [&](unsigned loop) { return loop == schedule.laneLoop; };
    facts.rows = tileOf([&](unsigned loop) { return reads(first, loop) && !reads(second, loop); });
    facts.columns = tileOf([&](unsigned loop) { return !reads(first, loop) || isLane(loop); });
    facts.blocks = blocks();
    auto all = [](unsigned) { return true; };
    facts.step.sums = double(tileOf(all) * int64_t(nest.accumulators()));
    for (unsigned input : {first, second})
      facts.step.loads += double(tileOf([&](unsigned loop) { return reads(input, loop); }));
    if (hasWindows)
      readBody(facts.step);
    facts.bound = facts.step.bound(machine);
    facts.cycles = facts.step.cycles(machine);
    facts.shareOfPeak = facts.step.shareOfPeak(machine) * double(schedule.lanes * elementBits()) /
                        double(machine.vectorBits);
    facts.skipped = 1 - DomainShare(nest).of(schedule.tile);
    return facts;
  }

private:
  bool reads(unsigned input, unsigned loop) const { return nest.indices[input].strides[loop] != 0; }

  /// Neighbouring windows overlap: what is loaded once serves all iterations that are written out.
  void readBody(StepCost &step) const {
    for (auto [loop, reduces] : llvm::enumerate(nest.reductions))
      step.sums *= double(reduces ? schedule.tile[loop] : 1);
    step.loads = 0;
    for (unsigned input : {first, second})
      step.loads += double(followLoads(nest, schedule, input).loads);
  }

  /// As the search of tiles has them: the first factor is the same for all lanes, where there is
  /// such a one, and the second is not.
  void findFactors() {
    unsigned count = nest.inputs.size();
    first = second = count;
    for (unsigned input = 0; input < count; ++input) {
      bool varies = reads(input, schedule.laneLoop);
      unsigned &factor = varies ? second : first;
      factor = std::min(factor, input);
    }
    if (first == count) {
      // Each lane has windows of its own, in the factor with the rows.
      hasWindows = !lanesReduce;
      first = second == 0 ? 1 : 0;
      if (hasWindows && tileOf([&](unsigned loop) { return reads(first, loop); }) <
                            tileOf([&](unsigned loop) { return reads(second, loop); }))
        std::swap(first, second);
    }
    if (second == count)
      second = first == 0 ? 1 : 0;
  }

  /// Vectors of the tile along the loops that do not reduce for which `counts` holds.
  template <typename Predicate> int64_t tileOf(Predicate counts) const {
    int64_t product = 1;
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      if (nest.reductions[loop] || !counts(loop))
        continue;
      product *= loop == schedule.laneLoop
                     ? std::max<int64_t>(schedule.tile[loop] / schedule.lanes, 1)
                     : schedule.tile[loop];
    }
    return product;
  }

  std::vector<ReductionBlock> blocks() const {
    std::vector<ReductionBlock> found;
    for (const Level &level : schedule.levels)
      if (nest.reductions[level.loop])
        found.push_back({level.loop, level.step, nest.extents[level.loop]});
    return found;
  }

  int64_t elementBits() const {
    auto shaped = dyn_cast<ShapedType>(nest.inputs[second]->get().getType());
    return shaped ? shaped.getElementTypeBitWidth() : 0;
  }

  const LoopNest &nest;
  const Schedule &schedule;
  bool lanesReduce;
  bool hasWindows = false; ///< no factor is the same for all lanes
  unsigned first = 0, second = 1;
};

} // namespace

static int64_t tasksOf(const LoopNest &nest, const Schedule &schedule) {
  SmallVector<int64_t> left(nest.extents);
  int64_t tasks = 1;
  for (const Level &level : ArrayRef(schedule.levels).take_front(schedule.tasks)) {
    tasks *= (left[level.loop] + level.step - 1) / level.step;
    left[level.loop] = level.step;
  }
  return tasks;
}

static int64_t bytesOf(const LoopNest &nest) {
  int64_t bits = 0;
  for (OpOperand *operand : nest.operands())
    if (auto shaped = dyn_cast<ShapedType>(operand->get().getType()))
      bits += shaped.getNumElements() * shaped.getElementTypeBitWidth();
  return bits / 8;
}

static KernelFacts describe(const LoopNest &nest, const MachineModel &machine) {
  KernelFacts facts;
  facts.place = placeOf(nest.op->getLoc());
  facts.bytes = bytesOf(nest);
  facts.extents.assign(nest.extents.begin(), nest.extents.end());
  for (auto [loop, reduces] : llvm::enumerate(nest.reductions))
    if (reduces)
      facts.reducing.push_back(unsigned(loop));
  if (Attribute attribute = nest.op->getAttr(kScheduleAttr))
    llvm::raw_string_ostream(facts.schedule) << attribute;
  std::optional<Schedule> schedule =
      Schedule::parse(nest.op->getAttr(kScheduleAttr), nest.reductions);
  // Two factors are what makes a tile of rows and columns.
  if (schedule && nest.hasReductions() && nest.inputs.size() >= 2) {
    facts.tile = TileReader(nest, *schedule).read(machine);
    facts.tasks = tasksOf(nest, *schedule);
  }
  facts.kind = kindOf(nest, facts.place, facts.tile.has_value());
  return facts;
}

std::vector<KernelFacts> describeKernels(ModuleOp module, const MachineModel &machine) {
  std::vector<KernelFacts> found;
  module.walk([&](Operation *op) {
    // A later phase erases what nobody reads.
    if (isOpTriviallyDead(op))
      return;
    std::optional<LoopNest> nest = LoopNest::of(op);
    if (nest && nest->linearize())
      found.push_back(describe(*nest, machine));
  });
  return found;
}

//===----------------------------------------------------------------------===//
// Layouts
//===----------------------------------------------------------------------===//

static std::string layoutText(ArrayRef<int64_t> blocks) {
  std::string size = std::to_string(cnn::kBlock);
  if (blocks.empty())
    return "plain images to blocks of " + size + " channels";
  return "blocks of " + size + (blocks[0] == 0 ? " images" : " channels");
}

static bool isVariable(Value value) {
  auto argument = dyn_cast<BlockArgument>(value);
  auto function = argument ? dyn_cast<func::FuncOp>(argument.getOwner()->getParentOp()) : nullptr;
  if (!function)
    return false;
  auto role = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kRoleAttr);
  return role && role.getValue() == "variable";
}

LayoutTexts describeLayouts(ModuleOp module) {
  LayoutTexts texts;
  module.walk([&](Operation *op) {
    auto blocks = op->getAttrOfType<DenseI64ArrayAttr>(cnn::kBlocksAttr);
    // The op that updates a filter has the filter's blocks.
    if (!blocks || isVariable(op->getOperand(0)))
      return;
    OpPlace place = placeOf(op->getLoc());
    texts.try_emplace({place.layer, place.direction}, layoutText(blocks.asArrayRef()));
  });
  return texts;
}

} // namespace cnnc
