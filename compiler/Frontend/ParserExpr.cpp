//===- ParserExpr.cpp - Expressions and arguments ---------------------------===//

#include "compiler/Frontend/ParserImpl.h"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>

using namespace cnnc;
using ast::Operator;

/// How far looksLikeArguments() reads: an argument list is shorter.
static constexpr size_t argumentLookAhead = 64;

ast::Expr Parser::makeExpr(uint32_t begin, decltype(ast::Expr::node) node, uint32_t childDepth) {
  ast::Expr expr{rangeFrom(begin), std::move(node), childDepth + 1};
  if (expr.depth > expressionHeightLimit && !panicking) {
    error("E403", expr.range,
          fmt::format("the expression has more than {} levels", expressionHeightLimit));
    gaveUp = true;
  }
  return expr;
}

ast::Name Parser::parseName(std::string_view what) {
  ast::Name name{std::string(file.slice(current().range)), current().range};
  if (!accept(TokenKind::Name)) {
    expected(what);
    return {"", current().range};
  }
  return name;
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

namespace {
struct BinaryOperator {
  TokenKind token;
  Operator op;
  int level;
};
} // namespace

static constexpr int notLevel = 3;
static constexpr int comparisonLevel = 4;
static constexpr int lastLevel = 6;
static constexpr BinaryOperator binaryOperators[] = {
    {TokenKind::KwOr, Operator::Or, 1},
    {TokenKind::KwAnd, Operator::And, 2},
    {TokenKind::EqualEqual, Operator::Equal, comparisonLevel},
    {TokenKind::NotEqual, Operator::NotEqual, comparisonLevel},
    {TokenKind::Less, Operator::Less, comparisonLevel},
    {TokenKind::LessEqual, Operator::LessEqual, comparisonLevel},
    {TokenKind::Greater, Operator::Greater, comparisonLevel},
    {TokenKind::GreaterEqual, Operator::GreaterEqual, comparisonLevel},
    {TokenKind::Plus, Operator::Add, 5},
    {TokenKind::Minus, Operator::Subtract, 5},
    {TokenKind::Star, Operator::Multiply, 6},
    {TokenKind::Slash, Operator::Divide, 6},
    {TokenKind::SlashSlash, Operator::FloorDivide, 6},
    {TokenKind::Percent, Operator::Modulo, 6},
};

static const BinaryOperator *findBinary(TokenKind token, int minLevel) {
  for (const BinaryOperator &candidate : binaryOperators)
    if (candidate.token == token && candidate.level >= minLevel)
      return &candidate;
  return nullptr;
}

ast::Expr Parser::parseExpr() {
  Nesting nesting(*this);
  if (!at(TokenKind::KwIf))
    return parseBinary(1);
  uint32_t begin = current().range.begin;
  advance();
  auto condition = std::make_unique<ast::Expr>(parseExpr());
  expect(TokenKind::KwThen, "after the condition");
  auto thenValue = std::make_unique<ast::Expr>(parseExpr());
  expect(TokenKind::KwElse, "and the other value");
  auto elseValue = std::make_unique<ast::Expr>(parseExpr());
  uint32_t height = std::max({condition->depth, thenValue->depth, elseValue->depth});
  return makeExpr(
      begin, ast::ConditionalExpr{std::move(condition), std::move(thenValue), std::move(elseValue)},
      height);
}

ast::Expr Parser::parseBinary(int level) {
  uint32_t begin = current().range.begin;
  ast::Expr left;
  if (level <= notLevel && at(TokenKind::KwNot)) {
    Nesting nesting(*this);
    advance();
    auto operand = std::make_unique<ast::Expr>(parseBinary(notLevel));
    uint32_t height = operand->depth;
    left = makeExpr(begin, ast::UnaryExpr{Operator::Not, std::move(operand)}, height);
  } else {
    left = parseUnary();
  }
  while (const BinaryOperator *found = findBinary(current().kind, level)) {
    advance();
    ast::Expr right = found->level == lastLevel ? parseUnary() : parseBinary(found->level + 1);
    uint32_t height = std::max(left.depth, right.depth);
    left = makeExpr(begin,
                    ast::BinaryExpr{found->op, std::make_unique<ast::Expr>(std::move(left)),
                                    std::make_unique<ast::Expr>(std::move(right))},
                    height);
    // a < b < c means nothing here; it must not mean (a < b) < c.
    if (found->level == comparisonLevel && findBinary(current().kind, comparisonLevel) &&
        !findBinary(current().kind, comparisonLevel + 1))
      error("E005", current().range, "comparisons do not chain; write 'a < b and b < c'");
  }
  return left;
}

ast::Expr Parser::parseUnary() {
  if (!at(TokenKind::Minus))
    return parsePostfix();
  Nesting nesting(*this);
  uint32_t begin = current().range.begin;
  advance();
  auto operand = std::make_unique<ast::Expr>(parseUnary());
  uint32_t height = operand->depth;
  return makeExpr(begin, ast::UnaryExpr{Operator::Negate, std::move(operand)}, height);
}

ast::Expr Parser::parsePostfix() {
  uint32_t begin = current().range.begin;
  ast::Expr expr = parsePrimary();
  while (accept(TokenKind::Dot)) {
    ast::Name member = parseName("'c', 'h' or 'w' after '.'");
    uint32_t height = expr.depth;
    expr = makeExpr(
        begin, ast::MemberExpr{std::make_unique<ast::Expr>(std::move(expr)), std::move(member)},
        height);
  }
  return expr;
}

//===----------------------------------------------------------------------===//
// Primaries
//===----------------------------------------------------------------------===//

ast::Expr Parser::parseNumber() {
  SourceRange range = current().range;
  std::string_view text = file.slice(range);
  bool isFloat = at(TokenKind::Float);
  advance();
  // The lexer has reported what does not fit.
  if (isFloat) {
    double value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return makeExpr(range.begin, ast::FloatLiteral{value}, 0);
  }
  int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return makeExpr(range.begin, ast::IntegerLiteral{value}, 0);
}

std::string Parser::parseString() {
  if (!at(TokenKind::String)) {
    expected("a string");
    return {};
  }
  std::string_view text = file.slice(current().range);
  advance();
  text.remove_prefix(1);
  if (text.ends_with('"'))
    text.remove_suffix(1);
  std::string value;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size())
      ++i;
    value += text[i];
  }
  return value;
}

