//===- SemaLoss.cpp - Losses and metrics ------------------------------------===//

#include "compiler/Frontend/SemaTrain.h"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>

using namespace cnnc;
using ast::Operator;

static constexpr ArgumentSpec xentArguments[] = {
    {"logits", true, true}, {"label", true, true}, {"smooth", true}};
static constexpr ArgumentSpec nllArguments[] = {{"logs", true, true}, {"label", true, true}};
static constexpr ArgumentSpec hingeArguments[] = {{"scores", true, true}, {"label", true, true}};
static constexpr ArgumentSpec bceArguments[] = {{"logits", true, true}, {"target", true, true}};
static constexpr ArgumentSpec mseArguments[] = {{"prediction", true, true}, {"target", true, true}};
static constexpr ArgumentSpec huberArguments[] = {
    {"prediction", true, true}, {"target", true, true}, {"delta", true}};

namespace {

struct LossRule {
  std::string_view name;
  LossTerm::Kind kind;
  std::span<const ArgumentSpec> arguments;
};

} // namespace

static constexpr LossRule lossRules[] = {{"xent", LossTerm::CrossEntropy, xentArguments},
                                         {"nll", LossTerm::Nll, nllArguments},
                                         {"hinge", LossTerm::Hinge, hingeArguments},
                                         {"bce", LossTerm::BinaryCrossEntropy, bceArguments},
                                         {"mse", LossTerm::MeanSquaredError, mseArguments},
                                         {"mae", LossTerm::MeanAbsoluteError, mseArguments},
                                         {"huber", LossTerm::Huber, huberArguments}};

static const LossRule *findLoss(std::string_view name) {
  auto *found = std::find_if(std::begin(lossRules), std::end(lossRules),
                             [&](const LossRule &rule) { return rule.name == name; });
  return found == std::end(lossRules) ? nullptr : found;
}

const std::vector<std::string> &cnnc::lossNames() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> list;
    for (const LossRule &rule : lossRules)
      list.emplace_back(rule.name);
    return list;
  }();
  return names;
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::optional<uint32_t> TrainAnalyzer::findTarget(std::string_view name) const {
  for (size_t i = 0; i < train.targets.size(); ++i)
    if (train.targets[i].name == name)
      return static_cast<uint32_t>(i);
  return std::nullopt;
}

std::vector<std::string>
TrainAnalyzer::candidates(bool tensors, const std::function<bool(const Target &)> &isWanted) const {
  std::vector<std::string> names;
  if (tensors)
    for (const std::string &name : scope.names())
      if (const Binding *binding = scope.find(name); binding && binding->tensor())
        names.push_back(name);
  for (const Target &target : train.targets)
    if (isWanted(target))
      names.push_back(target.name);
  return names;
}

const std::string *TrainAnalyzer::tensorName(std::string_view callee, const ast::Expr &expr) {
  if (auto *name = std::get_if<ast::NameExpr>(&expr.node))
    return &name->name;
  context.error("E310", expr.range, fmt::format("{} takes the names of tensors", callee));
  return nullptr;
}

std::optional<TrainAnalyzer::Side>
TrainAnalyzer::side(std::string_view callee, std::string_view what, const ast::Expr &expr) {
  const std::string *name = tensorName(callee, expr);
  if (!name || failedTargets.contains(*name))
    return std::nullopt;
  if (std::optional<uint32_t> target = findTarget(*name)) {
    if (train.targets[*target].classes == 0)
      return Side{true, *target};
    context.error("E310", expr.range,
                  fmt::format("{} compares numbers, but {} is a class", callee, quoted(*name)));
    return std::nullopt;
  }
  const Binding *binding = scope.find(*name);
  if (binding && binding->tensor())
    return isOfImages(callee, *binding->tensor(), expr.range)
               ? std::optional(Side{false, *binding->tensor()})
               : std::nullopt;
  if (!binding)
    context.unknownName("E103", expr.range, fmt::format("unknown {} {}", what, quoted(*name)),
                        *name,
                        candidates(true, [](const Target &target) { return target.classes == 0; }));
  else if (!binding->failed())
    context.error(
        "E310", expr.range,
        fmt::format("{} compares tensors and targets, but {} is none", callee, quoted(*name)));
  return std::nullopt;
}

