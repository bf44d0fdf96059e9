//===- TileSearch.cpp - The best tile of registers for a contraction ------===//
//
// Two inputs, a and b: the rows are the loops that index a and not b, the columns
// those that index b and not a. A tile of r rows and c columns loads r + c values for
// r * c multiply-adds. All tiles that fit the registers are tried; their number is small.
//
//===----------------------------------------------------------------------===//

#include "compiler/Tiling/TileSearch.h"
#include "compiler/Support/DomainShare.h"
#include "compiler/Support/StepCost.h"
#include "compiler/Tiling/TileTraffic.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cnnc {

// The numbers of the processor are those of `machine`. What follows here are weights of the model,
// the same for all: found by measuring tiles on processors with AVX2 and with AVX-512.

/// Cycles around a tile: branches, addresses, and for each accumulator its start and its store.
static constexpr double kTileCycles = 10, kAccumulatorCycles = 1.5;
/// Each kind of tile is code of its own; what one more costs, as a share.
static constexpr double kVariantCost = 0.003;
/// A vector that is loaded comes from further away than a number that all lanes share: of those a
/// cache line holds many.
static constexpr double kVectorCost = 0.01;
/// Lanes whose results are stored one by one.
static constexpr double kApartCost = 0.02;
/// And rows that are further apart in memory.
static constexpr double kFarCost = 0.002;
/// Cycles by which a vector comes later from the second cache, with what hides of them.
static constexpr double kStreamedVector = 0.1;
/// Vectors of lanes in a tile: more leave no registers to rows.
static constexpr int64_t kMostVectors = 4;
/// Multiply-adds below which another thread would not be awake in time.
static constexpr int64_t kWorthSharing = 1 << 15;
/// Tiles from which on threads have about equal shares, whatever their number.
static constexpr int64_t kManyTiles = 8;
/// Tiles of rows up to which what they read is small.
static constexpr int64_t kFewRowTiles = 64;
/// Iterations of the innermost loop that are written out, with few registers and with many.
static constexpr int64_t kShortUnroll = 2, kLongUnroll = 4;
/// Multiply-adds that are written out at most, so that they stay in the cache of decoded
/// instructions and are compiled quickly.
static constexpr int64_t kMostWritten = 1024;
/// Iterations between two visits of the accumulators to memory that make these cheap.
static constexpr int64_t kWorthBlocking = 64;

namespace {

class Search : TileRoles {
public:
  Search(const LoopNest &nest, const MachineModel &machine)
      : TileRoles(nest, machine), domain(nest) {}

  std::optional<Schedule> find() {
    if (!nest.hasReductions() || nest.inputs.size() < 2)
      return std::nullopt;
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      tryLanes(loop);
    if (!best)
      return std::nullopt;
    lane = best->laneLoop;
    classify();
    order();
    return best;
  }

private:
  //===--- Lanes ----------------------------------------------------------===//

  bool isAdditive() const {
    if (nest.accumulators() != 1)
      return false;
    Operation *sum = nest.body->getTerminator()->getOperand(0).getDefiningOp();
    return isa_and_nonnull<arith::AddFOp>(sum) &&
           llvm::is_contained(sum->getOperands(), nest.body->getArguments().back());
  }

  bool isOfWindow(unsigned loop) const { return llvm::is_contained(nest.window, loop); }

  bool canBeLanes(unsigned loop) const {
    if (isOfWindow(loop))
      return false;
    int64_t contiguous = 0;
    for (unsigned i = 0; i < nest.inputs.size(); ++i) {
      if (stride(i, loop) != 0 && stride(i, loop) != 1)
        return false;
      contiguous += stride(i, loop) == 1;
    }
    if (contiguous == 0 || nest.meeting[loop])
      return false;
    // Results may lie apart: they are few, compared with what is added up for them.
    return !nest.reductions[loop] || isAdditive();
  }

