//===- SemaExpand.cpp - Terms, repetition and names in chains ---------------===//

#include "compiler/Frontend/SemaExpand.h"

#include "llvm/ADT/StringRef.h"
#include <fmt/format.h>

using namespace cnnc;

/// Layers and iterations of one net together.
static constexpr int64_t opLimit = 100'000;

static bool equalsInsensitive(std::string_view a, std::string_view b) {
  return llvm::StringRef(a.data(), a.size())
      .equals_insensitive(llvm::StringRef(b.data(), b.size()));
}

bool cnnc::declare(SemaContext &context, Scope &scope, const ast::Name &name, Binding binding,
                   bool isTensor) {
  if (isTensor && (findLayer(name.text) || equalsInsensitive(name.text, "input"))) {
    // Under its name all the same: its users shall not be reported too.
    scope.define(name.text, std::move(binding));
    context.error(
        "E108", name.range,
        fmt::format("{} is the name of a layer and cannot name a tensor", quoted(name.text)));
    return false;
  }
  if (const Binding *earlier = scope.findConflict(name.text)) {
    context.error("E107", name.range, fmt::format("the name {} is taken", quoted(name.text)))
        .note("first used", earlier->range);
    return false;
  }
  scope.define(name.text, std::move(binding));
  return true;
}

