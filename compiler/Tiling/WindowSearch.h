//===- WindowSearch.h - The best tile where each lane has its own window ----===//
#ifndef CNNC_TILING_WINDOWSEARCH_H
#define CNNC_TILING_WINDOWSEARCH_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/MachineModel.h"
#include "compiler/Support/Schedule.h"

namespace cnnc {

/// The schedule with the fewest cycles for a linearized nest that sums products of two inputs that
/// both differ from lane to lane, one of them at the places of a window: depthwise convolutions and
/// their gradients. Nothing for other nests.
std::optional<Schedule> searchWindow(const LoopNest &nest, const MachineModel &machine);

} // namespace cnnc

#endif // CNNC_TILING_WINDOWSEARCH_H
