// RUN: runtime-test-train %t
//
// The training loop on a model written by hand.

#include "runtime/Train.h"
#include "runtime/Checkpoint.h"
#include "runtime/Safetensors.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <algorithm>
#include <csignal>

using namespace cnnc;
using namespace cnnc::test;

static constexpr int64_t kSteps = 12; // an epoch: 600 images

struct Data {
  Dataset train = *openDataset({"digits", "620"}, Split::Train);
  Dataset test = *openDataset({"digits", "130"}, Split::Test);
};
static const Data &data() {
  static const Data both;
  return both;
}

static TrainConfig configFor(const std::string &directory) {
  TrainConfig config;
  config.epochs = 4;
  config.seed = 5;
  config.textSeed = 3;
  config.learningRate = 0.05;
  config.schedule = {.kind = Schedule::Step, .at = {2, 3}, .gamma = 0.5};
  config.evaluation = {{LossSpec{}}, {{"accuracy", 1}, {"top3", 3}}};
  config.directory = directory;
  config.progress = nullptr;
  config.lossLog = directory.empty() ? "" : directory + "-loss";
  return config;
}

static Result<TrainReport> run(const TrainConfig &config) {
  return train(softmaxModel(), data().train, &data().test, config);
}

static uint64_t hashOfParams(const Result<TrainReport> &report) {
  return hashOf(report->params.data(), report->params.bytes());
}

/// The lines of metrics.jsonl without what the clock says.
static std::string metricsOf(const std::string &directory) {
  std::string text = textOf(directory + "/metrics.jsonl"), out;
  for (size_t at = 0; at < text.size();) {
    size_t end = text.find('\n', at), rates = text.find(",\"images_per_s\"", at);
    CHECK(rates < end);
    out += text.substr(at, rates - at) + "\n";
    at = end + 1;
  }
  return out;
}

static void testRun(const std::string &directory) {
  TrainConfig config = configFor(directory);
  config.netText = "net Softmax { }\n";
  config.logJson = directory + "-json";
  Result<TrainReport> report = run(config);
  CHECK_OK(report.status());
  CHECK(report->exit == Exit::Fine && report->steps == 4 * kSteps && report->epochs == 4);
  CHECK(report->evaluation && report->evaluation->images == 130);
  CHECK(report->evaluation->guesses.size() == 130);
  double accuracy = report->evaluation->metrics[0].second;
  CHECK(accuracy > 0.3 && report->evaluation->metrics[1].second > accuracy);
  CHECK(textOf(directory + "/net.cnn") == config.netText);
  std::string metrics = textOf(directory + "/metrics.jsonl");
  CHECK(metrics == textOf(directory + "-json"));
  CHECK(std::count(metrics.begin(), metrics.end(), '\n') == 8);
  CHECK(metrics.starts_with("{\"epoch\":1,\"step\":12,\"loss\":"));
  CHECK(metrics.find("\"metrics\":{},\"lr\":0.05,\"images_per_s\":") != std::string::npos);
  CHECK(metrics.find("\"epoch\":4,\"step\":48") != std::string::npos);
  CHECK(metrics.find("\"lr\":0.0125") != std::string::npos);
  CHECK(metrics.find("\"metrics\":{\"accuracy\":0.") != std::string::npos);
  CHECK(metrics.find(",\"split\":\"test\"}\n") != std::string::npos);
  CHECK(fileExists(directory + "/checkpoint-48.safetensors"));
  CHECK(fileExists(directory + "/checkpoint-36.safetensors"));
  CHECK(!fileExists(directory + "/checkpoint-24.safetensors"));
  std::string losses = textOf(config.lossLog);
  CHECK(std::count(losses.begin(), losses.end(), '\n') == 4 * kSteps && losses.starts_with("0x"));
  SoftmaxModel::Params best;
  CHECK_OK(loadParameters(softmaxModel(), &best, directory + "/best.safetensors"));
  // The best parameters, evaluated again.
  Result<Evaluation> again = evaluate(softmaxModel(), &best, data().test, config.evaluation);
  CHECK_OK(again.status());
  CHECK(again->metrics[0].second >= accuracy);
  CHECK(evaluationJson(*again).starts_with("{\"schema\":1,\"images\":130,\"loss\":"));
}

