//===- SemaTrain.cpp - The entries of a train section -----------------------===//

#include "compiler/Frontend/SemaTrain.h"

#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

static constexpr ArgumentSpec sgdArguments[] = {
    {"lr", true}, {"momentum", true}, {"nesterov", true}, {"decay", true}};
static constexpr ArgumentSpec adamArguments[] = {
    {"lr", true}, {"beta1", true}, {"beta2", true}, {"eps", true}, {"decay", true}};
static constexpr ArgumentSpec stepArguments[] = {{"at", true, true}, {"gamma", true}};
static constexpr ArgumentSpec idxArguments[] = {{"dir", true, true}};
static constexpr ArgumentSpec classArguments[] = {{"k", true, true}, {"h", true}, {"w", true}};

/// What digits() draws.
static const Shape digitsShape{1, 28, 28};
static constexpr int64_t digitsClasses = 10;

void cnnc::analyzeTrain(SemaContext &context, Evaluator &evaluator, const Scope &scope,
                        const ast::TrainItem &train, TypedNet &net) {
  TrainAnalyzer(context, evaluator, scope, net).run(train);
}

void TrainAnalyzer::run(const ast::TrainItem &item) {
  train.range = item.net.range;
  // Targets first: a loss may stand before them.
  for (const ast::TrainEntry &entry : item.entries)
    if (entry.isTarget)
      addTarget(entry);
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
  if (seen.contains("data") && train.data.kind == "digits")
    checkDigits(train.data.range);
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

static bool contains(std::span<const std::string_view> names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// E312 for unknown names, E109 for those of a later version.
std::optional<TrainAnalyzer::Call>
TrainAnalyzer::expectCall(const ast::Expr &expr, std::string_view what,
                          std::span<const std::string_view> supported,
                          std::span<const std::string_view> refused) {
  std::optional<Call> call = asCall(expr);
  if (!call) {
    context.error("E312", expr.range,
                  fmt::format("expected a {}: {}(…)", what, fmt::join(supported, "(…), ")));
    return std::nullopt;
  }
  if (contains(supported, call->name.text))
    return call;
  if (contains(refused, call->name.text)) {
    context.unsupported(call->name.range, fmt::format("the {} '{}'", what, call->name.text));
    return std::nullopt;
  }
  std::vector<std::string> names(supported.begin(), supported.end());
  names.insert(names.end(), refused.begin(), refused.end());
  context.error("E312", call->name.range,
                fmt::format("unknown {} {}{}", what, quoted(call->name.text),
                            didYouMean(call->name.text, names)));
  return std::nullopt;
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
  auto *list = std::get_if<ast::ListExpr>(&entry.value.node);
  if (!list || list->isTuple || (list->items.size() != 1 && list->items.size() != 3)) {
    context.error("E310", entry.value.range, "a target is class(K), [C] or [C, H, W]");
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
  BoundArguments bound;
  if (!bindArguments(context, evaluator, scope, "class", classArguments, call.arguments, bound) ||
      !requireArguments(context, "class", range, classArguments, bound))
    return;
  if (bound.contains("h") || bound.contains("w")) {
    context.unsupported(range, "class(K, h, w)");
    return;
  }
  ArgumentReader reader(context, "class", bound);
  target.classes = reader.integer("k", 1, 1);
  if (reader.failed)
    return;
  failedTargets.erase(target.name);
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
  } else if (name == "epochs") {
    train.epochs = wholeNumber(entry, 1).value_or(1);
  } else if (name == "seed") {
    train.seed = static_cast<uint64_t>(wholeNumber(entry, 0).value_or(0));
  } else {
    context.error("E314", entry.name.range,
                  fmt::format("'train' has no entry {}{}", quoted(name), didYouMean(name, names)));
  }
}

void TrainAnalyzer::setOptimizer(const ast::Expr &expr) {
  static constexpr std::string_view supported[] = {"sgd", "adam"};
  static constexpr std::string_view refused[] = {"adamw", "rmsprop", "adagrad"};
  std::optional<Call> call = expectCall(expr, "optimizer", supported, refused);
  if (!call)
    return;
  Optimizer &optimizer = train.optimizer;
  bool isSgd = call->name.text == "sgd";
  optimizer.kind = isSgd ? Optimizer::Sgd : Optimizer::Adam;
  std::span<const ArgumentSpec> specs = adamArguments;
  if (isSgd)
    specs = sgdArguments;
  BoundArguments bound;
  if (!bindArguments(context, evaluator, scope, call->name.text, specs, call->arguments, bound))
    return;
  ArgumentReader reader(context, call->name.text, bound);
  auto read = [&](std::string_view name, double fallback, auto isLegal, std::string_view rule) {
    double value = reader.number(name, fallback);
    if (!reader.failed && !isLegal(value))
      reader.error(
          "E314", reader.find(name) ? reader.find(name)->range : expr.range,
          fmt::format("'{}' of {} must {}, but is {}", name, call->name.text, rule, toText(value)));
    return value;
  };
  auto isPositive = [](double x) { return x > 0; };
  auto isNotNegative = [](double x) { return x >= 0; };
  auto isFraction = [](double x) { return x >= 0 && x < 1; };
  constexpr std::string_view fraction = "lie in 0 .. 1, 1 excluded";
  // The defaults of PyTorch's Adam; sgd's rate is the header's.
  optimizer.learningRate = read("lr", isSgd ? 0.01 : 0.001, isPositive, "be positive");
  optimizer.decay = read("decay", 0, isNotNegative, "not be negative");
  if (isSgd) {
    optimizer.momentum = read("momentum", 0, isFraction, fraction);
    optimizer.nesterov = reader.boolean("nesterov", false);
    if (!reader.failed && optimizer.nesterov && optimizer.momentum == 0)
      reader.error("E314", reader.find("nesterov")->range, "nesterov needs a momentum");
    return;
  }
  optimizer.beta1 = read("beta1", 0.9, isFraction, fraction);
  optimizer.beta2 = read("beta2", 0.999, isFraction, fraction);
  optimizer.epsilon = read("eps", 1e-8, isPositive, "be positive");
}

void TrainAnalyzer::setSchedule(const ast::Expr &expr) {
  static constexpr std::string_view supported[] = {"const", "step"};
  static constexpr std::string_view refused[] = {"poly", "cosine", "plateau"};
  std::optional<Call> call = expectCall(expr, "schedule", supported, refused);
  if (!call)
    return;
  bool isStep = call->name.text == "step";
  std::span<const ArgumentSpec> specs;
  if (isStep)
    specs = stepArguments;
  BoundArguments bound;
  if (!bindArguments(context, evaluator, scope, call->name.text, specs, call->arguments, bound) ||
      !requireArguments(context, call->name.text, expr.range, specs, bound) || !isStep)
    return;
  ArgumentReader reader(context, "step", bound);
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
  train.schedule.kind = ScheduleSpec::Step;
  train.schedule.gamma = reader.number("gamma", 0.1);
  if (!reader.failed && !(train.schedule.gamma > 0))
    reader.error(
        "E314", expr.range,
        fmt::format("'gamma' of step must be positive, but is {}", toText(train.schedule.gamma)));
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
}

//===----------------------------------------------------------------------===//
// Data
//===----------------------------------------------------------------------===//

void TrainAnalyzer::setData(const ast::TrainEntry &entry) {
  static constexpr std::string_view supported[] = {"digits", "idx"};
  static constexpr std::string_view refused[] = {"cifar", "folder", "npy"};
  std::optional<Call> call = expectCall(entry.value, "data source", supported, refused);
  if (!call)
    return;
  std::span<const ArgumentSpec> specs;
  if (call->name.text == "idx")
    specs = idxArguments;
  BoundArguments bound;
  if (!bindArguments(context, evaluator, scope, call->name.text, specs, call->arguments, bound) ||
      !requireArguments(context, call->name.text, entry.value.range, specs, bound))
    return;
  train.data = {call->name.text, {}, entry.value.range};
  auto directory = bound.find("dir");
  if (directory == bound.end())
    return;
  if (const std::string *text = directory->second.value.string())
    train.data.arguments = {*text};
  else
    context.error("E120", directory->second.range, "idx takes the name of a folder: idx(\"data\")");
}

void TrainAnalyzer::checkDigits(SourceRange range) {
  if (net.inputs.size() > 1) {
    context.error(
        "E311", range,
        fmt::format("digits() gives one image, but the net has {} inputs", net.inputs.size()));
    return;
  }
  for (TensorId input : net.inputs)
    if (net.tensors[input].shape != digitsShape)
      context
          .error("E311", range,
                 fmt::format("digits() gives {}, but the input is {}", toText(digitsShape),
                             toText(net.tensors[input].shape)))
          .note("input declared", net.tensors[input].range);
  for (const Target &target : train.targets)
    if (target.classes > 0 && target.classes < digitsClasses)
      context.error("E313", target.range,
                    fmt::format("digits() has {} classes, but {} has {}", digitsClasses,
                                quoted(target.name), target.classes));
}
