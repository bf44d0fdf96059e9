//===- WindowSearch.cpp - The best tile where each lane has its own window ===//
//
// A lane is a channel: it multiplies its own inputs by its own weights. So no number is the same
// for all lanes, and a tile has rows only: places of the image for a convolution, taps for
// the gradient of a filter. What is used several times are the vectors of the window, by
// neighbouring rows and by iterations that are written out, where LLVM shares their loads.
//
//===----------------------------------------------------------------------===//

#include "compiler/Tiling/WindowSearch.h"
#include "compiler/Support/StepCost.h"
#include "compiler/Support/TileLoads.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cnnc {

/// Cycles around a tile, and for the start and the store of each of its sums.
static constexpr double kTileCycles = 3, kAccumulatorCycles = 1;
/// Cycles of a branch back.
static constexpr double kBranchCycles = 1;
/// Each kind of tile is code of its own; what one more costs, as a share.
static constexpr double kVariantCost = 0.003;
/// Instructions that a processor looks ahead: those of the next tiles hide the latency of this one.
static constexpr double kLookAhead = 128;
/// Multiply-adds in one body of a loop: longer code is slow to compile, and no faster.
static constexpr int64_t kLongestBody = 128;
/// Vectors of lanes in a tile.
static constexpr int64_t kMostVectors = 2;
/// Iterations of a long loop that are written out.
static constexpr int64_t kUnrolls[] = {1, 2, 4};
/// Shares of the caches for what one tile reads, and for what several tiles read again.
static constexpr double kShareOfL1 = 5.0 / 8, kShareOfL2 = 1.0 / 2;
/// And for what one task writes.
static constexpr double kTaskShareOfL2 = 1.0 / 8;
/// Parts for the threads, and multiply-adds below which another thread would not be awake in time.
static constexpr int64_t kEnoughTasks = 32, kWorthSharing = 1 << 16;

namespace {

class WindowSearch {
public:
  WindowSearch(const LoopNest &nest, const MachineModel &machine) : nest(nest), machine(machine) {}

  std::optional<Schedule> find() {
    if (!isSumOfProducts() || !findLanes() || !findFactors())
      return std::nullopt;
    current.laneLoop = lane;
    current.lanes = lanes;
    current.tile.assign(nest.loops(), 1);
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (nest.reductions[loop])
        current.inner.push_back(loop);
    int64_t vectors = std::max<int64_t>(nest.extents[lane] / lanes, 1);
    for (int64_t held = 1; held <= std::min(vectors, kMostVectors); ++held) {
      current.tile[lane] = held * lanes;
      tryRows(0);
    }
    if (best)
      orderLevels();
    return best;
  }

private:
  int64_t stride(unsigned operand, unsigned loop) const {
    return nest.indices[operand].strides[loop];
  }
  bool reads(unsigned operand, unsigned loop) const { return stride(operand, loop) != 0; }

  //===--- What it is -----------------------------------------------------===//

  bool isSumOfProducts() const {
    if (nest.pool || !nest.hasReductions() || llvm::is_contained(nest.meeting, true))
      return false;
    auto sum = dyn_cast_or_null<arith::AddFOp>(nest.combiningOp());
    return sum && llvm::any_of(sum->getOperands(),
                               [](Value value) { return value.getDefiningOp<arith::MulFOp>(); });
  }

  /// Neighbours in all operands that know the loop, which two inputs and all outputs do.
  bool findLanes() {
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      int64_t contiguous = 0;
      bool isLane = !nest.reductions[loop];
      for (unsigned i = 0; i < nest.indices.size(); ++i) {
        int64_t here = stride(i, loop);
        isLane &= here == 1 || (here == 0 && i < nest.firstOutput());
        contiguous += here == 1 && i < nest.inputs.size();
      }
      if (!isLane || contiguous < 2)
        continue;
      lane = loop;
      int64_t bits = 8;
      for (OpOperand *operand : nest.inputs)
        if (auto shaped = dyn_cast<ShapedType>(operand->get().getType()))
          bits = std::max<int64_t>(bits, shaped.getElementTypeBitWidth());
      lanes = machine.vectorBits / bits;
      while (lanes > nest.extents[lane])
        lanes /= 2;
      return lanes > 1 && nest.extents[lane] % lanes == 0;
    }
    return false;
  }

  /// a has the windows: its places are rows and summed-over iterations at once; b has only the
  /// latter.
  bool findFactors() {
    for (a = 0; a < nest.inputs.size(); ++a)
      for (b = 0; b < nest.inputs.size(); ++b)
        if (a != b && areFactors())
          return true;
    return false;
  }

