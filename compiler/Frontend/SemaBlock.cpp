//===- SemaBlock.cpp - Uses of blocks ---------------------------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include "llvm/ADT/ScopeExit.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

/// Blocks inside of blocks.
static constexpr size_t blockDepthLimit = 100;

MaybeFlow NetExpander::useBlock(const BlockDefinition &block, const ast::NamedUnit &unit,
                                SourceRange range, const Scope &caller, Flow incoming) {
  const ast::BlockItem &item = *block.item;
  if (!enterBlock(block, range) || !reserveOps(range, 1) ||
      !context.spend(range, item.params.size() + sizeOf(block.defaults)))
    return std::nullopt;
  Scope scope(block.scope);
  if (!bindBlockArguments(block, unit, range, caller, scope))
    return std::nullopt;
  std::optional<std::string> path = takeName(item.name.text, range);
  if (!path)
    return std::nullopt;

  used.insert(&item);
  active.push_back(&block);
  instances.push_back({*path + ".", block.defaults});
  context.surroundings.push_back({range, 0, 0, item.name.text});
  llvm::scope_exit leave([&] {
    active.pop_back();
    instances.pop_back();
  });
  // A contract is checked at the use, the body at its own place.
  auto atUse = [&](const ast::Side &side, const Flow &flow, bool isEntry) {
    Surrounding inside = context.surroundings.back();
    context.surroundings.pop_back();
    bool isFine = checkContract(block, side, range, flow, scope, isEntry);
    context.surroundings.push_back(inside);
    return isFine;
  };
  MaybeFlow result;
  if (!item.signature || atUse(item.signature->from, incoming, /*isEntry=*/true)) {
    Binding in{Failed{}, range};
    if (incoming.isTuple())
      in.what = TensorTuple(incoming.tensors.begin(), incoming.tensors.end());
    else
      in.what = incoming.tensors.front();
    scope.define("in", std::move(in));
    int64_t before = opCount;
    result = walkBody(block, scope);
    // A block of nothing counts as one of something.
    opCount += opCount == before;
    if (result && item.signature && !atUse(item.signature->to, *result, /*isEntry=*/false))
      result.reset();
  }
  context.surroundings.pop_back();
  return result;
}

