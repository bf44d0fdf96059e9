//===- DifferenceCheck.h - Gradients against difference quotients -----------===//
#ifndef CNNC_TOOLS_DIFFERENCECHECK_H
#define CNNC_TOOLS_DIFFERENCECHECK_H

#include "tools/cnnc/LayerCheck.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace cnnc {

/// The derivative of a function of a distance at 0, from its differences
/// f(distance) - f(-distance) at two distances, extrapolated.
double extrapolatedSlope(llvm::function_ref<double(double)> difference, double distance);

/// Compares gradients towards one operand with difference quotients.
class DifferenceChecker {
public:
  /// What moving the operands changes: calls `move(distance)`, then evaluates, for both signs.
  using Move = llvm::function_ref<void(double)>;
  using Difference = llvm::function_ref<double(Move move, double distance)>;

  /// Errors are relative to the largest derivative of the operand, or to `floor`, below which
  /// the quotients resolve nothing.
  DifferenceChecker(Difference difference, double distance, double floor, uint64_t seed)
      : difference(difference), distance(distance), floor(floor), seed(seed) {}

  CheckRow check(const CheckedOperand &operand, size_t which);

private:
  void checkCoordinates(const CheckedOperand &operand, size_t which, CheckRow &row);
  void checkDirections(const CheckedOperand &operand, size_t which, CheckRow &row);

  Difference difference;
  double distance, floor;
  uint64_t seed;
};

/// Notes one comparison; `place` says of what.
void compare(CheckRow &row, double found, double expected, double size, double bar,
             llvm::function_ref<std::string()> place);

} // namespace cnnc

#endif // CNNC_TOOLS_DIFFERENCECHECK_H
