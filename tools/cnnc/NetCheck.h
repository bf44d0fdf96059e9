//===- NetCheck.h - Gradients of all layers of a network --------------------===//
#ifndef CNNC_TOOLS_NETCHECK_H
#define CNNC_TOOLS_NETCHECK_H

#include "tools/cnnc/LayerCheck.h"

#include "llvm/ADT/STLFunctionalExtras.h"

namespace cnnc {

struct NetReport {
  std::vector<LayerReport> layers; ///< one for each layer of the net, in its order
  /// Each term of the loss, then the whole network; empty without a train section.
  std::vector<LayerReport> loss;

  /// The first that has failed, or null.
  const LayerReport *firstFailure() const;
  /// Of the layers and the loss that have failed.
  size_t failures() const;
};

/// Layers that become the same code are checked once and listed each. `seen` hears of each
/// layer and loss as soon as it is checked.
Result<NetReport> checkNet(CheckCompiler &compiler, const TypedNet &net, uint64_t seed,
                           llvm::function_ref<void(const LayerReport &)> seen);

} // namespace cnnc

#endif // CNNC_TOOLS_NETCHECK_H