  /// a is what is the same for all lanes; if there is none, the first input.
  bool classify() {
    a = b = nest.inputs.size();
    for (unsigned i = 0; i < nest.inputs.size(); ++i) {
      if (a == nest.inputs.size() && !reads(i, lane))
        a = i;
      else if (b == nest.inputs.size() && reads(i, lane))
        b = i;
    }
    if (a == nest.inputs.size()) {
      if (!nest.reductions[lane])
        return false; // nothing is used by several lanes: a sweep
      a = b == 0 ? 1 : 0;
    }
    rows.clear();
    columns.clear();
    shared.clear();
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      if (nest.reductions[loop] || loop == lane || isOfWindow(loop))
        continue;
      bool inA = reads(a, loop), inB = reads(b, loop);
      (inA && inB ? shared : inA ? rows : columns).push_back(loop);
    }
    auto outermostFirst = [&](unsigned operand, SmallVectorImpl<unsigned> &loops) {
      llvm::sort(loops, [&](unsigned x, unsigned y) {
        return std::pair(-stride(operand, x), x) < std::pair(-stride(operand, y), y);
      });
    };
    outermostFirst(a, rows);
    outermostFirst(b, columns);
    return !rows.empty() && (!columns.empty() || !nest.reductions[lane]);
  }

  void tryLanes(unsigned loop) {
    if (nest.extents[loop] < 2 || !canBeLanes(loop))
      return;
    lane = loop;
    if (!classify())
      return;
    int64_t bits = 8 * std::max(elementBytes(a), elementBytes(b));
    lanes = machine.vectorBits / std::max<int64_t>(bits, 8);
    while (lanes > nest.extents[loop])
      lanes /= 2;
    if (lanes < 2)
      return;
    SmallVector<int64_t> tile(nest.loops(), 1);
    for (unsigned inWindow : nest.window)
      tile[inWindow] = nest.extents[inWindow];
    if (!nest.reductions[lane]) {
      int64_t vectors = std::max<int64_t>(nest.extents[lane] / lanes, 1);
      for (int64_t held = 1; held <= std::min(vectors, kMostVectors); ++held) {
        tile[lane] = held * lanes;
        tryTiles(tile, 0);
      }
    } else {
      tile[lane] = 1;
      tryTiles(tile, 0);
    }
  }

  //===--- Tiles ----------------------------------------------------------===//

  /// The loops whose iterations may share a tile: the innermost rows and columns.
  std::optional<unsigned> candidate(unsigned number) const {
    auto pick = [&](ArrayRef<unsigned> loops, unsigned i) -> std::optional<unsigned> {
      return i < loops.size() ? std::optional(loops[loops.size() - 1 - i]) : std::nullopt;
    };
    return number < kTiledLoops ? pick(rows, number) : pick(columns, number - kTiledLoops);
  }

  void tryTiles(SmallVector<int64_t> &tile, unsigned number) {
    if (number == 2 * kTiledLoops)
      return judge(tile);
    std::optional<unsigned> loop = candidate(number);
    if (!loop || nest.meeting[*loop])
      return tryTiles(tile, number + 1);
    for (int64_t size = 1; size <= std::min(nest.extents[*loop], machine.registers); ++size) {
      tile[*loop] = size;
      if (accumulatorsOf(tile) >= machine.registers)
        break;
      tryTiles(tile, number + 1);
    }
    tile[*loop] = 1;
  }

  int64_t vectorsOf(int64_t laneTile) const {
    return nest.reductions[lane] ? 1 : std::max<int64_t>(laneTile / lanes, 1);
  }

  int64_t accumulatorsOf(ArrayRef<int64_t> tile) const {
    int64_t count = vectorsOf(tile[lane]) * int64_t(nest.accumulators());
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (!nest.reductions[loop] && loop != lane)
        count *= tile[loop];
    return count;
  }

  int64_t loadsOf(unsigned operand, ArrayRef<int64_t> tile) const {
    int64_t count = reads(operand, lane) ? vectorsOf(tile[lane]) : 1;
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (!nest.reductions[loop] && loop != lane && reads(operand, loop))
        count *= tile[loop];
    return count;
  }

  double cyclesOfStep(ArrayRef<int64_t> tile) const {
    StepCost cost{double(accumulatorsOf(tile)), double(loadsOf(a, tile) + loadsOf(b, tile))};
    return cost.cycles(machine) + (nest.reductions[lane] ? 0 : streamCycles(tile));
  }

