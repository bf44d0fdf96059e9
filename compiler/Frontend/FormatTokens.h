//===- FormatTokens.h - Tokens with what their layout depends on ------------===//
//
// The tokens of a text without syntax errors, each with its comments, with where
// its author broke lines, and with the part it plays in the syntax tree where its
// spelling does not say it: a `-` may be a sign, a `=` may name an argument.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_FORMATTOKENS_H
#define CNNC_FRONTEND_FORMATTOKENS_H

#include "compiler/Frontend/AST.h"
#include "compiler/Frontend/Lexer.h"

namespace cnnc {

struct Comment {
  std::string_view text; ///< from `#`, without blanks at its end
  unsigned column = 0;   ///< of the `#` in the source
  bool blankBefore = false;
};

enum class TokenRole : uint8_t {
  Plain,
  Tight,       ///< `=` of an argument, `+` and `-` of a count: no spaces around
  Sign,        ///< unary minus
  TypeColon,   ///< of a parameter: width: int
  BranchParen, ///< of ( a | b ): spaces inside
  Check,       ///< `:` of a step's size
  Anchor       ///< `=` or `:` of a statement, which its neighbours may be aligned with
};

enum class Start : uint8_t {
  None,
  Statement,
  Declaration, ///< `const`, `default`: several may share a line
  Entry        ///< of a train section: so may these
};

/// Where a line may end in front of a token: never, where it is too long or its
/// author ended it, always.
enum class Break : uint8_t { Never, Soft, Always };

struct FormatToken {
  TokenKind kind = TokenKind::End;
  TokenRole role = TokenRole::Plain;
  Start starts = Start::None;
  Break breaks = Break::Never;
  bool brokenBefore = false; ///< the author began a line with it
  bool blankBefore = false;  ///< a blank line stands right in front of it
  bool forced = false;       ///< a line begins with it, save in a body on one line
  bool opensBlock = false;   ///< a bracket whose content stands on lines of its own
  unsigned indent = 0;       ///< of a statement or an item
  unsigned space = 0;        ///< columns in front of it within a line
  unsigned width = 0;
  unsigned column = 0; ///< in the source, in characters
  unsigned gap = 0;    ///< columns between it and what stands before on its line
  unsigned depth = 0;  ///< brackets around it
  int level = 0;       ///< of a soft break: lines break where it is lowest
  size_t match = 0;    ///< of a bracket: the other one
  uint32_t offset = 0; ///< in the source
  std::string_view text;
  std::vector<Comment> above;    ///< on lines of their own
  std::optional<Comment> behind; ///< at the end of its line

  bool opens() const;
  bool closes() const;
};

/// Ends with a token of kind End. The tree is of the same text.
std::vector<FormatToken> formatTokens(const SourceFile &file, const ast::File &tree);

/// Columns that a text takes: characters, not bytes.
unsigned columnsOf(std::string_view text);

} // namespace cnnc

#endif // CNNC_FRONTEND_FORMATTOKENS_H
