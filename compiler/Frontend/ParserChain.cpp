//===- ParserChain.cpp - Statements, chains and their terms -----------------===//

#include "compiler/Frontend/ParserImpl.h"

#include <array>
#include <fmt/format.h>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

ast::ConstStmt Parser::parseConst() {
  advance();
  ast::ConstStmt stmt;
  stmt.name = parseName("the name of the constant");
  expect(TokenKind::Equal, "after the name of the constant");
  stmt.value = parseExpr();
  return stmt;
}

ast::DefaultStmt Parser::parseDefault() {
  advance();
  ast::DefaultStmt stmt;
  stmt.layer = parseName("the layer whose arguments get defaults");
  if (!at(TokenKind::LeftParen))
    expected("'(' and the default arguments");
  stmt.arguments = parseArguments();
  return stmt;
}

ast::LetStmt Parser::parseLet() {
  advance();
  ast::LetStmt stmt;
  stmt.pattern = parsePattern();
  expect(TokenKind::Equal, "after the name of the tensor");
  stmt.chain = parseChain();
  return stmt;
}

/// `[1, 28, 28]`, or `class(10)`.
ast::InputStmt Parser::parseInput() {
  advance();
  ast::InputStmt input;
  input.name = parseName("the name of the input");
  expect(TokenKind::Colon, "before the sizes of the input");
  if (atName("class"))
    input.classes = parseExpr();
  else
    input.shape = parseShape();
  return input;
}

ast::WeightStmt Parser::parseWeight() {
  advance();
  ast::WeightStmt weight;
  weight.name = parsePath("the name of the weight");
  expect(TokenKind::Colon, "before the sizes of the weight");
  weight.shape = parseShape();
  weight.annotations = parseAnnotations();
  return weight;
}

bool Parser::atWeight() const { return atName("weight") && lookAhead().kind == TokenKind::Name; }

bool Parser::atBatch() const {
  TokenKind next = lookAhead().kind;
  return atName("batch") && (next == TokenKind::Integer || next == TokenKind::Name);
}

