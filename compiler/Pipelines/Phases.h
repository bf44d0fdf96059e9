//===- Phases.h - The phases of the compiler, in order ----------------------===//
#ifndef CNNC_PIPELINES_PHASES_H
#define CNNC_PIPELINES_PHASES_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <optional>

namespace cnnc {

enum class Phase {
#define CNNC_PHASE(Name, Emit, Summary) Name,
#include "compiler/Pipelines/Phases.def"
};

/// One value of --emit=: what it prints, and the phase after which it is printed.
struct Stage {
  llvm::StringLiteral emit;
  Phase phase;
  bool isPhaseEnd; ///< the IR (or tree) that the phase leaves; else something else of it
  llvm::StringLiteral summary;
};

/// All values of --emit=, in the order of the phases.
llvm::ArrayRef<Stage> allStages();
const Stage *findStage(llvm::StringRef emit);
llvm::StringRef phaseName(Phase phase);

} // namespace cnnc

#endif // CNNC_PIPELINES_PHASES_H
