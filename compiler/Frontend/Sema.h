//===- Sema.h - Syntax trees to typed nets ----------------------------------===//
//
// Names, sizes and values: everything that can be wrong with a text that parses.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_SEMA_H
#define CNNC_FRONTEND_SEMA_H

#include "compiler/Frontend/Import.h"
#include "compiler/Frontend/TypedAST.h"

namespace cnnc {

struct SemaOptions {
  std::string netName;                                     ///< only this net; empty: all of them
  std::vector<std::pair<std::string, std::string>> params; ///< NAME=VALUE of the command line
};

/// The nets of the main text. What has errors is left out.
std::vector<TypedNet> analyze(const ModuleGraph &graph, const SemaOptions &options,
                              DiagnosticEngine &diags);

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMA_H
