//===- FormatRoles.h - What tokens are in the syntax tree -------------------===//
#ifndef CNNC_FRONTEND_FORMATROLES_H
#define CNNC_FRONTEND_FORMATROLES_H

#include "compiler/Frontend/FormatTokens.h"

namespace cnnc {

/// Sets `role`, `starts` and `indent`; brackets are matched already.
void markRoles(std::vector<FormatToken> &tokens, const ast::File &tree);

} // namespace cnnc

#endif // CNNC_FRONTEND_FORMATROLES_H
