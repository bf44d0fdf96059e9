//===- VariantChecker.h - Gradients against differences ---------------------===//
#ifndef CNNC_TEST_ORACLE_VARIANTCHECKER_H
#define CNNC_TEST_ORACLE_VARIANTCHECKER_H

#include "test/oracle/CompiledNet.h"
#include "test/oracle/VariantNet.h"

namespace cnnc::oracle {

/// What a row of the table says.
struct RowResult {
  size_t values = 0; ///< compared with differences
  double worstGradient = 0, worstForward = 0;
  std::vector<std::string> failures;
};

/// Compiles a row in f64, through all phases and, if wished, by the reference pipeline, and
/// compares
///   - each coordinate of each gradient with the central difference of the compiled loss,
///   - the outputs and the loss with plain loops on the typed tree.
/// An error is relative to the largest number of the tensor that it is in.
class VariantChecker {
public:
  /// With `isCorrupted` the gradients are wrong in their fifth decimal: then rows must fail.
  explicit VariantChecker(bool isCorrupted);
  ~VariantChecker();
  RowResult check(const VariantRow &row, bool withReference);

private:
  bool isCorrupted;
  std::unique_ptr<mlir::MLIRContext> context;
};

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_VARIANTCHECKER_H
