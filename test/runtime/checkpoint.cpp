// RUN: runtime-test-checkpoint %t
//
// Generations, damage and falling back.

#include "runtime/Checkpoint.h"
#include "runtime/embedded/Model.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <csignal>
#include <sys/resource.h>

using namespace cnnc;
using namespace cnnc::test;

static SoftmaxModel::Params params, loadedParams;
static SoftmaxModel::State state, loadedState;

static std::string pathOf(const std::string &directory, int64_t step) {
  return fmt::format("{}/checkpoint-{}.safetensors", directory, step);
}

static Progress progressAt(int64_t step) {
  Progress progress;
  progress.step = step;
  progress.epoch = step / 10;
  progress.seed = UINT64_MAX;
  progress.batch = 50;
  progress.images = 500;
  progress.lossSum = 0.1 + static_cast<double>(step);
  progress.best = -0.3;
  progress.hasBest = true;
  progress.textHash = "0123abcd";
  return progress;
}

/// What is saved at a step, and recognized after loading.
static void fill(int64_t step) {
  cnnc_model_init(&softmaxModel(), &params, static_cast<uint64_t>(step));
  state.step = step;
  state.weight[7] = static_cast<float>(step) * 0.5f;
}

static Status save(const std::string &directory, int64_t step) {
  fill(step);
  return saveCheckpoint(directory, softmaxModel(), &params, &state, progressAt(step));
}

static Result<LoadedCheckpoint> load(const std::string &directory) {
  return loadCheckpoint(directory, softmaxModel(), &loadedParams, &loadedState);
}

static void checkLoaded(const Result<LoadedCheckpoint> &loaded, int64_t step, size_t warnings) {
  CHECK_OK(loaded.status());
  fill(step);
  CHECK(std::memcmp(&params, &loadedParams, sizeof params) == 0);
  CHECK(std::memcmp(&state, &loadedState, sizeof state) == 0);
  const Progress &progress = loaded->progress, expected = progressAt(step);
  CHECK(progress.step == step && progress.epoch == expected.epoch);
  CHECK(progress.seed == expected.seed && progress.batch == 50 && progress.images == 500);
  CHECK(progress.lossSum == expected.lossSum && progress.best == -0.3 && progress.hasBest);
  CHECK(progress.textHash == "0123abcd" && loaded->warnings.size() == warnings);
}

static void testGenerations(const std::string &directory) {
  CHECK(!hasCheckpoint(directory));
  CHECK_FAILS(load(directory).status(), Exit::File, "no checkpoint to resume from");
  for (int64_t step : {8, 9, 10, 20})
    CHECK_OK(save(directory, step));
  CHECK(hasCheckpoint(directory));
  CHECK(!fileExists(pathOf(directory, 8)) && !fileExists(pathOf(directory, 9)));
  CHECK(fileExists(pathOf(directory, 10)) && fileExists(pathOf(directory, 20)));
  checkLoaded(load(directory), 20, 0);
}

/// Any damage of the newest makes the one before count, and is reported.
static void testDamage(const std::string &directory) {
  std::string path = pathOf(directory, 20), good = textOf(path);
  size_t header = good.find("\"data_offsets\"");
  for (size_t length = 0; length < good.size(); length += 1 + good.size() / 97) {
    writeText(path, good.substr(0, length));
    checkLoaded(load(directory), 10, 1);
  }
  for (size_t at = 0; at < good.size(); at += at < header ? 7 : 1 + good.size() / 211) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 0x10);
    writeText(path, bad);
    checkLoaded(load(directory), 10, 1);
  }
  std::string bad = good;
  bad[good.size() - 5] ^= 1;
  writeText(path, bad);
  Result<LoadedCheckpoint> loaded = load(directory);
  checkLoaded(loaded, 10, 1);
  CHECK(loaded->warnings[0].find("tensor 'state.seed' is damaged: expected CRC-32") !=
        std::string::npos);
  writeText(pathOf(directory, 10), "");
  uint64_t before = hashOf(&loadedParams, sizeof loadedParams);
  CHECK_FAILS(load(directory).status(), Exit::File, "every checkpoint is damaged");
  CHECK(hashOf(&loadedParams, sizeof loadedParams) == before);
}

/// A file that another net wrote is refused, not passed over.
static void testOtherNet(const std::string &directory) {
  CHECK_OK(save(directory, 30));
  cnnc_model_info other = softmaxModel();
  other.state_count = 3;
  CHECK_FAILS(loadCheckpoint(directory, other, &loadedParams, &loadedState).status(), Exit::File,
              "expected 5 tensors, found 6");
  cnnc_tensor_info renamed[2] = {other.params[0], other.params[1]};
  renamed[1].name = "fc2.bias";
  other = softmaxModel();
  other.params = renamed;
  CHECK_FAILS(loadCheckpoint(directory, other, &loadedParams, &loadedState).status(), Exit::File,
              "'fc2.bias' of net Softmax is not in the file");
}

static void testFullDisk(const std::string &directory) {
  emptyDirectory(directory);
  CHECK_OK(save(directory, 1));
  CHECK_OK(save(directory, 2));
  std::signal(SIGXFSZ, SIG_IGN);
  rlimit old;
  getrlimit(RLIMIT_FSIZE, &old);
  rlimit small = {20000, old.rlim_max};
  setrlimit(RLIMIT_FSIZE, &small);
  Status status = save(directory, 3);
  setrlimit(RLIMIT_FSIZE, &old);
  CHECK_FAILS(status, Exit::File, "File too large");
  CHECK(fileExists(pathOf(directory, 1)));
  checkLoaded(load(directory), 2, 0);
  // What another run left ahead of this one goes.
  CHECK_OK(save(directory, 1));
  CHECK(!fileExists(pathOf(directory, 2)));
  checkLoaded(load(directory), 1, 0);
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]);
  testGenerations(directory);
  testDamage(directory);
  testOtherNet(directory);
  testFullDisk(directory);
  return finish();
}
