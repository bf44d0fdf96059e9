//===- Checkpoint.cpp - What a training can be resumed from ---------------===//

#include "runtime/Checkpoint.h"

#include "runtime/AtomicFile.h"
#include "runtime/Safetensors.h"
#include "runtime/embedded/Storage.h"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <zlib.h>

using namespace cnnc;

namespace {

const std::string kPrefix = "checkpoint-", kSuffix = ".safetensors", kStatePrefix = "state.";
const std::string kSums = "crc32"; // the metadata's key

struct Generation {
  int64_t step;
  std::string path;
};

bool parseWhole(const std::string &text, auto &value, int base = 10) {
  const char *end = text.data() + text.size();
  auto [stop, error] = std::from_chars(text.data(), end, value, base);
  return error == std::errc() && stop == end && !text.empty();
}

std::vector<std::string> namesIn(const std::string &directory) {
  std::vector<std::string> names;
  std::error_code error;
  for (auto entry = std::filesystem::directory_iterator(directory, error);
       !error && entry != std::filesystem::directory_iterator(); entry.increment(error))
    names.push_back(entry->path().filename().string());
  return names;
}

/// The generations of a directory, newest first.
std::vector<Generation> generationsOf(const std::string &directory) {
  std::vector<Generation> found;
  for (const std::string &name : namesIn(directory)) {
    if (!name.starts_with(kPrefix) || !name.ends_with(kSuffix) ||
        name.size() <= kPrefix.size() + kSuffix.size())
      continue;
    int64_t step = 0;
    size_t length = name.size() - kPrefix.size() - kSuffix.size();
    if (parseWhole(name.substr(kPrefix.size(), length), step) && step >= 0)
      found.push_back({step, joinPath(directory, name)});
  }
  std::sort(found.begin(), found.end(),
            [](const Generation &a, const Generation &b) { return a.step > b.step; });
  return found;
}

/// Temporary files of writeAtomically whose process was killed.
void removeHalfWritten(const std::string &directory) {
  for (const std::string &name : namesIn(directory))
    if (name.starts_with(kPrefix) && name.find(kSuffix + ".tmp") != std::string::npos)
      std::remove(joinPath(directory, name).c_str());
}

uint32_t checksum(const void *data, uint64_t bytes) {
  return static_cast<uint32_t>(crc32_z(0, static_cast<const Bytef *>(data), bytes));
}

std::vector<TensorRef> tensorsOf(const cnnc_model_info &info, const void *params,
                                 const void *state) {
  std::vector<TensorRef> tensors;
  for (uint32_t i = 0; i < info.param_count; ++i)
    tensors.push_back(tensorRef(info.params[i], params, info.params[i].name));
  for (uint32_t i = 0; i < info.state_count; ++i)
    tensors.push_back(tensorRef(info.state[i], state, kStatePrefix + info.state[i].name));
  return tensors;
}

/// Doubles as the hexadecimal digits of their bits: exact, NaN included.
std::string bitsOf(double value) {
  uint64_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return fmt::format("{:016x}", bits);
}

/// Reads the metadata's fields and remembers the first that is bad.
class Fields {
public:
  explicit Fields(const SafetensorsFile &file) : file(file) {}

  template <typename T> void whole(const char *key, T &value) {
    if (!parseWhole(text(key), value) || value < T{0})
      bad(key);
  }

  void real(const char *key, double &value) {
    uint64_t bits = 0;
    if (!parseWhole(text(key), bits, 16))
      bad(key);
    std::memcpy(&value, &bits, sizeof value);
  }

  std::string text(const char *key) {
    auto entry = file.metadata().find(key);
    if (entry == file.metadata().end()) {
      bad(key);
      return "";
    }
    return entry->second;
  }

  Status status;

private:
  void bad(const char *key) {
    if (status.ok())
      status = fail(Exit::File, "{}: metadata '{}' is missing or malformed", file.path(), key);
  }

