//===- Phases.cpp - The phases of the compiler, in order ------------------===//

#include "compiler/Pipelines/Phases.h"

#include "llvm/ADT/STLExtras.h"

using namespace cnnc;

static constexpr Stage kStages[] = {
#define CNNC_PHASE(Name, Emit, Summary) {Emit, Phase::Name, true, Summary},
#define CNNC_EMIT(Name, Emit, Summary) {Emit, Phase::Name, false, Summary},
#include "compiler/Pipelines/Phases.def"
};

llvm::ArrayRef<Stage> cnnc::allStages() { return kStages; }

const Stage *cnnc::findStage(llvm::StringRef emit) {
  const Stage *stage =
      llvm::find_if(allStages(), [&](const Stage &candidate) { return candidate.emit == emit; });
  return stage == allStages().end() ? nullptr : stage;
}

llvm::StringRef cnnc::phaseName(Phase phase) {
  static constexpr llvm::StringLiteral names[] = {
#define CNNC_PHASE(Name, Emit, Summary) #Name,
#include "compiler/Pipelines/Phases.def"
  };
  return names[static_cast<size_t>(phase)];
}
