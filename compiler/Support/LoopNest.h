//===- LoopNest.h - linalg ops and kernels as loops over linear memory ------===//
//
// What scheduling and code generation have to know of an op, whichever of the two
// it is: the sizes of its loops, which of them reduce, and how far apart in memory
// two neighbouring iterations are for each operand.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_LOOPNEST_H
#define CNNC_SUPPORT_LOOPNEST_H

#include "dialect/CnnOps.h"
#include "mlir/IR/AffineMap.h"
#include <optional>

namespace cnnc {

/// An element's place: offset + sum over the loops of strides[i] * iteration i, in elements.
struct LinearIndex {
  int64_t offset = 0;
  llvm::SmallVector<int64_t> strides;
};

/// A linalg op or a cnn.kernel.
struct LoopNest {
  mlir::Operation *op = nullptr;
  llvm::SmallVector<int64_t> extents;
  llvm::SmallVector<bool> reductions;
  /// Operands that the reducing part reads, that the finishing part reads, and that are written.
  llvm::SmallVector<mlir::OpOperand *> inputs, extras, outputs;
  mlir::Block *body = nullptr;
  mlir::Block *finish = nullptr;             ///< of a kernel
  mlir::Block *pool = nullptr;               ///< of a kernel that pools what it has finished
  llvm::SmallVector<unsigned> window;        ///< the loops that it pools over
  llvm::SmallVector<mlir::Attribute> starts; ///< of a kernel's accumulators
  /// Where elements lie, operand by operand in the order of operands(). See linearize.
  llvm::SmallVector<LinearIndex> indices;
  /// Linear functions of the loops: an iteration where one is negative changes no accumulator. See
  /// linearize.
  llvm::SmallVector<LinearIndex> domain;
  /// Loops of which several decide together where an output is written: iterations may meet there.
  llvm::SmallVector<bool> meeting;

  /// Nothing for other ops, and for loops of unknown size.
  static std::optional<LoopNest> of(mlir::Operation *op);

private:
  std::optional<LinearIndex> linearIndex(mlir::OpOperand &operand) const;
  void findMeetingLoops();
  bool findDomain();

public:
  bool isKernel() const { return finish != nullptr; }
  unsigned loops() const { return extents.size(); }
  bool hasReductions() const { return llvm::is_contained(reductions, true); }
  /// The expression as a function of the loops; nothing if it is not linear.
  std::optional<LinearIndex> linear(mlir::AffineExpr expression) const;
  /// The least and the most that the function is in all iterations.
  std::pair<int64_t, int64_t> reachOf(const LinearIndex &function) const;
  mlir::AffineMap mapOf(mlir::OpOperand &operand) const;
  /// Whether the body asks in which iteration it is.
  bool usesIndices() const;
  /// Inputs, extras, outputs.
  llvm::SmallVector<mlir::OpOperand *> operands() const;
  unsigned firstOutput() const { return inputs.size() + extras.size(); }
  /// Fills in `indices` and `domain`; a scalar is always at 0. False where a place is not linear in
  /// the loops.
  bool linearize();
  /// Whether the body reads what the outputs hold before.
  bool readsOutputs() const;
  /// Outputs that are written for each point of the loops, not for a whole window.
  unsigned pointOutputs() const;
  /// The points of a window, row-major: the iterations of its loops, all others 0.
  llvm::SmallVector<llvm::SmallVector<int64_t>> windowPoints() const;
  /// The addition or the maximum that alone combines the only accumulator with an iteration, so
  /// that a vector of partial results can be combined so, too. Null if there is no such op.
  mlir::Operation *combiningOp() const;
  /// Whether accumulators can wait in the outputs between two blocks of a loop that reduces, where
  /// iterations of `laneLoop` lie in one vector.
  bool canWait(unsigned laneLoop) const;
  unsigned accumulators() const { return isKernel() ? starts.size() : outputs.size(); }
};

} // namespace cnnc

#endif // CNNC_SUPPORT_LOOPNEST_H
