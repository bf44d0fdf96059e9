//===- TrainLog.cpp - What a training says while it runs ------------------===//

#include "runtime/TrainLog.h"

#include "runtime/AtomicFile.h"
#include "runtime/Evaluate.h"
#include "runtime/File.h"

#include <cerrno>
#include <charconv>
#include <cstring>
#include <unistd.h>

using namespace cnnc;

Result<LineFile> LineFile::open(const std::string &path, bool append) {
  LineFile result;
  result.path = path;
  if (path == "-")
    result.file.reset(stdout);
  else if (!path.empty())
    result.file.reset(std::fopen(path.c_str(), append ? "ae" : "we"));
  if (!path.empty() && !result.file)
    return fail(Exit::File, "{}: cannot write: {}", path, std::strerror(errno));
  return result;
}

Status LineFile::line(const std::string &text) {
  if (!file)
    return Status();
  if (std::fprintf(file.get(), "%s\n", text.c_str()) < 0 || std::fflush(file.get()) != 0)
    return fail(Exit::File, "{}: cannot write: {}", path, std::strerror(errno));
  return Status();
}

std::string cnnc::metricsLineJson(const MetricsLine &line) {
  return fmt::format("{{\"epoch\":{},\"step\":{},\"loss\":{},\"metrics\":{},\"lr\":{},"
                     "\"images_per_s\":{:.1f},\"seconds\":{:.3f}{}}}",
                     line.epoch, line.step, jsonNumber(line.loss), metricsJson(line.metrics),
                     jsonNumber(line.rate), line.imagesPerSecond, line.seconds,
                     line.test ? ",\"split\":\"test\"" : "");
}

Status cnnc::keepMetricsUntil(const std::string &path, int64_t step) {
  if (!fileExists(path))
    return Status();
  Result<Bytes> content = readFile(path);
  if (!content)
    return content.status();
  std::string text(content->begin(), content->end()), kept;
  constexpr std::string_view kField = "\"step\":";
  for (size_t at = 0, end; at < text.size(); at = end + 1) {
    end = text.find('\n', at);
    if (end == std::string::npos)
      break; // the run was killed within this line
    size_t field = text.find(kField, at);
    int64_t value = 0;
    if (field >= end ||
        std::from_chars(text.data() + field + kField.size(), text.data() + end, value).ec !=
            std::errc())
      return fail(Exit::File, "{}: line at byte {} has no step", path, at);
    if (value <= step)
      kept.append(text, at, end + 1 - at);
  }
  return writeAtomically(path, piece(kept));
}

namespace {

std::string describe(const LiveState &state) {
  int64_t left = static_cast<int64_t>(state.secondsLeft + 0.5);
  std::string metric = state.metric.empty() ? "" : "  " + state.metric;
  return fmt::format("epoch {}/{}  step {}/{}  loss {:.4f}{}  {:.0f} images/s  ETA {}:{:02}",
                     state.epoch, state.epochs, state.step, state.steps, state.loss, metric,
                     state.imagesPerSecond, left / 60, left % 60);
}

} // namespace

LiveLine::LiveLine(std::FILE *stream)
    : stream(stream), terminal(stream && isatty(fileno(stream))) {}

void LiveLine::update(const LiveState &state) {
  auto now = std::chrono::steady_clock::now();
  if (!terminal || now - last < std::chrono::milliseconds(100))
    return;
  last = now;
  std::fprintf(stream, "\r\x1b[K%s", describe(state).c_str());
  std::fflush(stream);
}

void LiveLine::epochEnd(const LiveState &state) { message(describe(state)); }

void LiveLine::message(const std::string &text) {
  if (!stream)
    return;
  std::fprintf(stream, "%s%s\n", terminal ? "\r\x1b[K" : "", text.c_str());
  std::fflush(stream);
}