  const SafetensorsFile &file;
};

/// The sum of everything in the header but the sums: a name or a step that lost a
/// bit is as bad as a weight that did.
template <typename Tensors>
uint32_t headerSum(const std::map<std::string, std::string> &metadata, const Tensors &tensors) {
  std::string text;
  for (const auto &[key, value] : metadata)
    if (key != kSums)
      text += fmt::format("{}={}\n", key, value);
  for (const auto &tensor : tensors)
    text += fmt::format("{} {} {}\n", tensor.name, cnnc_st_dtype_name(tensor.dtype),
                        fmt::join(tensor.shape, "x"));
  return checksum(text.data(), text.size());
}

/// Eight digits for the header, then for each tensor.
template <typename Tensors>
std::string sumsOf(const std::map<std::string, std::string> &metadata, const Tensors &tensors) {
  std::string sums = fmt::format("{:08x}", headerSum(metadata, tensors));
  for (const auto &tensor : tensors)
    sums += fmt::format(" {:08x}", checksum(tensor.data, tensor.bytes));
  return sums;
}

Status checkSums(const SafetensorsFile &file, const std::string &expected) {
  constexpr size_t kDigits = 8;
  std::string found = sumsOf(file.metadata(), file.tensors());
  if (found.size() != expected.size())
    return fail(Exit::File, "{}: metadata 'crc32' has {} characters, expected {}", file.path(),
                expected.size(), found.size());
  for (size_t i = 0; i <= file.tensors().size(); ++i) {
    std::string want = expected.substr(i * (kDigits + 1), kDigits);
    std::string have = found.substr(i * (kDigits + 1), kDigits);
    std::string what = i == 0 ? "header" : fmt::format("tensor '{}'", file.tensors()[i - 1].name);
    if (want != have)
      return fail(Exit::File, "{}: {} is damaged: expected CRC-32 {}, found {}", file.path(), what,
                  want, have);
  }
  return found == expected ? Status()
                           : fail(Exit::File, "{}: metadata 'crc32' is malformed", file.path());
}

/// A file whose form and sums are right, and where it stands.
Result<SafetensorsFile> readGeneration(const std::string &path, Progress &progress) {
  Result<SafetensorsFile> file = SafetensorsFile::read(path);
  if (!file)
    return file.status();
  Fields fields(*file);
  fields.whole("step", progress.step);
  fields.whole("epoch", progress.epoch);
  fields.whole("seed", progress.seed);
  fields.whole("batch", progress.batch);
  fields.whole("images", progress.images);
  fields.real("loss_sum", progress.lossSum);
  fields.real("best", progress.best);
  progress.hasBest = fields.text("has_best") == "1";
  fields.real("plateau_best", progress.plateau.best);
  fields.whole("plateau_waited", progress.plateau.waited);
  fields.whole("plateau_cuts", progress.plateau.cuts);
  progress.textHash = fields.text("text_hash");
  std::string sums = fields.text(kSums.c_str());
  if (!fields.status.ok())
    return fields.status;
  if (Status status = checkSums(*file, sums); !status.ok())
    return status;
  return file;
}

/// Copies a whole generation's state; it must be that of this network.
Status loadState(const cnnc_model_info &info, void *state, const SafetensorsFile &file) {
  for (uint32_t i = 0; i < info.state_count; ++i) {
    const TensorView *have = file.find(kStatePrefix + info.state[i].name);
    if (!have)
      return fail(Exit::File, "{}: optimizer state '{}' is not in the file", file.path(),
                  info.state[i].name);
    if (Status status = checkTensor(file, *have, info.state[i]); !status.ok())
      return status;
  }
  // The parameters are checked by name elsewhere; together they must be the file.
  size_t expected = size_t{info.param_count} + info.state_count;
  if (file.tensors().size() != expected)
    return fail(Exit::File, "{}: expected {} tensors, found {}", file.path(), expected,
                file.tensors().size());
  std::memset(state, 0, info.state_bytes);
  for (uint32_t i = 0; i < info.state_count; ++i)
    cnnc_store_tensor(&info.state[i], state, file.find(kStatePrefix + info.state[i].name)->data);
  return Status();
}

} // namespace

Status cnnc::saveCheckpoint(const std::string &directory, const cnnc_model_info &info,
                            const void *params, const void *state, const Progress &progress) {
  std::vector<TensorRef> tensors = tensorsOf(info, params, state);
  std::map<std::string, std::string> metadata = {
      {"format", "cnnc-checkpoint-1"},
      {"net", info.name},
      {"step", fmt::to_string(progress.step)},
      {"epoch", fmt::to_string(progress.epoch)},
      {"seed", fmt::to_string(progress.seed)},
      {"batch", fmt::to_string(progress.batch)},
      {"images", fmt::to_string(progress.images)},
      {"loss_sum", bitsOf(progress.lossSum)},
      {"best", bitsOf(progress.best)},
      {"has_best", progress.hasBest ? "1" : "0"},
      {"plateau_best", bitsOf(progress.plateau.best)},
      {"plateau_waited", fmt::to_string(progress.plateau.waited)},
      {"plateau_cuts", fmt::to_string(progress.plateau.cuts)},
      {"text_hash", progress.textHash}};
  metadata[kSums] = sumsOf(metadata, tensors);
  std::string path = joinPath(directory, fmt::format("{}{}{}", kPrefix, progress.step, kSuffix));
  if (Status status = writeSafetensors(path, tensors, metadata); !status.ok())
    return status;
  // Only now that the new one is committed may others go. A file that cannot be
  // removed does no harm.
  int kept = 0;
  for (const Generation &generation : generationsOf(directory))
    if (generation.step > progress.step || ++kept > kGenerations)
      std::remove(generation.path.c_str());
  removeHalfWritten(directory);
  return Status();
}

Result<LoadedCheckpoint> cnnc::loadCheckpoint(const std::string &directory,
                                              const cnnc_model_info &info, void *params,
                                              void *state) {
  LoadedCheckpoint loaded;
  for (const Generation &generation : generationsOf(directory)) {
    Progress progress;
    Result<SafetensorsFile> file = readGeneration(generation.path, progress);
    if (!file) {
      loaded.warnings.push_back(file.status().message());
      continue;
    }
    // A whole file that does not fit is another network's: older ones are, too. The
    // state goes to a copy first, so that nothing is half-loaded.
    std::vector<uint8_t> stateCopy(info.state_bytes);
    if (Status status = loadState(info, stateCopy.data(), *file); !status.ok())
      return status;
    if (Status status = loadParameters(info, params, *file, kStatePrefix); !status.ok())
      return status;
    std::copy(stateCopy.begin(), stateCopy.end(), static_cast<uint8_t *>(state));
    loaded.progress = progress;
    loaded.path = generation.path;
    return loaded;
  }
  if (loaded.warnings.empty())
    return fail(Exit::File, "{}: no checkpoint to resume from", directory);
  return fail(Exit::File, "{}: every checkpoint is damaged: {}", directory,
              fmt::join(loaded.warnings, "; "));
}

void cnnc::removeOtherCheckpoints(const std::string &directory, int64_t step) {
  for (const Generation &generation : generationsOf(directory))
    if (generation.step != step)
      std::remove(generation.path.c_str());
}

bool cnnc::hasCheckpoint(const std::string &directory) { return !generationsOf(directory).empty(); }
