//===- SemaLint.h - What is legal but surely not meant ----------------------===//
#ifndef CNNC_FRONTEND_SEMALINT_H
#define CNNC_FRONTEND_SEMALINT_H

#include "compiler/Frontend/AST.h"
#include "compiler/Frontend/Evaluator.h"

namespace cnnc {

/// Taps of chains that failed may have been used behind the error: then W507 is silent.
/// E305 for inputs and lets, W507 for taps and shared layers, that nothing reads. A name in the
/// text of a chain counts, whether or not the chain could be expanded.
void checkUnused(SemaContext &context, const ast::NetItem &net, const ast::TrainItem *train,
                 bool chainsFailed);
void checkUnused(SemaContext &context, const ast::BlockItem &block, bool chainsFailed);

/// W500-W504 and W506 on a net without errors.
void warnAboutLayers(SemaContext &context, const TypedNet &net);

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMALINT_H
