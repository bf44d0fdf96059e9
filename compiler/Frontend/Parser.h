//===- Parser.h - Tokens to a syntax tree -----------------------------------===//
//
// Recovers at the next statement: a file with three mistakes reports three
// (E005-E009, E403). Nesting is limited, so that no text can exhaust the stack.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_PARSER_H
#define CNNC_FRONTEND_PARSER_H

#include "compiler/Frontend/AST.h"
#include "compiler/Frontend/Diagnostics.h"

namespace cnnc {

/// How deep brackets, groups and conditions may be nested.
inline constexpr unsigned nestingLimit = 256;
/// How many parameters a block or a net may have.
inline constexpr size_t paramLimit = 256;
/// How many sizes may stand in [ ]: far more than a tensor has.
inline constexpr size_t dimLimit = 16;
/// How high an expression's tree may be: `1 + 1 + …` is as high as it is long.
inline constexpr unsigned expressionHeightLimit = 1000;

/// `tokens` counts those of all texts, which are limited together.
ast::File parse(const SourceFile &file, DiagnosticEngine &diags, size_t &tokens);
ast::File parse(const SourceFile &file, DiagnosticEngine &diags);

/// One expression and nothing else: the value of --param.
std::optional<ast::Expr> parseExpression(const SourceFile &file, DiagnosticEngine &diags);

} // namespace cnnc

#endif // CNNC_FRONTEND_PARSER_H
