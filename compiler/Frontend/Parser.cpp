//===- Parser.cpp - Items, errors and recovery ------------------------------===//

#include "compiler/Frontend/ParserImpl.h"

#include <algorithm>
#include <array>
#include <fmt/format.h>

using namespace cnnc;

ast::File cnnc::parse(const SourceFile &file, DiagnosticEngine &diags, size_t &tokens) {
  Parser parser(file, diags, tokens);
  tokens += parser.tokenCount();
  return parser.parseFile();
}

ast::File cnnc::parse(const SourceFile &file, DiagnosticEngine &diags) {
  size_t tokens = 0;
  return parse(file, diags, tokens);
}

std::optional<ast::Expr> cnnc::parseExpression(const SourceFile &file, DiagnosticEngine &diags) {
  return Parser(file, diags).parseOnlyExpression();
}

std::optional<ast::Expr> Parser::parseOnlyExpression() {
  ast::Expr expr = parseExpr();
  if (!at(TokenKind::End))
    expected("the end of the expression");
  if (diags.hasErrors())
    return std::nullopt;
  return expr;
}

//===----------------------------------------------------------------------===//
// Tokens
//===----------------------------------------------------------------------===//

bool Parser::atName(std::string_view text) const {
  return at(TokenKind::Name) && file.slice(current().range) == text;
}

void Parser::advance() {
  if (panicking || at(TokenKind::End))
    return;
  lastEnd = tokens[position].range.end;
  ++position;
}

bool Parser::accept(TokenKind kind) {
  if (!at(kind) || kind == TokenKind::End)
    return false;
  advance();
  return true;
}

bool Parser::expect(TokenKind kind, std::string_view after) {
  if (accept(kind))
    return true;
  expected(fmt::format("'{}' {}", spelling(kind), after));
  return false;
}

/// A bracket that the rest of the statement does not close is reported where it
/// was opened; anything else where the closing one was expected.
bool Parser::expectClosing(TokenKind kind, const Token &opening) {
  if (accept(kind))
    return true;
  bool isEnd = at(TokenKind::End) || at(TokenKind::RightBrace) || atItem() || atStatement();
  if (isEnd)
    error("E006", opening.range, fmt::format("this '{}' is never closed", spelling(opening.kind)));
  else
    expected(fmt::format("'{}'", spelling(kind)));
  return false;
}

Parser::Nesting::Nesting(Parser &parser) : parser(parser) {
  if (++parser.depth <= nestingLimit || parser.panicking)
    return;
  parser.error("E403", parser.current().range,
               fmt::format("nested deeper than {} levels", nestingLimit));
  parser.gaveUp = true;
}

//===----------------------------------------------------------------------===//
// Errors and recovery
//===----------------------------------------------------------------------===//

void Parser::error(std::string_view code, SourceRange range, std::string message) {
  if (!panicking && !current().afterError)
    diags.error(code, range, std::move(message));
  panicking = true;
}

std::string Parser::describeCurrent() const {
  const Token &token = current();
  if (token.kind == TokenKind::End)
    return "the end of the file";
  std::string text = quoted(file.slice(token.range));
  return isKeyword(token.kind) ? "the keyword " + text : text;
}

void Parser::expected(std::string_view what) {
  error("E005", current().range, fmt::format("expected {}, but found {}", what, describeCurrent()));
}

void Parser::readMisspelt(std::string_view what, std::span<const TokenKind> keywords) {
  if (!at(TokenKind::Name) || panicking || current().afterError)
    return;
  std::vector<std::string> words;
  for (TokenKind kind : keywords)
    words.emplace_back(spelling(kind));
  SourceRange range = current().range;
  std::string text(file.slice(range)), nearest = nearestName(text, words);
  if (nearest.empty())
    return;
  diags
      .error(
          "E005", range,
          fmt::format("expected {}, but found {}{}", what, quoted(text), didYouMean(text, words)))
      .silentFix("write " + nearest, {{range, nearest}});
  tokens[position].kind = keywords[std::find(words.begin(), words.end(), nearest) - words.begin()];
}

bool Parser::atItem() const {
  switch (current().kind) {
  case TokenKind::KwImport:
  case TokenKind::KwBlock:
  case TokenKind::KwNet:
  case TokenKind::KwTrain:
    return true;
  default:
    return false;
  }
}

/// A keyword that no name follows stands where it does not belong: `let input = …`,
/// and `const(` is a schedule.
bool Parser::atStatement() const {
  if (atWeight() || atBatch())
    return true;
  TokenKind next = lookAhead().kind;
  switch (current().kind) {
  case TokenKind::KwConst:
  case TokenKind::KwDefault:
  case TokenKind::KwInput:
  case TokenKind::KwOutput:
  case TokenKind::KwLayer:
    return next == TokenKind::Name;
  case TokenKind::KwLet:
    return next == TokenKind::Name || next == TokenKind::LeftParen;
  case TokenKind::KwAssert:
    return true;
  default:
    return false;
  }
}

