//===- Training.cpp - cnnc train and cnnc eval ----------------------------===//

#include "runtime/Checkpoint.h"
#include "runtime/Terminal.h"
#include "runtime/Train.h"
#include "tools/cnnc/Threads.h"
#include "tools/cnnc/Weights.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <fmt/format.h>

using namespace llvm;
using namespace cnnc;

static bool isInput(const TypedNet &net, TensorId id) { return is_contained(net.inputs, id); }

/// A loss or a metric may be of any tensor of the net: forward must give it. Numbers of an
/// input are compared where they are.
static void addMeasuredOutputs(TypedNet &net) {
  auto add = [&](TensorId id) {
    if (is_contained(net.outputs, id))
      return;
    net.outputs.push_back(id);
    net.outputNames.push_back(net.tensors[id].name);
  };
  for (const LossTerm &term : net.train->loss) {
    if (term.comparesClasses() || !isInput(net, term.prediction))
      add(term.prediction);
    if (term.targetIsTensor && !isInput(net, term.target))
      add(term.target);
  }
  for (const MetricSpec &metric : net.train->metrics)
    add(metric.prediction);
}

/// A net that trains, or the message that it has no train section.
static std::optional<ParsedNet> parseTrainable(const Arguments &arguments, int &exit) {
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (parsed && !parsed->net.train) {
    exit = reportRequest(fmt::format("{}: net {} has no train section: add train {} {{ … }}",
                                     parsed->sources.main().name(), parsed->net.name,
                                     parsed->net.name));
    return std::nullopt;
  }
  if (parsed)
    addMeasuredOutputs(parsed->net);
  return parsed;
}

static LossSpec::Kind kindOf(LossTerm::Kind kind) {
  switch (kind) {
  case LossTerm::CrossEntropy:
    return LossSpec::CrossEntropy;
  case LossTerm::Nll:
    return LossSpec::Nll;
  case LossTerm::Hinge:
    return LossSpec::Hinge;
  case LossTerm::BinaryCrossEntropy:
    return LossSpec::BinaryCrossEntropy;
  case LossTerm::MeanSquaredError:
    return LossSpec::MeanSquaredError;
  case LossTerm::MeanAbsoluteError:
    return LossSpec::MeanAbsoluteError;
  case LossTerm::Huber:
    return LossSpec::Huber;
  }
  llvm_unreachable("all kinds of losses are handled");
}

/// What to measure: the loss and the metrics of the text.
static EvaluationSpec evaluationOf(const TypedNet &net) {
  using Side = LossSpec::Side;
  EvaluationSpec spec;
  auto outputNumber = [&](TensorId id) { return int(find(net.outputs, id) - net.outputs.begin()); };
  auto sideOf = [&](TensorId id) {
    return is_contained(net.outputs, id) ? Side{Side::Output, outputNumber(id)} : Side{Side::Input};
  };
  for (const LossTerm &term : net.train->loss) {
    Side target = term.targetIsTensor ? sideOf(term.target) : Side{Side::Target};
    spec.loss.push_back(
        {kindOf(term.kind), sideOf(term.prediction), target, term.weight, term.smooth, term.delta});
  }
  for (const MetricSpec &metric : net.train->metrics)
    spec.metrics.push_back({metric.name, metric.k, outputNumber(metric.prediction)});
  return spec;
}

static Schedule::Kind kindOf(ScheduleSpec::Kind kind) {
  switch (kind) {
  case ScheduleSpec::Constant:
    return Schedule::Constant;
  case ScheduleSpec::Step:
    return Schedule::Step;
  case ScheduleSpec::Poly:
    return Schedule::Poly;
  case ScheduleSpec::Cosine:
    return Schedule::Cosine;
  case ScheduleSpec::Plateau:
    return Schedule::Plateau;
  }
  llvm_unreachable("all kinds of schedules are handled");
}

static Schedule scheduleOf(const ScheduleSpec &spec) {
  return {kindOf(spec.kind), spec.at, spec.gamma, spec.power, spec.warmup, spec.patience};
}

/// --data, or the text's. Relative directories start at the text.
static Result<Dataset> openSplit(const Arguments &arguments, const ParsedNet &parsed, Split split) {
  if (arguments.has("--data")) {
    Result<DataSpec> spec = parseDataSpec(arguments.get("--data"));
    if (!spec)
      return spec.status();
    return openDataset(*spec, split);
  }
  const DataSource &source = parsed.net.train->data;
  if (source.kind.empty())
    return fail(Exit::Request,
                "{}: the train section names no data: add data = digits(), or give "
                "--data 'idx(DIR)'",
                parsed.sources.main().name());
  auto argument = [&](size_t i) {
    return i < source.arguments.size() ? source.arguments[i] : std::string();
  };
  return openDataset({source.kind, argument(0), argument(1)}, split, directoryOf(parsed));
}

/// --out or --resume; else a new directory beside the caller, so that no training
/// overwrites another. Prints what is wrong.
static std::optional<std::string> chooseDirectory(const Arguments &arguments,
                                                  const ParsedNet &parsed) {
  if (arguments.has("--resume"))
    return arguments.get("--resume");
  if (arguments.has("--out")) {
    std::string directory = arguments.get("--out");
    if (!hasCheckpoint(directory))
      return directory;
    errs() << "cnnc train: " << directory << " holds another training; go on with it by --resume "
           << directory << ", or name a new directory\n";
    return std::nullopt;
  }
  std::string base = libraryPrefix(parsed) + "-run", directory = base;
  for (int number = 2; sys::fs::exists(directory); ++number)
    directory = fmt::format("{}-{}", base, number);
  return directory;
}

