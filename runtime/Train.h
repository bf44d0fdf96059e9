//===- Train.h - The training loop ----------------------------------------===//
//
// Works on any cnnc_model_info with a train_step, compiled in memory or linked.
// The same seed, text and data give the same losses bit for bit, also when the
// training was stopped and resumed in between.

#ifndef CNNC_TRAIN_H
#define CNNC_TRAIN_H

#include "cnnc/abi.h"
#include "runtime/Buffer.h"
#include "runtime/Dataset.h"
#include "runtime/Evaluate.h"
#include "runtime/Schedule.h"

#include <cstdio>
#include <optional>
#include <string>
#include <vector>

namespace cnnc {

struct TrainConfig {
  int64_t epochs = 1;
  uint64_t seed = 0;
  uint64_t textSeed = 0; ///< the slot `seed` of dropout becomes seed XOR textSeed
  double learningRate = 0.01;
  Schedule schedule;
  EvaluationSpec evaluation; ///< what is computed on the test split at each epoch's end

  std::string directory;        ///< where checkpoints and logs go; empty: nowhere
  bool resume = false;          ///< from the newest checkpoint in `directory`
  std::string initialWeights;   ///< a file to start from instead of drawn parameters
  std::string netText;          ///< becomes DIR/net.cnn
  std::string textHash;         ///< a resumed checkpoint with another one gives a warning
  std::string logJson;          ///< the lines of metrics.jsonl here, too; "-": standard output
  std::string lossLog;          ///< each step's loss of this run as a hexadecimal float, one a line
  std::string resumeCommand;    ///< printed after SIGINT and SIGTERM
  std::FILE *progress = stderr; ///< live line, warnings; null: silent
};

struct TrainReport {
  Exit exit = Exit::Fine; ///< or Interrupt, Terminate: stopped, everything saved
  int64_t steps = 0;      ///< done in all, those before a resume included
  int64_t epochs = 0;
  double loss = 0; ///< mean over the last epoch's steps
  double seconds = 0;
  double imagesPerSecond = 0;
  std::optional<Evaluation> evaluation; ///< of the last epoch
  Buffer params;                        ///< as trained
};

/// Trains. `test` may be null. A loss that is not finite ends it with
/// Exit::NotFinite, naming epoch and step; the checkpoints before stay.
Result<TrainReport> train(const cnnc_model_info &info, const Dataset &training, const Dataset *test,
                          const TrainConfig &config);

} // namespace cnnc

#endif // CNNC_TRAIN_H
