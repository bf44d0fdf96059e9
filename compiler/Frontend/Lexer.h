//===- Lexer.h - Text to tokens ---------------------------------------------===//
//
// Comments and white space separate tokens and mean nothing else, save that a
// token remembers whether it touches the one before it: the `(` of an argument
// list does. Bad bytes are reported here (E001-E004, E009).
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_LEXER_H
#define CNNC_FRONTEND_LEXER_H

#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Source.h"
#include <vector>

namespace cnnc {

enum class TokenKind : uint8_t {
#define CNNC_TOKEN(Kind, Spelling) Kind,
#include "compiler/Frontend/Tokens.def"
};

struct Token {
  TokenKind kind = TokenKind::End;
  bool touches = false;    ///< nothing stands between it and the token before
  bool afterError = false; ///< bytes before it were refused: no second error
  SourceRange range;
};

/// Ends with a token of kind End. Errors go to `diags`; what was refused is left out.
/// `before` tokens of other texts count towards the limit.
std::vector<Token> lex(const SourceFile &file, DiagnosticEngine &diags, size_t before = 0);

/// How a kind is called in messages and in --emit=tokens: name, integer, '->'.
std::string_view spelling(TokenKind kind);
bool isKeyword(TokenKind kind);

/// One token a line: `line:col kind text`.
void printTokens(llvm::raw_ostream &os, const SourceFile &file, DiagnosticEngine &diags);

} // namespace cnnc

#endif // CNNC_FRONTEND_LEXER_H
