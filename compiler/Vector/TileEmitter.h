//===- TileEmitter.h - Loops around a tile of registers ---------------------===//
//
// Writes the loops of one op as its schedule says. In the middle stands a tile: some
// iterations of the loops that do not reduce, each with accumulators of its own, all of
// them values that the innermost loop carries, so that no sum touches memory
// before it is complete.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_VECTOR_TILEEMITTER_H
#define CNNC_VECTOR_TILEEMITTER_H

#include "compiler/Support/LoopNest.h"
#include "compiler/Support/Schedule.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/IRMapping.h"
#include <map>

namespace cnnc {

class TileEmitter {
public:
  /// Whether vectors can be made of it.
  static bool canEmit(const LoopNest &nest);
  /// How the op combines an accumulator with an iteration, if a vector of partial results can
  /// be combined so, too.
  static std::optional<mlir::vector::CombiningKind> combiningKind(const LoopNest &nest);

  /// Sees the operands as rows, where `builder` stands now.
  TileEmitter(const LoopNest &nest, const Schedule &schedule, bool hasFma,
              mlir::OpBuilder &builder);

  /// How many parts the loops of the schedule's first levels have.
  int64_t tasks() const;
  /// Writes the loops of one task; of all, if the schedule has none.
  void emit(mlir::Value task);

private:
  using Value = mlir::Value;
  using Values = llvm::SmallVector<mlir::Value>;

  /// An operand, seen as one row of elements.
  struct Place {
    Value memory; ///< memref<?xT>, or the scalar itself
    bool isScalar;
    LinearIndex index;
    mlir::Type element;
  };
  /// Iterations of one loop: from a value on, a known number.
  struct Range {
    Value base;
    int64_t size;
  };
  using Ranges = llvm::SmallVector<Range>;
  /// Constant distances from where a tile, or an iteration in it, starts; one a loop.
  using Offsets = llvm::SmallVector<int64_t>;
  /// By operand and distance from its first element; and that element's place by kBase.
  using Loaded = llvm::DenseMap<std::pair<unsigned, int64_t>, Value>;
  static constexpr int64_t kBase = std::numeric_limits<int64_t>::min() / 2;
  /// What the loops do that are written now: all, or with blocks of reducing loops one of three.
  enum class Part { Whole, Start, Add, Finish };

  Place placeOf(mlir::OpOperand &operand, const LinearIndex &index);
  llvm::SmallVector<Segment, 3> segmentsOf(const Level &level, int64_t size) const;

  void emitTask(unsigned level, Ranges ranges, llvm::ArrayRef<Value> numbers, unsigned segment);
  void emitLevels(unsigned level, const Ranges &ranges);
  void emitInBlocks(unsigned level, const Ranges &ranges);
  void emitSegment(unsigned level, Ranges ranges, const Segment &segment, int64_t start);

  void emitTile(const Ranges &ranges);
  void streamLongestInput();
  Values freshAccumulators();
  Values startAccumulators(const Ranges &ranges);
  Values loadOutputs(const Ranges &ranges);
  Values reduce(unsigned inner, Ranges ranges, const Offsets &offsets, Values accumulators);
  Values reduceBetween(unsigned inner, Ranges ranges, const Offsets &offsets, Values accumulators);
  Values reduceOnce(const Ranges &ranges, const Offsets &offsets, Values accumulators);
  Values reduceLanes(const Ranges &ranges);
  void finishTile(const Ranges &ranges, llvm::ArrayRef<Value> accumulators);
  void finishPoints(const Ranges &ranges, llvm::ArrayRef<Value> accumulators = {});
  void finishSums(const Ranges &ranges, llvm::ArrayRef<Value> accumulators);
  std::optional<unsigned> loopAlongResults(const Ranges &ranges) const;
  /// Writes what the region `pool` makes of the window that starts at `first`.
  void poolWindow(const Ranges &ranges, const Offsets &first,
                  const std::map<Offsets, Values> &values, Loaded &loaded);
  void storeAll(const Ranges &ranges, llvm::ArrayRef<Value> values);

  /// The iterations of a loop that can be in the nest's domain: from `first` to before `end`.
  struct Span {
    Value first, end;
  };
  bool leavesOut(unsigned inner, const Ranges &ranges) const;
  int64_t mostOfPoints(const LinearIndex &function) const;
  Span spanOf(unsigned inner, const Ranges &ranges, const Offsets &offsets);
  /// How many iterations of a loop are written out before it, and after it.
  struct Ends {
    int64_t first, last;
  };
  Ends endsToWriteOut(unsigned inner, Ranges ranges, const Offsets &offsets) const;
  bool isOutside(unsigned inner, const Ranges &ranges, const Offsets &offsets) const;
  int64_t pointsOutside(unsigned inner, const Ranges &ranges, const Offsets &offsets) const;
  bool areAllOutside(unsigned inner, const Ranges &ranges, const Offsets &offsets) const;
  int64_t mostLeft(const LinearIndex &function, unsigned inner, const Ranges &ranges) const;

  mlir::Type widened(mlir::Type type) const;
  Value spread(Value scalar);
  /// What a block computes of `arguments`, for all lanes.
  Values compute(mlir::Block &block, llvm::ArrayRef<Value> arguments, const Ranges &ranges,
                 const Offsets &offsets);
  mlir::arith::MulFOp summedProduct(mlir::Operation *op) const;
  bool isAccumulator(Value value) const;
  Value indexOf(unsigned loop, const Ranges &ranges, const Offsets &offsets);

  Value neutralElement();
  Value combine(Value a, Value b);
  Values combineLanes(Values accumulators);

  Value load(unsigned number, const Ranges &ranges, const Offsets &offsets, Loaded &loaded);
  Value loadAt(const Place &place, Value at);
  Value loadEverySecond(const Place &place, Value at);
  void store(unsigned number, const Ranges &ranges, const Offsets &offsets, Value value,
             Loaded &loaded);
  Value baseOf(const Place &place, const Ranges &ranges);
  int64_t distance(const Place &place, const Offsets &offsets) const;

  Value constant(int64_t value);
  Value add(Value a, int64_t b);
  Value sum(Value a, Value b);
  Value scaled(Value a, int64_t factor);
  Value larger(Value a, Value b);
  Value smaller(Value a, Value b);

  const LoopNest &nest;
  const Schedule &schedule;
  bool hasFma;
  mlir::OpBuilder &builder;
  mlir::Location loc;
  llvm::DenseMap<int64_t, Value> constants;
  mlir::Operation *constantsEnd = nullptr; ///< the last of them
  llvm::SmallVector<Place> places;         ///< inputs, extras, outputs
  llvm::SmallVector<Offsets> points;
  Part part = Part::Whole;
  int64_t width = 1; ///< lanes of the values that are written now
  unsigned lane;     ///< neighbouring iterations of this loop are these lanes
};

} // namespace cnnc

#endif // CNNC_VECTOR_TILEEMITTER_H
