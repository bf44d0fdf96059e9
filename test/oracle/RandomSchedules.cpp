//===- RandomSchedules.cpp - Schedules that nobody would choose -----------===//

#include "test/oracle/RandomSchedules.h"
#include "compiler/Support/OpPlace.h"
#include "compiler/Support/ScheduleCheck.h"
#include "compiler/Support/ScheduleFile.h"
#include "test/oracle/Dice.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <set>

using namespace mlir;
using namespace cnnc;
using namespace cnnc::oracle;

/// So many draws are refused at most before a kernel stays as it is.
static constexpr int kMostDraws = 40;

static SmallVector<unsigned> shuffled(ArrayRef<unsigned> loops, Dice &dice) {
  SmallVector<unsigned> order(loops);
  for (size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[size_t(dice.number(0, int64_t(i) - 1))]);
  return order;
}

/// Not all that is drawn is legal.
static Schedule draw(const LoopNest &nest, Dice &dice) {
  SmallVector<unsigned> kept, reducing;
  for (unsigned loop = 0; loop < nest.loops(); ++loop)
    (nest.reductions[loop] ? reducing : kept).push_back(loop);
  Schedule schedule;
  schedule.laneLoop = unsigned(dice.number(0, nest.loops() - 1));
  bool reducesLanes = nest.reductions[schedule.laneLoop];
  schedule.lanes = dice.pick({1, 2, 4, 8, 16});
  schedule.tile.assign(nest.loops(), 1);
  for (unsigned loop : kept)
    if (dice.chance(40))
      schedule.tile[loop] = dice.number(1, 4);
  for (unsigned loop : reducing)
    if (dice.chance(40))
      schedule.tile[loop] = dice.number(1, 3);
  for (unsigned loop : nest.window)
    schedule.tile[loop] = nest.extents[loop];
  if (!reducesLanes)
    schedule.tile[schedule.laneLoop] = schedule.lanes * dice.number(1, 2);
  for (unsigned loop : shuffled(kept, dice))
    schedule.levels.push_back({loop, schedule.tile[loop]});
  schedule.tasks = unsigned(dice.number(0, int64_t(schedule.levels.size())));
  // Blocks of sums, and of loops whose tiles are further in. Threads share one level of a loop.
  for (unsigned loop = 0; loop < nest.loops(); ++loop) {
    auto *tile = llvm::find_if(schedule.levels, [&](auto &level) { return level.loop == loop; });
    int64_t last = tile - schedule.levels.begin();
    if (last < schedule.tasks || !dice.chance(25))
      continue;
    auto *place = schedule.levels.begin() + dice.number(schedule.tasks, last);
    schedule.levels.insert(place, {loop, dice.number(1, 2 * nest.extents[loop])});
  }
  schedule.inner = shuffled(reducing, dice);
  return schedule;
}

std::string oracle::randomSchedules(ModuleOp tiled, uint64_t seed) {
  Dice dice(seed);
  std::string text;
  llvm::raw_string_ostream out(text);
  std::set<std::string> named; // a line is for all functions that have the kernel
  for (auto function : tiled.getOps<func::FuncOp>()) {
    std::map<std::pair<std::string, std::string>, int64_t> kernels;
    function.walk([&](Operation *op) {
      if (!op->hasAttr(kScheduleAttr) || isOpTriviallyDead(op))
        return;
      auto [layer, direction, file, line, column] = placeOf(op->getLoc());
      std::string name = layer + " " + directionName(direction).str() + " " +
                         std::to_string(kernels[{layer, direction}]++);
      std::optional<LoopNest> nest = LoopNest::of(op);
      if (!nest || !nest->linearize() || !named.insert(name).second)
        return;
      for (int i = 0; i < kMostDraws; ++i) {
        Attribute attribute = draw(*nest, dice).toAttribute(op->getContext());
        std::optional<Schedule> schedule = Schedule::parse(attribute, nest->reductions);
        if (!schedule || !obstacleTo(*nest, *schedule).empty())
          continue;
        out << name << ": " << attribute << '\n';
        break;
      }
    });
  }
  return text;
}
