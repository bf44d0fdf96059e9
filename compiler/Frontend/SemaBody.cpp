//===- SemaBody.cpp - The statements of nets and blocks ---------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <fmt/format.h>

using namespace cnnc;

void NetExpander::walkLet(const ast::LetStmt &let, Scope &scope) {
  const std::vector<ast::Name> &names = let.pattern.names;
  if (!let.pattern.isTuple) {
    Binding binding{Failed{}, names[0].range};
    if (std::optional<TensorId> tensor = walkToTensor(let.chain, scope)) {
      binding.what = *tensor;
      nameTensor(*tensor, names[0].text);
    }
    declare(context, scope, names[0], std::move(binding), NameOf::Tensor);
    return;
  }
  MaybeFlow flow = walkChain(let.chain, scope, {}, /*mayStart=*/true);
  // To declare a name takes longer than a step.
  constexpr uint64_t stepsPerName = 4;
  if (!context.spend(let.pattern.range, stepsPerName * names.size()))
    return;
  if (flow && flow->tensors.size() != names.size()) {
    context
        .error("E123", let.pattern.range,
               fmt::format("the pattern takes {} tensors, but the chain gives {}", names.size(),
                           flow->tensors.size()))
        .note("they are made", let.chain.terms.back().range);
    flow.reset();
  }
  for (size_t i = 0; i < names.size(); ++i) {
    Binding binding{Failed{}, names[i].range};
    if (flow) {
      binding.what = flow->tensors[i];
      nameTensor(flow->tensors[i], names[i].text);
    }
    declare(context, scope, names[i], std::move(binding), NameOf::Tensor);
  }
}

void NetExpander::walkAssert(const ast::AssertStmt &assertion, SourceRange range,
                             const Scope &scope) {
  std::optional<bool> holds = evaluator.evaluateBool(assertion.condition, scope);
  if (holds && !*holds)
    context.error("E124", range,
                  assertion.message ? fmt::format("assertion failed: {}", *assertion.message)
                                    : std::string("assertion failed"));
}

void NetExpander::declareShared(const ast::LayerStmt &layer, Scope &scope) {
  const Instance &instance = instances.back();
  if (!context.spend(layer.name.range, sizeOf(instance.defaults)))
    return;
  sharedLayers.push_back({&layer, &scope, instance.defaults, instance.path + layer.name.text});
  declare(context, scope, layer.name, {&sharedLayers.back(), layer.name.range},
          NameOf::SharedLayer);
}

void NetExpander::walkStmt(const ast::Stmt &stmt, Scope &scope) {
  if (auto *input = std::get_if<ast::InputStmt>(&stmt.node)) {
    if (active.empty())
      addInput(*input, stmt.range, scope);
    else
      context.error("E005", stmt.range, "a net has inputs; what a block takes is 'in'");
  } else if (std::holds_alternative<ast::OutputStmt>(stmt.node)) {
    if (!active.empty())
      context.error("E005", stmt.range, "a net has outputs; what a block gives is its last chain");
  } else if (auto *constant = std::get_if<ast::ConstStmt>(&stmt.node)) {
    defineConst(context, evaluator, *constant, scope);
  } else if (auto *defaults = std::get_if<ast::DefaultStmt>(&stmt.node)) {
    addDefault(context, evaluator, scope, *defaults, instances.back().defaults);
  } else if (auto *layer = std::get_if<ast::LayerStmt>(&stmt.node)) {
    declareShared(*layer, scope);
  } else if (auto *assertion = std::get_if<ast::AssertStmt>(&stmt.node)) {
    walkAssert(*assertion, stmt.range, scope);
  } else if (auto *let = std::get_if<ast::LetStmt>(&stmt.node)) {
    walkLet(*let, scope);
  } else if (auto *chain = std::get_if<ast::ChainStmt>(&stmt.node)) {
    if (!chain->chain.terms.back().tap)
      context.error("E305", stmt.range, "the result of this chain is not used; write let name = …");
    else
      walkToTensor(chain->chain, scope);
  }
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
  declare(context, scope, input.name, std::move(binding), NameOf::Tensor);
}
