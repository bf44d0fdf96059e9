//===- Evaluator.cpp - Expressions to values --------------------------------===//

#include "compiler/Frontend/Evaluator.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace cnnc;
using ast::Operator;

/// Far beyond any net, and done in about a second.
static constexpr uint64_t stepLimit = 10'000'000;
static constexpr unsigned listDepthLimit = 64;
/// One mistake in a block is found at each of its uses, but reported once.
static constexpr unsigned repeatedErrorLimit = 1000;
/// A list may hold as many copies of a string as there are steps: this bounds their memory.
static constexpr size_t bytesPerStep = 16;

Diagnostic &SemaContext::error(std::string_view code, SourceRange range, std::string message) {
  ++errors;
  Diagnostic &diagnostic = diags.error(code, range, std::move(message));
  for (const Surrounding &around : surroundings)
    if (!around.block.empty())
      diagnostic.note(fmt::format("in the block {}, used", quoted(around.block)), around.place);
    else if (around.count > 1)
      diagnostic.note(fmt::format("iteration {} of {} of the group", around.index, around.count),
                      around.place);
  return diagnostic;
}

Diagnostic &SemaContext::warning(std::string_view code, SourceRange range, std::string message) {
  return diags.warning(code, range, std::move(message));
}

Diagnostic &SemaContext::unknownName(std::string_view code, SourceRange range,
                                     std::string_view message, std::string_view name,
                                     std::span<const std::string> candidates,
                                     std::optional<SourceRange> written) {
  std::string nearest = nearestName(name, candidates);
  Diagnostic &diagnostic =
      error(code, range,
            nearest.empty() ? std::string(message)
                            : fmt::format("{}; did you mean {}?", message, quoted(nearest)));
  if (!nearest.empty())
    diagnostic.silentFix("write " + nearest, {{written.value_or(range), nearest}});
  return diagnostic;
}

bool SemaContext::spend(SourceRange range, uint64_t count) {
  if (diags.isFull() || errors > repeatedErrorLimit)
    return false;
  bool hadSteps = steps <= stepLimit;
  steps += count;
  if (steps <= stepLimit)
    return true;
  if (hadSteps)
    error("E402", range, fmt::format("expanding the text takes more than {} steps", stepLimit));
  return false;
}

//===----------------------------------------------------------------------===//
// Entry points
//===----------------------------------------------------------------------===//

std::optional<Value> Evaluator::evaluate(const ast::Expr &expr, const Scope &newScope,
                                         std::span<const std::string_view> newSymbols) {
  scope = &newScope;
  symbols = newSymbols;
  return visit(expr);
}

std::optional<bool> Evaluator::evaluateBool(const ast::Expr &expr, const Scope &newScope) {
  std::optional<Value> value = evaluate(expr, newScope);
  if (!value)
    return std::nullopt;
  if (const bool *boolean = value->boolean())
    return *boolean;
  return typeError(expr.range,
                   fmt::format("expected a bool, but this is {}", withArticle(value->typeName())));
}

std::optional<int64_t> Evaluator::evaluateInteger(const ast::Expr &expr, const Scope &newScope,
                                                  std::string_view what) {
  std::optional<Value> value = evaluate(expr, newScope);
  if (!value)
    return std::nullopt;
  if (const int64_t *integer = value->integer())
    return *integer;
  if (value->isNumber()) {
    proposeFloor(
        context.error("E122", expr.range,
                      fmt::format("{} must be a whole number, but is {}", what, toText(*value))),
        expr.range, context.diags.text(expr.range));
    return std::nullopt;
  }
  return typeError(expr.range, fmt::format("{} must be an int, but is {}", what,
                                           withArticle(value->typeName())));
}

std::nullopt_t Evaluator::typeError(SourceRange range, std::string message) {
  context.error("E120", range, std::move(message));
  return std::nullopt;
}