static uint32_t highest(const std::vector<ast::Expr> &items) {
  uint32_t height = 0;
  for (const ast::Expr &item : items)
    height = std::max(height, item.depth);
  return height;
}

ast::Expr Parser::parsePrimary() {
  const Token token = current();
  switch (token.kind) {
  case TokenKind::Integer:
  case TokenKind::Float:
    return parseNumber();
  case TokenKind::String:
    return makeExpr(token.range.begin, ast::StringLiteral{parseString()}, 0);
  case TokenKind::KwTrue:
  case TokenKind::KwFalse:
    advance();
    return makeExpr(token.range.begin, ast::BoolLiteral{token.kind == TokenKind::KwTrue}, 0);
  case TokenKind::KwIn:
    advance();
    return makeExpr(token.range.begin, ast::NameExpr{"in"}, 0);
  case TokenKind::LeftBracket:
    return parseList(TokenKind::RightBracket);
  case TokenKind::LeftParen:
    return parseParenthesized();
  case TokenKind::KwConst: // the schedule and the initializer const(…)
  case TokenKind::Name:
    break;
  default:
    expected("an expression");
    return makeExpr(token.range.begin, ast::IntegerLiteral{0}, 0);
  }
  if (token.kind == TokenKind::KwConst && lookAhead().kind != TokenKind::LeftParen) {
    expected("an expression");
    return makeExpr(token.range.begin, ast::IntegerLiteral{0}, 0);
  }
  advance();
  std::string name(file.slice(token.range));
  ast::Arguments arguments = parseArguments();
  if (!arguments.written)
    return makeExpr(token.range.begin, ast::NameExpr{std::move(name)}, 0);
  uint32_t height = 0;
  for (const ast::Argument &argument : arguments.list)
    height = std::max(height, argument.value.depth);
  return makeExpr(token.range.begin,
                  ast::CallExpr{{std::move(name), token.range}, std::move(arguments.list)}, height);
}

