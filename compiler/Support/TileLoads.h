//===- TileLoads.h - What a tile reads, each place once ---------------------===//
#ifndef CNNC_SUPPORT_TILELOADS_H
#define CNNC_SUPPORT_TILELOADS_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/Schedule.h"

namespace cnnc {

/// Vectors of one input.
struct TileLoads {
  int64_t loads = 0; ///< that the iterations of a body read which are written out
  int64_t held = 0;  ///< of these, that wait for another use at the same time, at most
};

/// Follows the body of the innermost loop as the phase Vector writes it: the iterations of reducing
/// loops that are written out, and in each all points of the tile. LLVM loads a place once.
TileLoads followLoads(const LoopNest &nest, const Schedule &schedule, unsigned input);

} // namespace cnnc

#endif // CNNC_SUPPORT_TILELOADS_H
