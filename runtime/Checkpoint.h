//===- Checkpoint.h - What a training can be resumed from -----------------===//
//
// checkpoint-<step>.safetensors: the parameters under their names, the optimizer's
// state as `state.<name>`, and in the metadata where the training stood and a
// CRC-32 of each tensor. Weights can be read from it as from any weight file.

#ifndef CNNC_CHECKPOINT_H
#define CNNC_CHECKPOINT_H

#include "cnnc/abi.h"
#include "runtime/Schedule.h"
#include "runtime/Status.h"

#include <cstdint>
#include <string>
#include <vector>

namespace cnnc {

/// Where a training stands. Everything that the next step depends on, besides the
/// tensors and the text.
struct Progress {
  int64_t step = 0; ///< steps done
  int64_t epoch = 0;
  uint64_t seed = 0;
  int64_t batch = 0;
  int64_t images = 0; ///< of the training split
  double lossSum = 0; ///< over the steps of this epoch, for its mean
  double best = 0;    ///< the best metric so far
  bool hasBest = false;
  PlateauState plateau; ///< of the schedule
  std::string textHash; ///< of the net's text, as the caller computes it
};

struct LoadedCheckpoint {
  Progress progress;
  std::string path;
  std::vector<std::string> warnings; ///< newer generations that were damaged
};

inline constexpr int kGenerations = 2;

/// Writes a generation, then removes those later than it, all but the newest
/// kGenerations, and what a killed process left half-written.
Status saveCheckpoint(const std::string &directory, const cnnc_model_info &info, const void *params,
                      const void *state, const Progress &progress);

/// Loads the newest generation that is whole. On an error `params` and `state` are
/// as before.
Result<LoadedCheckpoint> loadCheckpoint(const std::string &directory, const cnnc_model_info &info,
                                        void *params, void *state);

/// Removes all generations but that of `step`: what another training left. Called
/// once the first one of a new training is safe.
void removeOtherCheckpoints(const std::string &directory, int64_t step);

/// Whether the directory holds any generation, whole or not.
bool hasCheckpoint(const std::string &directory);

} // namespace cnnc

#endif // CNNC_CHECKPOINT_H
