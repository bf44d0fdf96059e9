//===- IRGen.h - From the typed syntax tree to the cnn dialect --------------===//
#ifndef CNNC_IRGEN_IRGEN_H
#define CNNC_IRGEN_IRGEN_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <vector>

namespace cnnc {

class Sources;
struct TypedNet;

/// Functions for checks of gradients. `forward` runs as training does, with the masks of
/// dropout that a state of zeros gives.
enum class CheckFunctions {
  None,
  Outputs, ///< also `gradient`, of the sum of outputs times targets `probe.<output>`
  Loss     ///< `forward` takes the targets as inputs and gives the loss; nothing else
};

/// Which functions a module gets. `train_step` and `gradient` need a train section.
struct IRGenOptions {
  int64_t batch = 1;
  bool doublePrecision = false; ///< f64 throughout, for gradient checks
  bool forward = true;
  bool trainStep = true;
  bool gradient = false;
  /// Tensors of TypedNet::tensors whose values `forward` and `gradient` give beside their
  /// results, and those whose gradients `gradient` gives after them: what a check looks into.
  std::vector<uint32_t> valueProbes = {}, gradientProbes = {};
  CheckFunctions checks = CheckFunctions::None; ///< other than None: these functions instead
};

/// One module of one network at one batch size. Every op carries the position in
/// `sources` of the layer that it belongs to, and the layer's name.
mlir::OwningOpRef<mlir::ModuleOp> generateIR(mlir::MLIRContext &context, const TypedNet &net,
                                             const Sources &sources, const IRGenOptions &options);

} // namespace cnnc

#endif // CNNC_IRGEN_IRGEN_H
