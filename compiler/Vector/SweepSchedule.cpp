//===- SweepSchedule.cpp - How ops run that only pass over memory ---------===//

#include "compiler/Vector/SweepSchedule.h"
#include "compiler/Support/KernelFunctions.h"
#include "compiler/Vector/TileEmitter.h"

using namespace mlir;

namespace cnnc {

/// Vectors of a contiguous row, and neighbouring results of a reduction, that are written one
/// after the other: enough to hide a load's latency.
static constexpr int64_t kInFlight = 4;
/// Operations on one element from which on a single vector keeps the ports busy.
static constexpr int64_t kLongBody = 24;
/// Positions of a window up to which its loops are unrolled, with few registers and with many:
/// what all results share, the filter of a depthwise convolution, shall wait in them.
static constexpr int64_t kShortWindow = 3, kLongWindow = 9;
/// Parts for the threads, so that their shares are about equal, and elements of a part of a row.
static constexpr int64_t kEnoughTasks = 32, kRowPart = 1 << 12;

RowPart rowPart(int64_t rows, int64_t work) {
  // A divisor: then all ops have the same rows in a task, whatever their tiles.
  int64_t step = kInFlight;
  while (rows % step != 0)
    step /= 2;
  return {0, step, work >= kWorthSweeping && rows > step};
}

void joinLoops(LoopNest &nest, std::optional<unsigned> &rows) {
  if (nest.usesIndices() || nest.pool)
    return;
  auto isOneRow = [&](unsigned outer, unsigned inner) {
    auto isLinear = [&](const LinearIndex &index) {
      return index.strides[outer] == index.strides[inner] * nest.extents[inner];
    };
    return outer != rows && inner != rows && nest.reductions[outer] == nest.reductions[inner] &&
           !nest.meeting[outer] && !nest.meeting[inner] && llvm::all_of(nest.indices, isLinear) &&
           llvm::all_of(nest.domain, isLinear);
  };
  for (unsigned outer = 0; outer < nest.loops();) {
    unsigned inner = 0;
    while (inner < nest.loops() && (inner == outer || !isOneRow(outer, inner)))
      ++inner;
    if (inner == nest.loops()) {
      ++outer;
      continue;
    }
    nest.extents[inner] *= nest.extents[outer];
    nest.extents.erase(nest.extents.begin() + outer);
    nest.reductions.erase(nest.reductions.begin() + outer);
    nest.meeting.erase(nest.meeting.begin() + outer);
    for (SmallVectorImpl<LinearIndex> *all : {&nest.indices, &nest.domain})
      for (LinearIndex &index : *all)
        index.strides.erase(index.strides.begin() + outer);
    if (rows && *rows > outer)
      --*rows;
    outer = 0;
  }
}

namespace {

/// Finds the schedule of one nest.
class Sweep {
public:
  Sweep(const LoopNest &nest, const MachineModel &machine, std::optional<RowPart> rows)
      : nest(nest), machine(machine), rows(rows) {}

  std::optional<Schedule> find() {
    if (!chooseLanes()) {
      if (!rows)
        return std::nullopt;
      schedule.laneLoop = rows->loop;
      schedule.lanes = 1;
    }
    schedule.tile.assign(nest.loops(), 1);
    tileLanes();
    orderLevels();
    orderReductions();
    shareOut();
    return schedule;
  }

private:
  int64_t stride(unsigned operand, unsigned loop) const {
    return nest.indices[operand].strides[loop];
  }

  /// How good vectors along `loop` are, or nothing: a share of full lanes, less where elements
  /// have to be collected one by one.
  std::optional<double> worth(unsigned loop, int64_t lanes) const {
    bool reduces = nest.reductions[loop];
    if ((rows && loop == rows->loop) || nest.extents[loop] < 2 || nest.meeting[loop] ||
        (reduces && !TileEmitter::combiningKind(nest)))
      return std::nullopt;
    int64_t contiguous = 0, apart = 0, contiguousOutputs = 0;
    for (unsigned i = 0; i < nest.indices.size(); ++i) {
      int64_t here = stride(i, loop);
      bool isOutput = i >= nest.firstOutput();
      if (isOutput && !reduces && here == 0)
        return std::nullopt;
      contiguous += here == 1;
      contiguousOutputs += isOutput && here == 1;
      apart += here != 0 && here != 1;
    }
    // Of several outputs one may be scattered, element by element: what is pooled, once in blocks
    // and once flat.
    if (contiguous == 0 || (reduces ? apart > 0 : contiguousOutputs == 0))
      return std::nullopt;
    int64_t extent = nest.extents[loop];
    lanes = std::min(lanes, extent);
    double full = double(extent) / double((extent + lanes - 1) / lanes * lanes);
    constexpr double collected = 0.2, summed = 0.9;
    return full * double(lanes) * (apart > 0 ? collected : 1) * (reduces ? summed : 1);
  }

  int64_t widestElement() const {
    int64_t bits = 8;
    for (OpOperand *operand : nest.operands())
      if (auto shaped = dyn_cast<ShapedType>(operand->get().getType()))
        bits = std::max<int64_t>(bits, shaped.getElementTypeBitWidth());
    return bits;
  }

