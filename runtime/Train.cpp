//===- Train.cpp - The training loop --------------------------------------===//

#include "runtime/Train.h"

#include "runtime/AtomicFile.h"
#include "runtime/Checkpoint.h"
#include "runtime/Safetensors.h"
#include "runtime/TrainLog.h"
#include "runtime/embedded/Model.h"
#include "runtime/embedded/Storage.h"

#include <algorithm>
#include <cmath>
#include <csignal>
#include <cstring>

using namespace cnnc;

namespace {

using Clock = std::chrono::steady_clock;

/// The signal that asked for an end, or 0. Only handlers write it.
volatile std::sig_atomic_t stopSignal = 0;

extern "C" void noteStop(int signal) { stopSignal = signal; }

/// While it lives, SIGINT and SIGTERM ask for an end once (a second one kills), and
/// a file that passes the size limit is an error of write(2) instead of a death.
class SignalScope {
public:
  SignalScope() {
    stopSignal = 0;
    struct sigaction stop{};
    stop.sa_handler = noteStop;
    stop.sa_flags = SA_RESETHAND;
    struct sigaction ignore{};
    ignore.sa_handler = SIG_IGN;
    sigaction(SIGINT, &stop, &oldInterrupt);
    sigaction(SIGTERM, &stop, &oldTerminate);
    sigaction(SIGXFSZ, &ignore, &oldFileSize);
  }
  ~SignalScope() {
    sigaction(SIGINT, &oldInterrupt, nullptr);
    sigaction(SIGTERM, &oldTerminate, nullptr);
    sigaction(SIGXFSZ, &oldFileSize, nullptr);
  }
  SignalScope(const SignalScope &) = delete;
  SignalScope &operator=(const SignalScope &) = delete;

private:
  struct sigaction oldInterrupt, oldTerminate, oldFileSize;
};

class Trainer {
public:
  Trainer(const cnnc_model_info &info, const Dataset &training, const Dataset *test,
          const TrainConfig &config)
      : info(info), training(training), test(test), config(config),
        loader(training, info.batch, config.seed), live(config.progress) {}

  Status prepare();
  Status run();
  TrainReport takeReport();

private:
  Status allocate();
  Status start();
  Status resume();
  Status openLogs();
  Status step();
  Status endEpoch();
  Status keepBest(double score);
  Status save();
  Status stop();

  int64_t stepInEpoch() const { return progress.step % loader.stepsPerEpoch(); }
  double secondsRun() const { return std::chrono::duration<double>(Clock::now() - began).count(); }
  double rate() const {
    return config.schedule.rate(config.learningRate, {progress.step, loader.stepsPerEpoch(),
                                                      config.epochs, progress.plateau.cuts});
  }
  double imagesPerSecond() const;
  LiveState liveState(int64_t epoch, int64_t step, double loss) const;
  Status log(const MetricsLine &line);

