//===- ScheduleCheck.h - What schedules an op can have ----------------------===//
#ifndef CNNC_SUPPORT_SCHEDULECHECK_H
#define CNNC_SUPPORT_SCHEDULECHECK_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/Schedule.h"

namespace cnnc {

/// Sums of a tile, in vectors. No processor has so many registers; with more, only code grows.
inline constexpr int64_t kMostSums = 256;
/// Steps of sums in the code of all kinds of tiles together: what LLVM compiles in seconds.
inline constexpr int64_t kMostCode = 1 << 14;

/// Why the loops of `nest` cannot run so, though it is a schedule of such loops (Schedule::parse);
/// empty if they can.
std::string obstacleTo(const LoopNest &nest, const Schedule &schedule);

} // namespace cnnc

#endif // CNNC_SUPPORT_SCHEDULECHECK_H
