//===- DomainShare.cpp - How many products padding saves ------------------===//

#include "compiler/Support/DomainShare.h"
#include "compiler/Support/Schedule.h"

using namespace mlir;

namespace cnnc {

DomainShare::DomainShare(const LoopNest &nest) : nest(nest) {
  for (unsigned taps = 0; taps < nest.loops(); ++taps) {
    if (!nest.reductions[taps])
      continue;
    Pair pair{taps, nest.loops(), {}};
    bool isPair = true;
    for (const LinearIndex &function : nest.domain) {
      if (function.strides[taps] == 0)
        continue;
      for (unsigned loop = 0; loop < nest.loops(); ++loop) {
        if (loop == taps || function.strides[loop] == 0)
          continue;
        isPair &= !nest.reductions[loop] && (pair.row == nest.loops() || pair.row == loop);
        pair.row = loop;
      }
      pair.functions.push_back(function);
    }
    if (isPair && pair.row < nest.loops())
      pairs.push_back(pair);
  }
}

bool DomainShare::counts(const Pair &pair, int64_t row, int64_t tap) const {
  return llvm::all_of(pair.functions, [&](const LinearIndex &function) {
    return function.offset + function.strides[pair.row] * row + function.strides[pair.taps] * tap >=
           0;
  });
}

double DomainShare::shareOf(const Pair &pair, int64_t rows, bool isWrittenOut) const {
  int64_t extent = nest.extents[pair.row], taps = nest.extents[pair.taps], computed = 0;
  int64_t first = 0;
  for (const Segment &segment : evenSegments(extent, rows))
    for (int64_t i = 0; i < segment.count; ++i, first += segment.size)
      for (int64_t tap = 0; tap < taps; ++tap) {
        int64_t needed = 0;
        for (int64_t row = first; row < first + segment.size; ++row)
          needed += counts(pair, row, tap);
        computed += isWrittenOut ? needed : needed > 0 ? segment.size : 0;
      }
  return double(computed) / double(extent * taps);
}

SmallVector<unsigned> DomainShare::worthWritingOut(ArrayRef<int64_t> tile,
                                                   unsigned innermost) const {
  SmallVector<bool> isWorth(nest.loops(), false);
  for (const Pair &pair : pairs) {
    int64_t row = nest.extents[pair.row];
    if (tile[pair.row] == row && shareOf(pair, row, true) <= shareOf(pair, row, false) - kWorthCode)
      isWorth[pair.taps] = true;
    // Around a loop of unknown length LLVM keeps an address for each load of the loops inside.
    if (pair.taps < innermost && shareOf(pair, tile[pair.row], false) < 1)
      std::fill(isWorth.begin() + pair.taps + 1, isWorth.end(), true);
  }
  SmallVector<unsigned> loops;
  for (unsigned loop = 0; loop < innermost; ++loop)
    if (isWorth[loop] && nest.reductions[loop] && nest.extents[loop] <= kMostWrittenOut)
      loops.push_back(loop);
  return loops;
}

/// Whether a loop for itself is worth to be written out where it does not count for the whole row.
bool DomainShare::hasEndsWrittenOut(const Pair &pair) const {
  if (llvm::is_contained(ArrayRef(nest.reductions).drop_front(pair.taps + 1), true))
    return false; // not the innermost
  int64_t rows = nest.extents[pair.row], steps = 0;
  for (int64_t tap = 0; tap < nest.extents[pair.taps]; ++tap)
    steps += !llvm::all_of(llvm::seq<int64_t>(rows),
                           [&](int64_t row) { return counts(pair, row, tap); });
  return steps <= kMostWrittenOut && shareOf(pair, rows, true) <= 1 - kWorthEnds;
}

double DomainShare::of(ArrayRef<int64_t> tile) const {
  double share = 1;
  for (const Pair &pair : pairs) {
    bool isWholeRow = tile[pair.row] == nest.extents[pair.row];
    if (isWholeRow && tile[pair.taps] == nest.extents[pair.taps])
      share *= shareOf(pair, tile[pair.row], true);
    else if (tile[pair.taps] == 1)
      share *= shareOf(pair, tile[pair.row], isWholeRow && hasEndsWrittenOut(pair));
  }
  return share;
}

} // namespace cnnc