  /// What the vectors of b cost more that one step reads, if all steps of a tile together read more
  /// than the first cache holds. With few registers blocks of the sum are chosen that stay there.
  double streamCycles(ArrayRef<int64_t> tile) const {
    double stream = double(elementBytes(b));
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (reads(b, loop))
        stream *= double(nest.reductions[loop] ? nest.extents[loop] : tile[loop]);
    bool isNear = !machine.hasManyRegisters() || stream <= double(machine.l1Bytes) * kShareOfL1;
    return isNear ? 0 : kStreamedVector * double(loadsOf(b, tile));
  }

  /// Cycles in which an operand that no second cache holds is read again and again.
  double passCycles(unsigned operand, ArrayRef<int64_t> tile) const {
    double bytes = bytesOf(operand);
    if (bytes <= double(machine.l2Bytes) * kShareOfL2)
      return 0;
    double passes = 1;
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (!nest.reductions[loop] && !reads(operand, loop))
        passes *= double(llvm::divideCeil(nest.extents[loop], tile[loop]));
    return (passes - 1) * bytes / double(machine.l2Bandwidth);
  }

  double steps() const {
    double count = 1;
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (nest.reductions[loop])
        count *=
            loop == lane ? double(nest.extents[loop]) / double(lanes) : double(nest.extents[loop]);
    return count;
  }

  /// Cycles of all tiles, the smaller ones at the ends of rows included.
  double cyclesOf(SmallVector<int64_t> tile, unsigned loop, int64_t times, int &variants) const {
    if (loop == nest.loops()) {
      ++variants;
      return double(times) * (cyclesOfStep(tile) * steps() * share + kTileCycles +
                              kAccumulatorCycles * double(accumulatorsOf(tile)));
    }
    if (nest.reductions[loop])
      return cyclesOf(tile, loop + 1, times, variants);
    if (loop == lane) {
      int64_t count = (nest.extents[loop] + tile[loop] - 1) / tile[loop];
      return cyclesOf(tile, loop + 1, times * count, variants);
    }
    double cycles = 0;
    for (const Segment &part : evenSegments(nest.extents[loop], tile[loop])) {
      tile[loop] = part.size;
      cycles += cyclesOf(tile, loop + 1, times * part.count, variants);
    }
    return cycles;
  }

  /// By how much the larger share of two threads is above the half: threads get whole tiles.
  double unevenness(ArrayRef<int64_t> tile) const {
    int64_t tiles = 1;
    double work = 1;
    for (unsigned loop = 0; loop < nest.loops(); ++loop) {
      work *= double(nest.extents[loop]);
      if (!nest.reductions[loop] && !nest.meeting[loop])
        tiles *= llvm::divideCeil(nest.extents[loop], tile[loop]);
    }
    if (work < double(kWorthSharing) || tiles >= kManyTiles)
      return 1;
    return double(llvm::alignTo(tiles, 2)) / double(tiles);
  }

  bool areResultsContiguous() const {
    for (unsigned i = nest.firstOutput(); i < nest.indices.size(); ++i)
      if (stride(i, lane) != 1)
        return false;
    return true;
  }

  /// Loops in the tile that are not the innermost of the rows or of the columns.
  int farLoops(ArrayRef<int64_t> tile) const {
    int far = 0;
    for (unsigned number : {1u, kTiledLoops + 1}) {
      std::optional<unsigned> loop = candidate(number);
      far += loop && tile[*loop] > 1;
    }
    // A whole block is one row in memory, two halves of blocks are not.
    bool isCut = !nest.reductions[lane] && tile[lane] < nest.extents[lane];
    std::optional<unsigned> column = candidate(kTiledLoops);
    far += isCut && column && tile[*column] > 1;
    return far;
  }

  unsigned innermost() const {
    unsigned last = 0;
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      last = nest.reductions[loop] ? loop : last;
    return last;
  }

  /// The tile with the steps of reducing loops that are written out.
  SmallVector<int64_t> withSteps(ArrayRef<int64_t> tile) const {
    SmallVector<int64_t> all(tile);
    for (unsigned loop : domain.worthWritingOut(tile, innermost()))
      all[loop] = nest.extents[loop];
    all[innermost()] = std::max(all[innermost()], kShortUnroll);
    return all;
  }