  const cnnc_model_info &info;
  const Dataset &training;
  const Dataset *test;
  const TrainConfig &config;
  Loader loader;
  LiveLine live;
  LineFile metricsFile, jsonFile, lossFile;
  Buffer params, state, workspace, images, targets;
  Progress progress;
  TrainReport report;
  std::string metricText;
  Clock::time_point began;
  double learned = 0;     ///< the rate of the last step
  double stepSeconds = 0; ///< spent in steps of this run, without evaluations
  int64_t stepsRun = 0;
  bool saved = false; ///< a checkpoint, in this run
};

Status Trainer::allocate() {
  uint64_t scratch = std::max(info.workspace_bytes, info.train_workspace_bytes);
  for (auto [buffer, bytes] : {std::pair<Buffer *, uint64_t>{&params, info.params_bytes},
                               {&state, info.state_bytes},
                               {&workspace, scratch},
                               {&images, info.inputs[0].bytes},
                               {&targets, info.target_count ? info.targets[0].bytes : 0}}) {
    Result<Buffer> memory = Buffer::allocate(bytes);
    if (!memory)
      return memory.status();
    *buffer = std::move(*memory);
  }
  return Status();
}

Status Trainer::prepare() {
  if (info.abi_version != CNNC_ABI_VERSION)
    return fail(Exit::Request, "net {} has ABI version {}, expected {}", info.name,
                info.abi_version, CNNC_ABI_VERSION);
  if (!info.train_step)
    return fail(Exit::Request, "net {} has no train section", info.name);
  if (config.epochs < 0)
    return fail(Exit::Request, "epochs must not be negative, but is {}", config.epochs);
  if (Status status = checkDataset(training, info); !status.ok())
    return status;
  if (loader.stepsPerEpoch() == 0)
    return fail(Exit::Request, "{} has {} images, fewer than a batch of {}", training.name,
                training.size(), info.batch);
  if (Status status = allocate(); !status.ok())
    return status;
  if (config.resume && config.directory.empty())
    return fail(Exit::Request, "nothing to resume from: no directory is given");
  if (Status status = config.resume ? resume() : start(); !status.ok())
    return status;
  uint64_t seed = config.seed ^ config.textSeed;
  for (uint32_t i = 0; i < info.state_count; ++i)
    if (std::string_view(info.state[i].name) == "seed" && info.state[i].dtype == CNNC_I64)
      cnnc_store_tensor(&info.state[i], state.data(), &seed);
  return openLogs();
}

Status Trainer::start() {
  progress.seed = config.seed;
  progress.batch = info.batch;
  progress.images = training.size();
  progress.textHash = config.textHash;
  if (!config.initialWeights.empty()) {
    if (Status status = loadParameters(info, params.data(), config.initialWeights); !status.ok())
      return status;
  } else {
    cnnc_model_init(&info, params.data(), config.seed);
  }
  if (config.directory.empty())
    return Status();
  if (hasCheckpoint(config.directory))
    live.message(fmt::format("{}: replacing the training that is there", config.directory));
  return makeDirectory(config.directory);
}

Status Trainer::resume() {
  Result<LoadedCheckpoint> loaded =
      loadCheckpoint(config.directory, info, params.data(), state.data());
  if (!loaded)
    return loaded.status();
  for (const std::string &warning : loaded->warnings)
    live.message(fmt::format("warning: {}; falling back to {}", warning, loaded->path));
  progress = loaded->progress;
  if (progress.seed != config.seed)
    return fail(Exit::Request, "{}: was trained with seed {}, but {} is asked for", loaded->path,
                progress.seed, config.seed);
  if (progress.batch != info.batch)
    return fail(Exit::Request, "{}: was trained with batch {}, but {} is asked for", loaded->path,
                progress.batch, info.batch);
  if (progress.images != training.size())
    return fail(Exit::Request, "{}: was trained on {} images, but {} has {}", loaded->path,
                progress.images, training.name, training.size());
  if (progress.epoch != progress.step / loader.stepsPerEpoch())
    return fail(Exit::File, "{}: metadata 'epoch' is {}, expected {}", loaded->path, progress.epoch,
                progress.step / loader.stepsPerEpoch());
  if (progress.textHash != config.textHash)
    live.message(fmt::format("warning: {}: the net's text has changed since", loaded->path));
  progress.textHash = config.textHash;
  live.message(fmt::format("resuming after step {} of {}", progress.step, loaded->path));
  return Status();
}

Status Trainer::openLogs() {
  bool keep = !config.directory.empty();
  if (keep && !config.netText.empty())
    if (Status status =
            writeAtomically(joinPath(config.directory, "net.cnn"), piece(config.netText));
        !status.ok())
      return status;
  std::string metrics = keep ? joinPath(config.directory, "metrics.jsonl") : "";
  if (keep && config.resume)
    if (Status status = keepMetricsUntil(metrics, progress.step); !status.ok())
      return status;
  for (auto [file, path] : {std::pair<LineFile *, const std::string *>{&metricsFile, &metrics},
                            {&jsonFile, &config.logJson},
                            {&lossFile, &config.lossLog}}) {
    Result<LineFile> opened = LineFile::open(*path, file == &metricsFile && config.resume);
    if (!opened)
      return opened.status();
    *file = std::move(*opened);
  }
  return Status();
}

Status Trainer::run() {
  began = Clock::now();
  while (progress.epoch < config.epochs) {
    if (Status status = step(); !status.ok())
      return status;
    if (stepInEpoch() == 0)
      if (Status status = endEpoch(); !status.ok())
        return status;
    if (stopSignal != 0)
      return stop();
  }
  return Status();
}

Status Trainer::step() {
  Clock::time_point before = Clock::now();
  bool hasTarget = info.target_count > 0;
  loader.fill(progress.epoch, stepInEpoch(), images.as<float>(),
              hasTarget ? targets.data() : nullptr);
  const void *inputs[] = {images.data()}, *wanted[] = {targets.data()};
  learned = rate();
  float loss = info.train_step(params.data(), state.data(), inputs, wanted,
                               static_cast<float>(learned), workspace.data());
  stepSeconds += std::chrono::duration<double>(Clock::now() - before).count();
  ++stepsRun;
  ++progress.step;
  progress.lossSum += loss;
  if (Status status = lossFile.line(fmt::format("{:a}", loss)); !status.ok())
    return status;
  if (!std::isfinite(loss))
    return fail(Exit::NotFinite, "the loss of net {} became {} in epoch {}, step {}", info.name,
                loss, progress.epoch + 1, progress.step);
  live.update(liveState(progress.epoch + 1, stepInEpoch(), loss));
  return Status();
}

Status Trainer::endEpoch() {
  double mean = progress.lossSum / static_cast<double>(loader.stepsPerEpoch());
  int64_t epoch = progress.epoch + 1;
  MetricsLine line{epoch, progress.step, mean, {}, learned, imagesPerSecond(), secondsRun(), false};
  if (Status status = log(line); !status.ok())
    return status;
  double score = -mean;
  if (test && !config.evaluation.isEmpty()) {
    Clock::time_point before = Clock::now();
    Result<Evaluation> result =
        evaluate(info, params.data(), *test, config.evaluation, workspace.data());
    if (!result)
      return result.status();
    double seconds = std::chrono::duration<double>(Clock::now() - before).count();
    if (!result->metrics.empty()) {
      score = result->metrics[0].second;
      metricText = fmt::format("{} {:.2f} %", result->metrics[0].first, 100 * score);
    } else if (result->loss) {
      score = -*result->loss;
    }
    line = {epoch,
            progress.step,
            result->loss.value_or(NAN),
            result->metrics,
            learned,
            static_cast<double>(result->images) / std::max(seconds, 1e-9),
            secondsRun(),
            true};
    if (Status status = log(line); !status.ok())
      return status;
    report.evaluation = std::move(*result);
  }
  report.loss = mean;
  progress.plateau.observe(mean, config.schedule.patience);
  progress.epoch = epoch;
  progress.lossSum = 0;
  live.epochEnd(liveState(epoch, loader.stepsPerEpoch(), mean));
  if (Status status = keepBest(score); !status.ok())
    return status;
  return save();
}

Status Trainer::keepBest(double score) {
  if (progress.hasBest && !(score > progress.best))
    return Status();
  progress.hasBest = true;
  progress.best = score;
  if (config.directory.empty())
    return Status();
  return saveParameters(info, params.data(), joinPath(config.directory, "best.safetensors"),
                        {{"net", info.name},
                         {"epoch", fmt::to_string(progress.epoch)},
                         {"step", fmt::to_string(progress.step)},
                         {"score", jsonNumber(score)}});
}

Status Trainer::save() {
  if (config.directory.empty())
    return Status();
  Status status = saveCheckpoint(config.directory, info, params.data(), state.data(), progress);
  if (status.ok() && !config.resume && !saved)
    removeOtherCheckpoints(config.directory, progress.step);
  saved |= status.ok();
  return status;
}

Status Trainer::stop() {
  // The end of an epoch has saved already, but once more does no harm.
  if (Status status = save(); !status.ok())
    return status;
  report.exit = stopSignal == SIGTERM ? Exit::Terminate : Exit::Interrupt;
  live.message(config.directory.empty()
                   ? fmt::format("stopped after step {}", progress.step)
                   : fmt::format("stopped after step {}; checkpoint saved in {}", progress.step,
                                 config.directory));
  if (!config.resumeCommand.empty() && !config.directory.empty())
    live.message("resume with: " + config.resumeCommand);
  return Status();
}

Status Trainer::log(const MetricsLine &line) {
  std::string json = metricsLineJson(line);
  Status status = metricsFile.line(json);
  return status.ok() ? jsonFile.line(json) : status;
}

double Trainer::imagesPerSecond() const {
  return static_cast<double>(stepsRun * info.batch) / std::max(stepSeconds, 1e-9);
}

LiveState Trainer::liveState(int64_t epoch, int64_t step, double loss) const {
  int64_t left = config.epochs * loader.stepsPerEpoch() - progress.step;
  double perStep = secondsRun() / static_cast<double>(std::max<int64_t>(stepsRun, 1));
  // The last step of an epoch is number stepsPerEpoch, not 0.
  int64_t shown = step == 0 ? loader.stepsPerEpoch() : step;
  return {epoch,
          config.epochs,
          shown,
          loader.stepsPerEpoch(),
          loss,
          metricText,
          imagesPerSecond(),
          perStep * static_cast<double>(std::max<int64_t>(left, 0))};
}

TrainReport Trainer::takeReport() {
  report.steps = progress.step;
  report.epochs = progress.epoch;
  report.seconds = secondsRun();
  report.imagesPerSecond = imagesPerSecond();
  report.params = std::move(params);
  return std::move(report);
}

} // namespace

Result<TrainReport> cnnc::train(const cnnc_model_info &info, const Dataset &training,
                                const Dataset *test, const TrainConfig &config) {
  SignalScope signals;
  Trainer trainer(info, training, test, config);
  if (Status status = trainer.prepare(); !status.ok())
    return status;
  if (Status status = trainer.run(); !status.ok())
    return status;
  return trainer.takeReport();
}
