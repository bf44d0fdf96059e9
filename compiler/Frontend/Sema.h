//===- Sema.h - Names, sizes and repetition resolved ------------------------===//
#ifndef CNNC_FRONTEND_SEMA_H
#define CNNC_FRONTEND_SEMA_H

#include "compiler/Frontend/AST.h"
#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/TypedAST.h"

namespace cnnc {

struct SemaOptions {
  /// The only net to look at; empty: all nets of the file.
  std::string netName;
  /// Parameters of the nets by name, as texts of expressions. Each must be known
  /// to at least one of the nets.
  std::vector<std::pair<std::string, std::string>> params;
};

/// The nets that have no errors, in the order of the text.
std::vector<TypedNet> analyze(const ast::File &file, const SemaOptions &options,
                              DiagnosticEngine &diags);

} // namespace cnnc

#endif // CNNC_FRONTEND_SEMA_H
