//===- FormatRoles.cpp - What tokens are in the syntax tree -----------------===//

#include "compiler/Frontend/FormatRoles.h"

#include "llvm/ADT/STLExtras.h"
#include <algorithm>

using namespace cnnc;
using namespace cnnc::ast;

namespace {

/// Columns that a body stands in from its item.
constexpr unsigned bodyIndent = 2;

class RoleMarker {
public:
  explicit RoleMarker(std::vector<FormatToken> &tokens) : tokens(tokens) {}
  void mark(const Item &item);

private:
  /// The first token that begins at or after an offset.
  FormatToken &at(uint32_t offset) {
    return *std::lower_bound(
        tokens.begin(), tokens.end() - 1, offset,
        [](const FormatToken &token, uint32_t offset) { return token.offset < offset; });
  }
  void start(SourceRange range, Start starts, unsigned indent) {
    at(range.begin).starts = starts;
    at(range.begin).indent = indent;
  }
  void anchor(uint32_t offset) { at(offset).role = TokenRole::Anchor; }

  void mark(const std::vector<Param> &params);
  void mark(const std::vector<Stmt> &body);
  void mark(const Stmt &stmt);
  void mark(const Chain &chain);
  void mark(const Term &term);
  void mark(const Unit &unit);
  void markBranches(const Unit &unit, const std::vector<Chain> &chains);
  void mark(const ShapeExpr &shape);
  void mark(const std::vector<Argument> &arguments);
  /// In a count (`]*(N+1)`, `0..n-1`) a sum has no spaces.
  void mark(const Expr &expr, bool isCount = false);

