//===- SemaLoss.cpp - Losses and metrics ------------------------------------===//

#include "compiler/Frontend/SemaTrain.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;
using ast::Operator;

static constexpr ArgumentSpec xentArguments[] = {
    {"logits", true, true}, {"label", true, true}, {"smooth"}};
static constexpr ArgumentSpec mseArguments[] = {{"prediction", true, true}, {"target", true, true}};
static constexpr ArgumentSpec accuracyArguments[] = {{"logits", true, true}, {"label", true, true}};
static constexpr std::string_view losses[] = {"xent", "mse"};
static constexpr std::string_view refusedLosses[] = {"nll", "bce", "mae", "huber", "hinge"};

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::optional<uint32_t> TrainAnalyzer::findTarget(std::string_view name) const {
  for (size_t i = 0; i < train.targets.size(); ++i)
    if (train.targets[i].name == name)
      return static_cast<uint32_t>(i);
  return std::nullopt;
}

std::vector<std::string> TrainAnalyzer::targetNames() const {
  std::vector<std::string> names;
  for (const Target &target : train.targets)
    names.push_back(target.name);
  return names;
}

const std::string *TrainAnalyzer::tensorName(std::string_view callee, const ast::Expr &expr) {
  if (auto *name = std::get_if<ast::NameExpr>(&expr.node))
    return &name->name;
  context.error("E310", expr.range, fmt::format("{} takes the names of tensors", callee));
  return nullptr;
}

std::optional<TensorId> TrainAnalyzer::prediction(std::string_view callee, const ast::Expr &expr) {
  const std::string *name = tensorName(callee, expr);
  if (!name)
    return std::nullopt;
  const Binding *binding = scope.find(*name);
  if (binding && binding->tensor())
    return *binding->tensor();
  if (binding && binding->failed())
    return std::nullopt;
  if (findTarget(*name) || binding)
    context.error(
        "E310", expr.range,
        fmt::format("{} compares a tensor of the net, but {} is none", callee, quoted(*name)));
  else
    context.error(
        "E103", expr.range,
        fmt::format("unknown tensor {}{}", quoted(*name), didYouMean(*name, scope.names())));
  return std::nullopt;
}

std::optional<uint32_t> TrainAnalyzer::classTarget(std::string_view callee, const ast::Expr &expr,
                                                   TensorId logits) {
  const std::string *name = tensorName(callee, expr);
  if (!name || failedTargets.contains(*name))
    return std::nullopt;
  std::optional<uint32_t> index = findTarget(*name);
  if (!index) {
    if (scope.find(*name))
      context.error(
          "E310", expr.range,
          fmt::format("{} compares with a target, but {} is none", callee, quoted(*name)));
    else
      context.error(
          "E103", expr.range,
          fmt::format("unknown target {}{}", quoted(*name), didYouMean(*name, targetNames())));
    return std::nullopt;
  }
  // What does not fit the loss does not fit the metric either: one error.
  const Target &target = train.targets[*index];
  const Tensor &tensor = net.tensors[logits];
  if (target.classes == 0) {
    context.error("E310", expr.range,
                  fmt::format("{} compares with classes, but {} is {}", callee, quoted(*name),
                              toText(target.shape)));
    failedTargets.emplace(*name, expr.range);
    return std::nullopt;
  }
  if (tensor.shape.size() != 1) {
    context
        .error("E310", expr.range,
               fmt::format("{} needs [K], one number a class, but gets {}", callee,
                           toText(tensor.shape)))
        .note("this size is made", tensor.range);
    failedTargets.emplace(*name, expr.range);
    return std::nullopt;
  }
  if (tensor.shape[0] != target.classes) {
    context
        .error("E313", expr.range,
               fmt::format("{} has {} classes, but the net gives {} numbers", quoted(*name),
                           target.classes, tensor.shape[0]))
        .note("the classes are declared", target.range)
        .note("the numbers are made", tensor.range);
    failedTargets.emplace(*name, expr.range);
    return std::nullopt;
  }
  return index;
}

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

