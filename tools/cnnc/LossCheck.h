//===- LossCheck.h - Gradients of the training loss's compiled code ---------===//
//
// In f64, as difference quotients of the loss. A term alone is checked as a layer is. The
// whole network, as training runs it, is moved along random directions: of all trained
// parameters at once, and of all inputs. A direction may cross kinks (relu at 0, ties of
// max), the fewer the shorter the step, so the step is shrunk until the error is within the
// bar, or until rounding is larger than what is measured.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_LOSSCHECK_H
#define CNNC_TOOLS_LOSSCHECK_H

#include "tools/cnnc/LayerCheck.h"

namespace cnnc {

/// The bar of the whole network: kDifferenceBar, but for many numbers at kinks, where each
/// that is crossed at the shortest usable step adds its share to the error.
inline constexpr double kKinkBar = 1e-3;
bool hasKinks(const TypedNet &net);

/// Both need a network with a train section.
Result<LayerReport> checkLossTerm(CheckCompiler &compiler, const TypedNet &net,
                                  const LossTerm &term, uint64_t seed);
Result<LayerReport> checkNetwork(CheckCompiler &compiler, const TypedNet &net, uint64_t seed);

} // namespace cnnc

#endif // CNNC_TOOLS_LOSSCHECK_H