  std::vector<FormatToken> &tokens;
};

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

void RoleMarker::mark(const Expr &expr, bool isCount) {
  if (auto *member = std::get_if<MemberExpr>(&expr.node)) {
    mark(*member->object, isCount);
  } else if (auto *unary = std::get_if<UnaryExpr>(&expr.node)) {
    // The range of an expression in parentheses is theirs.
    FormatToken *token = &at(expr.range.begin);
    while (token->kind == TokenKind::LeftParen)
      ++token;
    if (token->kind == TokenKind::Minus)
      token->role = TokenRole::Sign;
    mark(*unary->operand, isCount);
  } else if (auto *binary = std::get_if<BinaryExpr>(&expr.node)) {
    bool isSum = binary->op == Operator::Add || binary->op == Operator::Subtract;
    if (isCount && isSum)
      at(binary->left->range.end).role = TokenRole::Tight;
    mark(*binary->left, isCount);
    mark(*binary->right, isCount);
  } else if (auto *conditional = std::get_if<ConditionalExpr>(&expr.node)) {
    mark(*conditional->condition);
    mark(*conditional->thenValue);
    mark(*conditional->elseValue);
  } else if (auto *list = std::get_if<ListExpr>(&expr.node)) {
    for (const Expr &item : list->items)
      mark(item);
  } else if (auto *call = std::get_if<CallExpr>(&expr.node)) {
    mark(call->arguments);
  }
}

void RoleMarker::mark(const std::vector<Argument> &arguments) {
  for (const Argument &argument : arguments) {
    if (argument.name)
      at(argument.name->range.end).role = TokenRole::Tight;
    mark(argument.value);
  }
}

void RoleMarker::mark(const ShapeExpr &shape) {
  for (const Dim &dim : shape.dims)
    if (dim.size)
      mark(*dim.size);
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

void RoleMarker::mark(const Chain &chain) {
  for (const Term &term : chain.terms)
    mark(term);
}

void RoleMarker::markBranches(const Unit &unit, const std::vector<Chain> &chains) {
  if (std::holds_alternative<BranchUnit>(unit.node)) {
    FormatToken &opening = at(unit.range.begin);
    opening.role = TokenRole::BranchParen;
    tokens[opening.match].role = TokenRole::BranchParen;
  }
  for (const Chain &chain : chains)
    mark(chain);
}

void RoleMarker::mark(const Unit &unit) {
  std::visit(llvm::makeVisitor([&](const NamedUnit &named) { mark(named.arguments.list); },
                               [&](const ConditionalUnit &conditional) {
                                 mark(conditional.condition);
                                 mark(*conditional.thenUnit);
                                 mark(*conditional.elseUnit);
                               },
                               [&](const GroupUnit &group) { mark(group.chain); },
                               [&](const BranchUnit &fan) { markBranches(unit, fan.branches); },
                               [&](const TupleUnit &tuple) { markBranches(unit, tuple.parts); }),
             unit.node);
}

void RoleMarker::mark(const Term &term) {
  mark(term.unit);
  if (term.repeat) {
    if (auto *times = std::get_if<TimesRepeat>(&term.repeat->node)) {
      mark(times->count, /*isCount=*/true);
    } else {
      const auto &loop = std::get<ForRepeat>(term.repeat->node);
      bool isRange = loop.last.has_value();
      mark(loop.first, isRange);
      if (isRange)
        mark(*loop.last, /*isCount=*/true);
    }
  }
  if (term.option && term.option->condition)
    mark(*term.option->condition);
  for (const Annotation &annotation : term.annotations)
    mark(annotation.arguments.list);
  if (term.shape) {
    (&at(term.shape->range.begin) - 1)->role = TokenRole::Check;
    mark(*term.shape);
  }
}

//===----------------------------------------------------------------------===//
// Statements and items
//===----------------------------------------------------------------------===//

void RoleMarker::mark(const Stmt &stmt) {
  Start starts = Start::Statement;
  std::visit(llvm::makeVisitor(
                 [&](const InputStmt &input) {
                   anchor(input.name.range.end);
                   if (input.classes)
                     mark(*input.classes);
                   else
                     mark(input.shape);
                 },
                 [&](const WeightStmt &weight) {
                   anchor(weight.name.range.end);
                   mark(weight.shape);
                   for (const Annotation &annotation : weight.annotations)
                     mark(annotation.arguments.list);
                 },
                 [&](const BatchStmt &batch) { mark(batch.size); }, [](const OutputStmt &) {},
                 [&](const DefaultStmt &stmt) {
                   starts = Start::Declaration;
                   mark(stmt.arguments.list);
                 },
                 [&](const LayerStmt &layer) {
                   anchor(layer.name.range.end);
                   mark(layer.unit);
                 },
                 [&](const AssertStmt &assertion) { mark(assertion.condition); },
                 [&](const ConstStmt &stmt) {
                   starts = Start::Declaration;
                   anchor(stmt.name.range.end);
                   mark(stmt.value);
                 },
                 [&](const LetStmt &let) {
                   anchor(let.pattern.range.end);
                   mark(let.chain);
                 },
                 [&](const ChainStmt &stmt) { mark(stmt.chain); }),
             stmt.node);
  start(stmt.range, starts, bodyIndent);
}

void RoleMarker::mark(const std::vector<Stmt> &body) {
  for (const Stmt &stmt : body)
    mark(stmt);
}

void RoleMarker::mark(const std::vector<Param> &params) {
  for (const Param &param : params) {
    if (param.type)
      at(param.name.range.end).role = TokenRole::TypeColon;
    if (param.defaultValue)
      mark(*param.defaultValue);
  }
}

void RoleMarker::mark(const Item &item) {
  Start starts = Start::Statement;
  std::visit(llvm::makeVisitor([](const ImportItem &) {},
                               [&](const ConstStmt &stmt) {
                                 starts = Start::Declaration;
                                 anchor(stmt.name.range.end);
                                 mark(stmt.value);
                               },
                               [&](const DefaultStmt &stmt) {
                                 starts = Start::Declaration;
                                 mark(stmt.arguments.list);
                               },
                               [&](const BlockItem &block) {
                                 mark(block.params);
                                 if (block.signature)
                                   for (const Side *side :
                                        {&block.signature->from, &block.signature->to})
                                     for (const ShapeExpr &shape : side->shapes)
                                       mark(shape);
                                 mark(block.body);
                               },
                               [&](const NetItem &net) {
                                 mark(net.params);
                                 mark(net.body);
                               },
                               [&](const TrainItem &train) {
                                 for (const TrainEntry &entry : train.entries) {
                                   anchor(entry.name.range.end);
                                   mark(entry.value);
                                   start(entry.range, Start::Entry, bodyIndent);
                                 }
                               }),
             item.node);
  start(item.range, starts, 0);
}

} // namespace

void cnnc::markRoles(std::vector<FormatToken> &tokens, const ast::File &tree) {
  RoleMarker marker(tokens);
  for (const Item &item : tree.items)
    marker.mark(item);
}