/// Stopped by a signal within an epoch, resumed, stopped at its end, resumed: the
/// same losses, parameters and metrics as in one go.
static void testResume(const std::string &whole, const std::string &directory) {
  Result<TrainReport> straight = run(configFor(whole));
  CHECK_OK(straight.status());
  std::string losses;
  TrainConfig config = configFor(directory);
  onStep = [](int64_t step) {
    if (step == 16)
      std::raise(SIGINT);
    if (step == 35)
      std::raise(SIGTERM);
    return 0.0f;
  };
  for (auto [exit, steps] : {std::pair(Exit::Interrupt, 17),
                             {Exit::Terminate, 36},
                             {Exit::Fine, 48},
                             {Exit::Fine, 48}}) {
    Result<TrainReport> part = run(config);
    CHECK_OK(part.status());
    CHECK(part->exit == exit && part->steps == steps);
    CHECK(fileExists(fmt::format("{}/checkpoint-{}.safetensors", directory, steps)));
    losses += textOf(config.lossLog);
    if (steps == 48)
      CHECK(hashOfParams(part) == hashOfParams(straight));
    config.resume = true;
  }
  onStep = nullptr;
  CHECK(losses == textOf(whole + "-loss"));
  CHECK(metricsOf(directory) == metricsOf(whole));
  // A generation that is damaged costs an epoch of time and no bit.
  std::filesystem::resize_file(directory + "/checkpoint-48.safetensors", 1000);
  Result<TrainReport> repaired = run(config);
  CHECK_OK(repaired.status());
  CHECK(repaired->steps == 48 && hashOfParams(repaired) == hashOfParams(straight));
  CHECK(metricsOf(directory) == metricsOf(whole));
  config.epochs = 5;
  CHECK(run(config)->steps == 60);
}

static void testResumeRefusals(const std::string &directory) {
  TrainConfig config = configFor(directory);
  config.resume = true;
  config.seed = 6;
  CHECK_FAILS(run(config).status(), Exit::Request, "trained with seed 5, but 6 is asked for");
  config.seed = 5;
  Dataset fewer = *openDataset({"digits", "600"}, Split::Train);
  CHECK_FAILS(train(softmaxModel(), fewer, nullptr, config).status(), Exit::Request,
              "trained on 620 images, but digits() has 600");
  config.directory = directory + "-none";
  CHECK_FAILS(run(config).status(), Exit::File, "no checkpoint to resume from");
  config.directory.clear();
  CHECK_FAILS(run(config).status(), Exit::Request, "nothing to resume from");
}

/// A schedule that changes the rate in every step, and one that looks back: stopped within
/// the waiting time and resumed, the same bits. The loss never falls: it is never negative.
static void testScheduleResume(const std::string &directory, const Schedule &schedule,
                               const char *lastRate) {
  onStep = [](int64_t step) { return static_cast<float>(step); };
  TrainConfig config = configFor(directory + "-whole");
  config.epochs = 6;
  config.schedule = schedule;
  Result<TrainReport> straight = run(config);
  CHECK_OK(straight.status());
  CHECK(metricsOf(config.directory).find(lastRate) != std::string::npos);
  std::string losses = textOf(config.lossLog), parts;
  for (int64_t stopAt : {int64_t{20}, int64_t{40}, int64_t{1000}}) {
    onStep = [=](int64_t step) {
      if (step == stopAt)
        std::raise(SIGINT);
      return static_cast<float>(step);
    };
    config.directory = directory;
    config.lossLog = directory + "-loss";
    Result<TrainReport> part = run(config);
    CHECK_OK(part.status());
    parts += textOf(config.lossLog);
    if (part->exit == Exit::Fine)
      CHECK(hashOfParams(part) == hashOfParams(straight));
    config.resume = true;
  }
  onStep = nullptr;
  CHECK(parts == losses && metricsOf(directory) == metricsOf(directory + "-whole"));
}