/// E310 for labels, and for what has no batch.
bool TrainAnalyzer::isOfImages(std::string_view callee, TensorId id, SourceRange range) {
  const Tensor &tensor = net.tensors[id];
  if (!tensor.isWhole && tensor.classes == 0)
    return true;
  context
      .error("E310", range,
             fmt::format("{} compares tensors of images, but {} {}", callee, quoted(tensor.name),
                         tensor.isWhole ? "has no batch" : "are labels; declare them as a target"))
      .note("it is made", tensor.range);
  return false;
}

std::optional<TensorId> TrainAnalyzer::prediction(std::string_view callee, const ast::Expr &expr) {
  const std::string *name = tensorName(callee, expr);
  if (!name || failedTargets.contains(*name))
    return std::nullopt;
  const Binding *binding = scope.find(*name);
  if (binding && binding->tensor())
    return isOfImages(callee, *binding->tensor(), expr.range) ? std::optional(*binding->tensor())
                                                              : std::nullopt;
  if (binding && binding->failed())
    return std::nullopt;
  if (findTarget(*name) || binding)
    context.error(
        "E310", expr.range,
        fmt::format("{} compares a tensor of the net, but {} is none", callee, quoted(*name)));
  else
    context.unknownName("E103", expr.range, fmt::format("unknown tensor {}", quoted(*name)), *name,
                        candidates(true, [](const Target &) { return false; }));
  return std::nullopt;
}

const Shape &TrainAnalyzer::shapeOf(Side side) const {
  return side.isTarget ? train.targets[side.number].shape : net.tensors[side.number].shape;
}

//===----------------------------------------------------------------------===//
// Scores and classes
//===----------------------------------------------------------------------===//

std::optional<uint32_t> TrainAnalyzer::classTarget(std::string_view callee, const ast::Expr &expr,
                                                   TensorId scores) {
  const std::string *name = tensorName(callee, expr);
  if (!name || failedTargets.contains(*name))
    return std::nullopt;
  std::optional<uint32_t> index = findTarget(*name);
  if (!index) {
    const Binding *binding = scope.find(*name);
    if (binding && !binding->failed())
      context.error(
          "E310", expr.range,
          fmt::format("{} compares with a target, but {} is none", callee, quoted(*name)));
    else if (!binding)
      context.unknownName(
          "E103", expr.range, fmt::format("unknown target {}", quoted(*name)), *name,
          candidates(false, [](const Target &target) { return target.classes > 0; }));
    return std::nullopt;
  }
  if (checkScores(callee, expr.range, *index, scores)) {
    compared.insert(*index);
    return index;
  }
  // What does not fit the loss does not fit the metric either: one error.
  failedTargets.emplace(*name, expr.range);
  return std::nullopt;
}

bool TrainAnalyzer::checkScores(std::string_view callee, SourceRange range, uint32_t index,
                                TensorId scores) {
  const Target &target = train.targets[index];
  const Tensor &tensor = net.tensors[scores];
  if (target.classes == 0) {
    context.error("E310", range,
                  fmt::format("{} compares with classes, but {} is {}", callee, quoted(target.name),
                              toText(target.shape)));
    return false;
  }
  bool fitsPositions =
      tensor.shape.size() == target.shape.size() + 1 &&
      std::equal(target.shape.begin(), target.shape.end(), tensor.shape.begin() + 1);
  if (!fitsPositions) {
    std::string wanted = "[K], one number a class";
    if (!target.shape.empty())
      wanted =
          fmt::format("[K, {}], one number a class and position", fmt::join(target.shape, ", "));
    context
        .error("E310", range,
               fmt::format("{} needs {}, but gets {}", callee, wanted, toText(tensor.shape)))
        .note("this size is made", tensor.range);
    return false;
  }
  int64_t found = tensor.shape[0];
  if (found == target.classes)
    return true;
  Diagnostic &diagnostic =
      context.error("E313", range,
                    fmt::format("{} has {} classes, but the net gives {} numbers",
                                quoted(target.name), target.classes, found));
  diagnostic.note("the classes are declared", target.range)
      .note("the numbers are made", tensor.range);
  // With fewer classes than the data have, the next error would be about those.
  if (found >= classesOfData())
    diagnostic.fix(fmt::format("class({})", found),
                   {{classCounts.at(index), std::to_string(found)}});
  return false;
}

