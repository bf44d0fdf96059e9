//===- TileLoads.cpp - What a tile reads, each place once -----------------===//

#include "compiler/Support/TileLoads.h"

#include <map>

using namespace mlir;

namespace cnnc {

/// Distances from the first place of the iterations in the tile of all loops that reduce, or of all
/// others.
static SmallVector<int64_t> distances(const LoopNest &nest, const Schedule &schedule,
                                      unsigned input, bool ofReductions) {
  SmallVector<int64_t> found{0};
  for (unsigned loop = 0; loop < nest.loops(); ++loop) {
    if (nest.reductions[loop] != ofReductions)
      continue;
    int64_t step = loop == schedule.laneLoop ? schedule.lanes : 1;
    SmallVector<int64_t> all;
    for (int64_t start : found)
      for (int64_t i = 0; i < schedule.tile[loop]; i += step)
        all.push_back(start + i * nest.indices[input].strides[loop]);
    found = std::move(all);
  }
  return found;
}

TileLoads followLoads(const LoopNest &nest, const Schedule &schedule, unsigned input) {
  SmallVector<int64_t> steps = distances(nest, schedule, input, true);
  SmallVector<int64_t> points = distances(nest, schedule, input, false);
  std::map<int64_t, std::pair<int64_t, int64_t>> uses; // by place: the first and the last
  int64_t time = 0;
  for (int64_t step : steps)
    for (int64_t point : points) {
      uses.try_emplace(step + point, time, time).first->second.second = time;
      ++time;
    }
  TileLoads result{int64_t(uses.size()), 0};
  SmallVector<int64_t> change(time + 1, 0);
  for (const auto &[place, use] : uses) {
    ++change[use.first];
    --change[use.second + 1];
  }
  int64_t alive = 0;
  for (int64_t difference : change)
    result.held = std::max(result.held, alive += difference);
  return result;
}

} // namespace cnnc
