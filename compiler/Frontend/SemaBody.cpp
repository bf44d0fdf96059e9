//===- SemaBody.cpp - The statements of nets and blocks ---------------------===//

#include "compiler/Frontend/SemaExpand.h"

#include <cmath>
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
  } else if (auto *weight = std::get_if<ast::WeightStmt>(&stmt.node)) {
    if (active.empty())
      addWeightTensor(*weight, stmt.range, scope);
    else
      context.error("E005", stmt.range,
                    "a net has weights of its own; a block's layers make theirs");
  } else if (auto *batch = std::get_if<ast::BatchStmt>(&stmt.node)) {
    if (active.empty())
      fixBatch(*batch, stmt.range, scope);
    else
      context.error("E005", stmt.range, "a net has a batch; a block takes any");
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

/// The sizes that a declaration writes out. Nothing after an error.
std::optional<Shape> NetExpander::declaredShape(const ast::ShapeExpr &written, const Scope &scope,
                                                std::string_view what) {
  Shape shape;
  bool failed = false;
  for (const ast::Dim &dim : written.dims) {
    if (!dim.size) {
      context.error("E120", dim.range,
                    fmt::format("the sizes of {} must be known; '_' is not", what));
      return std::nullopt;
    }
    std::optional<int64_t> size = evaluator.evaluateInteger(*dim.size, scope, "a size");
    if (size && *size < 1)
      context.error("E205", dim.range, fmt::format("a size must be positive, but is {}", *size));
    failed |= !size || *size < 1;
    shape.push_back(size.value_or(1));
  }
  return failed ? std::nullopt : std::optional(std::move(shape));
}

bool NetExpander::checkTensorSize(const Shape &shape, SourceRange range) {
  std::optional<int64_t> elements = checkedElements(shape);
  if (!elements)
    context.error("E400", range, "the number of elements does not fit in 64 bits");
  else if (*elements > tensorLimit)
    context.error("E401", range,
                  fmt::format("a tensor of {} elements; the limit is {}", *elements, tensorLimit));
  return elements && *elements <= tensorLimit;
}

void NetExpander::addInput(const ast::InputStmt &input, SourceRange range, Scope &scope) {
  Binding binding{Failed{}, input.name.range};
  int64_t classes = 0;
  std::optional<Shape> shape;
  if (!input.classes) {
    shape = declaredShape(input.shape, scope, "an input");
  } else if (std::optional<Labels> labels = declaredLabels(*input.classes, scope)) {
    classes = labels->classes;
    shape = std::move(labels->shape);
  }
  bool isFine = shape.has_value();
  if (isFine && !input.classes && shape->size() != 1 && shape->size() != 3) {
    context.error(
        "E202", input.shape.range,
        fmt::format("a tensor is [C] or [C, H, W], but this one has {} sizes", shape->size()));
    isFine = false;
  }
  SourceRange place = input.classes ? input.classes->range : input.shape.range;
  if (isFine && checkTensorSize(*shape, place)) {
    TensorId id = static_cast<TensorId>(net.tensors.size());
    net.tensors.push_back({std::move(*shape), input.name.text, range});
    net.tensors.back().classes = classes;
    net.inputs.push_back(id);
    if (!input.classes)
      inputDeclarations[id] = &input.shape;
    binding.what = id;
  }
  declare(context, scope, input.name, std::move(binding), NameOf::Tensor);
}

/// What an input of labels holds.
std::optional<Labels> NetExpander::declaredLabels(const ast::Expr &expr, const Scope &scope) {
  auto *call = std::get_if<ast::CallExpr>(&expr.node);
  if (!call || call->callee.text != "class") {
    context.error("E120", expr.range, "labels are class(K) or class(K, h, w)");
    return std::nullopt;
  }
  BoundArguments bound;
  if (!bindArguments(context, evaluator, scope, "class", classArguments, call->arguments, bound) ||
      !requireArguments(context, "class", expr.range, classArguments, bound))
    return std::nullopt;
  return readLabels(context, expr.range, bound);
}

/// A parameter of the net itself, and a tensor without a batch that holds it.
void NetExpander::addWeightTensor(const ast::WeightStmt &weight, SourceRange range, Scope &scope) {
  Binding binding{Failed{}, weight.name.range};
  std::optional<Shape> shape = declaredShape(weight.shape, scope, "a weight");
  bool isFine = shape.has_value();
  constexpr size_t highestRank = 4;
  if (isFine && shape->size() > highestRank) {
    context.error("E202", weight.shape.range,
                  fmt::format("a weight has at most {} sizes, but this one has {}", highestRank,
                              shape->size()));
    isFine = false;
  }
  if (isFine && checkTensorSize(*shape, weight.shape.range))
    if (std::optional<TensorId> id = makeWeight(weight, range, std::move(*shape), scope))
      binding.what = *id;
  declare(context, scope, weight.name, std::move(binding), NameOf::Tensor);
}

/// Starts as the weight of a conv or a fc of its sizes does, or as a bias, at 0.
std::optional<TensorId> NetExpander::makeWeight(const ast::WeightStmt &weight, SourceRange range,
                                                Shape shape, const Scope &scope) {
  Traits outer = traits;
  traits = {};
  std::optional<ParameterId> parameter;
  if (applyAnnotations(weight.annotations, scope)) {
    int64_t fanOut = shape[0];
    int64_t fanIn = checkedElements(shape).value_or(1) / fanOut;
    Initializer start{Initializer::Constant, 0};
    if (shape.size() > 1)
      start = {Initializer::Uniform, std::sqrt(6.0 / static_cast<double>(fanIn))};
    at = {};
    at.range = range;
    if (traits.name)
      context.error("E101", traits.name->range,
                    "@name stands after a layer or a block; a weight has its name");
    else if (std::optional<Initializer> init = initOr(start, fanIn, fanOut))
      parameter = makeParameter(weight.name.text, weight.name.text, shape, *init);
  }
  traits = outer;
  if (!parameter)
    return std::nullopt;
  if (!reserveOps(range, 1))
    return std::nullopt;
  ++opCount;
  TensorId id = static_cast<TensorId>(net.tensors.size());
  net.tensors.push_back({std::move(shape), weight.name.text, range, /*isWhole=*/true});
  net.layers.push_back({weight.name.text, "weight", range, {}, id, WeightLayer{*parameter}});
  return id;
}

/// `batch 64`: numbers of the net were computed for this many images.
void NetExpander::fixBatch(const ast::BatchStmt &batch, SourceRange range, const Scope &scope) {
  std::optional<int64_t> size = evaluator.evaluateInteger(batch.size, scope, "a batch");
  if (!size)
    return;
  constexpr int64_t mostImages = 1 << 20;
  if (*size < 1 || *size > mostImages) {
    context.error(*size < 1 ? "E205" : "E401", batch.size.range,
                  fmt::format("a batch has 1 to {} images, but this is {}", mostImages, *size));
  } else if (net.batch) {
    context.error("E105", range, "the batch is given twice");
  } else {
    net.batch = *size;
  }
}
