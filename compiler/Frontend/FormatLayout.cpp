//===- FormatLayout.cpp - Tokens to lines -----------------------------------===//

#include "compiler/Frontend/FormatLayout.h"

#include "compiler/Frontend/Formatter.h"

using namespace cnnc;

/// Of a chain's further lines from its statement, and of a block bracket's content.
static constexpr unsigned stepIndent = 2;
/// Of other further lines: a long header, a long condition.
static constexpr unsigned continuationIndent = 4;

namespace {

class Layout {
public:
  explicit Layout(const std::vector<FormatToken> &tokens) : tokens(tokens) {}
  std::vector<FormatLine> run();

private:
  /// An open bracket: where the lines within it begin.
  struct Scope {
    unsigned content, bar, closing;
  };

  bool breaksBefore(size_t index) const;
  bool fits(size_t index) const;
  bool staysFlat(size_t index) const;
  unsigned indentOf(const FormatToken &token) const;
  void breakLine(size_t index);
  void pushComments(size_t index);
  void put(size_t index);
  void addAnchor(size_t index);
  void openScope(const FormatToken &token);
  void finishLine();

  const std::vector<FormatToken> &tokens;
  std::vector<FormatLine> lines;
  std::vector<Scope> scopes;
  FormatLine current;
  unsigned column = 0;
  unsigned lineIndent = 0;
  size_t statement = FormatLine::none;
  size_t checkEnd = 0; ///< the last token of the last size at the end of a step
  size_t flatEnd = 0;  ///< up to this `}` a body stands on one line
};

//===----------------------------------------------------------------------===//
// Where lines end
//===----------------------------------------------------------------------===//

/// Whether the text from this token to the next place where a line may rather end
/// fits on the line.
bool Layout::fits(size_t index) const {
  unsigned end = column;
  for (size_t i = index; i + 1 < tokens.size(); ++i) {
    end += tokens[i].space + tokens[i].width;
    if (end > formatColumns)
      return false;
    const FormatToken &next = tokens[i + 1];
    if (next.forced || (next.breaks == Break::Soft && next.level <= tokens[index].level))
      return true;
  }
  return true;
}

/// Whether the body that this `{` opens is to stay on its line: its author wrote it on
/// one, and it fits.
bool Layout::staysFlat(size_t index) const {
  size_t close = tokens[index].match;
  if (tokens[index].behind || !tokens[close].above.empty())
    return false;
  if (close == index + 1)
    return true;
  unsigned end = column;
  for (size_t i = index + 1; i <= close; ++i) {
    const FormatToken &token = tokens[i];
    end += token.space + token.width;
    bool isCommented = !token.above.empty() || (token.behind && i < close);
    if (token.brokenBefore || isCommented || end > formatColumns)
      return false;
  }
  return true;
}

bool Layout::breaksBefore(size_t index) const {
  const FormatToken &token = tokens[index];
  if (index == 0)
    return true;
  if (index <= flatEnd)
    return false;
  if (token.forced || token.breaks != Break::Soft)
    return token.forced;
  // Behind a short beginning like `in` a new line would have no more room.
  bool gains = indentOf(token) + token.space < column;
  return gains && !fits(index);
}

//===----------------------------------------------------------------------===//
// Where lines begin
//===----------------------------------------------------------------------===//

unsigned Layout::indentOf(const FormatToken &token) const {
  if (token.starts != Start::None)
    return token.indent;
  if (token.kind == TokenKind::RightBrace || token.kind == TokenKind::End)
    return 0;
  if (!scopes.empty()) {
    const Scope &scope = scopes.back();
    return token.closes()                 ? scope.closing
           : token.kind == TokenKind::Bar ? scope.bar
                                          : scope.content;
  }
  const FormatToken &first = tokens[statement];
  bool isStep = token.kind == TokenKind::Arrow && first.indent > 0;
  return first.indent + (isStep ? stepIndent : continuationIndent);
}

void Layout::finishLine() {
  lines.push_back(std::move(current));
  current = FormatLine();
}

/// The comments above a token, with the blank lines around them.
void Layout::pushComments(size_t index) {
  const FormatToken &token = tokens[index];
  bool isFirst =
      index == 0 || tokens[index - 1].kind == TokenKind::LeftBrace || tokens[index - 1].opensBlock;
  bool isLast = token.closes() || token.kind == TokenKind::RightBrace;
  unsigned indent = indentOf(token);
  if (isLast)
    indent = token.kind == TokenKind::RightBrace ? stepIndent : scopes.back().content;
  for (const Comment &comment : token.above) {
    if (comment.blankBefore && !isFirst)
      finishLine();
    isFirst = false;
    // Under a comment at a line's end, at the same column: it goes on.
    bool goesOn = !comment.blankBefore && !lines.empty() && lines.back().comment &&
                  lines.back().comment->column == comment.column;
    if (goesOn)
      current.comment = comment;
    else
      current.text = std::string(indent, ' ').append(comment.text);
    finishLine();
  }
  if (token.blankBefore && !isFirst && !isLast && token.kind != TokenKind::End)
    finishLine();
}

void Layout::breakLine(size_t index) {
  if (index > 0) {
    current.comment = tokens[index - 1].behind;
    finishLine();
  }
  pushComments(index);
  lineIndent = indentOf(tokens[index]);
  column = lineIndent;
  current.text.assign(lineIndent, ' ');
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

void Layout::openScope(const FormatToken &token) {
  bool isBranch = token.role == TokenRole::BranchParen;
  unsigned opening = column - token.width;
  // Content starts behind the bracket; of a branch, behind the bracket and a space, so
  // that `|` stands below `(`.
  Scope scope{column + isBranch, opening, opening};
  if (token.opensBlock) {
    unsigned content = lineIndent + stepIndent;
    scope = {content + (isBranch ? 2 : 0), content, lineIndent};
  }
  scopes.push_back(scope);
}

void Layout::addAnchor(size_t index) {
  const FormatToken &token = tokens[index];
  auto add = [&](LineAnchor::Kind kind) {
    bool wasPadded = token.gap > 1 && !token.brokenBefore;
    current.anchors.push_back({kind, current.text.size(), token.column, wasPadded});
  };
  bool isFirst = current.anchors.empty();
  if (token.role == TokenRole::Anchor && isFirst)
    return add(LineAnchor::Assign);
  if (token.depth > 0 || index <= flatEnd)
    return;
  if (token.kind == TokenKind::Arrow && current.isStep && column > lineIndent)
    return add(LineAnchor::Arrow);
  if (token.role == TokenRole::Check) {
    checkEnd = tokens[index + 1].match;
    add(LineAnchor::Check);
  }
}

void Layout::put(size_t index) {
  const FormatToken &token = tokens[index];
  if (token.starts != Start::None)
    statement = index;
  if (token.kind == TokenKind::RightBrace)
    statement = FormatLine::none;
  if (column > lineIndent) {
    current.text.append(token.space, ' ');
    column += token.space;
  } else {
    current.isStep = token.kind == TokenKind::Arrow && token.depth == 0;
  }
  current.statement = statement;
  // Only a size that ends its line stands apart.
  if (index > checkEnd && !current.anchors.empty() &&
      current.anchors.back().kind == LineAnchor::Check)
    current.anchors.pop_back();
  addAnchor(index);
  if (token.closes())
    scopes.pop_back();
  current.text += token.text;
  column += token.width;
  if (token.opens())
    openScope(token);
  if (token.kind == TokenKind::LeftBrace && staysFlat(index))
    flatEnd = token.match;
}

std::vector<FormatLine> Layout::run() {
  for (size_t i = 0; i < tokens.size(); ++i) {
    if (breaksBefore(i))
      breakLine(i);
    if (tokens[i].kind != TokenKind::End)
      put(i);
  }
  return std::move(lines);
}

} // namespace

std::vector<FormatLine> cnnc::layOut(const std::vector<FormatToken> &tokens) {
  return Layout(tokens).run();
}