  void judge(ArrayRef<int64_t> tile) {
    // One register is left to the values that pass through.
    int64_t held = accumulatorsOf(tile) + std::min(loadsOf(a, tile), loadsOf(b, tile)) + 1;
    if (held > machine.registers - (machine.hasManyRegisters() ? 1 : 0))
      return;
    share = domain.of(withSteps(tile));
    int variants = 0;
    double cycles = cyclesOf(SmallVector<int64_t>(tile), 0, 1, variants);
    // Dot products of rows use what they read once a tile: the large matrix shall pass as seldom
    // as can be.
    if (nest.reductions[lane] && llvm::count(nest.reductions, true) == 1)
      cycles += passCycles(a, tile) + passCycles(b, tile);
    cycles *= 1 + kVariantCost * (variants - 1) + kFarCost * farLoops(tile) +
              kVectorCost * double(loadsOf(b, tile));
    if (!nest.reductions[lane] && !areResultsContiguous())
      cycles *= 1 + kApartCost;
    cycles *= unevenness(tile);
    if (best && cycles >= bestCycles)
      return;
    bestCycles = cycles;
    best = Schedule();
    best->laneLoop = lane;
    best->lanes = lanes;
    best->tile.assign(tile.begin(), tile.end());
  }

  //===--- Order ----------------------------------------------------------===//

  void order() {
    for (unsigned loop = 0; loop < nest.loops(); ++loop)
      if (nest.reductions[loop])
        best->inner.push_back(loop);
    for (unsigned loop : domain.worthWritingOut(best->tile, innermost()))
      best->tile[loop] = nest.extents[loop];
    unrollInnermost();
    // The loops of the tile and the row above it run innermost; others are parts for the threads.
    SmallVector<Level> outer, inner;
    auto addLevel = [&](SmallVectorImpl<Level> &levels, unsigned loop) {
      levels.push_back({loop, best->tile[loop]});
    };
    for (unsigned loop : shared)
      addLevel(outer, loop);
    SmallVector<Level> outerRows, columnLevels;
    for (auto [i, loop] : llvm::enumerate(rows))
      addLevel(i + kTiledLoops < rows.size() ? outerRows : inner, loop);
    for (unsigned loop : nest.window)
      addLevel(inner, loop);
    for (unsigned loop : columns)
      addLevel(columnLevels, loop);
    if (!nest.reductions[lane])
      addLevel(columnLevels, lane);
    TileTraffic traffic(*this, best->tile);
    int64_t together = traffic.rowsTogether();
    bool rowsFirst = traffic.rowsFirst(together) <= traffic.columnsFirst();
    if (together == 1)
      cutRows = traffic.rowsOfImage();
    if (cutRows > 0) {
      rowsFirst = true;
      outerRows.push_back({rows[1], cutRows});
    } else if (rowsFirst && together > 1 && together < nest.extents[rows.front()]) {
      outer.push_back({rows.front(), together});
      rowsFirst = false;
    }
    llvm::append_range(outer, rowsFirst ? outerRows : columnLevels);
    llvm::append_range(outer, rowsFirst ? columnLevels : outerRows);
    best->levels = outer;
    shareOut(outer, inner);
    blockReductions();
    llvm::append_range(best->levels, inner);
  }

  /// Whether windows overlap so that one row of the tile reads what another has read up to `steps`
  /// iterations of `loop` before. LLVM would share these loads between the steps, and keep them in
  /// registers.
  bool readsAgain(unsigned loop, int64_t steps) const {
    return llvm::any_of(rows, [&](unsigned row) {
      for (int64_t i = 1; i < best->tile[row]; ++i)
        for (int64_t step = 1; step < steps; ++step)
          if (i * stride(a, row) == step * stride(a, loop))
            return true;
      return false;
    });
  }

