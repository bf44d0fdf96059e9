//===- FormatTokens.cpp - Tokens with what their layout depends on ----------===//

#include "compiler/Frontend/FormatTokens.h"

#include "compiler/Frontend/FormatRoles.h"
#include <algorithm>

using namespace cnnc;

unsigned cnnc::columnsOf(std::string_view text) {
  // Bytes 10xxxxxx go on with a character.
  return static_cast<unsigned>(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

bool FormatToken::opens() const {
  return kind == TokenKind::LeftParen || kind == TokenKind::LeftBracket;
}
bool FormatToken::closes() const {
  return kind == TokenKind::RightParen || kind == TokenKind::RightBracket;
}

//===----------------------------------------------------------------------===//
// Lines and comments of the source
//===----------------------------------------------------------------------===//

namespace {

/// Reads what stands between tokens.
class GapReader {
public:
  explicit GapReader(std::string_view text) : text(text) {
    if (text.starts_with("\xEF\xBB\xBF"))
      position = 3;
  }
  void read(size_t end, FormatToken *before, FormatToken &token);
  void skip(size_t end) {
    column += columnsOf(text.substr(position, end - position));
    position = end;
  }

private:
  Comment takeComment();

  std::string_view text;
  size_t position = 0;
  unsigned column = 0;
};

Comment GapReader::takeComment() {
  size_t end = std::min(text.find('\n', position), text.size());
  Comment comment{text.substr(position, end - position), column, false};
  skip(end);
  comment.text = comment.text.substr(0, comment.text.find_last_not_of(" \t\r") + 1);
  return comment;
}

/// The white space and the comments in front of `token`; `before` is the one that a
/// comment on the same line stands behind.
void GapReader::read(size_t end, FormatToken *before, FormatToken &token) {
  unsigned newlines = 0, columns = 0;
  while (position < end) {
    char c = text[position];
    if (c == '#') {
      Comment comment = takeComment();
      if (newlines == 0 && before && token.above.empty()) {
        before->behind = comment;
      } else {
        comment.blankBefore = newlines > 1;
        token.above.push_back(comment);
      }
      newlines = 0;
      continue;
    }
    ++position;
    column = c == '\n' ? 0 : column + 1;
    columns = c == '\n' ? 0 : columns + 1;
    newlines += c == '\n';
    token.brokenBefore |= c == '\n';
  }
  token.blankBefore = newlines > 1;
  token.gap = columns;
  token.column = column;
}

} // namespace

static std::vector<FormatToken> readTokens(const SourceFile &file) {
  Sources unused("", "");
  DiagnosticEngine diags(unused);
  std::vector<FormatToken> result;
  GapReader gaps(file.text());
  std::vector<Token> tokens = lex(file, diags);
  result.reserve(tokens.size());
  for (const Token &token : tokens) {
    FormatToken &made = result.emplace_back();
    FormatToken *before = result.size() > 1 ? &made - 1 : nullptr;
    gaps.read(token.range.begin - file.base(), before, made);
    made.kind = token.kind;
    made.offset = token.range.begin;
    made.text = file.slice(token.range);
    made.width = columnsOf(made.text);
    gaps.skip(token.range.end - file.base());
  }
  return result;
}

//===----------------------------------------------------------------------===//
// Comments at better places
//===----------------------------------------------------------------------===//

static void appendAll(std::vector<Comment> &to, std::vector<Comment> &from) {
  to.insert(to.end(), from.begin(), from.end());
  from.clear();
}

/// A line ends in front of `->` and `|`, so what is written behind one goes in front.
static void moveCommentsBack(FormatToken &before, FormatToken &token, FormatToken &next) {
  if (token.behind) {
    if (!before.behind && token.above.empty())
      before.behind = token.behind;
    else
      token.above.push_back(*token.behind);
    token.behind.reset();
  }
  appendAll(token.above, next.above);
}

/// No line begins with `,` or `{`: what is written in front of one goes behind.
static void moveCommentsOn(FormatToken &before, FormatToken &token, FormatToken &next) {
  std::vector<Comment> moved;
  if (before.behind) {
    moved.push_back(*before.behind);
    before.behind.reset();
  }
  appendAll(moved, token.above);
  if (moved.empty())
    return;
  if (token.behind)
    moved.push_back(*token.behind);
  token.behind = moved.front();
  next.above.insert(next.above.begin(), moved.begin() + 1, moved.end());
}

static void moveComments(std::vector<FormatToken> &tokens) {
  for (size_t i = 1; i + 1 < tokens.size(); ++i) {
    TokenKind kind = tokens[i].kind;
    if (kind == TokenKind::Arrow || kind == TokenKind::Bar)
      moveCommentsBack(tokens[i - 1], tokens[i], tokens[i + 1]);
    else if (kind == TokenKind::Comma || kind == TokenKind::LeftBrace)
      moveCommentsOn(tokens[i - 1], tokens[i], tokens[i + 1]);
  }
}

//===----------------------------------------------------------------------===//
// Brackets, spaces, breaks
//===----------------------------------------------------------------------===//

static void matchBrackets(std::vector<FormatToken> &tokens) {
  std::vector<size_t> open;
  for (size_t i = 0; i < tokens.size(); ++i) {
    bool isBrace = tokens[i].kind == TokenKind::LeftBrace;
    if ((tokens[i].closes() || tokens[i].kind == TokenKind::RightBrace) && !open.empty()) {
      tokens[i].match = open.back();
      tokens[open.back()].match = i;
      open.pop_back();
    }
    // A body's brace stands outside of all brackets and counts as none.
    unsigned braces = !open.empty() && tokens[open.front()].kind == TokenKind::LeftBrace;
    tokens[i].depth = static_cast<unsigned>(open.size()) - braces;
    if (tokens[i].opens() || isBrace)
      open.push_back(i);
  }
}

/// Operators that bind tighter than `+` touch what they join.
static bool isTightOperator(TokenKind kind) {
  return kind == TokenKind::Star || kind == TokenKind::Slash || kind == TokenKind::SlashSlash ||
         kind == TokenKind::Percent || kind == TokenKind::DotDot;
}

static unsigned spaceBetween(const FormatToken &before, const FormatToken &token) {
  static constexpr unsigned betweenStatements = 3;
  if (before.kind == TokenKind::LeftBrace)
    return token.kind == TokenKind::RightBrace ? 0 : 1;
  if (token.starts != Start::None)
    return betweenStatements;
  if (token.role == TokenRole::Tight || before.role == TokenRole::Tight ||
      before.role == TokenRole::Sign || token.role == TokenRole::TypeColon)
    return 0;
  if (isTightOperator(token.kind) || isTightOperator(before.kind))
    return 0;
  switch (token.kind) {
  case TokenKind::Comma:
  case TokenKind::RightBracket:
  case TokenKind::Question:
    return 0;
  case TokenKind::RightParen:
    return token.role == TokenRole::BranchParen;
  case TokenKind::Dot: // `1.c` would be one token
    return before.kind == TokenKind::Integer || before.kind == TokenKind::Float;
  case TokenKind::LeftParen:
    if (before.kind == TokenKind::Name || before.kind == TokenKind::KwConst ||
        before.kind == TokenKind::Question)
      return 0;
    break;
  default:
    break;
  }
  if (before.kind == TokenKind::LeftParen)
    return before.role == TokenRole::BranchParen;
  return before.kind != TokenKind::LeftBracket && before.kind != TokenKind::Dot &&
         before.kind != TokenKind::At;
}

/// Makes a break possible in front of `token`. In a bracket, and outside of all, lines
/// break between parts first, then between steps, then within a step or an expression.
static void placeBreak(const FormatToken &before, FormatToken &token) {
  int level = static_cast<int>(token.depth) * 4;
  auto soft = [&](int inner) {
    token.breaks = Break::Soft;
    token.level = level + inner;
  };
  if (token.starts != Start::None) {
    bool mayShare = token.starts != Start::Statement && token.starts == before.starts;
    token.breaks = mayShare ? Break::Soft : Break::Always;
    token.level = -1;
    return;
  }
  if (token.kind == TokenKind::RightBrace || token.kind == TokenKind::End) {
    token.breaks = Break::Always;
    token.level = -1;
    return;
  }
  if (before.kind == TokenKind::Comma || token.kind == TokenKind::Bar)
    return soft(0);
  switch (token.kind) {
  case TokenKind::Arrow:
    return soft(1);
  case TokenKind::KwFor:
  case TokenKind::KwThen:
  case TokenKind::KwElse:
  case TokenKind::At:
    return soft(2);
  case TokenKind::Plus:
  case TokenKind::Minus:
    if (token.role != TokenRole::Plain)
      return;
    return soft(3);
  case TokenKind::KwAnd:
  case TokenKind::KwOr:
    return soft(3);
  default:
    return;
  }
}

/// Whether the author ended a line at a place where one may end.
static bool isAuthorsBreak(const FormatToken &before, const FormatToken &token,
                           const FormatToken &next) {
  if (token.breaks != Break::Soft)
    return false;
  bool isSeparator = token.kind == TokenKind::Arrow || token.kind == TokenKind::Bar;
  return token.brokenBefore || (isSeparator && next.brokenBefore) ||
         (before.kind == TokenKind::Comma && before.brokenBefore);
}

static void placeBreaks(std::vector<FormatToken> &tokens) {
  Start last = Start::None;
  for (size_t i = 0; i < tokens.size(); ++i) {
    FormatToken &token = tokens[i], &before = tokens[i > 0 ? i - 1 : 0];
    // Statements are neighbours, not tokens: compare with the start of the last one.
    FormatToken previous;
    previous.kind = i > 0 ? before.kind : TokenKind::End;
    bool isFirst = previous.kind == TokenKind::LeftBrace || previous.kind == TokenKind::RightBrace;
    previous.starts = isFirst ? Start::None : last;
    placeBreak(previous, token);
    if (token.starts != Start::None)
      last = token.starts;
    token.space = i > 0 ? spaceBetween(before, token) : 0;
    bool isCommented = !token.above.empty() || (i > 0 && before.behind);
    token.forced |=
        token.breaks == Break::Always || isCommented ||
        (i > 0 && i + 1 < tokens.size() && isAuthorsBreak(before, token, tokens[i + 1]));
    // A comment, or the author's line end, right after a bracket moves its content down.
    if (token.opens() && i + 1 < token.match) {
      const FormatToken &next = tokens[i + 1];
      token.opensBlock = next.brokenBefore || token.behind || !next.above.empty();
      tokens[i + 1].forced |= token.opensBlock;
      tokens[token.match].forced |= token.opensBlock;
    }
  }
}

std::vector<FormatToken> cnnc::formatTokens(const SourceFile &file, const ast::File &tree) {
  std::vector<FormatToken> tokens = readTokens(file);
  moveComments(tokens);
  matchBrackets(tokens);
  markRoles(tokens, tree);
  placeBreaks(tokens);
  return tokens;
}
