//===- DomainShare.h - How many products padding saves ----------------------===//
#ifndef CNNC_SUPPORT_DOMAINSHARE_H
#define CNNC_SUPPORT_DOMAINSHARE_H

#include "compiler/Support/LoopNest.h"

namespace cnnc {

/// What tiles of a linearized nest leave out because it lies outside of the domain, as the phase
/// Vector writes their loops: a reducing loop runs over the iterations that some row of the tile
/// needs; where its steps are written out and the tile spans the whole row of the map, each point
/// leaves out what it does not need itself. So it is with the first and last steps of the innermost
/// loop, which are written out before and behind it.
class DomainShare {
public:
  /// Steps more than these are code that is better a loop.
  static constexpr int64_t kMostWrittenOut = 8;
  /// The share that must be saved, so that several times the code is worth it.
  static constexpr double kWorthCode = 0.02;
  /// The same for the first and last steps of the innermost loop, which interrupt it: less was
  /// measured to gain nothing.
  static constexpr double kWorthEnds = 0.06;

  explicit DomainShare(const LoopNest &nest);

  /// Reducing loops whose steps are worth to be written out for a tile of these sizes. Not
  /// `innermost`, which is unrolled for other reasons.
  llvm::SmallVector<unsigned> worthWritingOut(llvm::ArrayRef<int64_t> tile,
                                              unsigned innermost) const;
  /// The share of all iterations that tiles of these sizes compute; of a reducing loop the size is
  /// how many steps are written out.
  double of(llvm::ArrayRef<int64_t> tile) const;

private:
  /// A reducing loop, the only other loop that decides which of its iterations count, and the
  /// functions of the two.
  struct Pair {
    unsigned taps, row;
    llvm::SmallVector<LinearIndex> functions;
  };
  double shareOf(const Pair &pair, int64_t rows, bool isWrittenOut) const;
  bool hasEndsWrittenOut(const Pair &pair) const;
  bool counts(const Pair &pair, int64_t row, int64_t tap) const;

  const LoopNest &nest;
  llvm::SmallVector<Pair> pairs;
};

} // namespace cnnc

#endif // CNNC_SUPPORT_DOMAINSHARE_H
