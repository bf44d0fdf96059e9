//===- Verification.h - Each phase against the reference pipeline -----------===//
//
// The fast pipeline is the reference pipeline and further phases. They are switched on
// one after the other, in the order of buildPipeline's table, and each time the network
// is run on the same data: the first phase after which a value leaves its bound has
// moved it. A phase that is added to the table is thereby checked.
//
// What both pipelines do (IRGen, Autodiff, Lowering, Memory, the passes of LLVM) has
// nothing to be compared with here; the last row compares LLVM's full optimization, as
// programs and libraries have it, with the quick one that the other rows use.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_VERIFICATION_H
#define CNNC_TOOLS_VERIFICATION_H

#include "tools/cnnc/Comparison.h"

namespace cnnc {

struct VerifyOptions {
  int64_t batch = 1;
  bool doublePrecision = false;
  std::optional<double> rtol = std::nullopt;
  uint64_t seed = 0;
  const SafetensorsFile *weights = nullptr; ///< instead of random parameters
  ObjectCache *cache = nullptr;             ///< of compiled code, or none
  /// The phase Tiling takes those of its lines that fit. The search for a layer looks at values in
  /// the middle of the network, where there are other kernels.
  std::optional<std::string> schedules = std::nullopt;
  /// Adds passes behind those of a phase, in all but the reference: a test breaks one with it.
  std::function<void(mlir::OpPassManager &, Phase)> afterPhase = nullptr;
};

/// What one more phase has done.
struct PhaseResult {
  std::string phase;
  bool isUnchanged = false;     ///< the same code as before
  Entry entry = Entry::Forward; ///< where the worst value is
  Comparison comparison = {};
};

/// The first step of the network at which the values differ.
struct Fault {
  Entry entry;
  enum Part { ForwardPass, Loss, BackwardPass, Step } part;
  std::string layer = {}; ///< empty for the loss and for counters
  SourceRange range = {}; ///< of the layer in the text
  Difference difference = {};
};

struct VerifyReport {
  double rtol;
  std::vector<PhaseResult> phases; ///< up to the first that moved a value
  std::optional<Fault> fault;

  const PhaseResult &last() const { return phases.back(); }
};

/// What is compiled in all rows.
IRGenOptions verifiedIR(const VerifyOptions &options);

Result<VerifyReport> verify(const TypedNet &net, const Sources &sources,
                            const VerifyOptions &options);

} // namespace cnnc

#endif // CNNC_TOOLS_VERIFICATION_H
