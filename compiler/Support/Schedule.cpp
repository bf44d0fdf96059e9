//===- Schedule.cpp - How the loops of an op run --------------------------===//

#include "compiler/Support/Schedule.h"

#include "mlir/IR/Builders.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

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

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// Takes an attribute apart. What is wrong with it is in `reason`.
class Reader {
public:
  explicit Reader(ArrayRef<bool> reductions) : reductions(reductions) {}

  bool read(Attribute attribute);

  Schedule schedule;
  std::string reason;

private:
  bool refuse(const Twine &text) {
    reason = text.str();
    return false;
  }
  bool readNumber(StringRef key, int64_t least, int64_t most, int64_t &number);
  bool readList(StringRef key, ArrayRef<int64_t> &list);
  bool readLevels();
  bool readInner();
  bool checkTasks();
  bool checkTile();

  ArrayRef<bool> reductions;
  DictionaryAttr dictionary;
};

} // namespace

bool Reader::readNumber(StringRef key, int64_t least, int64_t most, int64_t &number) {
  auto attribute = dictionary.getAs<IntegerAttr>(key);
  if (!attribute || !attribute.getType().isSignlessInteger(64))
    return refuse("'" + key + "' must be a number");
  number = attribute.getInt();
  if (number < least || number > most)
    return refuse("'" + key + "' must be from " + Twine(least) + " to " + Twine(most) +
                  ", but is " + Twine(number));
  return true;
}

bool Reader::readList(StringRef key, ArrayRef<int64_t> &list) {
  auto attribute = dictionary.getAs<DenseI64ArrayAttr>(key);
  if (!attribute)
    return refuse("'" + key + "' must be a list of numbers");
  list = attribute.asArrayRef();
  return true;
}

bool Reader::readLevels() {
  ArrayRef<int64_t> flat;
  if (!readList("levels", flat))
    return false;
  if (flat.size() % 2 != 0)
    return refuse("'levels' must be pairs of a loop and a step");
  if (flat.size() / 2 > kMostLevels)
    return refuse("'levels' must be at most " + Twine(kMostLevels) + " pairs");
  for (size_t i = 0; i < flat.size(); i += 2) {
    if (flat[i] < 0 || flat[i] >= int64_t(reductions.size()))
      return refuse("'levels' has no loop " + Twine(flat[i]) + " to name");
    if (flat[i + 1] < 1)
      return refuse("'levels' has a step of " + Twine(flat[i + 1]));
    schedule.levels.push_back({unsigned(flat[i]), flat[i + 1]});
  }
  return true;
}

/// Every loop that reduces, once.
bool Reader::readInner() {
  ArrayRef<int64_t> list;
  if (!readList("inner", list))
    return false;
  SmallVector<bool> missing(reductions);
  for (int64_t loop : list) {
    if (loop < 0 || loop >= int64_t(reductions.size()) || !missing[loop])
      return refuse("'inner' must be the loops that reduce, each once, but has " + Twine(loop));
    missing[loop] = false;
    schedule.inner.push_back(unsigned(loop));
  }
  if (auto left = llvm::find(missing, true); left != missing.end())
    return refuse("'inner' must be the loops that reduce, but lacks " +
                  Twine(left - missing.begin()));
  return true;
}

/// The number of a task is taken apart by the sizes of whole loops.
bool Reader::checkTasks() {
  SmallVector<bool> seen(reductions.size(), false);
  for (const Level &level : ArrayRef(schedule.levels).take_front(schedule.tasks)) {
    if (reductions[level.loop])
      return refuse("'tasks' shares loop " + Twine(level.loop) + ", which reduces");
    if (seen[level.loop])
      return refuse("'tasks' shares two levels of loop " + Twine(level.loop));
    seen[level.loop] = true;
  }
  return true;
}

