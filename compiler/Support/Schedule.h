//===- Schedule.h - How the loops of an op run ------------------------------===//
//
// A schedule is data: an attribute that one pass chooses, that can be read in the IR
// and overridden, and from which the phase Vector writes the loops.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_SCHEDULE_H
#define CNNC_SUPPORT_SCHEDULE_H

#include "mlir/IR/BuiltinAttributes.h"
#include <optional>
#include <string>

namespace cnnc {

/// Elements of the longest vector that a schedule may ask for: 64 bytes of i8.
inline constexpr int64_t kMostLanes = 64;
/// Loops around a tile: each splits a range, so that with more of them nothing is left to split.
inline constexpr size_t kMostLevels = 32;
/// Of the op that is to have a schedule.
inline constexpr llvm::StringLiteral kScheduleAttr = "cnn.schedule";

/// One loop of the generated nest: over `loop` of the op, `step` iterations at once.
struct Level {
  unsigned loop;
  int64_t step;
};

/// `count` blocks of `size` iterations, of which the first do `again` what the segment before has
/// done last.
struct Segment {
  int64_t count, size, again = 0;
};
/// `extent` iterations in blocks of at most `size`, as equal as they can be so that none is small.
llvm::SmallVector<Segment, 3> evenSegments(int64_t extent, int64_t size);

/// Levels run from the outermost in. A loop that does not reduce ends in a level whose step is its
/// tile: so many iterations are in registers at once. A loop that reduces may have levels, too:
/// then its results wait in the output between two blocks. Reducing loops run innermost within
/// these blocks, in the order of `inner`, unrolled by their tiles.
struct Schedule {
  unsigned laneLoop = 0; ///< neighbouring iterations of this loop lie in one vector
  int64_t lanes = 1;     ///< elements of a vector
  llvm::SmallVector<int64_t> tile;
  llvm::SmallVector<Level> levels;
  unsigned tasks = 0; ///< levels from the outermost whose iterations threads may share
  llvm::SmallVector<unsigned> inner;
  /// Results that fill no vector go in halves of one, and halves of these, not one by one; so do
  /// the terms of sums whose lanes are added up. Not in the attribute: contractions halve results
  /// alone, and of the ops that just pass over memory those with short rows do both.
  bool halvesResults = true, halvesTerms = false;
  /// The last vector of a row may start early, and compute results again, instead of several
  /// shorter ones. Not in the attribute: it depends on where the buffers are.
  bool repeatsResults = false;

  mlir::DictionaryAttr toAttribute(mlir::MLIRContext *context) const;
  /// Nothing if `attribute` is no schedule for loops of which `reductions` reduce; then `reason`,
  /// if there is one, says why.
  static std::optional<Schedule> parse(mlir::Attribute attribute, llvm::ArrayRef<bool> reductions,
                                       std::string *reason = nullptr);

  /// Blocks of a loop of `size` iterations at one level: those of a tile are even, lanes come in
  /// whole vectors, and then in halves of one or one by one.
  llvm::SmallVector<Segment, 3> segmentsOf(const Level &level, int64_t size, bool reduces) const;
};

} // namespace cnnc

#endif // CNNC_SUPPORT_SCHEDULE_H
