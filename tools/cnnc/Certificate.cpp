//===- Certificate.cpp - That a network's gradients were checked ----------===//

#include "tools/cnnc/Certificate.h"
#include "compiler/Frontend/Fingerprint.h"
#include "runtime/File.h"
#include "tools/cnnc/JsonReader.h"
#include "tools/cnnc/LossCheck.h"

#include "llvm/Support/raw_ostream.h"

using namespace cnnc;

static constexpr int64_t kSchema = 1;

std::string cnnc::compilerName() { return "cnnc " CNNC_VERSION " LLVM " CNNC_LLVM_VERSION; }

//===----------------------------------------------------------------------===//
// Writing
//===----------------------------------------------------------------------===//

static void writeReports(llvm::json::OStream &json, const std::vector<LayerReport> &reports) {
  for (const LayerReport &report : reports)
    json.object([&] {
      json.attribute("name", report.name);
      json.attribute("kind", report.kind);
      json.attribute("check", report.check);
      json.attribute("worst", report.worst());
    });
}

std::string cnnc::certificateText(const TypedNet &net, const NetReport &report) {
  std::string text;
  llvm::raw_string_ostream stream(text);
  llvm::json::OStream json(stream, /*IndentSize=*/2);
  json.object([&] {
    json.attribute("schema", kSchema);
    json.attribute("net", net.name);
    json.attribute("hash", fingerprint(net));
    json.attribute("compiler", compilerName());
    json.attributeArray("layers", [&] { writeReports(json, report.layers); });
    json.attributeArray("loss", [&] { writeReports(json, report.loss); });
    json.attribute("passed", true);
  });
  stream << '\n';
  return text;
}

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

namespace {

/// A certificate that is being compared with a network.
class CertificateReader {
public:
  CertificateReader(const std::string &path, const llvm::json::Object &content, const TypedNet &net)
      : path(path), content(content), net(net) {}

  Status check() const;

private:
  template <typename... Args>
  Status malformed(fmt::format_string<Args...> format, Args &&...args) const {
    return fail(Exit::File, "{}: not a certificate: {}", path,
                fmt::format(format, std::forward<Args>(args)...));
  }
  template <typename... Args>
  Status refuse(fmt::format_string<Args...> format, Args &&...args) const {
    return fail(Exit::Request, "{}: {}", path, fmt::format(format, std::forward<Args>(args)...));
  }
  Status checkFields() const;
  Status checkReports(llvm::StringRef field) const;
  Status checkLayers() const;

  const std::string &path;
  const llvm::json::Object &content;
  const TypedNet &net;
};

} // namespace

/// What a certificate quotes is cut, and printable.
static std::string quoted(llvm::StringRef text) {
  constexpr size_t most = 80;
  std::string out = "'";
  llvm::raw_string_ostream stream(out);
  stream.write_escaped(text.take_front(most));
  return out + (text.size() > most ? "…'" : "'");
}

Status CertificateReader::checkFields() const {
  for (llvm::StringRef field : {"net", "hash", "compiler"})
    if (!content.getString(field))
      return malformed("expected a string as \"{}\"", field.str());
  for (llvm::StringRef field : {"layers", "loss"})
    if (!content.getArray(field))
      return malformed("expected a list as \"{}\"", field.str());
  if (!content.getBoolean("passed"))
    return malformed("expected true or false as \"passed\"");
  return Status();
}

/// Each entry must be one that a passed check leaves.
Status CertificateReader::checkReports(llvm::StringRef field) const {
  for (const llvm::json::Value &value : *content.getArray(field)) {
    const llvm::json::Object *entry = value.getAsObject();
    std::optional<llvm::StringRef> name, check;
    std::optional<double> worst;
    if (entry) {
      name = entry->getString("name");
      check = entry->getString("check");
      worst = entry->getNumber("worst");
    }
    if (!name || !check || !worst || !entry->getString("kind"))
      return malformed("expected name, kind, check and worst in each entry of \"{}\"", field.str());
    if (*check != "exact" && *check != "differences")
      return malformed("expected exact or differences as \"check\", found {}", quoted(*check));
    bool isNetwork = field == "loss" && *entry->getString("kind") == "network";
    double bar = *check == "exact" ? 0 : isNetwork && hasKinks(net) ? kKinkBar : kDifferenceBar;
    if (!(*worst >= 0 && *worst <= bar))
      return refuse("the check of {} has failed: the error is {:.3g}, expected at most {:.3g}",
                    quoted(*name), *worst, bar);
  }
  return Status();
}

Status CertificateReader::checkLayers() const {
  const llvm::json::Array &layers = *content.getArray("layers");
  if (layers.size() != net.layers.size())
    return refuse("certifies {} layers, but net {} has {}", layers.size(), net.name,
                  net.layers.size());
  for (size_t i = 0; i < layers.size(); ++i) {
    llvm::StringRef name = *layers[i].getAsObject()->getString("name");
    if (name != net.layers[i].name)
      return refuse("certifies layer {} where net {} has '{}'", quoted(name), net.name,
                    net.layers[i].name);
  }
  size_t checks = net.train ? net.train->loss.size() + 1 : 0;
  if (content.getArray("loss")->size() != checks)
    return refuse("certifies {} checks of the loss, but net {} has {}",
                  content.getArray("loss")->size(), net.name, checks);
  return Status();
}

Status CertificateReader::check() const {
  std::optional<int64_t> schema = content.getInteger("schema");
  if (!schema)
    return malformed("expected a number as \"schema\"");
  if (*schema != kSchema)
    return refuse("expected a certificate of schema {}, found {}", kSchema, *schema);
  Status status = checkFields();
  if (!status.ok())
    return status;
  std::string hash = fingerprint(net);
  if (*content.getString("hash") != hash)
    return refuse("certifies another network: expected net '{}' with {}, found {} with {}",
                  net.name, hash, quoted(*content.getString("net")),
                  quoted(*content.getString("hash")));
  if (*content.getString("compiler") != compilerName())
    return refuse("certifies another compiler: expected '{}', found {}", compilerName(),
                  quoted(*content.getString("compiler")));
  if (!*content.getBoolean("passed"))
    return refuse("says that checks have failed");
  for (llvm::StringRef field : {"layers", "loss"})
    if (Status reports = checkReports(field); !reports.ok())
      return reports;
  return checkLayers();
}

Status cnnc::checkCertificate(const std::string &path, const TypedNet &net) {
  Result<Bytes> bytes = readFile(path);
  if (!bytes)
    return bytes.status();
  constexpr size_t longest = size_t(1) << 26; // of 10^5 layers, with room
  if (bytes->size() > longest)
    return fail(Exit::Limit, "{}: a certificate has at most {} bytes, but this has {}", path,
                longest, bytes->size());
  Result<llvm::json::Value> value =
      readJson(llvm::StringRef(reinterpret_cast<const char *>(bytes->data()), bytes->size()));
  if (!value)
    return fail(Exit::File, "{}: not well-formed JSON: {}", path, value.status().message());
  const llvm::json::Object *content = value->getAsObject();
  if (!content)
    return fail(Exit::File, "{}: not a certificate: expected an object", path);
  return CertificateReader(path, *content, net).check();
}
