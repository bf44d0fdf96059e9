//===- SemaData.cpp - Data sources of a train section -----------------------===//
//
// What a source is known to give without opening it is compared with the net: sizes
// (E311) and classes (E313, W508). The rest is the runtime's to check.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/SemaTrain.h"

#include <fmt/format.h>

using namespace cnnc;

static constexpr ArgumentSpec digitsArguments[] = {{"n", true}};
static constexpr ArgumentSpec folderArguments[] = {{"dir", true, true}};
static constexpr ArgumentSpec npyArguments[] = {{"x", true, true}, {"y", true, true}};

namespace {

struct DataRule {
  std::span<const ArgumentSpec> arguments;
  Shape images;        ///< empty: the files say
  int64_t classes = 0; ///< 0: the files say
  int64_t variant = 0; ///< another number of classes that is right, too: CIFAR-100
};

} // namespace

static const std::map<std::string, DataRule> dataRules = {
    {"digits", {digitsArguments, {1, 28, 28}, 10}},
    {"idx", {folderArguments, {}}},
    {"cifar", {folderArguments, {3, 32, 32}, 10, 100}},
    {"folder", {folderArguments, {}}},
    {"npy", {npyArguments, {}}}};

void TrainAnalyzer::setData(const ast::TrainEntry &entry) {
  static const std::vector<std::string> names = {"digits", "idx", "cifar", "folder", "npy"};
  std::optional<Call> call = expectCall(entry.value, "data source", names);
  if (!call)
    return;
  const DataRule &rule = dataRules.at(call->name.text);
  std::optional<BoundArguments> bound = bind(*call, entry.value.range, rule.arguments);
  if (!bound)
    return;
  DataSource source{call->name.text, {}, entry.value.range};
  ArgumentReader reader(context, call->name.text, *bound);
  for (const ArgumentSpec &spec : rule.arguments) {
    const BoundArgument *argument = reader.find(spec.name);
    if (!argument)
      continue;
    const std::string *text = argument->value.string();
    if (spec.name == "n")
      source.arguments.push_back(std::to_string(reader.integer("n", 1, 1)));
    else if (text)
      source.arguments.push_back(*text);
    else
      reader.error("E120", argument->range,
                   fmt::format("{} takes the name of a {}: {}", call->name.text,
                               source.kind == "npy" ? "file" : "folder",
                               source.kind == "npy" ? "npy(\"x.npy\", \"y.npy\")"
                                                    : source.kind + "(\"data\")"));
  }
  if (!reader.failed)
    train.data = std::move(source);
}

int64_t TrainAnalyzer::classesOfData() const {
  auto found = dataRules.find(dataKind);
  return found == dataRules.end() ? 0 : found->second.classes;
}

void TrainAnalyzer::checkData() {
  if (train.data.kind.empty())
    return;
  if (net.inputs.size() > 1) {
    context.error("E311", train.data.range,
                  fmt::format("{}() gives one image, but the net has {} inputs", train.data.kind,
                              net.inputs.size()));
    return;
  }
  const DataRule &rule = dataRules.at(train.data.kind);
  if (!rule.images.empty())
    checkImages(rule.images);
  if (rule.classes > 0)
    checkClasses(rule.classes);
}

void TrainAnalyzer::checkImages(const Shape &images) {
  for (TensorId input : net.inputs)
    if (net.tensors[input].shape != images)
      context
          .error("E311", train.data.range,
                 fmt::format("{}() gives {}, but the input is {}", train.data.kind, toText(images),
                             toText(net.tensors[input].shape)))
          .note("input declared", net.tensors[input].range);
}

void TrainAnalyzer::checkClasses(int64_t classes) {
  if (train.targets.size() > 1) {
    context
        .error("E311", train.data.range,
               fmt::format("{}() gives one target, but there are {}", train.data.kind,
                           train.targets.size()))
        .note("the second is declared", train.targets[1].range);
    return;
  }
  // What is wrong with the loss has been said of the target already.
  for (const Target &target : train.targets)
    if (!failedTargets.contains(target.name) && !target.shape.empty()) {
      context
          .error("E311", train.data.range,
                 fmt::format("{}() gives one class for each image, but {} is {}", train.data.kind,
                             quoted(target.name),
                             target.classes > 0 ? fmt::format("a class at each position of {}",
                                                              toText(target.shape))
                                                : toText(target.shape)))
          .note("the target is declared", target.range);
      return;
    }
  for (uint32_t i = 0; i < train.targets.size(); ++i) {
    const Target &target = train.targets[i];
    // Where scores and target do not fit, the number of classes is that mistake.
    if (target.classes == 0 || failedTargets.contains(target.name))
      continue;
    std::string what = fmt::format("{}() has {} classes, but {} has {}", train.data.kind, classes,
                                   quoted(target.name), target.classes);
    if (target.classes > classes && target.classes != dataRules.at(train.data.kind).variant)
      context.warning("W508", target.range, std::move(what));
    if (target.classes >= classes)
      continue;
    Diagnostic &diagnostic = context.error("E313", target.range, std::move(what));
    // Scores that fit this target would not fit another one: then the net is to change.
    if (!compared.contains(i))
      diagnostic.fix(fmt::format("class({})", classes),
                     {{classCounts.at(i), std::to_string(classes)}});
  }
}