static bool isLossName(std::string_view name) {
  return std::find(std::begin(losses), std::end(losses), name) != std::end(losses) ||
         std::find(std::begin(refusedLosses), std::end(refusedLosses), name) !=
             std::end(refusedLosses);
}

/// Whether an expression holds a loss: in a product the other side is its weight.
static bool holdsLoss(const ast::Expr &expr) {
  if (auto *call = std::get_if<ast::CallExpr>(&expr.node))
    return isLossName(call->callee.text);
  if (auto *binary = std::get_if<ast::BinaryExpr>(&expr.node))
    return holdsLoss(*binary->left) || holdsLoss(*binary->right);
  auto *unary = std::get_if<ast::UnaryExpr>(&expr.node);
  return unary && holdsLoss(*unary->operand);
}

/// Adds `weight` times a sum of weighted losses.
void TrainAnalyzer::addLoss(const ast::Expr &expr, double weight) {
  if (!context.spend(expr.range))
    return;
  auto *binary = std::get_if<ast::BinaryExpr>(&expr.node);
  if (binary && (binary->op == Operator::Add || binary->op == Operator::Subtract)) {
    addLoss(*binary->left, weight);
    addLoss(*binary->right, binary->op == Operator::Add ? weight : -weight);
    return;
  }
  if (binary && (binary->op == Operator::Multiply || binary->op == Operator::Divide))
    return addProduct(*binary, expr.range, weight);
  if (auto *unary = std::get_if<ast::UnaryExpr>(&expr.node); unary && unary->op == Operator::Negate)
    return addLoss(*unary->operand, -weight);
  if (auto *conditional = std::get_if<ast::ConditionalExpr>(&expr.node)) {
    std::optional<bool> condition = evaluator.evaluateBool(*conditional->condition, scope);
    if (condition)
      addLoss(*condition ? *conditional->thenValue : *conditional->elseValue, weight);
    return;
  }
  auto *call = std::get_if<ast::CallExpr>(&expr.node);
  if (!call) {
    context.error("E310", expr.range, "a loss is a sum of weighted xent(…) and mse(…)");
    return;
  }
  if (std::optional<Call> known = expectCall(expr, "loss", losses, refusedLosses))
    addLossTerm(*known, expr.range, weight);
}

void TrainAnalyzer::addProduct(const ast::BinaryExpr &product, SourceRange range, double weight) {
  bool isLeft = holdsLoss(*product.left), isRight = holdsLoss(*product.right);
  bool isDivision = product.op == Operator::Divide;
  if (isLeft == isRight || (isDivision && isRight)) {
    context.error("E310", range, "a weighted loss is a number times one loss");
    return;
  }
  const ast::Expr &factorExpr = isLeft ? *product.right : *product.left;
  std::optional<Value> factor = evaluator.evaluate(factorExpr, scope);
  if (!factor)
    return;
  std::optional<double> number = factor->number();
  if (!number) {
    context.error("E120", factorExpr.range,
                  fmt::format("the weight of a loss is a number, but this is {}",
                              withArticle(factor->typeName())));
    return;
  }
  if (isDivision && *number == 0) {
    context.error("E121", range, "division by zero");
    return;
  }
  addLoss(isLeft ? *product.left : *product.right,
          isDivision ? weight / *number : weight * *number);
}

void TrainAnalyzer::addLossTerm(const Call &call, SourceRange range, double weight) {
  LossTerm term;
  term.weight = weight;
  term.range = range;
  bool isXent = call.name.text == "xent";
  term.kind = isXent ? LossTerm::CrossEntropy : LossTerm::MeanSquaredError;
  std::span<const ArgumentSpec> specs = mseArguments;
  if (isXent)
    specs = xentArguments;
  auto placed = placeArguments(context, call.name.text, specs, call.arguments);
  if (!placed)
    return;
  const ast::Expr *values[3] = {};
  for (const PlacedArgument &argument : *placed)
    values[argument.spec - specs.data()] = &argument.argument->value;
  if (!values[0] || !values[1]) {
    context.error(
        "E104", range,
        fmt::format("{} needs '{}' and '{}'", call.name.text, specs[0].name, specs[1].name));
    return;
  }
  std::optional<TensorId> tensor = prediction(call.name.text, *values[0]);
  if (!tensor)
    return;
  term.prediction = *tensor;
  bool isFine =
      isXent ? setClassTarget(term, *values[1], values[2]) : setNumberTarget(term, *values[1]);
  if (isFine)
    train.loss.push_back(term);
}