static void testNotFinite(const std::string &directory) {
  onStep = [](int64_t step) { return step == 13 ? INFINITY : 0.0f; };
  Status status = run(configFor(directory)).status();
  onStep = nullptr;
  CHECK_FAILS(status, Exit::NotFinite, "loss of net Softmax became inf in epoch 2, step 14");
  CHECK(fileExists(directory + "/checkpoint-12.safetensors"));
  CHECK(!fileExists(directory + "/checkpoint-14.safetensors"));
}

static void testSeedsAndWeights(const std::string &directory) {
  TrainConfig config = configFor("");
  config.epochs = 1;
  Result<TrainReport> base = run(config);
  CHECK_OK(base.status());
  CHECK(hashOfParams(base) == hashOfParams(run(config)));
  TrainConfig other = config;
  other.textSeed = 4; // reaches the slot `seed` only
  CHECK(hashOfParams(base) != hashOfParams(run(other)));
  other = config;
  other.initialWeights = directory + "/best.safetensors";
  CHECK(hashOfParams(base) != hashOfParams(run(other)));
  other.initialWeights = directory + "/none";
  CHECK_FAILS(run(other).status(), Exit::File, "No such file");
  Dataset tiny = *openDataset({"digits", "49"}, Split::Train);
  CHECK_FAILS(train(softmaxModel(), tiny, nullptr, config).status(), Exit::Request,
              "49 images, fewer than a batch of 50");
  cnnc_model_info info = softmaxModel();
  info.train_step = nullptr;
  CHECK_FAILS(train(info, data().train, nullptr, config).status(), Exit::Request,
              "has no train section");
  config.directory = "/dev/null/x";
  CHECK_FAILS(run(config).status(), Exit::File, "cannot create the directory");
}

/// A new training where another one was: none of the old generations stays.
static void testReplace(const std::string &directory) {
  TrainConfig config = configFor(directory);
  config.epochs = 3;
  CHECK_OK(run(config).status());
  writeText(directory + "/checkpoint-99.safetensors.tmp1", "half");
  config.epochs = 1;
  config.progress = std::fopen((directory + "-said").c_str(), "w");
  CHECK_OK(run(config).status());
  std::fclose(config.progress);
  CHECK(textOf(directory + "-said").find("replacing the training that is there") !=
        std::string::npos);
  CHECK(fileExists(directory + "/checkpoint-12.safetensors"));
  for (const char *gone : {"/checkpoint-24.safetensors", "/checkpoint-36.safetensors",
                           "/checkpoint-99.safetensors.tmp1"})
    CHECK(!fileExists(directory + gone));
}

static void testProgressLines(const std::string &directory) {
  TrainConfig config = configFor("");
  std::string path = directory + "/progress";
  config.progress = std::fopen(path.c_str(), "w");
  CHECK_OK(run(config).status());
  std::fclose(config.progress);
  std::string text = textOf(path);
  CHECK(std::count(text.begin(), text.end(), '\n') == 4); // no terminal: epochs only
  CHECK(text.starts_with("epoch 1/4  step 12/12  loss "));
  CHECK(text.find("accuracy ") != std::string::npos &&
        text.find("ETA 0:00\n") != std::string::npos);
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]);
  testRun(directory + "/run");
  testResume(directory + "/whole", directory + "/parts");
  testResumeRefusals(directory + "/parts");
  // The first epoch is the best; the second is borne, the third and the fifth cut.
  testScheduleResume(directory + "/plateau",
                     {.kind = Schedule::Plateau, .gamma = 0.5, .patience = 1}, "\"lr\":0.0125");
  testScheduleResume(directory + "/cosine", {.kind = Schedule::Cosine, .warmup = 1.5},
                     "\"epoch\":1,\"step\":12,");
  testReplace(directory + "/replaced");
  testNotFinite(directory + "/nan");
  testSeedsAndWeights(directory + "/run");
  testProgressLines(directory);
  return finish();
}
