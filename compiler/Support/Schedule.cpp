//===- Schedule.cpp - How the loops of an op run --------------------------===//

#include "compiler/Support/Schedule.h"

#include "mlir/IR/Builders.h"

using namespace mlir;

namespace cnnc {

SmallVector<Segment, 3> evenSegments(int64_t extent, int64_t size) {
  int64_t count = (extent + size - 1) / size, small = extent / count;
  int64_t larger = extent - small * count; // so many have one more
  SmallVector<Segment, 3> segments;
  if (larger > 0)
    segments.push_back({larger, small + 1});
  if (count > larger)
    segments.push_back({count - larger, small});
  return segments;
}

DictionaryAttr Schedule::toAttribute(MLIRContext *context) const {
  Builder builder(context);
  SmallVector<int64_t> flat, order(inner.begin(), inner.end());
  for (const Level &level : levels)
    flat.append({level.loop, level.step});
  return builder.getDictionaryAttr({
      builder.getNamedAttr("inner", builder.getDenseI64ArrayAttr(order)),
      builder.getNamedAttr("lane_loop", builder.getI64IntegerAttr(laneLoop)),
      builder.getNamedAttr("lanes", builder.getI64IntegerAttr(lanes)),
      builder.getNamedAttr("levels", builder.getDenseI64ArrayAttr(flat)),
      builder.getNamedAttr("tasks", builder.getI64IntegerAttr(tasks)),
      builder.getNamedAttr("tile", builder.getDenseI64ArrayAttr(tile)),
  });
}

static bool isLoop(int64_t number, unsigned loops) {
  return number >= 0 && number < int64_t(loops);
}

/// Every loop that does not reduce ends in a level of its tile, every one that does runs innermost,
/// once, and threads share none that reduces.
bool Schedule::fits(ArrayRef<bool> reductions) const {
  SmallVector<int64_t> innermost(reductions.size(), 0), last(reductions.size(), 0);
  for (unsigned loop : inner)
    ++innermost[loop];
  for (auto [number, level] : llvm::enumerate(levels)) {
    if (number < tasks && reductions[level.loop])
      return false;
    last[level.loop] = level.step;
  }
  for (auto [loop, reduces] : llvm::enumerate(reductions))
    if (innermost[loop] != (reduces ? 1 : 0) || (!reduces && last[loop] != tile[loop]))
      return false;
  return lanes <= kMostLanes && (reductions[laneLoop] || tile[laneLoop] % lanes == 0);
}

std::optional<Schedule> Schedule::parse(Attribute attribute, ArrayRef<bool> reductions) {
  unsigned loops = reductions.size();
  auto dictionary = dyn_cast_or_null<DictionaryAttr>(attribute);
  if (!dictionary)
    return std::nullopt;
  auto lists = [&](StringRef name) { return dictionary.getAs<DenseI64ArrayAttr>(name); };
  auto laneLoop = dictionary.getAs<IntegerAttr>("lane_loop");
  auto lanes = dictionary.getAs<IntegerAttr>("lanes"),
       tasks = dictionary.getAs<IntegerAttr>("tasks");
  DenseI64ArrayAttr tile = lists("tile"), levels = lists("levels"), inner = lists("inner");
  if (!laneLoop || !lanes || !tasks || !tile || !levels || !inner)
    return std::nullopt;
  if (!isLoop(laneLoop.getInt(), loops) || lanes.getInt() < 1 || tile.size() != int64_t(loops) ||
      levels.size() % 2 != 0 || tasks.getInt() < 0 || tasks.getInt() > levels.size() / 2 ||
      llvm::any_of(tile.asArrayRef(), [](int64_t size) { return size < 1; }))
    return std::nullopt;
  Schedule schedule;
  schedule.laneLoop = laneLoop.getInt();
  schedule.lanes = lanes.getInt();
  schedule.tile.assign(tile.asArrayRef().begin(), tile.asArrayRef().end());
  schedule.tasks = tasks.getInt();
  for (int64_t i = 0; i < levels.size(); i += 2) {
    if (!isLoop(levels[i], loops) || levels[i + 1] < 1)
      return std::nullopt;
    schedule.levels.push_back({unsigned(levels[i]), levels[i + 1]});
  }
  for (int64_t loop : inner.asArrayRef()) {
    if (!isLoop(loop, loops))
      return std::nullopt;
    schedule.inner.push_back(loop);
  }
  return schedule.fits(reductions) ? std::optional(schedule) : std::nullopt;
}

} // namespace cnnc
