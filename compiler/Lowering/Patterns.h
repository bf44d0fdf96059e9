//===- Patterns.h - The families of lowering patterns -----------------------===//
#ifndef CNNC_LOWERING_PATTERNS_H
#define CNNC_LOWERING_PATTERNS_H

#include "mlir/IR/PatternMatch.h"

namespace cnnc {

void populateConvPatterns(mlir::RewritePatternSet &patterns);
void populatePoolPatterns(mlir::RewritePatternSet &patterns);
void populateResamplePatterns(mlir::RewritePatternSet &patterns);
void populateNormPatterns(mlir::RewritePatternSet &patterns);
void populateActivationPatterns(mlir::RewritePatternSet &patterns, bool hasFma);
void populateDropoutPatterns(mlir::RewritePatternSet &patterns);
void populateLinearPatterns(mlir::RewritePatternSet &patterns);
void populateElementwisePatterns(mlir::RewritePatternSet &patterns, bool hasFma);
void populateShapePatterns(mlir::RewritePatternSet &patterns);
void populateLossPatterns(mlir::RewritePatternSet &patterns);
void populateOptimizerPatterns(mlir::RewritePatternSet &patterns);

} // namespace cnnc

#endif // CNNC_LOWERING_PATTERNS_H
