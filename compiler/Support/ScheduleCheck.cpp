//===- ScheduleCheck.cpp - What schedules an op can have ------------------===//
//
// A schedule may be written by hand. Whatever it says, the generated loops compute what the op
// says, or it is refused here.
//
//===----------------------------------------------------------------------===//

#include "compiler/Support/ScheduleCheck.h"

using namespace mlir;

namespace cnnc {

static std::string join(const Twine &text) { return text.str(); }

/// Several iterations of loops that meet add to one place, so these run one after the other.
static std::string obstacleInMeeting(const LoopNest &nest, const Schedule &schedule) {
  for (unsigned loop = 0; loop < nest.loops(); ++loop) {
    if (!nest.meeting[loop])
      continue;
    bool isShared = llvm::any_of(ArrayRef(schedule.levels).take_front(schedule.tasks),
                                 [&](const Level &level) { return level.loop == loop; });
    if (schedule.tile[loop] > 1 || schedule.lanes * (schedule.laneLoop == loop) > 1 || isShared)
      return join("several iterations of loop " + Twine(loop) +
                  " write to one place, so they can be neither lanes, nor a tile, nor tasks");
  }
  return "";
}

static std::string obstacleInBlocks(const LoopNest &nest, const Schedule &schedule) {
  if (nest.canWait(schedule.laneLoop))
    return "";
  for (const Level &level : schedule.levels)
    if (nest.reductions[level.loop])
      return join("'levels' has blocks of loop " + Twine(level.loop) +
                  ", which reduces, but its sums cannot wait in the outputs between two blocks");
  return "";
}

/// All points of a window are in registers together.
static std::string obstacleInWindow(const LoopNest &nest, const Schedule &schedule) {
  for (unsigned loop : nest.window) {
    bool isWhole = llvm::all_of(schedule.levels, [&](const Level &level) {
      return level.loop != loop || level.step == nest.extents[loop];
    });
    if (loop == schedule.laneLoop || !isWhole)
      return join("loop " + Twine(loop) + " is pooled: it must be in a tile as a whole, with " +
                  Twine(nest.extents[loop]) + " iterations, and not as lanes");
  }
  return "";
}

namespace {

/// Goes through the kinds of tiles as the phase Vector does, and stops where there are too many.
class CodeSize {
public:
  CodeSize(const LoopNest &nest, const Schedule &schedule) : nest(nest), schedule(schedule) {}

  void add(size_t level, SmallVector<int64_t> sizes) {
    if (steps > double(kMostCode) || sums > double(kMostSums))
      return;
    if (level == schedule.levels.size())
      return addTile(sizes);
    unsigned loop = schedule.levels[level].loop;
    for (const Segment &segment :
         schedule.segmentsOf(schedule.levels[level], sizes[loop], nest.reductions[loop])) {
      SmallVector<int64_t> inside(sizes);
      inside[loop] = segment.size;
      add(level + 1, inside);
    }
  }

  double sums = 0;  ///< of the largest tile
  double steps = 0; ///< of all

private:
  void addTile(ArrayRef<int64_t> sizes) {
    unsigned lane = schedule.laneLoop;
    bool reducesLanes = nest.reductions[lane];
    int64_t size = sizes[lane], lanes = schedule.lanes;
    int64_t width = size >= lanes && (reducesLanes || size % lanes == 0) ? lanes : 1;
    double held = nest.accumulators(), times = 1;
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      int64_t count = loop == lane ? sizes[loop] / width : sizes[loop];
      if (!nest.reductions[loop]) {
        held *= double(count);
        continue;
      }
      // What is unrolled, and the rest.
      int64_t unroll = std::min(schedule.tile[loop], count);
      times *= double(unroll + count % unroll);
    }
    sums = std::max(sums, held);
    // Lanes that reduce are followed by what fills no vector.
    steps += held * times * (reducesLanes && width > 1 ? 2 : 1);
  }

  const LoopNest &nest;
  const Schedule &schedule;
};

} // namespace

std::string obstacleTo(const LoopNest &nest, const Schedule &schedule) {
  if (nest.reductions[schedule.laneLoop] && !nest.combiningOp())
    return join("loop " + Twine(schedule.laneLoop) +
                " reduces, but by more than one addition or maximum, so it has no lanes");
  for (auto obstacle : {obstacleInMeeting, obstacleInBlocks, obstacleInWindow})
    if (std::string text = obstacle(nest, schedule); !text.empty())
      return text;
  CodeSize code(nest, schedule);
  code.add(0, nest.extents);
  if (code.sums > double(kMostSums))
    return join("a tile would have more than " + Twine(kMostSums) + " sums, in vectors");
  if (code.steps > double(kMostCode))
    return join("its kinds of tiles would be code of more than " + Twine(kMostCode) +
                " steps of sums");
  return "";
}

} // namespace cnnc
