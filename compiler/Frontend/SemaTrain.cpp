//===- SemaTrain.cpp - The entries of a train section -----------------------===//

#include "compiler/Frontend/SemaTrain.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

void cnnc::analyzeTrain(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                        const ast::TrainItem &train, TypedNet &net) {
  TrainAnalyzer(context, evaluator, scope, net).run(train);
}

void TrainAnalyzer::run(const ast::TrainItem &item) {
  train.range = item.net.range;
  train.batch = net.batch.value_or(train.batch);
  // Targets first: a loss may stand before them. And what the data are called: it says
  // what a wrong number of classes can be corrected to.
  for (const ast::TrainEntry &entry : item.entries) {
    if (entry.isTarget)
      addTarget(entry);
    else if (std::optional<Call> call = asCall(entry.value); call && entry.name.text == "data")
      dataKind = call->name.text;
  }
  std::map<std::string, SourceRange> seen;
  for (const ast::TrainEntry &entry : item.entries) {
    if (entry.isTarget)
      continue;
    auto [place, isNew] = seen.try_emplace(entry.name.text, entry.name.range);
    if (isNew)
      setEntry(entry);
    else
      context.error("E314", entry.name.range, fmt::format("'{}' is given twice", entry.name.text))
          .note("first given", place->second);
  }
  if (!seen.contains("loss"))
    context.error("E314", item.net.range, "the train section has no loss");
  checkData();
  checkMilestones();
  net.train = std::move(train);
}

std::optional<TrainAnalyzer::Call> TrainAnalyzer::asCall(const ast::Expr &expr) {
  if (auto *call = std::get_if<ast::CallExpr>(&expr.node))
    return Call{call->callee, call->arguments};
  if (auto *name = std::get_if<ast::NameExpr>(&expr.node))
    return Call{{name->name, expr.range}, {}};
  return std::nullopt;
}

std::optional<TrainAnalyzer::Call> TrainAnalyzer::expectCall(const ast::Expr &expr,
                                                             std::string_view what,
                                                             std::span<const std::string> names) {
  std::optional<Call> call = asCall(expr);
  if (!call) {
    context.error("E312", expr.range,
                  fmt::format("expected {}: {}(…)", withArticle(what), fmt::join(names, "(…), ")));
    return std::nullopt;
  }
  if (std::find(names.begin(), names.end(), call->name.text) != names.end())
    return call;
  context.unknownName("E312", call->name.range,
                      fmt::format("unknown {} {}", what, quoted(call->name.text)), call->name.text,
                      names);
  return std::nullopt;
}

std::optional<BoundArguments> TrainAnalyzer::bind(const Call &call, SourceRange range,
                                                  std::span<const ArgumentSpec> specs) {
  BoundArguments bound;
  if (!bindArguments(context, evaluator, scope, call.name.text, specs, call.arguments, bound) ||
      !requireArguments(context, call.name.text, range, specs, bound))
    return std::nullopt;
  return bound;
}

//===----------------------------------------------------------------------===//
// Targets
//===----------------------------------------------------------------------===//

void TrainAnalyzer::addTarget(const ast::TrainEntry &entry) {
  // Targets are few: they are looked for one by one.
  if (!context.spend(entry.range, train.targets.size()))
    return;
  Target target;
  target.name = entry.name.text;
  target.range = entry.range;
  failedTargets.emplace(target.name, entry.name.range);
  const Binding *earlier = scope.find(target.name);
  if (earlier || findTarget(target.name)) {
    Diagnostic &diagnostic = context.error(
        "E107", entry.name.range, fmt::format("the name {} is taken", quoted(target.name)));
    if (earlier)
      diagnostic.note("first used", earlier->range);
    return;
  }
  std::optional<Call> call = asCall(entry.value);
  if (call && call->name.text == "class")
    return addClassTarget(std::move(target), *call, entry.value.range);
  addNumberTarget(std::move(target), entry.value);
}

void TrainAnalyzer::addNumberTarget(Target target, const ast::Expr &expr) {
  auto *list = std::get_if<ast::ListExpr>(&expr.node);
  if (!list || list->isTuple || (list->items.size() != 1 && list->items.size() != 3)) {
    context.error("E310", expr.range, "a target is class(K), class(K, h, w), [C] or [C, H, W]");
    return;
  }
  for (const ast::Expr &item : list->items) {
    std::optional<int64_t> size = evaluator.evaluateInteger(item, scope, "a size");
    if (size && *size < 1)
      context.error("E205", item.range, fmt::format("a size must be positive, but is {}", *size));
    if (!size || *size < 1)
      return;
    target.shape.push_back(*size);
  }
  failedTargets.erase(target.name);
  train.targets.push_back(std::move(target));
}

void TrainAnalyzer::addClassTarget(Target target, const Call &call, SourceRange range) {
  std::optional<BoundArguments> bound = bind(call, range, classArguments);
  if (!bound)
    return;
  std::optional<Labels> labels = readLabels(context, range, *bound);
  if (!labels)
    return;
  target.classes = labels->classes;
  target.shape = std::move(labels->shape);
  failedTargets.erase(target.name);
  classCounts[static_cast<uint32_t>(train.targets.size())] = bound->find("k")->second.range;
  train.targets.push_back(std::move(target));
}

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

