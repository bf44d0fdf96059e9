//===- TileTraffic.cpp - What the tiles of a contraction read from where --===//

#include "compiler/Tiling/TileTraffic.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;

namespace cnnc {

/// The share of the second cache that images have which pass together.
static constexpr double kFullShareOfL2 = 3.0 / 4;
/// The share of the third cache in which an operand stays while the other one passes, beside what
/// else is read and written. Its size is the model's on every machine: cores share it, and what a
/// system tells may be more than they do.
static constexpr double kShareOfL3 = 1.0 / 2;
/// The share of what is read that must be left, so that the rows of an image pass in parts.
static constexpr double kWorthCutting = 0.8;

//===--- Roles ------------------------------------------------------------===//

int64_t TileRoles::elementBytes(unsigned operand) const {
  auto shaped = dyn_cast<ShapedType>(nest.operands()[operand]->get().getType());
  return shaped ? shaped.getElementTypeBitWidth() / 8 : 0;
}

double TileRoles::bytesOf(unsigned operand) const {
  auto shaped = dyn_cast<ShapedType>(nest.operands()[operand]->get().getType());
  return shaped ? double(shaped.getNumElements()) * double(elementBytes(operand)) : 0;
}

bool TileRoles::isOuterRow(unsigned loop) const {
  auto found = llvm::find(rows, loop);
  return found != rows.end() && size_t(found - rows.begin()) + kTiledLoops < rows.size();
}

double TileRoles::outerRowTiles() const {
  double count = 1;
  for (unsigned loop : rows)
    if (isOuterRow(loop))
      count *= double(nest.extents[loop]);
  return count;
}

//===--- Orders -----------------------------------------------------------===//

double TileTraffic::columnTiles() const {
  double count = 1;
  auto add = [&](unsigned loop) {
    count *= double(llvm::divideCeil(roles.nest.extents[loop], tile[loop]));
  };
  for (unsigned loop : roles.columns)
    add(loop);
  if (!roles.nest.reductions[roles.lane])
    add(roles.lane);
  return count;
}

/// Bytes of an operand that passes so often, where so many bytes pass between two uses of one: what
/// has left the third cache meanwhile comes from memory, and each byte of it counts as many as come
/// from the third cache in its time.
double TileTraffic::passing(double bytes, double passes, double between) const {
  const MachineModel &machine = roles.machine;
  bool isFar = between > double(machine.l3Bytes) * kShareOfL3;
  double each = isFar ? double(machine.l3Bandwidth) / double(machine.memoryBandwidth) : 1;
  return bytes * (1 + (passes - 1) * each);
}

double TileTraffic::columnsFirst() const {
  double wholeA = roles.bytesOf(roles.a);
  double half = double(roles.machine.l2Bytes) * TileRoles::kShareOfL2;
  return passing(wholeA, wholeA > half ? columnTiles() : 1, wholeA) + roles.bytesOf(roles.b);
}

double TileTraffic::rowsFirst(int64_t together) const {
  double half = double(roles.machine.l2Bytes) * TileRoles::kShareOfL2;
  double wholeA = roles.bytesOf(roles.a), wholeB = roles.bytesOf(roles.b);
  double parts = roles.outerRowTiles() / double(together);
  double part = wholeA / parts;
  return passing(wholeA, part <= half ? 1 : columnTiles(), part) +
         passing(wholeB, wholeB > half ? parts : 1, wholeB);
}

int64_t TileTraffic::rowsTogether() const {
  if (roles.rows.size() != TileRoles::kTiledLoops + 1)
    return 1;
  double image = roles.bytesOf(roles.a) / roles.outerRowTiles();
  double room = double(roles.machine.l2Bytes) * kFullShareOfL2 - residentB(roles.nest.extents);
  int64_t all = roles.nest.extents[roles.rows.front()];
  if (image * double(all) <= room)
    return all;
  int64_t most =
      std::max<int64_t>(all * static_cast<int64_t>(columnTiles()) / TileRoles::kEnoughTasks, 1);
  int64_t together = std::clamp<int64_t>(static_cast<int64_t>(room / image), 1, most);
  // Of many parts a smaller one makes no difference.
  if (all / together >= 2 * TileRoles::kEnoughTasks)
    return together;
  for (int64_t even = together; even > together / 2; --even)
    if (all % even == 0)
      return even;
  return together;
}

int64_t TileTraffic::rowsOfImage() const {
  if (roles.rows.size() != TileRoles::kTiledLoops + 1 || readsRowsAgain(roles.rows[1]))
    return 0;
  int64_t best = 0;
  double least = kWorthCutting * std::min(rowsFirst(1), columnsFirst());
  // All of b stays beside them, or passes for each part.
  for (bool isPassing : {false, true}) {
    int64_t size = rowsBeside(isPassing ? residentB(roles.nest.extents) : roles.bytesOf(roles.b));
    if (size == 0)
      continue;
    int64_t parts = llvm::divideCeil(roles.nest.extents[roles.rows[1]], size);
    double passes = isPassing ? roles.outerRowTiles() * double(parts) : 1;
    double wholeB = roles.bytesOf(roles.b);
    double bytes = roles.bytesOf(roles.a) + passing(wholeB, passes, wholeB);
    if (bytes < least) {
      least = bytes;
      best = size;
    }
  }
  return best;
}

/// The rows of an image, in parts of about one size, that stay beside so many bytes; 0 for none.
int64_t TileTraffic::rowsBeside(double bytes) const {
  unsigned loop = roles.rows[1];
  int64_t extent = roles.nest.extents[loop], step = tile[loop];
  double room = double(roles.machine.l2Bytes) * TileRoles::kShareOfL2 - bytes;
  double row = roles.bytesOf(roles.a) / roles.outerRowTiles() / double(extent);
  int64_t most = static_cast<int64_t>(room / row) / step * step;
  if (most <= 0 || most >= extent)
    return 0;
  int64_t parts = llvm::divideCeil(extent, most);
  return llvm::alignTo(llvm::divideCeil(extent, parts), step);
}

/// Whether one step of `loop` reads rows of the map that another one reads, too.
bool TileTraffic::readsRowsAgain(unsigned loop) const {
  return llvm::any_of(llvm::seq(roles.nest.loops()), [&](unsigned taps) {
    int64_t step = roles.stride(roles.a, taps);
    return roles.nest.reductions[taps] && roles.nest.extents[taps] > 1 &&
           step <= roles.stride(roles.a, loop) && step > roles.stride(roles.a, roles.rows[2]);
  });
}

//===--- What is read again and again -------------------------------------===//

double TileTraffic::residentB(ArrayRef<int64_t> block) const {
  double bytes = double(roles.elementBytes(roles.b));
  for (unsigned loop = 0; loop < roles.nest.loops(); ++loop)
    if (roles.reads(roles.b, loop))
      bytes *= double(roles.nest.reductions[loop] ? block[loop] : tile[loop]);
  return bytes;
}

double TileTraffic::residentA(ArrayRef<int64_t> block) const {
  const LoopNest &nest = roles.nest;
  double elements = 1;
  for (unsigned loop = 0; loop < nest.loops(); ++loop)
    if (roles.reads(roles.a, loop) && !roles.isOuterRow(loop) &&
        !llvm::is_contained(roles.shared, loop)) {
      int64_t extent = nest.reductions[loop] ? block[loop] : nest.extents[loop];
      elements += double(std::abs(roles.stride(roles.a, loop)) * (extent - 1));
    }
  return elements * double(roles.elementBytes(roles.a));
}

double TileTraffic::rowTiles() const {
  double count = 1;
  for (unsigned loop : roles.rows)
    if (!roles.isOuterRow(loop))
      count *= double(roles.nest.extents[loop]) / double(tile[loop]);
  return count;
}

} // namespace cnnc
