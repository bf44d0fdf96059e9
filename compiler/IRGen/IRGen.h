//===- IRGen.h - From the typed syntax tree to the cnn dialect --------------===//
#ifndef CNNC_IRGEN_IRGEN_H
#define CNNC_IRGEN_IRGEN_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"
#include <vector>

namespace cnnc {

class Sources;
struct TypedNet;

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
};

/// One module of one network at one batch size. Every op carries the position in
/// `sources` of the layer that it belongs to, and the layer's name.
mlir::OwningOpRef<mlir::ModuleOp> generateIR(mlir::MLIRContext &context, const TypedNet &net,
                                             const Sources &sources, const IRGenOptions &options);

} // namespace cnnc

#endif // CNNC_IRGEN_IRGEN_H