bool cnnc::addDefault(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                      const ast::DefaultStmt &stmt, Defaults &defaults) {
  const LayerSpec *spec = findLayer(stmt.layer.text);
  if (!spec) {
    context.error("E100", stmt.layer.range,
                  fmt::format("unknown layer {}{}", quoted(stmt.layer.text),
                              didYouMean(stmt.layer.text, layerNames())));
    return false;
  }
  if (spec->id == LayerId::Unsupported) {
    context.unsupported(stmt.layer.range, fmt::format("the layer '{}'", spec->keyword));
    return false;
  }
  BoundArguments &bound = defaults[std::string(spec->keyword)];
  if (!bindArguments(context, evaluator, scope, spec->keyword, spec->arguments, stmt.arguments.list,
                     bound))
    return false;
  for (auto &entry : bound)
    entry.second.written = false;
  return true;
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

void NetExpander::addInput(const ast::InputStmt &input, SourceRange range, Scope &scope) {
  Shape shape;
  bool failed = false;
  for (const ast::Dim &dim : input.shape.dims) {
    if (!dim.size) {
      context.error("E120", dim.range, "the sizes of an input must be known; '_' is not");
      failed = true;
      break;
    }
    std::optional<int64_t> size = evaluator.evaluateInteger(*dim.size, scope, "a size");
    if (size && *size < 1)
      context.error("E205", dim.range, fmt::format("a size must be positive, but is {}", *size));
    failed |= !size || *size < 1;
    shape.push_back(size.value_or(1));
  }
  std::optional<int64_t> elements = checkedElements(shape);
  if (!failed && shape.size() != 1 && shape.size() != 3) {
    context.error(
        "E202", input.shape.range,
        fmt::format("a tensor is [C] or [C, H, W], but this one has {} sizes", shape.size()));
    failed = true;
  } else if (!failed && !elements) {
    context.error("E400", input.shape.range, "the number of elements does not fit in 64 bits");
    failed = true;
  } else if (!failed && *elements > tensorLimit) {
    context.error("E401", input.shape.range,
                  fmt::format("a tensor of {} elements; the limit is {}", *elements, tensorLimit));
    failed = true;
  }
  Binding binding{Failed{}, input.name.range};
  if (!failed) {
    TensorId id = static_cast<TensorId>(net.tensors.size());
    net.tensors.push_back({std::move(shape), input.name.text, range});
    net.inputs.push_back(id);
    inputDeclarations[id] = &input.shape;
    binding.what = id;
  }
  declare(context, scope, input.name, std::move(binding), /*isTensor=*/true);
}

//===----------------------------------------------------------------------===//
// Chains and terms
//===----------------------------------------------------------------------===//

std::optional<TensorId> NetExpander::walkChain(const ast::Chain &chain, Scope &scope,
                                               std::optional<TensorId> incoming) {
  Flow flow = incoming;
  bool isFirst = true;
  for (const ast::Term &term : chain.terms) {
    Flow next = walkTerm(term, scope, flow, isFirst && !incoming);
    if (!next || context.diags.isFull())
      return std::nullopt;
    flow = next;
    isFirst = false;
  }
  return flow;
}

NetExpander::Flow NetExpander::walkTerm(const ast::Term &term, Scope &scope, Flow incoming,
                                        bool isFirst) {
  if (!context.spend(term.range))
    return std::nullopt;
  for (const ast::Annotation &annotation : term.annotations)
    context.unsupported(annotation.range, "@" + annotation.name.text);
  if (!term.annotations.empty())
    return std::nullopt;
  std::optional<bool> present = isPresent(term, scope);
  if (!present)
    return std::nullopt;
  Flow flow = incoming;
  if (*present && !walkRepeat(term, scope, flow, isFirst))
    return std::nullopt;
  if (!flow) {
    context.error("E110", term.unit.range, "the chain has no input: it must start with a tensor");
    return std::nullopt;
  }
  if (term.tap) {
    if (!declare(context, scope, *term.tap, {*flow, term.tap->range}, /*isTensor=*/true))
      return std::nullopt;
    if (net.tensors[*flow].name.empty())
      net.tensors[*flow].name = term.tap->text;
  }
  if (term.shape && !checkShape(term, scope, *flow))
    return std::nullopt;
  return flow;
}

/// `layer?(cond)`, or the switch that a bare `?` names.
std::optional<bool> NetExpander::isPresent(const ast::Term &term, const Scope &scope) {
  if (!term.option)
    return true;
  if (term.option->condition)
    return evaluator.evaluateBool(*term.option->condition, scope);
  auto *named = std::get_if<ast::NamedUnit>(&term.unit.node);
  if (!named) {
    context.error("E111", term.option->range,
                  "a bare '?' stands after a layer only; here write ?(condition)");
    return std::nullopt;
  }
  std::string lower = llvm::StringRef(named->name.text).lower();
  for (const std::string &name : {named->name.text, lower}) {
    const Binding *binding = scope.find(name);
    if (binding && binding->failed())
      return std::nullopt;
    if (binding && binding->value() && binding->value()->boolean())
      return *binding->value()->boolean();
  }
  context.error("E111", term.option->range,
                fmt::format("a bare '?' needs a bool parameter named {}", quoted(lower)));
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Repetition
//===----------------------------------------------------------------------===//

/// Refuses what cannot fit before it is run: every iteration counts.
bool NetExpander::reserveOps(SourceRange range, int64_t count) {
  if (count <= opLimit - opCount)
    return true;
  context.error("E402", range,
                fmt::format("the net has more than {} layers and iterations", opLimit));
  return false;
}

bool NetExpander::walkIteration(const ast::Term &term, Scope &scope, Flow &flow, bool isFirst) {
  int64_t before = opCount;
  flow = walkUnit(term.unit, scope, flow, isFirst);
  // An iteration of nothing counts as one of something.
  if (term.repeat && opCount == before)
    ++opCount;
  return flow.has_value();
}

bool NetExpander::walkRepeat(const ast::Term &term, Scope &scope, Flow &flow, bool isFirst) {
  if (!term.repeat)
    return walkIteration(term, scope, flow, isFirst);
  if (auto *loop = std::get_if<ast::ForRepeat>(&term.repeat->node))
    return walkFor(term, *loop, scope, flow, isFirst);
  const ast::Expr &expr = std::get<ast::TimesRepeat>(term.repeat->node).count;
  std::optional<int64_t> count = evaluator.evaluateInteger(expr, scope, "a count");
  if (!count)
    return false;
  if (*count < 0) {
    context.error("E122", expr.range,
                  fmt::format("a count must not be negative, but is {}", *count));
    return false;
  }
  if (!reserveOps(term.repeat->range, *count))
    return false;
  for (int64_t index = 0; index < *count; ++index) {
    context.iterations.push_back({term.unit.range, index + 1, *count});
    bool isFine = context.spend(term.range) && walkIteration(term, scope, flow, isFirst && !index);
    context.iterations.pop_back();
    if (!isFine)
      return false;
  }
  return true;
}

bool NetExpander::walkFor(const ast::Term &term, const ast::ForRepeat &loop, Scope &scope,
                          Flow &flow, bool isFirst) {
  std::vector<Value> values;
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
  if (!reserveOps(term.repeat->range, count))
    return false;
  for (int64_t index = 0; index < count; ++index) {
    context.iterations.push_back({term.unit.range, index + 1, count});
    Scope inner(&scope);
    Value value = list ? list->items[index] : Value{first + index};
    bool isFine = context.spend(term.range) && bindPattern(loop.pattern, value, inner) &&
                  walkIteration(term, inner, flow, isFirst && !index);
    context.iterations.pop_back();
    if (!isFine)
      return false;
  }
  return true;
}

bool NetExpander::bindPattern(const ast::Pattern &pattern, const Value &value, Scope &scope) {
  if (!pattern.isTuple)
    return declare(context, scope, pattern.names[0], {value, pattern.names[0].range}, false);
  const ListValue *list = value.list();
  if (!list || list->items.size() != pattern.names.size()) {
    context.error("E123", pattern.range,
                  fmt::format("the pattern takes {} values, but gets {}", pattern.names.size(),
                              toText(value)));
    return false;
  }
  for (size_t i = 0; i < pattern.names.size(); ++i)
    if (!declare(context, scope, pattern.names[i], {list->items[i], pattern.names[i].range}, false))
      return false;
  return true;
}

//===----------------------------------------------------------------------===//
// Units
//===----------------------------------------------------------------------===//

NetExpander::Flow NetExpander::walkUnit(const ast::Unit &unit, Scope &scope, Flow incoming,
                                        bool isFirst) {
  if (auto *named = std::get_if<ast::NamedUnit>(&unit.node))
    return walkNamed(*named, unit.range, scope, incoming, isFirst);
  if (auto *group = std::get_if<ast::GroupUnit>(&unit.node)) {
    Scope inner(&scope);
    return walkChain(group->chain, inner, incoming);
  }
  std::string_view construct = "if … then … else between units";
  if (std::holds_alternative<ast::BranchUnit>(unit.node))
    construct = "branches ( a | b )";
  else if (std::holds_alternative<ast::TupleUnit>(unit.node))
    construct = "tuples ( a, b )";
  context.unsupported(unit.range, construct);
  return std::nullopt;
}

NetExpander::Flow NetExpander::walkInputKeyword(SourceRange range) {
  if (net.inputs.size() == 1)
    return net.inputs.front();
  context.error("E110", range,
                fmt::format("'INPUT' needs a net with exactly one input, but {} are declared here",
                            net.inputs.size()));
  return std::nullopt;
}

NetExpander::Flow NetExpander::walkNamed(const ast::NamedUnit &unit, SourceRange range,
                                         Scope &scope, Flow incoming, bool isFirst) {
  const std::string &name = unit.name.text;
  const Binding *binding = scope.find(name);
  if ((binding && binding->failed()) || blocks.contains(name))
    return std::nullopt;
  if (isFirst && !unit.arguments.written) {
    if (binding && binding->tensor())
      return *binding->tensor();
    if (equalsInsensitive(name, "input"))
      return walkInputKeyword(range);
  }
  const LayerSpec *spec = findLayer(name);
  if (!spec)
    return refuseName(unit, range, scope, isFirst);
  if (spec->id == LayerId::Unsupported) {
    context.unsupported(unit.name.range, fmt::format("the layer '{}'", spec->keyword));
    return std::nullopt;
  }
  if (!incoming) {
    context.error(
        "E110", range,
        fmt::format("{} has no input: the chain must start with a tensor", spec->keyword));
    return std::nullopt;
  }
  if (!reserveOps(range, 1))
    return std::nullopt;
  ++opCount;
  return buildLayer(*spec, unit, range, scope, *incoming);
}

/// Says why a name is no layer.
NetExpander::Flow NetExpander::refuseName(const ast::NamedUnit &unit, SourceRange range,
                                          const Scope &scope, bool isFirst) {
  const std::string &name = unit.name.text;
  const Binding *binding = scope.find(name);
  if (name == "in") {
    context.error("E100", range, "'in' is known inside a block only");
  } else if ((binding && binding->tensor()) || equalsInsensitive(name, "input")) {
    context.error("E100", range,
                  unit.arguments.written
                      ? fmt::format("{} is a tensor and takes no arguments", quoted(name))
                      : fmt::format("{} is a tensor and cannot stand in the middle of a chain; "
                                    "did you mean (a, b) -> concat?",
                                    quoted(name)));
  } else if (binding) {
    context.error("E100", range,
                  fmt::format("{} is {}, not a layer", quoted(name),
                              withArticle(binding->value()->typeName())));
  } else {
    std::vector<std::string> candidates = layerNames();
    if (isFirst && !unit.arguments.written)
      candidates = scope.names();
    std::string hint = didYouMean(name, candidates);
    context.error("E100", unit.name.range,
                  fmt::format("unknown {} {}{}", isFirst ? "tensor or layer" : "layer or block",
                              quoted(name), hint.empty() ? didYouMean(name, layerNames()) : hint));
  }
  return std::nullopt;
}

bool NetExpander::checkShape(const ast::Term &term, const Scope &scope, TensorId tensor) {
  const Shape &shape = net.tensors[tensor].shape;
  const ast::ShapeExpr &expected = *term.shape;
  bool agrees = expected.dims.size() == shape.size();
  std::vector<std::string> wanted;
  for (size_t i = 0; i < expected.dims.size(); ++i) {
    if (!expected.dims[i].size) {
      wanted.push_back("_");
      continue;
    }
    std::optional<int64_t> size =
        evaluator.evaluateInteger(*expected.dims[i].size, scope, "a size");
    if (!size)
      return false;
    wanted.push_back(fmt::format("{}", *size));
    agrees &= i >= shape.size() || *size == shape[i];
  }
  if (agrees)
    return true;
  context
      .error("E210", expected.range,
             fmt::format("expected [{}], but the size here is {}", fmt::join(wanted, ", "),
                         toText(shape)))
      .note("this size is made", net.tensors[tensor].range)
      .fix(fmt::format("write {}", toText(shape)), {{expected.range, toText(shape)}});
  return false;
}