  bool areFactors() {
    rows.clear();
    bool aReduces = false, bReduces = false;
    if (!reads(a, lane) || !reads(b, lane))
      return false;
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      bool inA = reads(a, loop), inB = reads(b, loop);
      if (nest.reductions[loop]) {
        aReduces |= inA;
        bReduces |= inB;
      } else if (inB && !inA) {
        return false;
      } else if (inA && !inB) {
        rows.push_back(loop);
      }
    }
    llvm::sort(rows, [&](unsigned x, unsigned y) {
      return std::pair(-std::abs(stride(a, x)), x) < std::pair(-std::abs(stride(a, y)), y);
    });
    return aReduces && bReduces && !rows.empty();
  }

  //===--- Tiles ----------------------------------------------------------===//

  /// Rows of a tile come from the two innermost of their loops.
  void tryRows(size_t number) {
    if (number == 2 || number == rows.size())
      return tryUnrolls();
    unsigned loop = rows[rows.size() - 1 - number];
    for (int64_t size = 1; size <= std::min(nest.extents[loop], machine.registers); ++size) {
      current.tile[loop] = size;
      if (sums() >= machine.registers)
        break;
      tryRows(number + 1);
    }
    current.tile[loop] = 1;
  }

  /// The innermost loops are written out as a whole, or the last of them in part.
  void tryUnrolls() {
    judge();
    for (unsigned loop : llvm::reverse(current.inner)) {
      int64_t extent = nest.extents[loop];
      if (loop == current.inner.back())
        for (int64_t part : kUnrolls)
          if (part < extent) {
            current.tile[loop] = part;
            judge();
          }
      current.tile[loop] = extent;
      if (sums() * steps() > kLongestBody)
        break;
      judge();
    }
    for (unsigned loop : current.inner)
      current.tile[loop] = 1;
  }

  /// Vectors of sums in a tile.
  int64_t sums() const {
    int64_t count = current.tile[lane] / lanes;
    for (unsigned loop : rows)
      count *= current.tile[loop];
    return count;
  }

  /// Iterations of the reducing loops that are written out.
  int64_t steps() const {
    int64_t count = 1;
    for (unsigned loop : current.inner)
      count *= current.tile[loop];
    return count;
  }

  int64_t allSteps() const {
    int64_t count = 1;
    for (unsigned loop : current.inner)
      count *= nest.extents[loop];
    return count;
  }

  /// Cycles of all tiles, the smaller ones at the ends of rows included; nothing if one of them
  /// needs too many registers.
  std::optional<double> cyclesFrom(size_t number, double times, int &variants) {
    if (number == 2 || number == rows.size())
      return cyclesOfTile(times, variants);
    unsigned loop = rows[rows.size() - 1 - number];
    int64_t size = current.tile[loop];
    double cycles = 0;
    for (const Segment &part : evenSegments(nest.extents[loop], size)) {
      current.tile[loop] = part.size;
      std::optional<double> here = cyclesFrom(number + 1, times * double(part.count), variants);
      current.tile[loop] = size;
      if (!here)
        return std::nullopt;
      cycles += *here;
    }
    return cycles;
  }

  std::optional<double> cyclesOfTile(double times, int &variants) {
    ++variants;
    bool isWhole = steps() == allSteps();
    TileLoads ofA = followLoads(nest, current, a), ofB = followLoads(nest, current, b);
    // One register is left to the values that pass through, and one to LLVM if there are many.
    int64_t most = machine.registers - (machine.hasManyRegisters() ? 2 : 1);
    if (sums() + ofA.held + ofB.held > most)
      return std::nullopt;
    // A filter of which all taps are written out waits in registers for all rows, if it can.
    bool waits = isWhole && sums() + ofA.held + ofB.loads <= most;
    StepCost cost{double(sums() * steps()), double(ofA.loads + (waits ? 0 : ofB.loads))};
    double bodies = double(allSteps()) / double(steps());
    double ports =
        std::max(cost.sums / double(machine.fmaPorts), cost.loads / double(machine.loadPorts));
    double ahead = std::max(1.0, kLookAhead / ((cost.sums + cost.loads) * bodies));
    double latency = double(machine.fmaLatency * steps()) / ahead;
    double cycles = std::max(ports, latency) + (isWhole ? 0 : kBranchCycles);
    // Sums of long loops pass over more than the first cache holds: the fewer tiles the better.
    double passed = bytesOf(nest.extents);
    double fetched =
        passed > double(machine.l1Bytes) * kShareOfL1 ? passed / double(machine.l2Bandwidth) : 0;
    return times * (cycles * bodies + fetched + kTileCycles + kAccumulatorCycles * double(sums()));
  }

  /// Bytes of both factors that one tile reads in blocks of the reducing loops, in whole lines of
  /// the cache.
  double bytesOf(ArrayRef<int64_t> block) const {
    double bytes = 0;
    for (unsigned operand : {a, b}) {
      auto type = cast<ShapedType>(nest.inputs[operand]->get().getType());
      double elements = double(nest.extents[lane]);
      for (unsigned loop : current.inner)
        elements *= reads(operand, loop) ? double(block[loop]) : 1;
      bytes += elements * type.getElementTypeBitWidth() / 8;
    }
    return bytes;
  }

  void judge() {
    // Several rows of the image are whole ones: parts would be read from many places.
    if (rows.size() > 1 && current.tile[rows[rows.size() - 2]] > 1 &&
        current.tile[rows.back()] < nest.extents[rows.back()])
      return;
    int variants = 0;
    double vectors = double(nest.extents[lane]) / double(current.tile[lane]);
    std::optional<double> cycles = cyclesFrom(0, vectors, variants);
    if (!cycles)
      return;
    *cycles *= 1 + kVariantCost * (variants - 1);
    if (best && *cycles >= bestCycles)
      return;
    bestCycles = *cycles;
    best = current;
  }

  //===--- Order ----------------------------------------------------------===//

  /// As the results lie in memory. Loops that reduce run in blocks if several tiles read what no
  /// second cache holds.
  void orderLevels() {
    SmallVector<unsigned> loops;
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (!nest.reductions[loop] && loop != lane)
        loops.push_back(loop);
    unsigned output = nest.firstOutput();
    llvm::sort(loops, [&](unsigned x, unsigned y) {
      return std::pair(-stride(output, x), x) < std::pair(-stride(output, y), y);
    });
    SmallVector<Level> blocks = blockReductions();
    for (unsigned loop : loops) {
      if (reads(a, loop) && !reads(b, loop))
        llvm::append_range(best->levels, std::exchange(blocks, {}));
      best->levels.push_back({loop, best->tile[loop]});
    }
    best->levels.push_back({lane, best->tile[lane]});
    shareOut();
  }

  SmallVector<Level> blockReductions() const {
    SmallVector<Level> blocks;
    bool isOneTile =
        best->tile[lane] == nest.extents[lane] &&
        llvm::all_of(rows, [&](unsigned row) { return best->tile[row] == nest.extents[row]; });
    if (isOneTile || !nest.canWait(lane))
      return blocks;
    SmallVector<int64_t> block(nest.extents);
    for (unsigned loop : ArrayRef(current.inner).drop_back()) {
      while (bytesOf(block) > double(machine.l2Bytes) * kShareOfL2 && block[loop] > 1)
        block[loop] = (block[loop] + 1) / 2;
      if (block[loop] < nest.extents[loop])
        blocks.push_back({loop, block[loop]});
    }
    return blocks;
  }

  void shareOut() {
    double work = double(allSteps());
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      work *= nest.reductions[loop] ? 1 : double(nest.extents[loop]);
    if (work < double(kWorthSharing))
      return;
    // Phases that share their tasks write one buffer: the second cache shall hold a task's part.
    auto output = cast<ShapedType>(nest.outputs.front()->get().getType());
    double bytes = double(output.getNumElements()) * output.getElementTypeBitWidth() / 8;
    int64_t tasks = 1;
    for (const Level &level : best->levels) {
      bool isEnough = tasks >= kEnoughTasks &&
                      bytes / double(tasks) <= double(machine.l2Bytes) * kTaskShareOfL2;
      if (isEnough || nest.reductions[level.loop] || level.loop == lane)
        break;
      tasks *= llvm::divideCeil(nest.extents[level.loop], level.step);
      ++best->tasks;
    }
    if (tasks == 1)
      best->tasks = 0;
  }

  const LoopNest &nest;
  const MachineModel &machine;
  unsigned lane = 0, a = 0, b = 0;
  int64_t lanes = 1;
  SmallVector<unsigned> rows;
  Schedule current; ///< that is tried now
  std::optional<Schedule> best;
  double bestCycles = 0;
};

} // namespace

std::optional<Schedule> searchWindow(const LoopNest &nest, const MachineModel &machine) {
  return WindowSearch(nest, machine).find();
}

} // namespace cnnc
