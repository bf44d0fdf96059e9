// RUN: runtime-test-train-killed %t
//
// A training that is killed at moments of chance, also while it saves, and resumed
// each time ends with the bits of one that ran through.

#include "runtime/Checkpoint.h"
#include "runtime/Train.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <csignal>
#include <sys/wait.h>
#include <unistd.h>

using namespace cnnc;
using namespace cnnc::test;

static Dataset images;

static TrainConfig configFor(const std::string &directory) {
  TrainConfig config;
  config.epochs = 60; // of two steps, so that much of the time is spent saving
  config.seed = 3;
  config.directory = directory;
  config.progress = nullptr;
  return config;
}

/// A child that trains until it is killed or done; its exit code.
static int trainFor(const TrainConfig &config, useconds_t microseconds) {
  pid_t child = fork();
  CHECK(child >= 0);
  if (child == 0) {
    Result<TrainReport> report = train(softmaxModel(), images, nullptr, config);
    if (!report)
      std::fprintf(stderr, "%s\n", report.status().message().c_str());
    _exit(report ? 0 : 1);
  }
  usleep(microseconds);
  kill(child, SIGKILL);
  int status = 0;
  CHECK(waitpid(child, &status, 0) == child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]);
  images = *openDataset({"digits", "100"}, Split::Train);
  Result<TrainReport> straight =
      train(softmaxModel(), images, nullptr, configFor(directory + "/whole"));
  CHECK_OK(straight.status());

  TrainConfig config = configFor(directory + "/killed");
  int kills = 0, code = -1;
  for (uint32_t round = 0; code != 0; ++round) {
    config.resume = hasCheckpoint(config.directory);
    // Longer and longer, so that it ends on a slow machine, too.
    cnnc_philox chance = cnnc_philox_block(1, 99, 0, round);
    code = trainFor(config, chance.word[0] % (20000 + 5000 * round));
    CHECK(code == 0 || code == -1); // never an error
    kills += code == -1;
  }
  std::printf("killed %d times\n", kills);
  CHECK(kills > 0);
  config.resume = true;
  Result<TrainReport> report = train(softmaxModel(), images, nullptr, config);
  CHECK_OK(report.status());
  CHECK(report->steps == 120 && straight->steps == 120);
  CHECK(std::memcmp(report->params.data(), straight->params.data(), report->params.bytes()) == 0);
  return finish();
}