//===----------------------------------------------------------------------===//
// Losses
//===----------------------------------------------------------------------===//

/// Whether an expression holds a loss: in a product the other side is its weight.
static bool holdsLoss(const ast::Expr &expr) {
  if (auto *call = std::get_if<ast::CallExpr>(&expr.node))
    return findLoss(call->callee.text);
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
  if (!std::holds_alternative<ast::CallExpr>(expr.node)) {
    context.error("E310", expr.range,
                  "a loss is a sum of weighted losses, such as xent(…) and mse(…)");
    return;
  }
  if (std::optional<Call> known = expectCall(expr, "loss", lossNames()))
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

/// What a loss or a metric compares, and its option where one is given.
std::optional<TrainAnalyzer::Sides> TrainAnalyzer::placeSides(const Call &call,
                                                              std::span<const ArgumentSpec> specs,
                                                              SourceRange range) {
  auto placed = placeArguments(context, call.name.text, specs, call.arguments);
  if (!placed)
    return std::nullopt;
  Sides sides{};
  for (const PlacedArgument &argument : *placed)
    sides[argument.spec - specs.data()] = &argument.argument->value;
  if (sides[0] && sides[1])
    return sides;
  context.error(
      "E104", range,
      fmt::format("{} needs '{}' and '{}'", call.name.text, specs[0].name, specs[1].name));
  return std::nullopt;
}

void TrainAnalyzer::addLossTerm(const Call &call, SourceRange range, double weight) {
  const LossRule &rule = *findLoss(call.name.text);
  LossTerm term;
  term.kind = rule.kind;
  term.weight = weight;
  term.range = range;
  if (!std::isfinite(weight)) {
    context.error("E310", range, "the weight of this loss is beyond all floats");
    return;
  }
  std::optional<Sides> sides = placeSides(call, rule.arguments, range);
  if (!sides)
    return;
  auto [left, right, option] = *sides;
  bool isFine = term.comparesClasses() ? setClassSides(term, rule.name, *left, *right)
                                       : setNumberSides(term, rule.name, *left, *right);
  if (!isFine || (option && !setOption(term, rule.arguments[2], *option)))
    return;
  train.loss.push_back(term);
}

std::optional<TrainAnalyzer::ClassSides> TrainAnalyzer::classSides(std::string_view callee,
                                                                   const ast::Expr &scores,
                                                                   const ast::Expr &label) {
  std::optional<TensorId> tensor = prediction(callee, scores);
  std::optional<uint32_t> target =
      tensor ? classTarget(callee, label, *tensor) : std::optional<uint32_t>();
  if (!target)
    return std::nullopt;
  return ClassSides{*tensor, *target};
}

bool TrainAnalyzer::setClassSides(LossTerm &term, std::string_view callee, const ast::Expr &scores,
                                  const ast::Expr &label) {
  std::optional<ClassSides> sides = classSides(callee, scores, label);
  if (sides) {
    term.prediction = sides->scores;
    term.target = sides->target;
  }
  return sides.has_value();
}

/// smooth of xent, delta of huber.
bool TrainAnalyzer::setOption(LossTerm &term, const ArgumentSpec &spec, const ast::Expr &expr) {
  std::optional<Value> value = evaluator.evaluate(expr, scope);
  if (!value)
    return false;
  double number = value->number().value_or(-1);
  bool isSmooth = term.kind == LossTerm::CrossEntropy;
  (isSmooth ? term.smooth : term.delta) = number;
  if (isSmooth ? number >= 0 && number < 1 : number > 0)
    return true;
  context.error("E310", expr.range,
                fmt::format("'{}' must {}, but is {}", spec.name,
                            isSmooth ? "lie in 0 .. 1, 1 excluded" : "be positive",
                            toText(*value)));
  return false;
}

/// Two tensors of the net, or one and a float target. But for bce both sides are alike.
bool TrainAnalyzer::setNumberSides(LossTerm &term, std::string_view callee, const ast::Expr &first,
                                   const ast::Expr &second) {
  bool isSymmetric = term.kind != LossTerm::BinaryCrossEntropy;
  std::optional<Side> left, right;
  if (isSymmetric)
    left = side(callee, "tensor", first);
  else if (std::optional<TensorId> tensor = prediction(callee, first))
    left = Side{false, *tensor};
  if (left)
    right = side(callee, "target", second);
  if (!left || !right)
    return false;
  if (left->isTarget && right->isTarget) {
    context.error(
        "E310", term.range,
        fmt::format("{} compares a tensor of the net, but both of these are targets", callee));
    return false;
  }
  if (shapeOf(*left) != shapeOf(*right)) {
    Diagnostic &diagnostic =
        context.error("E310", term.range,
                      fmt::format("{} compares equal sizes, but these are {} and {}", callee,
                                  toText(shapeOf(*left)), toText(shapeOf(*right))));
    if (!left->isTarget)
      diagnostic.note("the first is made", net.tensors[left->number].range);
    return false;
  }
  // What the net makes is the prediction, what is given is the target.
  auto isGiven = [&](Side side) {
    return side.isTarget ||
           std::find(net.inputs.begin(), net.inputs.end(), side.number) != net.inputs.end();
  };
  if (left->isTarget || (isSymmetric && isGiven(*left) && !isGiven(*right)))
    std::swap(left, right);
  term.prediction = left->number;
  term.target = right->number;
  term.targetIsTensor = !right->isTarget;
  return true;
}

//===----------------------------------------------------------------------===//
// Metrics
//===----------------------------------------------------------------------===//

static constexpr ArgumentSpec metricArguments[] = {
    {"logits", true, true}, {"label", true, true}, {"k", true}};

void TrainAnalyzer::addMetric(const ast::Expr &expr) {
  static const std::vector<std::string> names = {"accuracy", "topk"};
  std::optional<Call> call = expectCall(expr, "metric", names);
  if (!call)
    return;
  bool isTopK = call->name.text == "topk";
  std::span<const ArgumentSpec> specs(metricArguments, isTopK ? 3 : 2);
  std::optional<Sides> placed = placeSides(*call, specs, expr.range);
  if (!placed)
    return;
  auto [scores, label, rank] = *placed;
  constexpr int64_t usualRank = 5;
  std::optional<int64_t> k = isTopK ? usualRank : 1;
  if (rank)
    k = metricRank(*rank);
  std::optional<ClassSides> sides = classSides(call->name.text, *scores, *label);
  if (!k || !sides)
    return;
  const Target &target = train.targets[sides->target];
  if (*k > target.classes) {
    context.error("E310", rank ? rank->range : expr.range,
                  fmt::format("'k' of topk is {}, but {} has {} classes", *k, quoted(target.name),
                              target.classes));
    return;
  }
  std::string name = isTopK ? fmt::format("top{}", *k) : "accuracy";
  nameMetric({sides->scores, std::move(name), *k}, expr.range);
}

/// k of topk.
std::optional<int64_t> TrainAnalyzer::metricRank(const ast::Expr &expr) {
  std::optional<Value> value = evaluator.evaluate(expr, scope);
  if (!value)
    return std::nullopt;
  BoundArguments none;
  ArgumentReader reader(context, "topk", none);
  int64_t rank = reader.integerOf(*value, "k", expr.range, 1);
  return reader.failed ? std::nullopt : std::optional(rank);
}

/// Names are keys of the logs: what another output has already gets the tensor's name.
void TrainAnalyzer::nameMetric(MetricSpec metric, SourceRange range) {
  auto isTaken = [&](const std::string &name) {
    return std::any_of(train.metrics.begin(), train.metrics.end(),
                       [&](const MetricSpec &other) { return other.name == name; });
  };
  if (isTaken(metric.name))
    metric.name = fmt::format("{}({})", metric.name, net.tensors[metric.prediction].name);
  if (isTaken(metric.name)) {
    context.error("E314", range, fmt::format("the metric {} is given twice", metric.name));
    return;
  }
  train.metrics.push_back(std::move(metric));
}