  void unrollInnermost() {
    unsigned last = best->inner.back();
    // Of one vector and many numbers LLVM would keep the numbers' registers as the next sums, and
    // run out of registers.
    bool isOneVector = loadsOf(a, best->tile) == 1 || loadsOf(b, best->tile) == 1;
    int64_t wanted = machine.hasManyRegisters() ? kLongUnroll : isOneVector ? 1 : kShortUnroll;
    // Rows of two loops have places that are no multiples of one distance.
    if (llvm::count_if(rows, [&](unsigned row) { return best->tile[row] > 1; }) > 1)
      wanted = 1;
    if (readsAgain(last, wanted))
      wanted = 1;
    int64_t writtenOut = accumulatorsOf(best->tile);
    for (unsigned loop : best->inner)
      writtenOut *= loop == last ? 1 : best->tile[loop];
    while (wanted > 1 && writtenOut * wanted > kMostWritten)
      wanted /= 2;
    if (last != lane && nest.extents[last] % wanted == 0 && nest.extents[last] > wanted)
      best->tile[last] = wanted;
  }

  void shareOut(ArrayRef<Level> outer, ArrayRef<Level> inner) {
    double work = 1;
    for (int64_t extent : nest.extents)
      work *= double(extent);
    if (work < double(kWorthSharing))
      return;
    // Of a loop that is divided twice, threads share the outer parts.
    auto isDivided = [&](unsigned loop) {
      return llvm::any_of(outer.take_front(best->tasks),
                          [&](const Level &above) { return above.loop == loop; });
    };
    int64_t tasks = 1;
    for (const Level &level : outer) {
      if (tasks >= kEnoughTasks || isDivided(level.loop) || nest.meeting[level.loop])
        break;
      tasks *= (nest.extents[level.loop] + level.step - 1) / level.step;
      ++best->tasks;
    }
    // Parts of the rows above the tile, and of what else stands there.
    for (const Level &level : best->tasks == outer.size() ? inner : ArrayRef<Level>()) {
      if (tasks >= kEnoughTasks)
        break;
      int64_t extent = nest.extents[level.loop];
      int64_t size = llvm::divideCeil(extent, llvm::divideCeil(kEnoughTasks, tasks));
      size = llvm::alignTo(size, level.step);
      if (size >= extent || isDivided(level.loop) || nest.meeting[level.loop])
        continue;
      best->levels.push_back({level.loop, size});
      ++best->tasks;
      tasks *= llvm::divideCeil(extent, size);
    }
    if (tasks == 1)
      best->tasks = 0;
  }

  //===--- Blocks of reducing loops ---------------------------------------===//

  /// So that what is read for every row stays in the first cache, or with many registers, where the
  /// loads are fewer, in the second.
  void blockReductions() {
    double limit = machine.hasManyRegisters() ? double(machine.l2Bytes) * kShareOfL2
                                              : double(machine.l1Bytes) * kShareOfL1;
    if (!nest.canWait(lane) || best->inner.size() < 2)
      return;
    TileTraffic traffic(*this, best->tile);
    // What a gives to few rows can stay, too; what it gives to many passes by.
    for (bool withA : {true, false}) {
      if (withA && (cutRows > 0 || traffic.rowTiles() > double(kFewRowTiles)))
        continue;
      SmallVector<int64_t> block(nest.extents);
      double stepsLeft = steps();
      auto fits = [&] {
        return traffic.residentB(block) + (withA ? traffic.residentA(block) : 0) <= limit;
      };
      for (unsigned loop : ArrayRef(best->inner).drop_back()) {
        while (!fits() && block[loop] > 1 && stepsLeft / 2 >= double(kWorthBlocking)) {
          stepsLeft *= double((block[loop] + 1) / 2) / double(block[loop]);
          block[loop] = (block[loop] + 1) / 2;
        }
        if (fits())
          break;
      }
      if (!fits())
        continue;
      for (unsigned loop : best->inner)
        if (block[loop] < nest.extents[loop])
          best->levels.push_back({loop, block[loop]});
      return;
    }
  }

  DomainShare domain;
  double share = 1; ///< of the products, that the tile computes which is judged
  int64_t lanes = 1;
  int64_t cutRows = 0; ///< of the second rows, that pass for all columns; 0 for all of them
  std::optional<Schedule> best;
  double bestCycles = 0;
};

} // namespace

std::optional<Schedule> searchTile(const LoopNest &nest, const MachineModel &machine) {
  return Search(nest, machine).find();
}

} // namespace cnnc