  bool chooseLanes() {
    int64_t lanes = machine.vectorBits / widestElement();
    std::optional<double> best;
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      std::optional<double> here = worth(loop, lanes);
      if (!here || (best && *here <= *best))
        continue;
      best = here;
      schedule.laneLoop = loop;
    }
    if (!best)
      return false;
    schedule.lanes = lanes;
    while (schedule.lanes > nest.extents[schedule.laneLoop])
      schedule.lanes /= 2;
    return schedule.lanes > 1;
  }

  void tileLanes() {
    unsigned lane = schedule.laneLoop;
    int64_t &tile = schedule.tile[lane];
    tile = nest.reductions[lane] ? 1 : schedule.lanes;
    int64_t length = std::distance(nest.body->begin(), nest.body->end());
    if (nest.reductions[lane] || length > kLongBody)
      return;
    int64_t vectors = nest.extents[lane] / schedule.lanes;
    tile *= std::clamp<int64_t>(vectors, 1, kInFlight);
  }

  /// The loop next to the lanes gives the other results that are in registers at once.
  void tileNeighbours(unsigned loop) {
    int64_t vectors = schedule.tile[schedule.laneLoop] / schedule.lanes;
    bool isAlone = nest.meeting[loop] || nest.reductions[schedule.laneLoop] || vectors >= kInFlight;
    int64_t length = std::distance(nest.body->begin(), nest.body->end());
    // Rows that are summed at once hide the latency of the additions.
    if (rows && nest.reductions[schedule.laneLoop] && length <= kLongBody)
      schedule.tile[rows->loop] = rows->step;
    if (!isAlone && length <= kLongBody)
      schedule.tile[loop] = std::min(nest.extents[loop], kInFlight / std::max<int64_t>(vectors, 1));
  }

  void orderLevels() {
    SmallVector<unsigned> loops;
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (!nest.reductions[loop] && loop != schedule.laneLoop)
        loops.push_back(loop);
    unsigned output = nest.firstOutput();
    llvm::sort(loops, [&](unsigned a, unsigned b) {
      return std::pair(-stride(output, a), a) < std::pair(-stride(output, b), b);
    });
    if (!loops.empty())
      tileNeighbours(loops.back());
    for (unsigned loop : loops)
      schedule.levels.push_back({loop, schedule.tile[loop]});
    if (!nest.reductions[schedule.laneLoop])
      schedule.levels.push_back({schedule.laneLoop, schedule.tile[schedule.laneLoop]});
  }

  int64_t largestStride(unsigned loop) const {
    int64_t largest = 0;
    for (unsigned i = 0; i < nest.inputs.size(); ++i)
      largest = std::max(largest, std::abs(stride(i, loop)));
    return largest;
  }

  void orderReductions() {
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (nest.reductions[loop])
        schedule.inner.push_back(loop);
    llvm::sort(schedule.inner, [&](unsigned a, unsigned b) {
      return std::pair(-largestStride(a), a) < std::pair(-largestStride(b), b);
    });
    int64_t window = 1, longest = machine.hasManyRegisters() ? kLongWindow : kShortWindow;
    for (unsigned loop : llvm::reverse(schedule.inner)) {
      window *= nest.extents[loop];
      if (loop == schedule.laneLoop || window > longest)
        break;
      schedule.tile[loop] = nest.extents[loop];
    }
  }

  /// Iterations from which on threads share them. Where lanes are no neighbours, or are added up,
  /// each costs several times as much.
  int64_t worthSharing() const {
    auto isRow = [&](const LinearIndex &index) { return index.strides[schedule.laneLoop] < 2; };
    bool isSlow = nest.reductions[schedule.laneLoop] || !llvm::all_of(nest.indices, isRow);
    return isSlow ? kWorthSweeping / 4 : kWorthSweeping;
  }

  void shareOut() {
    schedule.halvesResults = schedule.halvesTerms = rows.has_value();
    if (rows) {
      schedule.levels.insert(schedule.levels.begin(), {rows->loop, rows->step});
      schedule.tasks = rows->isShared;
      return;
    }
    int64_t work = 1;
    for (int64_t extent : nest.extents)
      work *= extent;
    if (work < worthSharing() || schedule.levels.empty())
      return;
    const Level &first = schedule.levels.front();
    if (first.loop == schedule.laneLoop && nest.extents[first.loop] >= 2 * kRowPart) {
      // One long row, in parts that are whole tiles.
      int64_t part = (kRowPart + first.step - 1) / first.step * first.step;
      schedule.levels.insert(schedule.levels.begin(), {first.loop, part});
      schedule.tasks = 1;
      return;
    }
    int64_t tasks = 1;
    for (const Level &level : schedule.levels) {
      if (tasks >= kEnoughTasks || nest.meeting[level.loop] || level.loop == schedule.laneLoop)
        break;
      tasks *= (nest.extents[level.loop] + level.step - 1) / level.step;
      ++schedule.tasks;
    }
    if (tasks == 1)
      schedule.tasks = 0;
  }

  const LoopNest &nest;
  const MachineModel &machine;
  std::optional<RowPart> rows;
  Schedule schedule;
};

} // namespace

std::optional<Schedule> sweepSchedule(const LoopNest &nest, const MachineModel &machine,
                                      std::optional<RowPart> rows) {
  return Sweep(nest, machine, rows).find();
}

} // namespace cnnc