std::optional<Value> Evaluator::visit(const ast::Expr &expr) {
  if (!context.spend(expr.range))
    return std::nullopt;
  if (auto *integer = std::get_if<ast::IntegerLiteral>(&expr.node))
    return Value{integer->value};
  if (auto *real = std::get_if<ast::FloatLiteral>(&expr.node))
    return Value{real->value};
  if (auto *boolean = std::get_if<ast::BoolLiteral>(&expr.node))
    return Value{boolean->value};
  if (auto *string = std::get_if<ast::StringLiteral>(&expr.node))
    return copyOf({string->value}, expr.range);
  if (auto *name = std::get_if<ast::NameExpr>(&expr.node))
    return visitName(name->name, expr.range);
  if (auto *member = std::get_if<ast::MemberExpr>(&expr.node))
    return visitMember(*member, expr.range);
  if (auto *unary = std::get_if<ast::UnaryExpr>(&expr.node))
    return visitUnary(*unary, expr.range);
  if (auto *binary = std::get_if<ast::BinaryExpr>(&expr.node))
    return visitBinary(*binary, expr.range);
  if (auto *list = std::get_if<ast::ListExpr>(&expr.node))
    return visitList(*list, expr.range);
  if (auto *call = std::get_if<ast::CallExpr>(&expr.node))
    return visitCall(*call, expr.range);
  const auto &conditional = std::get<ast::ConditionalExpr>(expr.node);
  std::optional<Value> condition = visit(*conditional.condition);
  if (!condition)
    return std::nullopt;
  if (!condition->boolean())
    return typeError(
        conditional.condition->range,
        fmt::format("a condition is a bool, but this is {}", withArticle(condition->typeName())));
  return visit(*condition->boolean() ? *conditional.thenValue : *conditional.elseValue);
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// A long string costs as many steps as it takes memory.
std::optional<Value> Evaluator::copyOf(const Value &value, SourceRange range) {
  const std::string *string = value.string();
  if (string && !context.spend(range, string->size() / bytesPerStep))
    return std::nullopt;
  return value;
}

std::optional<Value> Evaluator::visitName(const std::string &name, SourceRange range,
                                          bool isMember) {
  if (std::find(symbols.begin(), symbols.end(), name) != symbols.end())
    return Value{name};
  const Binding *binding = scope->find(name);
  if (!binding) {
    // A search through all names is not worth it for what is not shown.
    if (context.namesAreIncomplete || context.diags.isKnown("E103", range))
      return std::nullopt;
    // A bare word is one of the argument's, or a value; before a '.' a tensor is meant.
    std::vector<std::string> candidates(symbols.begin(), symbols.end());
    for (const std::string &known : scope->names())
      if (isMember == (scope->find(known)->tensor() != nullptr))
        candidates.push_back(known);
    std::string hint = didYouMean(name, candidates);
    if (hint.empty() && !symbols.empty())
      hint = fmt::format("; expected one of {}", fmt::join(symbols, ", "));
    if (name == "in")
      context.error("E103", range, "'in' is known inside a block only");
    else
      proposeName(
          context.error("E103", range, fmt::format("unknown name {}{}", quoted(name), hint)), range,
          name, candidates);
    return std::nullopt;
  }
  if (const Value *value = binding->value())
    return copyOf(*value, range);
  if (binding->tensor())
    return typeError(range, fmt::format("{} is a tensor, not a value; its sizes are {}.c, .h, .w",
                                        quoted(name), name));
  if (!binding->failed())
    return typeError(range,
                     fmt::format("{} is {}, not a value", quoted(name), binding->description()));
  return std::nullopt;
}

/// x.c, x.h, x.w of a tensor.
std::optional<Value> Evaluator::visitMember(const ast::MemberExpr &member, SourceRange range) {
  auto *name = std::get_if<ast::NameExpr>(&member.object->node);
  const Binding *binding = name ? scope->find(name->name) : nullptr;
  if (binding && binding->failed())
    return std::nullopt;
  if (name && !binding)
    return visitName(name->name, member.object->range, /*isMember=*/true);
  if (binding && binding->tuple())
    return typeError(range, fmt::format("{} is a tuple of {} tensors: take it apart by "
                                        "let (a, b) = {}",
                                        quoted(name->name), binding->tuple()->size(), name->name));
  if (!binding || !binding->tensor() || !tensors)
    return typeError(range, "only a tensor has members: .c, .h, .w");
  const Shape &shape = (*tensors)[*binding->tensor()].shape;
  constexpr std::string_view order = "chw";
  size_t axis =
      member.member.text.size() == 1 ? order.find(member.member.text[0]) : std::string_view::npos;
  if (axis == std::string_view::npos) {
    context.error(
        "E103", member.member.range,
        fmt::format("a tensor has no member {}; it has c, h and w", quoted(member.member.text)));
    return std::nullopt;
  }
  if (axis >= shape.size())
    return typeError(range, fmt::format("{} is {}, which has no {}", quoted(name->name),
                                        toText(shape), member.member.text));
  return Value{shape[axis]};
}

//===----------------------------------------------------------------------===//
// Operators
//===----------------------------------------------------------------------===//

static std::string_view symbolOf(Operator op) {
  static constexpr std::string_view symbols[] = {"or", "and", "not", "==", "!=", "<",  "<=", ">",
                                                 ">=", "+",   "-",   "*",  "/",  "//", "%",  "-"};
  return symbols[static_cast<size_t>(op)];
}

std::optional<Value> Evaluator::visitUnary(const ast::UnaryExpr &unary, SourceRange range) {
  std::optional<Value> operand = visit(*unary.operand);
  if (!operand)
    return std::nullopt;
  if (unary.op == Operator::Not) {
    if (const bool *boolean = operand->boolean())
      return Value{!*boolean};
    return typeError(
        range, fmt::format("'not' takes a bool, but this is {}", withArticle(operand->typeName())));
  }
  if (const int64_t *integer = operand->integer())
    return visitIntegers(Operator::Subtract, 0, *integer, range);
  if (std::optional<double> number = operand->number())
    return Value{-*number};
  return typeError(
      range, fmt::format("'-' takes a number, but this is {}", withArticle(operand->typeName())));
}

/// `and`, `or`: the right side is looked at only if it decides.
std::optional<Value> Evaluator::visitLogical(const ast::BinaryExpr &binary) {
  for (const ast::ExprPtr *side : {&binary.left, &binary.right}) {
    std::optional<Value> value = visit(**side);
    if (!value)
      return std::nullopt;
    const bool *boolean = value->boolean();
    if (!boolean)
      return typeError((*side)->range,
                       fmt::format("'{}' takes bools, but this is {}", symbolOf(binary.op),
                                   withArticle(value->typeName())));
    if (*boolean == (binary.op == Operator::Or))
      return Value{*boolean};
  }
  return Value{binary.op == Operator::And};
}

std::optional<Value> Evaluator::visitBinary(const ast::BinaryExpr &binary, SourceRange range) {
  if (binary.op == Operator::And || binary.op == Operator::Or)
    return visitLogical(binary);
  std::optional<Value> left = visit(*binary.left);
  if (!left)
    return std::nullopt;
  std::optional<Value> right = visit(*binary.right);
  if (!right)
    return std::nullopt;
  if (binary.op >= Operator::Equal && binary.op <= Operator::GreaterEqual)
    return visitComparison(binary.op, *left, *right, range);
  if (!left->isNumber() || !right->isNumber())
    return typeError(range, fmt::format("'{}' takes numbers, but these are {} and {}",
                                        symbolOf(binary.op), left->typeName(), right->typeName()));
  if (left->integer() && right->integer() && binary.op != Operator::Divide)
    return visitIntegers(binary.op, *left->integer(), *right->integer(), range);
  return visitFloats(binary.op, *left->number(), *right->number(), range);
}

template <typename T> static bool compare(Operator op, const T &left, const T &right) {
  switch (op) {
  case Operator::Equal:
    return left == right;
  case Operator::NotEqual:
    return left != right;
  case Operator::Less:
    return left < right;
  case Operator::LessEqual:
    return left <= right;
  case Operator::Greater:
    return left > right;
  default:
    return left >= right;
  }
}

std::optional<Value> Evaluator::visitComparison(Operator op, const Value &left, const Value &right,
                                                SourceRange range) {
  bool isEquality = op == Operator::Equal || op == Operator::NotEqual;
  if (left.integer() && right.integer())
    return Value{compare(op, *left.integer(), *right.integer())};
  if (left.isNumber() && right.isNumber())
    return Value{compare(op, *left.number(), *right.number())};
  if (isEquality && left.string() && right.string())
    return Value{compare(op, *left.string(), *right.string())};
  if (isEquality && left.boolean() && right.boolean())
    return Value{compare(op, *left.boolean(), *right.boolean())};
  return typeError(range, fmt::format("'{}' cannot compare {} and {}", symbolOf(op),
                                      left.typeName(), right.typeName()));
}

std::optional<Value> Evaluator::visitIntegers(Operator op, int64_t left, int64_t right,
                                              SourceRange range) {
  bool isDivision = op == Operator::FloorDivide || op == Operator::Modulo;
  if (isDivision && right == 0) {
    context.error("E121", range, "division by zero");
    return std::nullopt;
  }
  int64_t result = 0;
  bool overflow = false;
  if (op == Operator::Add) {
    overflow = __builtin_add_overflow(left, right, &result);
  } else if (op == Operator::Subtract) {
    overflow = __builtin_sub_overflow(left, right, &result);
  } else if (op == Operator::Multiply) {
    overflow = __builtin_mul_overflow(left, right, &result);
  } else if (right == -1) {
    // The one quotient that does not fit, -2^63 // -1, is a negation too many.
    result = 0;
    if (op == Operator::FloorDivide)
      overflow = __builtin_sub_overflow(int64_t(0), left, &result);
  } else {
    int64_t quotient = left / right, remainder = left % right;
    bool roundsUp = remainder != 0 && (remainder < 0) != (right < 0);
    result = op == Operator::Modulo ? remainder + (roundsUp ? right : 0) : quotient - roundsUp;
  }
  if (!overflow)
    return Value{result};
  context.error("E400", range,
                fmt::format("{} {} {} does not fit in 64 bits", left, symbolOf(op), right));
  return std::nullopt;
}

std::optional<Value> Evaluator::visitFloats(Operator op, double left, double right,
                                            SourceRange range) {
  bool isDivision = op == Operator::Divide || op == Operator::FloorDivide || op == Operator::Modulo;
  if (isDivision && right == 0) {
    context.error("E121", range, "division by zero");
    return std::nullopt;
  }
  double result = op == Operator::Add           ? left + right
                  : op == Operator::Subtract    ? left - right
                  : op == Operator::Multiply    ? left * right
                  : op == Operator::Divide      ? left / right
                  : op == Operator::FloorDivide ? std::floor(left / right)
                                                : left - right * std::floor(left / right);
  // No layer takes an infinity, or what comes of one.
  if (std::isfinite(result))
    return Value{result};
  context.error("E400", range,
                fmt::format("{} {} {} does not fit in a 64-bit float", toText(left), symbolOf(op),
                            toText(right)));
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Lists and functions
//===----------------------------------------------------------------------===//

std::optional<Value> Evaluator::visitList(const ast::ListExpr &list, SourceRange range) {
  auto result = std::make_shared<ListValue>();
  result->isTuple = list.isTuple;
  for (const ast::Expr &item : list.items) {
    std::optional<Value> value = visit(item);
    if (!value)
      return std::nullopt;
    if (const ListValue *inner = value->list())
      result->depth = std::max(result->depth, inner->depth + 1);
    result->items.push_back(std::move(*value));
  }
  if (result->depth > listDepthLimit) {
    context.error("E403", range,
                  fmt::format("lists are nested deeper than {} levels", listDepthLimit));
    return std::nullopt;
  }
  return Value{std::shared_ptr<const ListValue>(std::move(result))};
}

std::optional<Value> Evaluator::toInteger(double number, SourceRange range) {
  // 2^63 is the first float above the range.
  if (number >= -0x1p63 && number < 0x1p63)
    return Value{static_cast<int64_t>(number)};
  context.error("E400", range, fmt::format("{} does not fit in 64 bits", toText(number)));
  return std::nullopt;
}

std::optional<Value> Evaluator::extremum(const std::string &name, std::span<const Value> values,
                                         SourceRange range) {
  if (values.size() == 1 && values[0].list())
    values = values[0].list()->items;
  if (values.empty())
    return typeError(range, fmt::format("{} takes at least one number", name));
  if (!context.spend(range, values.size()))
    return std::nullopt;
  const Value *best = nullptr;
  for (const Value &value : values) {
    if (!value.isNumber())
      return typeError(range, fmt::format("{} takes numbers, but one is {}", name,
                                          withArticle(value.typeName())));
    bool isBetter = best && (name == "min" ? *value.number() < *best->number()
                                           : *value.number() > *best->number());
    if (!best || isBetter)
      best = &value;
  }
  return *best;
}

std::optional<Value> Evaluator::visitCall(const ast::CallExpr &call, SourceRange range) {
  static const std::vector<std::string> functions = {"ceil", "floor", "min", "max", "len", "int"};
  const std::string &name = call.callee.text;
  if (std::find(functions.begin(), functions.end(), name) == functions.end()) {
    context.unknownName("E103", call.callee.range, fmt::format("unknown function {}", quoted(name)),
                        name, functions);
    return std::nullopt;
  }
  std::vector<Value> values;
  for (const ast::Argument &argument : call.arguments) {
    if (argument.name) {
      context.error("E101", argument.name->range, fmt::format("{} takes no named arguments", name));
      return std::nullopt;
    }
    std::optional<Value> value = visit(argument.value);
    if (!value)
      return std::nullopt;
    values.push_back(std::move(*value));
  }
  if (name == "min" || name == "max")
    return extremum(name, values, range);
  if (values.size() != 1) {
    context.error(values.empty() ? "E104" : "E106", range,
                  fmt::format("{} takes one argument, but {} are given", name, values.size()));
    return std::nullopt;
  }
  const Value &value = values.front();
  if (name == "len") {
    if (const ListValue *list = value.list())
      return Value{static_cast<int64_t>(list->items.size())};
    return typeError(
        range, fmt::format("len takes a list, but this is {}", withArticle(value.typeName())));
  }
  if (name == "int" && value.boolean())
    return Value{static_cast<int64_t>(*value.boolean())};
  if (value.integer())
    return value;
  std::optional<double> number = value.number();
  if (!number)
    return typeError(range, fmt::format("{} takes a number, but this is {}", name,
                                        withArticle(value.typeName())));
  return toInteger(name == "ceil"    ? std::ceil(*number)
                   : name == "floor" ? std::floor(*number)
                                     : std::trunc(*number),
                   range);
}