bool TrainAnalyzer::setClassTarget(LossTerm &term, const ast::Expr &label,
                                   const ast::Expr *smoothing) {
  std::optional<uint32_t> target = classTarget("xent", label, term.prediction);
  if (!target)
    return false;
  term.target = *target;
  if (!smoothing)
    return true;
  std::optional<Value> smooth = evaluator.evaluate(*smoothing, scope);
  if (!smooth)
    return false;
  term.smooth = smooth->number().value_or(-1);
  if (term.smooth >= 0 && term.smooth < 1)
    return true;
  context.error("E310", smoothing->range,
                fmt::format("'smooth' must lie in 0 .. 1, 1 excluded, but is {}", toText(*smooth)));
  return false;
}

/// mse compares with a float target, or with an input of the net.
bool TrainAnalyzer::setNumberTarget(LossTerm &term, const ast::Expr &expr) {
  const std::string *name = tensorName("mse", expr);
  if (!name || failedTargets.contains(*name))
    return false;
  const Shape *other = nullptr;
  const Binding *binding = scope.find(*name);
  if (std::optional<uint32_t> target = findTarget(*name)) {
    term.target = *target;
    if (train.targets[*target].classes > 0) {
      context.error("E310", expr.range,
                    fmt::format("mse compares numbers, but {} is a class", quoted(*name)));
      return false;
    }
    other = &train.targets[*target].shape;
  } else if (!binding) {
    context.error(
        "E103", expr.range,
        fmt::format("unknown target {}{}", quoted(*name), didYouMean(*name, targetNames())));
    return false;
  } else if (binding->failed()) {
    return false;
  } else {
    auto input = binding->tensor()
                     ? std::find(net.inputs.begin(), net.inputs.end(), *binding->tensor())
                     : net.inputs.end();
    if (input == net.inputs.end()) {
      context.error(
          "E310", expr.range,
          fmt::format("mse compares with a target or an input, but {} is none", quoted(*name)));
      return false;
    }
    term.targetIsTensor = true;
    term.target = *input;
    other = &net.tensors[*input].shape;
  }
  const Tensor &tensor = net.tensors[term.prediction];
  if (*other == tensor.shape)
    return true;
  context
      .error("E310", term.range,
             fmt::format("mse compares equal sizes, but these are {} and {}", toText(tensor.shape),
                         toText(*other)))
      .note("the first is made", tensor.range);
  return false;
}

//===----------------------------------------------------------------------===//
// Metrics
//===----------------------------------------------------------------------===//

void TrainAnalyzer::addMetric(const ast::Expr &expr) {
  static constexpr std::string_view metrics[] = {"accuracy"};
  static constexpr std::string_view refused[] = {"topk"};
  std::optional<Call> call = expectCall(expr, "metric", metrics, refused);
  if (!call)
    return;
  auto placed = placeArguments(context, "accuracy", accuracyArguments, call->arguments);
  if (!placed)
    return;
  const ast::Expr *values[2] = {};
  for (const PlacedArgument &argument : *placed)
    values[argument.spec - std::data(accuracyArguments)] = &argument.argument->value;
  if (!values[0] || !values[1]) {
    context.error("E104", expr.range, "accuracy needs 'logits' and 'label'");
    return;
  }
  std::optional<TensorId> tensor = prediction("accuracy", *values[0]);
  if (!tensor)
    return;
  if (std::optional<uint32_t> target = classTarget("accuracy", *values[1], *tensor))
    train.metrics.push_back({MetricSpec::Accuracy, *tensor, *target, "accuracy"});
}