void Parser::synchronizeStatement() {
  panicking = false;
  while (!at(TokenKind::End) && !at(TokenKind::RightBrace) && !atStatement() && !atItem())
    advance();
}

/// Constants and defaults of a body that is skipped are none of the file's.
void Parser::synchronizeItem() {
  panicking = false;
  for (int braces = 0; !at(TokenKind::End) && !atItem(); advance()) {
    if (braces <= 0 && (at(TokenKind::KwConst) || at(TokenKind::KwDefault)))
      return;
    braces += at(TokenKind::LeftBrace) - at(TokenKind::RightBrace);
  }
}

void Parser::synchronizeEntry() {
  panicking = false;
  auto atEntry = [&] {
    if (at(TokenKind::Name) && lookAhead().kind == TokenKind::Equal) {
      // `name =` after an open bracket or a comma is an argument.
      TokenKind before = position > 0 ? tokens[position - 1].kind : TokenKind::End;
      return before != TokenKind::Comma && before != TokenKind::LeftParen;
    }
    return atName("target") && lookAhead().kind == TokenKind::Name;
  };
  while (!at(TokenKind::End) && !at(TokenKind::RightBrace) && !atItem() && !atEntry())
    advance();
}

/// Notes an error in the item at hand; false where nothing more can be read.
bool Parser::recover(bool &broken) {
  broken = true;
  return !gaveUp && !diags.isFull();
}

//===----------------------------------------------------------------------===//
// Items
//===----------------------------------------------------------------------===//

ast::File Parser::parseFile() {
  ast::File result;
  if (at(TokenKind::End) && !diags.hasErrors())
    error("E007", current().range, "the file has no net");
  while (!at(TokenKind::End)) {
    uint32_t begin = current().range.begin;
    size_t first = position;
    ast::Item item = parseItem();
    item.range = rangeFrom(begin);
    // Where the lexer refused bytes, the item says less than its text.
    item.broken |= std::any_of(tokens.begin() + first, tokens.begin() + position,
                               [](const Token &token) { return token.afterError; });
    // A block that is broken fails its users only.
    bool isLocal = std::holds_alternative<ast::NetItem>(item.node) ||
                   std::holds_alternative<ast::TrainItem>(item.node) ||
                   std::holds_alternative<ast::BlockItem>(item.node);
    if (panicking)
      item.broken = true;
    if (item.broken && !isLocal)
      result.broken = true;
    result.items.push_back(std::move(item));
    if (gaveUp || diags.isFull())
      break;
    if (panicking)
      synchronizeItem();
  }
  result.broken |= gaveUp || diags.isFull() || tokens.back().afterError;
  return result;
}

static constexpr std::string_view itemKeywords =
    "'net', 'train', 'block', 'const', 'default' or 'import'";

ast::Item Parser::parseItem() {
  ast::Item item;
  readMisspelt(itemKeywords,
               std::array{TokenKind::KwNet, TokenKind::KwTrain, TokenKind::KwBlock,
                          TokenKind::KwConst, TokenKind::KwDefault, TokenKind::KwImport});
  switch (current().kind) {
  case TokenKind::KwImport: {
    advance();
    SourceRange range = current().range;
    item.node = ast::ImportItem{parseString(), range};
    break;
  }
  case TokenKind::KwConst:
    item.node = parseConst();
    break;
  case TokenKind::KwDefault:
    item.node = parseDefault();
    break;
  case TokenKind::KwBlock: {
    ast::BlockItem block;
    parseBlock(block, item.broken);
    item.node = std::move(block);
    break;
  }
  case TokenKind::KwNet: {
    ast::NetItem net;
    advance();
    net.name = parseName("the name of the net");
    if (at(TokenKind::LeftParen))
      net.params = parseParams();
    net.body = parseBody(item.broken);
    item.node = std::move(net);
    break;
  }
  case TokenKind::KwTrain: {
    ast::TrainItem train;
    parseTrain(train, item.broken);
    item.node = std::move(train);
    break;
  }
  default:
    expected(itemKeywords);
  }
  return item;
}

void Parser::parseBlock(ast::BlockItem &block, bool &broken) {
  advance();
  block.name = parseName("the name of the block");
  if (at(TokenKind::LeftParen))
    block.params = parseParams();
  if (accept(TokenKind::Colon))
    block.signature = parseSignature();
  block.body = parseBody(broken);
}

