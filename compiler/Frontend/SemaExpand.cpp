//===- SemaExpand.cpp - Chains, their terms and names -----------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include "llvm/ADT/StringRef.h"
#include <fmt/format.h>

using namespace cnnc;

bool cnnc::declare(SemaContext &context, Scope &scope, const ast::Name &name, Binding binding,
                   NameOf what) {
  llvm::StringRef text(name.text);
  const LayerSpec *layer = findLayer(name.text);
  bool isReserved = (layer && !isBackward(layer->id)) || text.equals_insensitive("input");
  if (what != NameOf::Value && isReserved) {
    // Under its name all the same: its users shall not be reported too.
    scope.define(name.text, std::move(binding));
    context.error("E108", name.range,
                  fmt::format("{} is the name of a layer and cannot name a {}", quoted(name.text),
                              what == NameOf::Block         ? "block"
                              : what == NameOf::SharedLayer ? "shared layer"
                                                            : "tensor"));
    return false;
  }
  if (const Binding *earlier = scope.findConflict(name.text)) {
    SourceRange first = earlier->range;
    context.error("E107", name.range, fmt::format("the name {} is taken", quoted(name.text)))
        .note("first used", first);
    // From here on nobody knows which of the two tensors is meant.
    if (what == NameOf::Tensor)
      scope.define(name.text, {Failed{}, first});
    return false;
  }
  scope.define(name.text, std::move(binding));
  return true;
}

void cnnc::defineConst(SemaContext &context, Evaluator &evaluator, const ast::ConstStmt &stmt,
                       Scope &scope) {
  std::optional<Value> value = evaluator.evaluate(stmt.value, scope);
  Binding binding{Failed{}, stmt.name.range};
  if (value)
    binding.what = std::move(*value);
  declare(context, scope, stmt.name, std::move(binding), NameOf::Value);
}

bool cnnc::addDefault(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                      const ast::DefaultStmt &stmt, Defaults &defaults) {
  const LayerSpec *spec = findLayer(stmt.layer.text);
  if (!spec) {
    const Binding *binding = scope.find(stmt.layer.text);
    if (binding && binding->block())
      context.error("E100", stmt.layer.range,
                    fmt::format("{} is a block: its defaults stand in its parameters",
                                quoted(stmt.layer.text)));
    else if (!context.namesAreIncomplete)
      context.unknownName("E100", stmt.layer.range,
                          fmt::format("unknown layer {}", quoted(stmt.layer.text)), stmt.layer.text,
                          layerNames());
    context.brokenDefaults.insert(stmt.layer.text);
    return false;
  }
  BoundArguments &bound = defaults[std::string(spec->keyword)];
  if (!bindArguments(context, evaluator, scope, spec->keyword, spec->arguments, stmt.arguments.list,
                     bound)) {
    context.brokenDefaults.emplace(spec->keyword);
    return false;
  }
  for (auto &entry : bound)
    entry.second.written = false;
  return true;
}

//===----------------------------------------------------------------------===//
// Chains
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::walkChain(const ast::Chain &chain, Scope &scope, Flow incoming,
                                 bool mayStart) {
  Flow flow = std::move(incoming);
  for (size_t i = 0; i < chain.terms.size(); ++i) {
    const ast::Term &term = chain.terms[i];
    walking = &chain;
    walkingTerm = i;
    MaybeFlow next = walkTerm(term, scope, flow, mayStart && i == 0);
    if (!next || context.diags.isFull()) {
      isBroken = true;
      // What uses its tap shall not be reported too.
      failTap(term, scope);
      checkRest(chain, i + 1, scope);
      return std::nullopt;
    }
    flow = std::move(*next);
  }
  return flow;
}

std::optional<TensorId> NetExpander::walkToTensor(const ast::Chain &chain, Scope &scope) {
  MaybeFlow flow = walkChain(chain, scope, {}, /*mayStart=*/true);
  if (!flow)
    return std::nullopt;
  if (!flow->isTuple())
    return flow->tensors.front();
  std::string join = joinFor(*flow);
  Diagnostic &diagnostic = reportUnjoined(chain.terms.back().range, *flow, "a name");
  if (!join.empty())
    diagnostic.fix(fmt::format("join them: -> {}", join),
                   {{{chain.range.end, chain.range.end}, fmt::format(" -> {}", join)}});
  return std::nullopt;
}

