//===- KernelFacts.h - What a scheduled loop nest does, in numbers ----------===//
//
// Reads a module after the phase Tiling: what `cnnc explain` prints.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_KERNELFACTS_H
#define CNNC_SUPPORT_KERNELFACTS_H

#include "compiler/Support/OpPlace.h"
#include "compiler/Support/Schedule.h"
#include "compiler/Support/StepCost.h"
#include "mlir/IR/BuiltinOps.h"
#include <map>
#include <string>
#include <vector>

namespace cnnc {

/// Iterations of a reducing loop between two visits of the sums to memory.
struct ReductionBlock {
  unsigned loop;
  int64_t size, extent;
};

/// The registers of a contraction.
struct TileFacts {
  int64_t lanes;
  unsigned laneLoop;
  int64_t laneExtent;
  bool lanesReduce;      ///< the lanes are parts of one sum
  int64_t rows, columns; ///< columns in vectors
  std::vector<ReductionBlock> blocks;
  StepCost step;
  StepCost::Bound bound;
  double cycles;      ///< of a step
  double shareOfPeak; ///< of vectors of the full width
  double skipped;     ///< share of the products that are left out, since padding makes them zero
};

/// One loop nest of the generated code.
struct KernelFacts {
  OpPlace place;
  std::string kind;               ///< direct convolution, filter gradient, matrix product, sweep, …
  int64_t tasks = 1;              ///< parts that threads share; of a sweep, chosen later, always 1
  int64_t bytes = 0;              ///< of all operands, once
  std::optional<TileFacts> tile;  ///< of contractions
  std::vector<int64_t> extents;   ///< of the loops
  std::vector<unsigned> reducing; ///< loops
  std::string schedule;           ///< the attribute as a text; empty without one
};

/// The nests of all functions, in their order.
std::vector<KernelFacts> describeKernels(mlir::ModuleOp module, const MachineModel &machine);

/// How the images of a layer lie in memory, by its name and direction: of a module after the phase
/// Layout.
using LayoutTexts = std::map<std::pair<std::string, std::string>, std::string>;
LayoutTexts describeLayouts(mlir::ModuleOp module);

} // namespace cnnc

#endif // CNNC_SUPPORT_KERNELFACTS_H