bool NetExpander::enterBlock(const BlockDefinition &block, SourceRange range) {
  auto sameItem = [&](const BlockDefinition *outer) { return outer->item == block.item; };
  if (std::any_of(active.begin(), active.end(), sameItem)) {
    context
        .error("E404", range,
               fmt::format("the block {} uses itself; a net must expand to a finite graph",
                           quoted(block.item->name.text)))
        .note("the block is defined", block.item->name.range);
    return false;
  }
  if (active.size() < blockDepthLimit)
    return true;
  context.error("E403", range, fmt::format("blocks are nested deeper than {}", blockDepthLimit));
  return false;
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

bool NetExpander::bindBlockArguments(const BlockDefinition &block, const ast::NamedUnit &unit,
                                     SourceRange range, const Scope &caller, Scope &scope) {
  const ast::BlockItem &item = *block.item;
  std::vector<ArgumentSpec> specs;
  for (const ast::Param &param : item.params)
    specs.push_back({param.name.text, /*positional=*/true, !param.defaultValue});
  BoundArguments bound;
  if (!bindArguments(context, evaluator, caller, item.name.text, specs, unit.arguments.list,
                     bound) ||
      !requireArguments(context, item.name.text, range, specs, bound))
    return false;
  bool isFine = true;
  for (const ast::Param &param : item.params) {
    auto given = bound.find(param.name.text);
    std::optional<Value> value;
    SourceRange place = param.range;
    if (given != bound.end()) {
      value = given->second.value;
      place = given->second.range;
    } else {
      value = evaluator.evaluate(*param.defaultValue, scope);
    }
    if (value && param.type)
      value = convertTo(context, *param.type, param.name.text, place, std::move(*value));
    Binding binding{Failed{}, param.name.range};
    if (value)
      binding.what = std::move(*value);
    isFine &=
        value.has_value() && declare(context, scope, param.name, std::move(binding), NameOf::Value);
  }
  return isFine;
}

//===----------------------------------------------------------------------===//
// Contracts
//===----------------------------------------------------------------------===//

/// Compares one shape of a contract; nothing after an error of its own. A fresh name on
/// the left of a contract binds; everything else must agree.
std::optional<bool> NetExpander::compareShape(const ast::ShapeExpr &expected, const Shape *actual,
                                              Scope &scope, bool isEntry, ContractText &text) {
  const std::vector<ast::Dim> &dims = expected.dims;
  bool agrees = actual && actual->size() == dims.size();
  std::vector<std::string> texts;
  for (size_t axis = 0; axis < dims.size(); ++axis) {
    bool isThere = actual && axis < actual->size();
    int64_t here = isThere ? (*actual)[axis] : 0;
    text.wanted.push_back(here);
    if (!dims[axis].size) {
      texts.push_back("_");
      continue;
    }
    auto *name = std::get_if<ast::NameExpr>(&dims[axis].size->node);
    if (name && isEntry && !scope.find(name->name)) {
      texts.push_back(name->name);
      Binding binding{Failed{}, dims[axis].range};
      if (isThere)
        binding.what = Value{here};
      scope.define(name->name, std::move(binding));
      continue;
    }
    std::optional<int64_t> size = evaluator.evaluateInteger(*dims[axis].size, scope, "a size");
    if (!size)
      return std::nullopt;
    texts.push_back(fmt::format("{}", *size));
    text.wanted.back() = *size;
    agrees &= isThere && *size == here;
    if (isThere && *size != here)
      text.corrections.push_back({dims[axis].range, fmt::format("{}", here)});
  }
  text.shapes.push_back(fmt::format("[{}]", fmt::join(texts, ", ")));
  return agrees;
}

bool NetExpander::checkContract(const BlockDefinition &block, const ast::Side &side,
                                SourceRange use, const Flow &flow, Scope &scope, bool isEntry) {
  if (!context.spend(use, side.shapes.size()))
    return false;
  ContractText text;
  bool agrees = side.shapes.size() == flow.tensors.size();
  for (size_t i = 0; i < side.shapes.size(); ++i) {
    text.wanted.clear();
    const Shape *shape = i < flow.tensors.size() ? &shapeOf(flow.tensors[i]) : nullptr;
    std::optional<bool> same = compareShape(side.shapes[i], shape, scope, isEntry, text);
    if (!same)
      return false;
    agrees &= *same;
  }
  if (!agrees)
    reportContract(block, use, flow, isEntry, text);
  return agrees;
}

void NetExpander::reportContract(const BlockDefinition &block, SourceRange use, const Flow &flow,
                                 bool isEntry, const ContractText &text) {
  std::span<const std::string> shown(text.shapes);
  shown = shown.first(std::min(shown.size(), shownShapes));
  Diagnostic &diagnostic =
      context.error("E211", use,
                    fmt::format("the block {} {} {}, but {} {}", quoted(block.item->name.text),
                                isEntry ? "takes" : "promises", fmt::join(shown, ", "),
                                isEntry ? "gets" : "gives", shapesText(flow.tensors, ", ")));
  diagnostic.note("its contract stands", block.item->signature->range);
  bool isSingle = flow.tensors.size() == 1 && text.shapes.size() == 1;
  if (flow.tensors.size() == 1)
    diagnostic.note(isEntry ? "this size is made" : "the block's result is made",
                    net.tensors[flow.tensors.front()].range);
  std::string words;
  for (const Edit &edit : text.corrections)
    words += fmt::format("{}{} instead of {}", words.empty() ? "" : ", ", edit.text,
                         context.diags.text(edit.range));
  if (!text.corrections.empty())
    diagnostic.fix(fmt::format("write {} in the contract", words), text.corrections);
  // What flows in can be brought to the size, what comes out can be joined.
  if (isEntry && isSingle)
    if (auto step = projection(shapeOf(flow.tensors.front()), text.wanted, /*keepsChannels=*/false))
      diagnostic.fix(fmt::format("put {} before it", *step),
                     {{{use.begin, use.begin}, fmt::format("{} -> ", *step)}});
  std::string join = isEntry || text.shapes.size() != 1 || !flow.isTuple() ? "" : joinFor(flow);
  if (join.empty())
    return;
  uint32_t end = block.item->body.back().range.end;
  diagnostic.fix(fmt::format("join them: -> {}", join),
                 {{{end, end}, fmt::format(" -> {}", join)}});
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

/// What the last chain gives.
MaybeFlow NetExpander::walkBody(const BlockDefinition &block, Scope &scope) {
  const std::vector<ast::Stmt> &body = block.item->body;
  unsigned before = context.diags.errorCount();
  // An output, refused in a block, may stand behind the last chain.
  size_t end = body.size();
  while (end > 0 && std::holds_alternative<ast::OutputStmt>(body[end - 1].node))
    --end;
  const ast::ChainStmt *last =
      end == 0 ? nullptr : std::get_if<ast::ChainStmt>(&body[end - 1].node);
  for (size_t i = 0; i < body.size(); ++i) {
    if (!context.spend(body[i].range))
      return std::nullopt;
    if (i + 1 != end || !last)
      walkStmt(body[i], scope);
  }
  if (!last) {
    if (context.diags.errorCount() == before)
      context.error("E306", block.item->name.range,
                    fmt::format("the block {} gives nothing: it must end with a chain",
                                quoted(block.item->name.text)));
    return std::nullopt;
  }
  MaybeFlow flow = walkChain(last->chain, scope, {}, /*mayStart=*/true);
  if (flow)
    flow->fork = nullptr;
  return flow;
}
