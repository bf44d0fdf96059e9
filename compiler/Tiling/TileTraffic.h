//===- TileTraffic.h - What the tiles of a contraction read from where ------===//
#ifndef CNNC_TILING_TILETRAFFIC_H
#define CNNC_TILING_TILETRAFFIC_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/MachineModel.h"

namespace cnnc {

/// The parts that the operands and loops of a linearized nest have around a tile: `rows` are the
/// loops that index the input a and not b, `columns` those that index b and not a, from the
/// outermost in memory to the innermost; `shared` index both. The loop `lane` is none of them.
struct TileRoles {
  /// Rows or columns of a tile come from so many loops at most, beside the lanes.
  static constexpr unsigned kTiledLoops = 2;
  /// Shares of the caches for what is read again and again.
  static constexpr double kShareOfL1 = 5.0 / 8, kShareOfL2 = 1.0 / 2;
  /// Parts for the threads.
  static constexpr int64_t kEnoughTasks = 8;

  TileRoles(const LoopNest &nest, const MachineModel &machine) : nest(nest), machine(machine) {}

  int64_t stride(unsigned operand, unsigned loop) const {
    return nest.indices[operand].strides[loop];
  }
  bool reads(unsigned operand, unsigned loop) const { return stride(operand, loop) != 0; }
  int64_t elementBytes(unsigned operand) const;
  double bytesOf(unsigned operand) const;
  /// Whether a loop of the rows is none of those that a tile spans, as the loop over images.
  bool isOuterRow(unsigned loop) const;
  double outerRowTiles() const;

  const LoopNest &nest;
  const MachineModel &machine;
  unsigned lane = 0, a = 0, b = 0;
  llvm::SmallVector<unsigned> rows, columns, shared;
};

/// Bytes that pass the second cache for orders of the loops around one tile, those weighted that
/// come again from memory, and orders that let few pass.
class TileTraffic {
public:
  TileTraffic(const TileRoles &roles, llvm::ArrayRef<int64_t> tile) : roles(roles), tile(tile) {}

  /// If all rows of the map pass for each column: a for each, unless it stays.
  double columnsFirst() const;
  /// If all columns pass for each `together` of the outer rows: b for each, unless it stays.
  double rowsFirst(int64_t together) const;

  /// So many of the outermost rows, as images, that they stay in the second cache beside what one
  /// tile of columns reads, and that threads find parts enough, of one size; 1 where that is no
  /// more.
  int64_t rowsTogether() const;
  /// Where not even one image of a 1x1 convolution stays in the second cache: so many of its rows,
  /// which then pass for all columns; 0 where that is not much less to read, and for windows, which
  /// read rows of the next part, too.
  int64_t rowsOfImage() const;

  /// Bytes of b that the rows of one column tile read again and again, with these blocks of
  /// reducing loops.
  double residentB(llvm::ArrayRef<int64_t> block) const;
  /// Bytes of a between the first and the last that all inner rows read in one block.
  double residentA(llvm::ArrayRef<int64_t> block) const;
  /// Tiles of rows of one image.
  double rowTiles() const;

private:
  double columnTiles() const;
  double passing(double bytes, double passes, double between) const;
  int64_t rowsBeside(double bytes) const;
  bool readsRowsAgain(unsigned loop) const;

  const TileRoles &roles;
  llvm::ArrayRef<int64_t> tile;
};

} // namespace cnnc

#endif // CNNC_TILING_TILETRAFFIC_H
