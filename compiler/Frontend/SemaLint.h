//===- SemaLint.h - What is legal but surely not meant ----------------------===//
#ifndef CNNC_FRONTEND_SEMALINT_H
#define CNNC_FRONTEND_SEMALINT_H

#include "compiler/Frontend/AST.h"
#include "compiler/Frontend/Evaluator.h"

namespace cnnc {

/// E305 for inputs and lets, W507 for taps, that nothing reads. A name in the text
/// of a chain counts, whether or not the chain could be expanded.
void checkUnused(SemaContext &context, const ast::NetItem &net, const ast::TrainItem *train);

/// W500, W502, W503, W504, W505 on a net without errors.
void warnAboutLayers(SemaContext &context, const TypedNet &net);

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMALINT_H
