//===- SemaUnit.cpp - Layers, tensors, groups, branches and tuples ----------===//

#include "compiler/Frontend/SemaExpand.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringRef.h"
#include <fmt/format.h>

using namespace cnnc;

/// Units inside of units, through all blocks: bounds the stack. Each takes a few
/// kilobytes; the parser has its own limit for one text.
static constexpr unsigned unitDepthLimit = 300;

static bool isInputKeyword(const std::string &name) {
  return llvm::StringRef(name).equals_insensitive("input");
}

MaybeFlow NetExpander::walkUnit(const ast::Unit &unit, Scope &scope, Flow incoming, bool mayStart) {
  if (depth == unitDepthLimit) {
    context.error("E403", unit.range,
                  fmt::format("groups and blocks are nested deeper than {} levels", depth));
    return std::nullopt;
  }
  ++depth;
  llvm::scope_exit leave([&] { --depth; });
  if (auto *named = std::get_if<ast::NamedUnit>(&unit.node))
    return walkNamed(*named, unit.range, scope, std::move(incoming), mayStart);
  if (auto *conditional = std::get_if<ast::ConditionalUnit>(&unit.node)) {
    std::optional<bool> condition = evaluator.evaluateBool(conditional->condition, scope);
    if (!condition)
      return std::nullopt;
    return walkUnit(*condition ? *conditional->thenUnit : *conditional->elseUnit, scope,
                    std::move(incoming), mayStart);
  }
  if (traits.name) {
    context.error("E101", traits.name->range,
                  "@name stands after a layer or a block; a group has no name");
    return std::nullopt;
  }
  if (auto *group = std::get_if<ast::GroupUnit>(&unit.node)) {
    Scope inner(&scope);
    // A chain without an input is mended in front of all of its groups.
    bool isOutermost = mayStart && incoming.empty() && !groupStart;
    if (isOutermost)
      groupStart = unit.range.begin;
    MaybeFlow flow = walkChain(group->chain, inner, std::move(incoming), mayStart);
    if (isOutermost)
      groupStart.reset();
    return flow;
  }
  if (auto *branches = std::get_if<ast::BranchUnit>(&unit.node))
    return walkBranches(unit, branches->branches, scope, std::move(incoming));
  const auto &parts = std::get<ast::TupleUnit>(unit.node).parts;
  if (mayStart || incoming.empty())
    return walkBranches(unit, parts, scope, {});
  std::vector<Edit> bars;
  for (size_t i = 1; i < parts.size(); ++i)
    bars.push_back({{parts[i - 1].range.end, parts[i].range.begin}, " | "});
  context
      .error("E100", unit.range,
             "( a, b ) starts a chain: what flows in here would be lost; did you mean ( a | b )?")
      .silentFix("write ( a | b )", std::move(bars));
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Branches and tuples
//===----------------------------------------------------------------------===//

MaybeFlow NetExpander::walkBranches(const ast::Unit &unit, const std::vector<ast::Chain> &branches,
                                    Scope &scope, Flow incoming) {
  if (branches.size() == 1)
    return walkChain(branches.front(), scope, std::move(incoming), /*mayStart=*/true);
  Flow result;
  result.fork = &unit;
  bool isFine = true;
  for (const ast::Chain &branch : branches) {
    MaybeFlow flow = walkChain(branch, scope, incoming, /*mayStart=*/true);
    if (flow && flow->isTuple()) {
      reportUnjoined(branch.range, *flow, "a branch");
      flow.reset();
    }
    // All branches are looked at: each may have a mistake of its own.
    isFine &= flow.has_value();
    if (flow)
      result.tensors.push_back(flow->tensors.front());
    // A tuple that one branch cannot take is the same mistake in the next.
    else if (incoming.isTuple())
      break;
  }
  if (!isFine)
    return std::nullopt;
  return result;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

/// The tensor, or the tuple, that a name at the start of a chain means.
std::optional<Flow> NetExpander::asTensor(const ast::NamedUnit &unit, SourceRange range,
                                          const Scope &scope, bool &failed) {
  const Binding *binding = scope.find(unit.name.text);
  if (binding && binding->tensor())
    return Flow(*binding->tensor());
  if (binding && binding->tuple()) {
    Flow flow;
    flow.tensors.assign(binding->tuple()->begin(), binding->tuple()->end());
    return flow;
  }
  if (!isInputKeyword(unit.name.text))
    return std::nullopt;
  failed = true;
  if (!active.empty()) {
    context.error("E110", range, "'INPUT' is a net's; a block's input is 'in'")
        .fix("write in", {{range, "in"}});
  } else if (net.inputs.size() != 1) {
    context.error("E110", range,
                  fmt::format("'INPUT' needs a net with exactly one input, but {} are declared "
                              "here",
                              net.inputs.size()));
  } else {
    failed = false;
    return Flow(net.inputs.front());
  }
  return std::nullopt;
}

MaybeFlow NetExpander::walkNamed(const ast::NamedUnit &unit, SourceRange range, Scope &scope,
                                 Flow incoming, bool mayStart) {
  const Binding *binding = scope.find(unit.name.text);
  if (binding && binding->failed())
    return std::nullopt;
  if (mayStart && !unit.arguments.written) {
    bool failed = false;
    if (std::optional<Flow> flow = asTensor(unit, range, scope, failed); flow || failed)
      return flow;
  }
  const LayerSpec *spec = findLayer(unit.name.text);
  if (spec && isBackward(spec->id) && binding && (binding->block() || binding->sharedLayer()))
    spec = nullptr;
  // Such a name has been refused where it was defined.
  if (spec && binding && (binding->block() || binding->sharedLayer()))
    return std::nullopt;
  bool isKnown = spec || (binding && (binding->block() || binding->sharedLayer()));
  if (!isKnown) {
    refuseName(unit, range, scope, mayStart);
    return std::nullopt;
  }
  if (incoming.empty()) {
    Diagnostic &diagnostic =
        context.error("E110", range,
                      fmt::format("{} has no input: the chain must start with a tensor",
                                  spec ? std::string(spec->keyword) : quoted(unit.name.text)));
    std::string start = !active.empty()          ? "in"
                        : net.inputs.size() == 1 ? net.tensors[net.inputs.front()].name
                                                 : "";
    uint32_t place = groupStart.value_or(range.begin);
    if (!start.empty())
      diagnostic.fix(fmt::format("start with {} ->", start),
                     {{{place, place}, fmt::format("{} -> ", start)}});
    return std::nullopt;
  }
  // A parameter may have a layer's name, a block or a shared layer has not.
  if (!spec && binding->block())
    return useBlock(*binding->block(), unit, range, scope, std::move(incoming));
  if (!spec)
    return useShared(*binding->sharedLayer(), unit, range, std::move(incoming));
  if (!reserveOps(range, 1))
    return std::nullopt;
  ++opCount;
  return buildLayer(*spec, unit, range, scope, incoming);
}

/// A tensor where a layer should be: `a -> conv(8, 3) -> b`.
void NetExpander::refuseTensor(const ast::NamedUnit &unit, SourceRange range) {
  if (unit.arguments.written) {
    context
        .error("E100", range,
               fmt::format("{} is a tensor and takes no arguments", quoted(unit.name.text)))
        .fix("remove them", {{unit.arguments.range, ""}});
    return;
  }
  Diagnostic &diagnostic =
      context.error("E100", range,
                    fmt::format("{} is a tensor and cannot stand in the middle of a chain; did "
                                "you mean (a, b) -> concat?",
                                quoted(unit.name.text)));
  if (!walking || walkingTerm == 0 || walking->terms[walkingTerm].unit.range.begin != range.begin)
    return;
  uint32_t begin = walking->range.begin;
  diagnostic.silentFix("write (a, b) -> concat",
                       {{{begin, begin}, "("},
                        {{walking->terms[walkingTerm - 1].range.end, range.end},
                         fmt::format(", {}) -> concat", unit.name.text)}});
}

/// Says why a name is no layer.
void NetExpander::refuseName(const ast::NamedUnit &unit, SourceRange range, const Scope &scope,
                             bool mayStart) {
  const std::string &name = unit.name.text;
  const Binding *binding = scope.find(name);
  if (!binding && name == "in") {
    context.error("E100", range, "'in' is known inside a block only");
  } else if ((binding && (binding->tensor() || binding->tuple())) || isInputKeyword(name)) {
    refuseTensor(unit, range);
  } else if (binding) {
    context.error("E100", range,
                  fmt::format("{} is {}, not a layer", quoted(name), binding->description()));
  } else if (!context.namesAreIncomplete && !context.diags.isKnown("E100", unit.name.range)) {
    // At the start of a chain a tensor is meant, elsewhere a layer or a block.
    std::vector<std::string> tensors, layers = layerNames();
    for (const LayerSpec &layer : backwardLayers())
      layers.emplace_back(layer.keyword);
    for (const std::string &known : scope.names()) {
      const Binding *candidate = scope.find(known);
      if (candidate->tensor() || candidate->tuple())
        tensors.push_back(known);
      if (candidate->block() || candidate->sharedLayer())
        layers.push_back(known);
    }
    bool wantsTensor = mayStart && !unit.arguments.written;
    bool isTensor = wantsTensor && !nearestName(name, tensors).empty();
    const std::vector<std::string> &candidates = isTensor ? tensors : layers;
    context.unknownName("E100", unit.name.range,
                        fmt::format("unknown {} {}",
                                    wantsTensor ? "tensor or layer" : "layer or block",
                                    quoted(name)),
                        name, candidates);
  }
}

//===----------------------------------------------------------------------===//
// Behind an error
//===----------------------------------------------------------------------===//

/// After an error the sizes of a chain are unknown, but a name that nobody knows is a
/// mistake of its own.
void NetExpander::checkRest(const ast::Chain &chain, size_t first, Scope &scope) {
  if (!context.diags.isFull())
    checkNames(chain, first, scope, /*mayStart=*/false);
}

void NetExpander::checkUnusedBlock(const BlockDefinition &block) {
  Scope scope(block.scope);
  auto fail = [&](const ast::Name &name) { scope.define(name.text, {Failed{}, name.range}); };
  scope.define("in", {Failed{}, block.item->name.range});
  for (const ast::Param &param : block.item->params)
    fail(param.name);
  for (const ast::Stmt &stmt : block.item->body) {
    if (auto *let = std::get_if<ast::LetStmt>(&stmt.node)) {
      checkNames(let->chain, 0, scope, /*mayStart=*/true);
      for (const ast::Name &name : let->pattern.names)
        fail(name);
    } else if (auto *chain = std::get_if<ast::ChainStmt>(&stmt.node)) {
      checkNames(chain->chain, 0, scope, /*mayStart=*/true);
    } else if (auto *layer = std::get_if<ast::LayerStmt>(&stmt.node)) {
      checkNames(layer->unit, scope, /*mayStart=*/false);
      fail(layer->name);
    } else if (auto *constant = std::get_if<ast::ConstStmt>(&stmt.node)) {
      fail(constant->name);
    }
  }
}

void NetExpander::checkNames(const ast::Chain &chain, size_t first, Scope &scope, bool mayStart) {
  for (size_t i = first; i < chain.terms.size() && context.spend(chain.range); ++i) {
    checkNames(chain.terms[i].unit, scope, mayStart && i == 0);
    failTap(chain.terms[i], scope);
  }
}

void NetExpander::checkNames(const ast::Unit &unit, Scope &scope, bool mayStart) {
  if (auto *group = std::get_if<ast::GroupUnit>(&unit.node)) {
    Scope inner(&scope);
    checkNames(group->chain, 0, inner, mayStart);
  } else if (auto *branches = std::get_if<ast::BranchUnit>(&unit.node)) {
    for (const ast::Chain &branch : branches->branches)
      checkNames(branch, 0, scope, /*mayStart=*/true);
  } else if (auto *tuple = std::get_if<ast::TupleUnit>(&unit.node)) {
    for (const ast::Chain &part : tuple->parts)
      checkNames(part, 0, scope, /*mayStart=*/true);
  } else if (auto *conditional = std::get_if<ast::ConditionalUnit>(&unit.node)) {
    checkNames(*conditional->thenUnit, scope, mayStart);
    checkNames(*conditional->elseUnit, scope, mayStart);
  }
  auto *named = std::get_if<ast::NamedUnit>(&unit.node);
  if (!named)
    return;
  const LayerSpec *spec = findLayer(named->name.text);
  if (spec && !(isBackward(spec->id) && scope.find(named->name.text)))
    placeArguments(context, spec->keyword, spec->arguments, named->arguments.list);
  else if (!scope.find(named->name.text) && named->name.text != "in" &&
           !isInputKeyword(named->name.text))
    refuseName(*named, unit.range, scope, mayStart);
}