std::optional<int64_t> TrainAnalyzer::wholeNumber(const ast::TrainEntry &entry, int64_t minimum) {
  std::optional<int64_t> value =
      evaluator.evaluateInteger(entry.value, scope, fmt::format("'{}'", entry.name.text));
  if (!value)
    return std::nullopt;
  if (*value >= minimum && *value <= (int64_t(1) << 31))
    return value;
  context.error(
      "E314", entry.value.range,
      fmt::format("'{}' must lie in {} .. 2^31, but is {}", entry.name.text, minimum, *value));
  return std::nullopt;
}

void TrainAnalyzer::setEntry(const ast::TrainEntry &entry) {
  static const std::vector<std::string> names = {"data",  "loss",  "metric", "optim",
                                                 "sched", "batch", "epochs", "seed"};
  const std::string &name = entry.name.text;
  if (name == "data") {
    setData(entry);
  } else if (name == "loss") {
    addLoss(entry.value, 1);
  } else if (name == "metric") {
    if (auto *list = std::get_if<ast::ListExpr>(&entry.value.node))
      for (const ast::Expr &item : list->items)
        addMetric(item);
    else
      addMetric(entry.value);
  } else if (name == "optim") {
    setOptimizer(entry.value);
  } else if (name == "sched") {
    setSchedule(entry.value);
  } else if (name == "batch") {
    train.batch = wholeNumber(entry, 1).value_or(1);
    if (net.batch && train.batch != *net.batch)
      context.error(
          "E314", entry.range,
          fmt::format("the net is for batches of {}, but this is {}", *net.batch, train.batch));
  } else if (name == "epochs") {
    train.epochs = wholeNumber(entry, 1).value_or(1);
  } else if (name == "seed") {
    train.seed = static_cast<uint64_t>(wholeNumber(entry, 0).value_or(0));
  } else {
    context.unknownName("E314", entry.name.range,
                        fmt::format("'train' has no entry {}", quoted(name)), name, names);
  }
}

//===----------------------------------------------------------------------===//
// Optimizers
//===----------------------------------------------------------------------===//

static constexpr ArgumentSpec sgdArguments[] = {
    {"lr", true}, {"momentum", true}, {"nesterov", true}, {"decay", true}};
static constexpr ArgumentSpec adamArguments[] = {
    {"lr", true}, {"beta1", true}, {"beta2", true}, {"eps", true}, {"decay", true}};
static constexpr ArgumentSpec rmspropArguments[] = {
    {"lr", true}, {"alpha", true}, {"eps", true}, {"momentum", true}, {"decay", true}};
static constexpr ArgumentSpec adagradArguments[] = {{"lr", true}, {"eps", true}, {"decay", true}};

namespace {

/// An optimizer's arguments; its defaults are those of PyTorch's optimizer.
struct OptimizerRule {
  Optimizer::Kind kind;
  std::span<const ArgumentSpec> arguments;
  double rate, epsilon, decay;
};

/// A number of an optimizer: where it goes, and what it may be.
struct OptimizerNumber {
  std::string_view name;
  double Optimizer::*place;
  bool (*isLegal)(double);
  std::string_view rule;
};

} // namespace

static const std::map<std::string, OptimizerRule> optimizerRules = {
    {"sgd", {Optimizer::Sgd, sgdArguments, 0.01, 1e-8, 0}},
    {"adam", {Optimizer::Adam, adamArguments, 0.001, 1e-8, 0}},
    {"adamw", {Optimizer::AdamW, adamArguments, 0.001, 1e-8, 0.01}},
    {"rmsprop", {Optimizer::RmsProp, rmspropArguments, 0.01, 1e-8, 0}},
    {"adagrad", {Optimizer::Adagrad, adagradArguments, 0.01, 1e-10, 0}}};

static bool isPositive(double x) { return x > 0; }
static bool isNotNegative(double x) { return x >= 0; }
static bool isFraction(double x) { return x >= 0 && x < 1; }
static constexpr std::string_view fraction = "lie in 0 .. 1, 1 excluded";

static constexpr OptimizerNumber optimizerNumbers[] = {
    {"lr", &Optimizer::learningRate, isPositive, "be positive"},
    {"momentum", &Optimizer::momentum, isFraction, fraction},
    {"decay", &Optimizer::decay, isNotNegative, "not be negative"},
    {"beta1", &Optimizer::beta1, isFraction, fraction},
    {"beta2", &Optimizer::beta2, isFraction, fraction},
    {"eps", &Optimizer::epsilon, isPositive, "be positive"},
    {"alpha", &Optimizer::alpha, isFraction, fraction}};

/// The names of a table, as expectCall takes them.
template <typename Rules> static std::vector<std::string> namesOf(const Rules &rules) {
  std::vector<std::string> names;
  for (const auto &[name, rule] : rules)
    names.push_back(name);
  return names;
}

