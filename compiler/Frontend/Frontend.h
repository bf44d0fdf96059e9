//===- Frontend.h - Text in, typed nets out ---------------------------------===//
#ifndef CNNC_FRONTEND_FRONTEND_H
#define CNNC_FRONTEND_FRONTEND_H

#include "compiler/Frontend/Import.h"
#include "compiler/Frontend/TypedAST.h"

namespace cnnc {

struct FrontendOptions {
  std::string netName; ///< --net; empty: the one with a train section, or the only one
  std::vector<std::pair<std::string, std::string>> params; ///< --param NAME=VALUE
  ImportReader readImport = cnnc::readImport;
};

/// One net, or nothing after errors. A file with several nets of which not
/// exactly one has a train section needs a name (E102). Imported texts join `sources`.
std::optional<TypedNet> compileText(Sources &sources, const FrontendOptions &options,
                                    DiagnosticEngine &diags);

/// All nets of the file, or the one named: for `check` and `summary`. What has errors is
/// left out, or lacks what failed; diags.hasErrors() tells.
std::vector<TypedNet> compileAllNets(Sources &sources, const FrontendOptions &options,
                                     DiagnosticEngine &diags);

} // namespace cnnc

#endif // CNNC_FRONTEND_FRONTEND_H
