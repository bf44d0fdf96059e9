//===- Contracts.h - What each phase promises to leave ----------------------===//
#ifndef CNNC_PIPELINES_CONTRACTS_H
#define CNNC_PIPELINES_CONTRACTS_H

#include "compiler/Pipelines/Phases.h"
#include "mlir/Pass/PassManager.h"

namespace cnnc {

/// Adds a check of the exit contract of `phase`. What breaks it is an error at the op.
void addContractCheck(mlir::OpPassManager &passes, Phase phase);

} // namespace cnnc

#endif // CNNC_PIPELINES_CONTRACTS_H