ast::Stmt Parser::parseStmt() {
  ast::Stmt stmt;
  uint32_t begin = current().range.begin;
  if (atWeight() || atBatch()) {
    if (atWeight()) {
      stmt.node = parseWeight();
    } else {
      advance();
      stmt.node = ast::BatchStmt{parseExpr()};
    }
    stmt.range = rangeFrom(begin);
    return stmt;
  }
  // No chain has two names side by side: the first was to be a keyword.
  if (lookAhead().kind == TokenKind::Name)
    readMisspelt("a statement",
                 std::array{TokenKind::KwInput, TokenKind::KwOutput, TokenKind::KwDefault,
                            TokenKind::KwLayer, TokenKind::KwAssert, TokenKind::KwConst,
                            TokenKind::KwLet});
  switch (current().kind) {
  case TokenKind::KwInput:
    stmt.node = parseInput();
    break;
  case TokenKind::KwOutput: {
    ast::OutputStmt output;
    advance();
    do
      output.names.push_back(parsePath("the name of an output"));
    while (accept(TokenKind::Comma));
    stmt.node = std::move(output);
    break;
  }
  case TokenKind::KwDefault:
    stmt.node = parseDefault();
    break;
  case TokenKind::KwLayer: {
    ast::LayerStmt layer;
    advance();
    layer.name = parseName("the name of the shared layer");
    expect(TokenKind::Equal, "after the name of the shared layer");
    layer.unit = parseUnit();
    stmt.node = std::move(layer);
    break;
  }
  case TokenKind::KwAssert: {
    ast::AssertStmt assertion;
    advance();
    assertion.condition = parseExpr();
    if (accept(TokenKind::Comma))
      assertion.message = parseString();
    stmt.node = std::move(assertion);
    break;
  }
  case TokenKind::KwConst:
    stmt.node = parseConst();
    break;
  case TokenKind::KwLet:
    stmt.node = parseLet();
    break;
  case TokenKind::Name:
  case TokenKind::KwIn:
  case TokenKind::KwIf:
  case TokenKind::LeftBracket:
  case TokenKind::LeftParen:
    stmt.node = ast::ChainStmt{parseChain()};
    break;
  default:
    expected("a statement");
  }
  stmt.range = rangeFrom(begin);
  return stmt;
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

ast::Chain Parser::parseChain() {
  Nesting nesting(*this);
  ast::Chain chain;
  uint32_t begin = current().range.begin;
  do
    chain.terms.push_back(parseTerm());
  while (accept(TokenKind::Arrow));
  chain.range = rangeFrom(begin);
  return chain;
}

ast::Term Parser::parseTerm() {
  ast::Term term;
  uint32_t begin = current().range.begin;
  term.unit = parseUnit();
  term.repeat = parseRepeat();
  if (at(TokenKind::Question)) {
    auto option = std::make_unique<ast::Option>();
    uint32_t optionBegin = current().range.begin;
    advance();
    // As with arguments: a '(' that stands apart starts the next statement.
    if (at(TokenKind::LeftParen) && current().touches) {
      Token opening = current();
      advance();
      option->condition = parseExpr();
      expectClosing(TokenKind::RightParen, opening);
    }
    option->range = rangeFrom(optionBegin);
    term.option = std::move(option);
  }
  term.annotations = parseAnnotations();
  if (accept(TokenKind::KwAs))
    term.tap = parseName("a name for the tensor");
  if (accept(TokenKind::Colon))
    term.shape = parseShape();
  term.range = rangeFrom(begin);
  return term;
}

std::vector<ast::Annotation> Parser::parseAnnotations() {
  std::vector<ast::Annotation> annotations;
  while (at(TokenKind::At)) {
    ast::Annotation annotation;
    uint32_t begin = current().range.begin;
    advance();
    annotation.name = parseName("the name of an annotation");
    annotation.arguments = parseArguments();
    annotation.range = rangeFrom(begin);
    annotations.push_back(std::move(annotation));
  }
  return annotations;
}

/// conv1.weight: the name of a parameter.
ast::Name Parser::parsePath(std::string_view what) {
  ast::Name path = parseName(what);
  while (!panicking && accept(TokenKind::Dot)) {
    ast::Name part = parseName("the next part of a parameter's name");
    path.text += "." + part.text;
    path.range.end = part.range.end;
  }
  return path;
}

ast::Unit Parser::parseUnit() {
  Nesting nesting(*this);
  ast::Unit unit;
  const Token first = current();
  switch (first.kind) {
  case TokenKind::Name: {
    ast::NamedUnit named;
    named.name = parsePath("a layer");
    named.arguments = parseArguments();
    unit.node = std::move(named);
    break;
  }
  case TokenKind::KwIn:
    advance();
    unit.node = ast::NamedUnit{{"in", first.range}, {{}, {lastEnd, lastEnd}, false}};
    break;
  case TokenKind::KwIf: {
    ast::ConditionalUnit conditional;
    advance();
    conditional.condition = parseExpr();
    expect(TokenKind::KwThen, "after the condition");
    conditional.thenUnit = std::make_unique<ast::Unit>(parseUnit());
    expect(TokenKind::KwElse, "and the other unit");
    conditional.elseUnit = std::make_unique<ast::Unit>(parseUnit());
    unit.node = std::move(conditional);
    break;
  }
  case TokenKind::LeftBracket: {
    ast::GroupUnit group;
    advance();
    group.chain = parseChain();
    expectClosing(TokenKind::RightBracket, first);
    unit.node = std::move(group);
    break;
  }
  case TokenKind::LeftParen:
    return parseParenthesizedUnit();
  default:
    expected("a layer, a tensor, '[' or '('");
  }
  unit.range = rangeFrom(first.range.begin);
  return unit;
}

/// ( a | b ), ( a, b ), or one chain: a single branch.
ast::Unit Parser::parseParenthesizedUnit() {
  ast::Unit unit;
  const Token opening = current();
  advance();
  std::vector<ast::Chain> chains;
  chains.push_back(parseChain());
  bool isTuple = at(TokenKind::Comma);
  while (accept(isTuple ? TokenKind::Comma : TokenKind::Bar))
    chains.push_back(parseChain());
  expectClosing(TokenKind::RightParen, opening);
  if (isTuple)
    unit.node = ast::TupleUnit{std::move(chains)};
  else
    unit.node = ast::BranchUnit{std::move(chains)};
  unit.range = rangeFrom(opening.range.begin);
  return unit;
}

std::unique_ptr<ast::Repeat> Parser::parseRepeat() {
  if (!at(TokenKind::Star) && !at(TokenKind::KwFor))
    return nullptr;
  auto repeat = std::make_unique<ast::Repeat>();
  uint32_t begin = current().range.begin;
  if (accept(TokenKind::Star)) {
    ast::TimesRepeat times;
    const Token opening = current();
    if (at(TokenKind::Integer)) {
      times.count = parseNumber();
    } else if (at(TokenKind::Name)) {
      ast::Name name = parseName("a count");
      times.count = makeExpr(name.range.begin, ast::NameExpr{name.text}, 0);
    } else if (accept(TokenKind::LeftParen)) {
      times.count = parseExpr();
      expectClosing(TokenKind::RightParen, opening);
    } else {
      expected("a number, a name or '(' after '*'");
    }
    repeat->node = std::move(times);
  } else {
    advance();
    ast::ForRepeat loop;
    loop.pattern = parsePattern();
    expect(TokenKind::KwIn, "after the names of the repeat");
    loop.first = parseExpr();
    if (accept(TokenKind::DotDot))
      loop.last = parseExpr();
    repeat->node = std::move(loop);
  }
  repeat->range = rangeFrom(begin);
  return repeat;
}

ast::Pattern Parser::parsePattern() {
  ast::Pattern pattern;
  const Token opening = current();
  pattern.isTuple = accept(TokenKind::LeftParen);
  do
    pattern.names.push_back(parseName("a name"));
  while (pattern.isTuple && accept(TokenKind::Comma));
  if (pattern.isTuple)
    expectClosing(TokenKind::RightParen, opening);
  pattern.range = rangeFrom(opening.range.begin);
  return pattern;
}

ast::ShapeExpr Parser::parseShape() {
  ast::ShapeExpr shape;
  const Token opening = current();
  if (!expect(TokenKind::LeftBracket, "and the sizes of a tensor"))
    return shape;
  do {
    ast::Dim dim;
    uint32_t begin = current().range.begin;
    if (atName("_"))
      advance();
    else
      dim.size = parseExpr();
    dim.range = rangeFrom(begin);
    shape.dims.push_back(std::move(dim));
    if (shape.dims.size() > dimLimit)
      error("E403", shape.dims.back().range, fmt::format("there are more than {} sizes", dimLimit));
  } while (accept(TokenKind::Comma));
  expectClosing(TokenKind::RightBracket, opening);
  shape.range = rangeFrom(opening.range.begin);
  return shape;
}
