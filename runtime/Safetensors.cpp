//===- Safetensors.cpp - Weight files on the host -------------------------===//

#include "runtime/Safetensors.h"

#include "runtime/AtomicFile.h"
#include "runtime/embedded/Storage.h"

#include <algorithm>
#include <cstring>

using namespace cnnc;

namespace {

constexpr cnnc_st_dtype kDtypes[] = {CNNC_ST_F32, CNNC_ST_F64, CNNC_ST_I32, CNNC_ST_I64};

/// Names in messages are cut, so that a hostile file cannot flood the terminal.
std::string quoted(const std::string &name) {
  constexpr size_t kMost = 64;
  return name.size() <= kMost ? "'" + name + "'" : "'" + name.substr(0, kMost) + "...'";
}

std::string decoded(cnnc_st_text text) {
  std::string out(text.bytes, '\0');
  out.resize(cnnc_st_unescape(text, out.data()));
  return out;
}

/// What the parser reports to.
struct Collector {
  std::vector<TensorView> &views;
  std::unordered_map<std::string, size_t> &places;
  std::map<std::string, std::string> &texts;

  static const char *tensor(void *context, const cnnc_st_tensor *tensor) {
    auto *self = static_cast<Collector *>(context);
    std::string name = decoded(tensor->name);
    if (!self->places.emplace(name, self->views.size()).second)
      return "duplicate key";
    self->views.push_back({std::move(name), tensor->dtype,
                           std::vector<uint64_t>(tensor->shape, tensor->shape + tensor->rank),
                           tensor->data, tensor->end - tensor->begin, tensor->offset});
    return nullptr;
  }