/// Every loop that does not reduce ends in a level of its tile.
bool Reader::checkTile() {
  SmallVector<int64_t> last(reductions.size(), 0);
  for (const Level &level : schedule.levels)
    last[level.loop] = level.step;
  for (auto [loop, reduces] : llvm::enumerate(reductions)) {
    if (schedule.tile[loop] < 1)
      return refuse("'tile' has " + Twine(schedule.tile[loop]) + " iterations of loop " +
                    Twine(loop));
    if (!reduces && last[loop] != schedule.tile[loop])
      return refuse("'levels' must end with a step of " + Twine(schedule.tile[loop]) +
                    " for loop " + Twine(loop) + ", as 'tile' has it, but " +
                    (last[loop] ? "the last one is " + Twine(last[loop]) : Twine("has none")));
  }
  int64_t laneTile = schedule.tile[schedule.laneLoop];
  if (!reductions[schedule.laneLoop] && laneTile % schedule.lanes != 0)
    return refuse("'tile' must have whole vectors of loop " + Twine(schedule.laneLoop) +
                  ", but has " + Twine(laneTile) + " iterations for " + Twine(schedule.lanes) +
                  " lanes");
  return true;
}

bool Reader::read(Attribute attribute) {
  dictionary = dyn_cast_or_null<DictionaryAttr>(attribute);
  if (!dictionary)
    return refuse("it is no dictionary");
  static constexpr StringLiteral keys[] = {"inner",  "lane_loop", "lanes",
                                           "levels", "tasks",     "tile"};
  for (NamedAttribute entry : dictionary)
    if (!llvm::is_contained(keys, entry.getName().strref()))
      return refuse("it has no key '" + entry.getName().strref() + "'");
  for (StringRef key : keys)
    if (!dictionary.contains(key))
      return refuse("'" + key + "' is missing");
  int64_t laneLoop, tasks;
  ArrayRef<int64_t> tile;
  // First what tells schedules of another number of loops from those of these.
  if (!readList("tile", tile))
    return false;
  if (tile.size() != reductions.size())
    return refuse("'tile' must have " + Twine(reductions.size()) + " numbers, but has " +
                  Twine(tile.size()));
  if (!readNumber("lane_loop", 0, int64_t(reductions.size()) - 1, laneLoop) ||
      !readNumber("lanes", 1, kMostLanes, schedule.lanes) || !readLevels() ||
      !readNumber("tasks", 0, int64_t(schedule.levels.size()), tasks) || !readInner())
    return false;
  if (!llvm::isPowerOf2_64(uint64_t(schedule.lanes)))
    return refuse("'lanes' must be a power of 2, but is " + Twine(schedule.lanes));
  schedule.laneLoop = unsigned(laneLoop);
  schedule.tasks = unsigned(tasks);
  schedule.tile.assign(tile.begin(), tile.end());
  return checkTasks() && checkTile();
}

std::optional<Schedule> Schedule::parse(Attribute attribute, ArrayRef<bool> reductions,
                                        std::string *reason) {
  Reader reader(reductions);
  if (reader.read(attribute))
    return std::move(reader.schedule);
  if (reason)
    *reason = std::move(reader.reason);
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Blocks
//===----------------------------------------------------------------------===//

SmallVector<Segment, 3> Schedule::segmentsOf(const Level &level, int64_t size, bool reduces) const {
  int64_t step = std::min(level.step, size);
  bool isTile = !reduces && level.step == tile[level.loop];
  if (isTile && level.loop != laneLoop)
    return evenSegments(size, step);
  SmallVector<Segment, 3> segments;
  auto add = [&](int64_t count, int64_t length) {
    if (count > 0 && length > 0)
      segments.push_back({count, length});
  };
  if (isTile)
    step = std::max<int64_t>(step / lanes * lanes, 1);
  add(size / step, step);
  int64_t rest = size % step;
  if (!isTile) {
    add(1, rest);
    return segments;
  }
  add(rest / lanes, lanes);
  rest %= lanes;
  if (repeatsResults && size > lanes && llvm::popcount(uint64_t(rest)) > 1) {
    segments.push_back({1, lanes, lanes - rest});
    return segments;
  }
  for (int64_t half = lanes / 2; halvesResults && half > 1; half /= 2) {
    add(rest / half, half);
    rest %= half;
  }
  add(rest, 1);
  return segments;
}

} // namespace cnnc
