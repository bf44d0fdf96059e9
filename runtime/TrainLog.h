//===- TrainLog.h - What a training says while it runs --------------------===//

#ifndef CNNC_TRAINLOG_H
#define CNNC_TRAINLOG_H

#include "runtime/Status.h"

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cnnc {

/// A text file written line by line. Every line is flushed, and one that does not
/// reach the file is an error.
class LineFile {
public:
  /// "-" is standard output, an empty path a file that swallows everything.
  static Result<LineFile> open(const std::string &path, bool append);
  Status line(const std::string &text);

private:
  struct Close {
    void operator()(std::FILE *file) const {
      if (file != stdout)
        std::fclose(file);
    }
  };
  std::string path;
  std::unique_ptr<std::FILE, Close> file;
};

/// One line of metrics.jsonl.
struct MetricsLine {
  int64_t epoch, step;
  double loss;
  std::vector<std::pair<std::string, double>> metrics;
  double rate, imagesPerSecond, seconds;
  bool test; ///< an evaluation
};

std::string metricsLineJson(const MetricsLine &line);

/// Drops the lines of metrics.jsonl after `step`, which a resumed run writes again.
Status keepMetricsUntil(const std::string &path, int64_t step);

/// What the live line shows.
struct LiveState {
  int64_t epoch, epochs, step, steps; ///< step within the epoch
  double loss;
  std::string metric; ///< "accuracy 97.85 %" of the last evaluation, or empty
  double imagesPerSecond, secondsLeft;
};

/// A line that rewrites itself on a terminal; elsewhere only epochs' ends show.
class LiveLine {
public:
  explicit LiveLine(std::FILE *stream);
  void update(const LiveState &state);   ///< at most ten times a second
  void epochEnd(const LiveState &state); ///< stays
  void message(const std::string &text); ///< a whole line, such as a warning

private:
  std::FILE *stream; ///< null: silent
  bool terminal;
  std::chrono::steady_clock::time_point last{};
};

} // namespace cnnc

#endif // CNNC_TRAINLOG_H