  static const char *metadata(void *context, cnnc_st_text key, cnnc_st_text value) {
    static_cast<Collector *>(context)->texts[decoded(key)] = decoded(value);
    return nullptr;
  }
};

std::string jsonString(const std::string &text) {
  std::string out = "\"";
  for (char c : text) {
    if (c == '"' || c == '\\')
      out += {'\\', c};
    else if (static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("\\u{:04x}", c);
    else
      out += c;
  }
  return out + '"';
}

/// Levenshtein's distance, for proposals.
size_t distance(const std::string &a, const std::string &b) {
  std::vector<size_t> row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    row[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      size_t replace = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({replace, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

/// "; did you mean 'x'?" if a name among `names` is near, else nothing.
std::string proposal(const std::string &name, const std::vector<std::string> &names) {
  constexpr size_t kLongest = 256, kMostNames = 4096; // bounds the time for a hostile file
  size_t best = name.size() / 3 + 1;
  const std::string *nearest = nullptr;
  for (size_t i = 0; i < std::min(names.size(), kMostNames) && name.size() <= kLongest; ++i) {
    if (names[i].size() > kLongest)
      continue;
    size_t d = distance(name, names[i]);
    if (d > 0 && d <= best) {
      best = d - 1; // only a nearer one replaces it
      nearest = &names[i];
    }
  }
  return nearest ? fmt::format("; did you mean {}?", quoted(*nearest)) : "";
}

} // namespace

Result<SafetensorsFile> SafetensorsFile::parse(Bytes bytes, const std::string &path) {
  SafetensorsFile result;
  result.file = path;
  result.content = std::move(bytes);
  Collector collector{result.views, result.places, result.texts};
  cnnc_st_visitor visitor{&collector, Collector::tensor, Collector::metadata};
  cnnc_st_problem problem;
  if (cnnc_st_read(result.content.data(), result.content.size(), &visitor, &problem) != CNNC_OK)
    return fail(Exit::File, "{}: not a well-formed safetensors file: {}, at byte {}", path,
                problem.reason, problem.offset);
  return result;
}

Result<SafetensorsFile> SafetensorsFile::read(const std::string &path) {
  Result<Bytes> content = readFile(path);
  if (!content)
    return content.status();
  return parse(std::move(*content), path);
}

const TensorView *SafetensorsFile::find(const std::string &name) const {
  auto place = places.find(name);
  return place == places.end() ? nullptr : &views[place->second];
}

std::string cnnc::safetensorsHeader(const std::vector<TensorRef> &tensors,
                                    const std::map<std::string, std::string> &metadata) {
  std::string json = "{";
  if (!metadata.empty()) {
    json += "\"__metadata__\":{";
    const char *comma = "";
    for (const auto &[key, value] : metadata) {
      json += comma + jsonString(key) + ":" + jsonString(value);
      comma = ",";
    }
    json += "}";
  }
  uint64_t offset = 0;
  for (const TensorRef &tensor : tensors) {
    json += json.size() > 1 ? "," : "";
    json += fmt::format("{}:{{\"dtype\":\"{}\",\"shape\":[{}],\"data_offsets\":[{},{}]}}",
                        jsonString(tensor.name), cnnc_st_dtype_name(tensor.dtype),
                        fmt::join(tensor.shape, ","), offset, offset + tensor.bytes);
    offset += tensor.bytes;
  }
  json += "}";
  json.append((8 - json.size() % 8) % 8, ' ');
  std::string out;
  for (int i = 0; i < 8; ++i)
    out += static_cast<char>(json.size() >> (8 * i) & 255);
  return out + json;
}

Status cnnc::writeSafetensors(const std::string &path, const std::vector<TensorRef> &tensors,
                              const std::map<std::string, std::string> &metadata) {
  std::string header = safetensorsHeader(tensors, metadata);
  std::vector<Piece> pieces = {piece(header)};
  for (const TensorRef &tensor : tensors)
    pieces.push_back(piece(tensor.data, tensor.bytes));
  return writeAtomically(path == "-" ? "/dev/stdout" : path, pieces);
}

TensorRef cnnc::tensorRef(const cnnc_tensor_info &info, const void *base, std::string name) {
  TensorRef tensor{std::move(name),
                   kDtypes[info.dtype],
                   std::vector<uint64_t>(info.shape, info.shape + info.rank),
                   static_cast<const uint8_t *>(base) + info.offset,
                   info.bytes,
                   nullptr};
  if (cnnc_is_blocked(&info)) {
    auto elements = std::make_shared<std::vector<uint8_t>>(info.bytes);
    cnnc_fetch_tensor(&info, base, elements->data());
    tensor.data = elements->data();
    tensor.owned = std::move(elements);
  }
  return tensor;
}

/// Single precision becomes double without loss, so `--f64` takes any file.
static bool widens(const TensorView &have, const cnnc_tensor_info &want) {
  return have.dtype == CNNC_ST_F32 && want.dtype == CNNC_F64;
}

static void copyTensor(const TensorView &have, const cnnc_tensor_info &want, void *params) {
  if (!widens(have, want)) {
    cnnc_store_tensor(&want, params, have.data);
    return;
  }
  std::vector<double> wide(want.bytes / sizeof(double));
  for (uint64_t i = 0; i < wide.size(); ++i) {
    float single;
    std::memcpy(&single, have.data + i * sizeof single, sizeof single);
    wide[i] = single;
  }
  cnnc_store_tensor(&want, params, wide.data());
}

Status cnnc::checkTensor(const SafetensorsFile &file, const TensorView &have,
                         const cnnc_tensor_info &want) {
  bool same = have.shape.size() == want.rank;
  for (uint32_t i = 0; i < want.rank && same; ++i)
    same = have.shape[i] == static_cast<uint64_t>(want.shape[i]);
  if (!same)
    return fail(Exit::File, "{}: tensor {}, at byte {}: expected shape [{}], found [{}]",
                file.path(), quoted(have.name), have.offset,
                fmt::join(want.shape, want.shape + want.rank, ", "), fmt::join(have.shape, ", "));
  if (have.dtype != kDtypes[want.dtype])
    return fail(Exit::File, "{}: tensor {}, at byte {}: expected type {}, found {}", file.path(),
                quoted(have.name), have.offset, cnnc_st_dtype_name(kDtypes[want.dtype]),
                cnnc_st_dtype_name(have.dtype));
  return Status();
}

Status cnnc::loadParameters(const cnnc_model_info &info, void *params, const SafetensorsFile &file,
                            const std::string &ignoredPrefix) {
  std::vector<std::string> wanted, unused;
  std::unordered_map<std::string, size_t> known;
  for (uint32_t i = 0; i < info.param_count; ++i) {
    wanted.push_back(info.params[i].name);
    known.emplace(wanted.back(), i);
  }
  for (const TensorView &tensor : file.tensors())
    if (!known.count(tensor.name) &&
        (ignoredPrefix.empty() || !tensor.name.starts_with(ignoredPrefix)))
      unused.push_back(tensor.name);
  for (uint32_t i = 0; i < info.param_count; ++i) {
    const TensorView *have = file.find(wanted[i]);
    if (!have)
      return fail(Exit::File, "{}: tensor {} of net {} is not in the file{}", file.path(),
                  quoted(wanted[i]), info.name, proposal(wanted[i], unused));
    cnnc_tensor_info stored = info.params[i];
    if (widens(*have, stored))
      stored.dtype = CNNC_F32;
    if (Status status = checkTensor(file, *have, stored); !status.ok())
      return status;
  }
  if (!unused.empty())
    return fail(Exit::File, "{}: net {} has no tensor {}, found at byte {}{}", file.path(),
                info.name, quoted(unused[0]), file.find(unused[0])->offset,
                proposal(unused[0], wanted));
  std::memset(params, 0, info.params_bytes);
  for (uint32_t i = 0; i < info.param_count; ++i)
    copyTensor(*file.find(wanted[i]), info.params[i], params);
  return Status();
}

Status cnnc::loadParameters(const cnnc_model_info &info, void *params, const std::string &path) {
  Result<SafetensorsFile> file = SafetensorsFile::read(path);
  if (!file)
    return file.status();
  return loadParameters(info, params, *file);
}

Status cnnc::saveParameters(const cnnc_model_info &info, const void *params,
                            const std::string &path,
                            const std::map<std::string, std::string> &metadata) {
  std::vector<TensorRef> tensors;
  for (uint32_t i = 0; i < info.param_count; ++i)
    tensors.push_back(tensorRef(info.params[i], params, info.params[i].name));
  return writeSafetensors(path, tensors, metadata);
}
