//===- LayerCheck.h - Gradients of one layer's compiled code ----------------===//
//
// A layer alone goes through all phases, and its gradients are compared with what they must
// be. Linear layers: the adjoint identity <dY, A x> = <A^T dY, x> on small integers, whose
// sums are exact, so both sides are equal. Others: f64, difference quotients at two
// distances, extrapolated (Richardson), along random directions and along single coordinates.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_LAYERCHECK_H
#define CNNC_TOOLS_LAYERCHECK_H

#include "tools/cnnc/CheckedCode.h"

namespace cnnc {

/// The largest relative error of a difference quotient.
inline constexpr double kDifferenceBar = 1e-6;

/// What was found of the gradient towards one operand.
struct CheckRow {
  std::string towards;     ///< x, weight, bias
  uint64_t numbers = 0;    ///< coordinates looked at one by one, or in one exact sum
  uint64_t directions = 0; ///< along which all coordinates were moved at once
  double worst = 0;        ///< relative error; of exact checks the difference
  bool passed = true;
  std::string reason; ///< of a failure
};

struct LayerReport {
  std::string name, kind;
  SourceRange range;
  std::string check; ///< exact or differences
  std::vector<CheckRow> rows;

  double worst() const;
  bool passed() const;
};

/// An operand of compiled code with its gradient.
struct CheckedOperand {
  std::string name;
  NumberView values;
  std::optional<NumberView> gradient; ///< none where nothing is trained
};
/// Inputs, then parameters. `values` is what will be moved, `gradients` was differentiated.
std::vector<CheckedOperand> operandsOf(const TypedNet &net, CheckedCode &values,
                                       CheckedCode &gradients);

/// How a layer is a sum of products of its operands.
struct LinearForm {
  /// Numbers of operands, inputs first: the layer is linear in each operand of a term.
  std::vector<std::vector<size_t>> terms;
  /// Of products in the longest sum, of the output or of a gradient, and times the largest
  /// coefficient where coefficients are counted in steps of 1/scale.
  double longestSum = 1;
  double scale = 1;
};
/// None for layers that are not linear, or whose coefficients are not exact: means over what
/// is no power of two.
std::optional<LinearForm> linearForm(const TypedNet &alone, int64_t batch);

/// Both take a network of one layer (isolateLayer).
Result<LayerReport> checkLinear(CheckCompiler &compiler, const TypedNet &alone,
                                const LinearForm &form, uint64_t seed);
Result<LayerReport> checkByDifferences(CheckCompiler &compiler, const TypedNet &alone,
                                       uint64_t seed);
/// By the one that fits.
Result<LayerReport> checkLayer(CheckCompiler &compiler, const TypedNet &alone, uint64_t seed);

} // namespace cnnc

#endif // CNNC_TOOLS_LAYERCHECK_H