/// The join that unites a tuple as it is: add for equal sizes, concat for equal H and W.
std::string NetExpander::joinFor(const Flow &flow) const {
  bool isEqual = true, isStack = true;
  const Shape &first = shapeOf(flow.tensors.front());
  for (TensorId id : flow.tensors) {
    const Shape &shape = shapeOf(id);
    isEqual &= shape == first;
    isStack &= shape.size() == first.size() &&
               std::equal(shape.begin() + 1, shape.end(), first.begin() + 1);
  }
  return isEqual ? "add" : isStack ? "concat" : "";
}

Diagnostic &NetExpander::reportUnjoined(SourceRange range, const Flow &flow,
                                        std::string_view taker) {
  Diagnostic &diagnostic = context.error(
      "E300", range,
      fmt::format("{} takes one tensor, but {} flow in here; join them with add, sub, mul, max or "
                  "concat",
                  taker, flow.tensors.size()));
  diagnostic.derive(shapesText(flow.tensors, " | "));
  if (flow.fork)
    diagnostic.note("the tuple is made", flow.fork->range);
  return diagnostic;
}

//===----------------------------------------------------------------------===//
// Terms
//===----------------------------------------------------------------------===//

void NetExpander::nameTensor(TensorId tensor, const std::string &name) {
  if (net.tensors[tensor].name.empty())
    net.tensors[tensor].name = name;
}

void NetExpander::failTap(const ast::Term &term, Scope &scope) {
  if (term.tap && !scope.findConflict(term.tap->text))
    scope.define(term.tap->text, {Failed{}, term.tap->range});
}

MaybeFlow NetExpander::walkTerm(const ast::Term &term, Scope &scope, Flow incoming, bool mayStart) {
  // What flows is copied from term to term.
  if (!context.spend(term.range, 1 + incoming.tensors.size()))
    return std::nullopt;
  Traits outer = traits;
  traits.name = nullptr;
  traits.isOwn = false;
  auto walk = [&]() -> MaybeFlow {
    if (!applyAnnotations(term.annotations, scope))
      return std::nullopt;
    std::optional<bool> present = isPresent(term, scope);
    if (!present)
      return std::nullopt;
    Flow flow = std::move(incoming);
    if (*present && !walkRepeat(term, scope, flow, mayStart))
      return std::nullopt;
    if (flow.empty()) {
      context.error("E110", term.unit.range, "the chain has no input: it must start with a tensor");
      return std::nullopt;
    }
    if (!bindTap(term, scope, flow) || !checkShape(term, scope, flow))
      return std::nullopt;
    return flow;
  };
  MaybeFlow flow = walk();
  traits = outer;
  return flow;
}

bool NetExpander::bindTap(const ast::Term &term, Scope &scope, const Flow &flow) {
  if (!term.tap)
    return true;
  if (flow.isTuple()) {
    reportUnjoined(term.tap->range, flow, "a name");
    return false;
  }
  TensorId tensor = flow.tensors.front();
  if (!declare(context, scope, *term.tap, {tensor, term.tap->range}, NameOf::Tensor))
    return false;
  nameTensor(tensor, term.tap->text);
  return true;
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
  std::vector<std::string> names{named->name.text, lower};
  // Layers' names have no case, so their switches have none.
  for (const std::string &known : scope.names())
    if (llvm::StringRef(known).equals_insensitive(lower))
      names.push_back(known);
  for (const std::string &name : names) {
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

bool NetExpander::checkShape(const ast::Term &term, const Scope &scope, const Flow &flow) {
  if (!term.shape)
    return true;
  if (flow.isTuple()) {
    reportUnjoined(term.shape->range, flow, "a size");
    return false;
  }
  const Tensor &tensor = net.tensors[flow.tensors.front()];
  const ast::ShapeExpr &expected = *term.shape;
  bool agrees = expected.dims.size() == tensor.shape.size();
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
    agrees &= i >= tensor.shape.size() || *size == tensor.shape[i];
  }
  if (agrees)
    return true;
  std::string actual = toText(tensor.shape);
  context
      .error("E210", expected.range,
             fmt::format("expected [{}], but the size here is {}", fmt::join(wanted, ", "), actual))
      .note("this size is made", tensor.range)
      .fix(fmt::format("write {}", actual), {{expected.range, actual}});
  return false;
}