void TrainAnalyzer::setOptimizer(const ast::Expr &expr) {
  static const std::vector<std::string> names = namesOf(optimizerRules);
  std::optional<Call> call = expectCall(expr, "optimizer", names);
  if (!call)
    return;
  const OptimizerRule &rule = optimizerRules.at(call->name.text);
  Optimizer &optimizer = train.optimizer;
  optimizer.kind = rule.kind;
  optimizer.learningRate = rule.rate;
  optimizer.epsilon = rule.epsilon;
  optimizer.decay = rule.decay;
  std::optional<BoundArguments> bound = bind(*call, expr.range, rule.arguments);
  if (!bound)
    return;
  ArgumentReader reader(context, call->name.text, *bound);
  for (const OptimizerNumber &number : optimizerNumbers) {
    const BoundArgument *argument = reader.find(number.name);
    if (!argument)
      continue;
    double value = reader.number(number.name, 0);
    if (!reader.failed && !number.isLegal(value))
      reader.error("E314", argument->range,
                   fmt::format("'{}' of {} must {}, but is {}", number.name, call->name.text,
                               number.rule, toText(value)));
    optimizer.*number.place = value;
  }
  optimizer.nesterov = reader.boolean("nesterov", false);
  if (!reader.failed && optimizer.nesterov && optimizer.momentum == 0)
    reader.error("E314", reader.find("nesterov")->range, "nesterov needs a momentum");
}

//===----------------------------------------------------------------------===//
// Schedules
//===----------------------------------------------------------------------===//

static constexpr ArgumentSpec stepArguments[] = {{"at", true, true}, {"gamma", true}};
static constexpr ArgumentSpec polyArguments[] = {{"power", true}};
static constexpr ArgumentSpec cosineArguments[] = {{"warmup", true}};
static constexpr ArgumentSpec plateauArguments[] = {{"gamma", true}, {"patience", true}};

namespace {
struct ScheduleRule {
  ScheduleSpec::Kind kind;
  std::span<const ArgumentSpec> arguments;
};
} // namespace

static const std::map<std::string, ScheduleRule> scheduleRules = {
    {"const", {ScheduleSpec::Constant, {}}},
    {"step", {ScheduleSpec::Step, stepArguments}},
    {"poly", {ScheduleSpec::Poly, polyArguments}},
    {"cosine", {ScheduleSpec::Cosine, cosineArguments}},
    {"plateau", {ScheduleSpec::Plateau, plateauArguments}}};

void TrainAnalyzer::setSchedule(const ast::Expr &expr) {
  static const std::vector<std::string> names = namesOf(scheduleRules);
  std::optional<Call> call = expectCall(expr, "schedule", names);
  if (!call)
    return;
  const ScheduleRule &rule = scheduleRules.at(call->name.text);
  std::optional<BoundArguments> bound = bind(*call, expr.range, rule.arguments);
  if (!bound)
    return;
  ScheduleSpec &schedule = train.schedule;
  schedule.kind = rule.kind;
  ArgumentReader reader(context, call->name.text, *bound);
  auto read = [&](std::string_view name, double fallback, bool (*isLegal)(double),
                  std::string_view must) {
    double value = reader.number(name, fallback);
    if (!reader.failed && !isLegal(value))
      reader.error(
          "E314", reader.find(name)->range,
          fmt::format("'{}' of {} must {}, but is {}", name, call->name.text, must, toText(value)));
    return value;
  };
  if (rule.kind == ScheduleSpec::Step)
    setMilestones(reader);
  if (rule.kind == ScheduleSpec::Plateau)
    schedule.gamma =
        read("gamma", 0.1, [](double x) { return x > 0 && x < 1; }, "lie in 0 .. 1, both excluded");
  else
    schedule.gamma = read("gamma", 0.1, isPositive, "be positive");
  schedule.power = read("power", 1, isPositive, "be positive");
  schedule.warmup = read("warmup", 0, isNotNegative, "not be negative");
  schedule.patience = reader.integer("patience", 10, 0);
  if (const BoundArgument *warmup = reader.find("warmup"))
    milestones = warmup->range;
}

void TrainAnalyzer::setMilestones(ArgumentReader &reader) {
  const BoundArgument &at = *reader.find("at");
  milestones = at.range;
  std::vector<Value> values{at.value};
  if (const ListValue *list = at.value.list())
    values = list->items;
  for (const Value &value : values) {
    int64_t epoch = reader.integerOf(value, "at", at.range, 1);
    if (!reader.failed && !train.schedule.at.empty() && epoch <= train.schedule.at.back())
      reader.error("E314", at.range, "the epochs of 'at' must grow");
    train.schedule.at.push_back(epoch);
  }
}

/// W505 for epochs that never come.
void TrainAnalyzer::checkMilestones() {
  for (int64_t epoch : train.schedule.at)
    if (epoch >= train.epochs) {
      context.warning("W505", milestones,
                      fmt::format("epoch {} is never reached: training has {} epochs, from 0",
                                  epoch, train.epochs));
      return;
    }
  if (train.schedule.warmup > 0 && train.schedule.warmup >= static_cast<double>(train.epochs))
    context.warning("W505", milestones,
                    fmt::format("the end of the warmup is never reached: training has {} epochs",
                                train.epochs));
}