ast::Expr Parser::parseList(TokenKind closing) {
  const Token opening = current();
  advance();
  std::vector<ast::Expr> items;
  if (!at(closing)) {
    do
      items.push_back(parseExpr());
    while (accept(TokenKind::Comma));
  }
  expectClosing(closing, opening);
  uint32_t height = highest(items);
  return makeExpr(opening.range.begin, ast::ListExpr{std::move(items), false}, height);
}

/// (a) is a, (a, b) is a tuple.
ast::Expr Parser::parseParenthesized() {
  const Token opening = current();
  advance();
  std::vector<ast::Expr> items;
  items.push_back(parseExpr());
  while (accept(TokenKind::Comma))
    items.push_back(parseExpr());
  expectClosing(TokenKind::RightParen, opening);
  if (items.size() == 1) {
    ast::Expr inner = std::move(items.front());
    inner.range = rangeFrom(opening.range.begin);
    return inner;
  }
  uint32_t height = highest(items);
  return makeExpr(opening.range.begin, ast::ListExpr{std::move(items), true}, height);
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

/// Whether the '(' that stands apart from the name before it was meant to open
/// its arguments, rather than to start a statement: `conv (64, 3)`.
bool Parser::looksLikeArguments() const {
  const Token &paren = current();
  if (paren.kind != TokenKind::LeftParen || position == 0)
    return false;
  std::string_view gap = file.slice({lastEnd, paren.range.begin});
  if (gap.find('\n') != std::string_view::npos)
    return false;
  bool hasComma = false;
  unsigned level = 0;
  for (size_t ahead = 1; ahead < argumentLookAhead; ++ahead) {
    switch (lookAhead(ahead).kind) {
    case TokenKind::Arrow:
    case TokenKind::Bar:
    case TokenKind::End:
      return false;
    case TokenKind::Integer:
    case TokenKind::Float:
    case TokenKind::String:
    case TokenKind::Equal:
      return true;
    case TokenKind::Comma:
      hasComma |= level == 0;
      break;
    case TokenKind::LeftParen:
    case TokenKind::LeftBracket:
      ++level;
      break;
    case TokenKind::RightParen:
    case TokenKind::RightBracket:
      if (level == 0)
        return !hasComma;
      --level;
      break;
    default:
      break;
    }
  }
  return false;
}

ast::Arguments Parser::parseArguments() {
  ast::Arguments result;
  result.range = {lastEnd, lastEnd};
  if (!at(TokenKind::LeftParen))
    return result;
  const Token opening = current();
  if (!opening.touches) {
    if (!looksLikeArguments())
      return result;
    diags.error("E008", opening.range, "the '(' of an argument list must touch the name before it")
        .fix("remove the space", {{{lastEnd, opening.range.begin}, ""}});
  }
  advance();
  result.written = true;
  if (!at(TokenKind::RightParen)) {
    do {
      ast::Argument argument;
      uint32_t begin = current().range.begin;
      if (at(TokenKind::Name) && lookAhead().kind == TokenKind::Equal) {
        argument.name = parseName("an argument");
        advance();
      }
      argument.value = parseExpr();
      argument.range = rangeFrom(begin);
      result.list.push_back(std::move(argument));
    } while (accept(TokenKind::Comma));
  }
  expectClosing(TokenKind::RightParen, opening);
  result.range = rangeFrom(opening.range.begin);
  return result;
}
