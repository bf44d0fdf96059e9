//===- Formatter.h - The one formatting of a text ---------------------------===//
//
// White space only: names, numbers and comments stay as they are written, and so
// do the lines that the author chose where a line may end (in front of `->`, `|`
// and a statement, behind a comma). docs/Formatting.md has the rules.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_FORMATTER_H
#define CNNC_FRONTEND_FORMATTER_H

#include "compiler/Frontend/Diagnostics.h"
#include <optional>

namespace cnnc {

/// The columns that a line of code should not pass.
inline constexpr unsigned formatColumns = 100;

/// The text as it should be, or nothing if it has syntax errors.
std::optional<std::string> format(const SourceFile &file, DiagnosticEngine &diags);

/// Whether two texts differ in white space alone: the same tokens, the same syntax
/// tree, the same comments. What format() gives is not to be written otherwise.
bool differInSpaceOnly(std::string_view first, std::string_view second);

} // namespace cnnc

#endif // CNNC_FRONTEND_FORMATTER_H
