//===- VerifyFixes.h - Only repairs that repair -----------------------------===//
#ifndef CNNC_FRONTEND_VERIFYFIXES_H
#define CNNC_FRONTEND_VERIFYFIXES_H

#include "compiler/Frontend/Frontend.h"

namespace cnnc {

/// Applies every fix to a copy of the text, looks at it again, and drops the fixes that
/// leave their diagnostic where it is or make more errors. A literal that suits one use of
/// a block, say, may break the others.
void verifyFixes(const Sources &sources, const FrontendOptions &options, DiagnosticEngine &diags);

/// A text with edits applied; nothing if they overlap. `moved`, if given, is a place of the
/// text, and becomes where it is then; `written`, if given, gets the places of the new
/// pieces, from the text's begin.
std::optional<std::string> applyEdits(const SourceFile &file, std::span<const Edit> edits,
                                      uint32_t *moved = nullptr,
                                      std::vector<SourceRange> *written = nullptr);

} // namespace cnnc

#endif // CNNC_FRONTEND_VERIFYFIXES_H