std::vector<ast::Param> Parser::parseParams() {
  std::vector<ast::Param> params;
  Token opening = current();
  advance();
  if (!at(TokenKind::RightParen)) {
    do {
      ast::Param param;
      uint32_t begin = current().range.begin;
      param.name = parseName("the name of a parameter");
      if (accept(TokenKind::Colon))
        param.type = parseName("a type");
      if (accept(TokenKind::Equal))
        param.defaultValue = parseExpr();
      param.range = rangeFrom(begin);
      params.push_back(std::move(param));
      if (params.size() > paramLimit)
        error("E403", params.back().range,
              fmt::format("there are more than {} parameters", paramLimit));
    } while (accept(TokenKind::Comma));
  }
  expectClosing(TokenKind::RightParen, opening);
  return params;
}

ast::Side Parser::parseSide() {
  ast::Side side;
  Token opening = current();
  if (!accept(TokenKind::LeftParen)) {
    side.shapes.push_back(parseShape());
    return side;
  }
  do
    side.shapes.push_back(parseShape());
  while (accept(TokenKind::Comma));
  expectClosing(TokenKind::RightParen, opening);
  return side;
}

ast::Signature Parser::parseSignature() {
  ast::Signature signature;
  uint32_t begin = current().range.begin;
  signature.from = parseSide();
  expect(TokenKind::Arrow, "between the two sides of the size contract");
  signature.to = parseSide();
  signature.range = rangeFrom(begin);
  return signature;
}

/// An item inside of a body, if statements or the end of the body follow it: then the body
/// was not left open, and the item is what is wrong.
bool Parser::skipNestedItem(bool &broken) {
  size_t end = position + 1;
  if (at(TokenKind::KwImport)) {
    ++end;
  } else {
    while (end < tokens.size() && tokens[end].kind != TokenKind::LeftBrace)
      ++end;
    int depth = 0;
    do
      depth += end >= tokens.size()                        ? 0
               : tokens[end].kind == TokenKind::LeftBrace  ? 1
               : tokens[end].kind == TokenKind::RightBrace ? -1
                                                           : 0;
    while (++end < tokens.size() && depth > 0);
  }
  if (end >= tokens.size())
    return false;
  switch (tokens[end].kind) {
  case TokenKind::RightBrace:
  case TokenKind::KwInput:
  case TokenKind::KwOutput:
  case TokenKind::KwLayer:
  case TokenKind::KwAssert:
  case TokenKind::KwLet:
    break;
  default:
    return false;
  }
  diags.error("E005", current().range,
              fmt::format("expected a statement, but found {}, which stands outside of nets and "
                          "blocks",
                          describeCurrent()));
  broken = true;
  position = end;
  lastEnd = tokens[end - 1].range.end;
  return true;
}

std::vector<ast::Stmt> Parser::parseBody(bool &broken) {
  std::vector<ast::Stmt> body;
  Token opening = current();
  if (!expect(TokenKind::LeftBrace, "before the statements"))
    return body;
  while (!at(TokenKind::RightBrace) && !at(TokenKind::End)) {
    if (atItem() && !skipNestedItem(broken))
      break;
    if (atItem() || at(TokenKind::RightBrace))
      continue;
    ast::Stmt stmt = parseStmt();
    if (!panicking) {
      body.push_back(std::move(stmt));
      continue;
    }
    if (!recover(broken))
      return body;
    synchronizeStatement();
  }
  expectClosing(TokenKind::RightBrace, opening);
  return body;
}

void Parser::parseTrain(ast::TrainItem &train, bool &broken) {
  advance();
  train.net = parseName("the name of the net to train");
  Token opening = current();
  if (!expect(TokenKind::LeftBrace, "before the entries"))
    return;
  while (!at(TokenKind::RightBrace) && !at(TokenKind::End) && !atItem()) {
    ast::TrainEntry entry;
    uint32_t begin = current().range.begin;
    entry.isTarget = atName("target") && lookAhead().kind == TokenKind::Name;
    if (entry.isTarget)
      advance();
    entry.name = parseName(entry.isTarget ? "the name of the target" : "an entry of 'train'");
    if (entry.isTarget)
      expect(TokenKind::Colon, "before the type of the target");
    else
      expect(TokenKind::Equal, "after the name of the entry");
    if (at(TokenKind::KwConst) && lookAhead().kind != TokenKind::LeftParen) {
      // The schedule `const`, without ( ): in here no statement starts with the keyword.
      entry.value = makeExpr(current().range.begin, ast::NameExpr{"const"}, 0);
      entry.value.range = current().range;
      advance();
    } else {
      entry.value = parseExpr();
    }
    entry.range = rangeFrom(begin);
    if (!panicking) {
      train.entries.push_back(std::move(entry));
      continue;
    }
    if (!recover(broken))
      return;
    synchronizeEntry();
  }
  expectClosing(TokenKind::RightBrace, opening);
}
