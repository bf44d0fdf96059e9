//===- SemaRepeat.cpp - [ chain ]*n and [ chain ] for x in list -------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <fmt/format.h>

using namespace cnnc;

/// Layers and iterations of one net together.
static constexpr int64_t opLimit = 100'000;

/// Refuses what cannot fit before it is run: every iteration counts.
bool NetExpander::reserveOps(SourceRange range, int64_t count) {
  if (count <= opLimit - opCount)
    return true;
  context.error("E402", range,
                fmt::format("the net has more than {} layers and iterations", opLimit));
  return false;
}

bool NetExpander::walkIteration(const ast::Term &term, Scope &scope, Flow &flow, bool mayStart) {
  int64_t before = opCount;
  MaybeFlow next = walkUnit(term.unit, scope, flow, mayStart);
  // An iteration of nothing counts as one of something.
  if (term.repeat && opCount == before)
    ++opCount;
  if (next)
    flow = std::move(*next);
  return next.has_value();
}

bool NetExpander::walkRepeat(const ast::Term &term, Scope &scope, Flow &flow, bool mayStart) {
  if (!term.repeat)
    return walkIteration(term, scope, flow, mayStart);
  if (auto *loop = std::get_if<ast::ForRepeat>(&term.repeat->node))
    return walkFor(term, *loop, scope, flow, mayStart);
  const ast::Expr &expr = std::get<ast::TimesRepeat>(term.repeat->node).count;
  std::optional<int64_t> count = evaluator.evaluateInteger(expr, scope, "a count");
  if (!count)
    return false;
  if (*count < 0) {
    context.error("E122", expr.range,
                  fmt::format("a count must not be negative, but is {}", *count));
    return false;
  }
  return repeat(term, *count, [&](int64_t index) {
    return walkIteration(term, scope, flow, mayStart && !index);
  });
}

/// Makes `count` passes with the same annotations; false after an error.
bool NetExpander::repeat(const ast::Term &term, int64_t count,
                         llvm::function_ref<bool(int64_t)> pass) {
  if (!reserveOps(term.repeat->range, count))
    return false;
  const Traits perIteration = traits;
  bool isFine = true;
  ++instances.back().repeats;
  for (int64_t index = 0; isFine && index < count; ++index) {
    traits = perIteration;
    context.surroundings.push_back({term.unit.range, index + 1, count, {}});
    isFine = context.spend(term.range) && pass(index);
    context.surroundings.pop_back();
  }
  --instances.back().repeats;
  return isFine;
}

bool NetExpander::walkFor(const ast::Term &term, const ast::ForRepeat &loop, Scope &scope,
                          Flow &flow, bool mayStart) {
  int64_t first = 0, count = 0;
  std::shared_ptr<const ListValue> list;
  if (loop.last) {
    std::optional<int64_t> begin = evaluator.evaluateInteger(loop.first, scope, "a range's begin");
    std::optional<int64_t> end = evaluator.evaluateInteger(*loop.last, scope, "a range's end");
    if (!begin || !end)
      return false;
    first = *begin;
    if (*end > *begin && __builtin_sub_overflow(*end, *begin, &count))
      count = INT64_MAX;
  } else {
    std::optional<Value> value = evaluator.evaluate(loop.first, scope);
    if (!value)
      return false;
    if (!value->list()) {
      context.error("E120", loop.first.range,
                    fmt::format("'for' runs over a list or a range, but this is {}",
                                withArticle(value->typeName())));
      return false;
    }
    list = std::get<std::shared_ptr<const ListValue>>(value->data);
    count = static_cast<int64_t>(list->items.size());
  }
  return repeat(term, count, [&](int64_t index) {
    Scope inner(&scope);
    Value value = list ? list->items[index] : Value{first + index};
    return bindPattern(loop.pattern, value, inner) &&
           walkIteration(term, inner, flow, mayStart && !index);
  });
}

bool NetExpander::bindPattern(const ast::Pattern &pattern, const Value &value, Scope &scope) {
  auto bind = [&](const ast::Name &name, const Value &item) {
    return declare(context, scope, name, {item, name.range}, NameOf::Value);
  };
  if (!context.spend(pattern.range, pattern.names.size()))
    return false;
  const ListValue *list = value.list();
  if (!pattern.isTuple || (pattern.names.size() == 1 && !list))
    return bind(pattern.names[0], value);
  if (!list || list->items.size() != pattern.names.size()) {
    context.error("E123", pattern.range,
                  fmt::format("the pattern takes {} values, but gets {}", pattern.names.size(),
                              toText(value)));
    return false;
  }
  for (size_t i = 0; i < pattern.names.size(); ++i)
    if (!bind(pattern.names[i], list->items[i]))
      return false;
  return true;
}