/// A few test images and what the network thinks they are.
static void drawGuesses(const Dataset &test, const Evaluation &evaluation) {
  if (evaluation.guesses.empty() || test.pixels.empty())
    return;
  constexpr size_t mostCards = 4, mostWrong = 2;
  std::vector<Card> cards;
  auto add = [&](size_t i) {
    cards.push_back({test.image(i), test.shape, evaluation.guesses[i], evaluation.probabilities[i],
                     test.labels[i]});
  };
  auto isWrong = [&](size_t i) { return evaluation.guesses[i] != test.labels[i]; };
  for (size_t i = 0; i < evaluation.guesses.size() && cards.size() < mostCards - mostWrong; ++i)
    if (!isWrong(i))
      add(i);
  for (size_t i = 0; i < evaluation.guesses.size() && cards.size() < mostCards; ++i)
    if (isWrong(i))
      add(i);
  outs() << drawCards(cards, columnsOf(stdout), wantsColour(stdout));
}

/// The command that goes on where this one stopped.
static std::string resumeCommand(const Arguments &arguments, StringRef directory) {
  std::string command = "cnnc train " + arguments.positional[0];
  for (StringRef flag : {"--net", "--data", "--epochs", "--seed"})
    if (arguments.has(flag))
      command += fmt::format(" {} '{}'", flag.str(), arguments.get(flag));
  for (const std::string &param : arguments.all("--param"))
    command += fmt::format(" --param '{}'", param);
  return command + " --resume " + directory.str();
}

static std::optional<TrainConfig> configure(const Arguments &arguments, const ParsedNet &parsed) {
  const TrainSection &train = *parsed.net.train;
  TrainConfig config;
  constexpr int64_t mostEpochs = 1 << 30;
  std::optional<int64_t> epochs = integerFlag(arguments, "--epochs", train.epochs, 1, mostEpochs);
  if (!epochs)
    return std::nullopt;
  config.epochs = *epochs;
  config.seed = config.textSeed = train.seed;
  if (arguments.has("--seed") && StringRef(arguments.get("--seed")).getAsInteger(10, config.seed)) {
    errs() << "cnnc train: --seed must be an integer, but is '" << arguments.get("--seed") << "'\n";
    return std::nullopt;
  }
  config.learningRate = train.optimizer.learningRate;
  config.schedule = scheduleOf(train.schedule);
  config.evaluation = evaluationOf(parsed.net);
  std::optional<std::string> directory = chooseDirectory(arguments, parsed);
  if (!directory)
    return std::nullopt;
  config.directory = *directory;
  config.resume = arguments.has("--resume");
  config.initialWeights = arguments.get("--weights");
  config.netText = parsed.sources.main().text();
  config.textHash = utohexstr(xxh3_64bits(parsed.sources.main().text()), true);
  config.logJson = arguments.get("--log-json");
  config.lossLog = arguments.get("--log-loss");
  config.resumeCommand = resumeCommand(arguments, *directory);
  return config;
}

int cnnc::trainVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseTrainable(arguments, exit);
  if (!parsed)
    return exit;
  std::optional<int64_t> batch = batchOf(arguments, parsed->net);
  std::optional<TrainConfig> config = configure(arguments, *parsed);
  std::optional<int> threads = threadsOf(arguments);
  if (!batch || !config || !threads)
    return kUsage;
  Result<Dataset> training = openSplit(arguments, *parsed, Split::Train);
  if (!training)
    return report(training.status());
  Result<Dataset> test = openSplit(arguments, *parsed, Split::Test);
  if (!test)
    return report(test.status());

  IRGenOptions irgen{.batch = *batch};
  std::optional<LoadedNetwork> network = loadNetwork(*parsed, irgen, arguments, exit);
  if (!network)
    return exit;
  std::unique_ptr<ThreadPool> pool = lendThreads(network->info(), *threads);
  Result<TrainReport> trained = train(network->info(), *training, &*test, *config);
  if (!trained)
    return report(trained.status());
  if (trained->exit == Exit::Fine && trained->evaluation)
    drawGuesses(*test, *trained->evaluation);
  return static_cast<int>(trained->exit);
}

int cnnc::evalVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseTrainable(arguments, exit);
  if (!parsed)
    return exit;
  std::string splitName = arguments.get("--split", "test");
  std::optional<int64_t> batch = batchOf(arguments, parsed->net);
  if (!batch)
    return kUsage;
  IRGenOptions irgen{.batch = *batch, .trainStep = false};
  std::optional<Program> program = loadProgram(*parsed, irgen, arguments, exit);
  if (!program)
    return exit;
  Result<Dataset> dataset =
      openSplit(arguments, *parsed, splitName == "test" ? Split::Test : Split::Train);
  if (!dataset)
    return report(dataset.status());
  Result<Evaluation> evaluation = evaluate(program->info(), program->params.data(), *dataset,
                                           evaluationOf(parsed->net), program->workspace.data());
  if (!evaluation)
    return report(evaluation.status());
  if (arguments.has("--json")) {
    outs() << evaluationJson(*evaluation) << '\n';
    return 0;
  }
  outs() << fmt::format("{} images", evaluation->images);
  if (evaluation->loss)
    outs() << fmt::format(", loss {:.4f}", *evaluation->loss);
  for (auto &[name, value] : evaluation->metrics)
    outs() << fmt::format(", {} {:.2f} %", name, 100 * value);
  outs() << '\n';
  return 0;
}
