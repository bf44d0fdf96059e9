//===- Import.cpp - A text and the texts that it imports --------------------===//

#include "compiler/Frontend/Import.h"

#include "compiler/Frontend/Parser.h"
#include "compiler/Frontend/ReadText.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

/// More files than a person keeps, and chains of imports longer than anyone follows.
static constexpr size_t moduleLimit = 1000;
static constexpr size_t importDepthLimit = 50;
/// Each import looks at the file system, although a text is kept once.
static constexpr size_t importLimit = 10'000;

//===----------------------------------------------------------------------===//
// The file system
//===----------------------------------------------------------------------===//

/// The texts of the folder where a file does not exist: one of them was meant.
static std::vector<std::string> textsIn(llvm::StringRef folder) {
  constexpr size_t enough = 1000;
  std::vector<std::string> names;
  std::error_code error;
  size_t seen = 0;
  for (fs::directory_iterator entry(folder, error), end; !error && entry != end && seen < enough;
       entry.increment(error), ++seen)
    if (path::extension(entry->path()) == ".cnn")
      names.push_back(path::filename(entry->path()).str());
  std::sort(names.begin(), names.end());
  return names;
}

ImportedText cnnc::readImport(const std::string &importer, const std::string &given) {
  ImportedText result;
  llvm::SmallString<128> name(path::parent_path(importer));
  path::append(name, given);
  result.name = name.str().str();
  if (given.empty() || given.find('\0') != std::string::npos || path::is_absolute(given)) {
    result.error = "an import is a path relative to this file";
    return result;
  }
  llvm::StringRef parent = path::parent_path(importer);
  llvm::SmallString<256> folder, file;
  if (std::error_code error = fs::real_path(parent.empty() ? "." : parent, folder)) {
    result.error = error.message();
    return result;
  }
  if (std::error_code error = fs::real_path(result.name, file)) {
    result.error = error.message();
    llvm::StringRef sub = path::parent_path(given);
    if (sub.contains(".."))
      return result;
    // The names are compared without the folder, which they all share.
    llvm::StringRef beside = path::parent_path(result.name);
    std::vector<std::string> texts = textsIn(beside.empty() ? "." : beside);
    if (sub.empty()) // a text does not import itself
      std::erase(texts, path::filename(importer).str());
    std::string nearest = nearestName(path::filename(given).str(), texts);
    if (!nearest.empty())
      result.candidates = {sub.empty() ? nearest : (sub + "/" + nearest).str()};
    return result;
  }
  if (!folder.ends_with(path::get_separator()))
    folder += path::get_separator();
  if (!file.starts_with(folder)) {
    result.error = "it lies outside the folder of this file";
    return result;
  }
  result.identity = file.str().str();
  TextFile read = readText(result.identity, TextKind::RegularFile);
  result.text = std::move(read.text);
  result.error = std::move(read.error);
  return result;
}

//===----------------------------------------------------------------------===//
// Modules
//===----------------------------------------------------------------------===//

namespace {

class ModuleLoader {
public:
  ModuleLoader(Sources &sources, const ImportReader &reader, DiagnosticEngine &diags)
      : sources(sources), reader(reader), diags(diags) {}

  ModuleGraph run() {
    llvm::SmallString<256> identity;
    if (!fs::real_path(sources.main().name(), identity))
      loading.push_back(identity.str().str());
    else
      loading.push_back("");
    load(sources.main());
    return std::move(graph);
  }

private:
  Module *load(const SourceFile &source);
  Module *import(const SourceFile &importer, const ast::Item &item);
  std::nullptr_t refuse(std::string_view code, SourceRange range, std::string message) {
    diags.error(code, range, std::move(message));
    graph.isComplete = false;
    return nullptr;
  }

  Sources &sources;
  const ImportReader &reader;
  DiagnosticEngine &diags;
  ModuleGraph graph;
  std::vector<std::string> loading; ///< the chain of imports, by identity
  llvm::StringMap<Module *> byIdentity;
  uint64_t bytes = 0;
  size_t imports = 0;
  size_t tokens = 0;
};

} // namespace

Module *ModuleLoader::load(const SourceFile &source) {
  graph.modules.push_back(std::make_unique<Module>());
  Module *module = graph.modules.back().get();
  module->source = &source;
  module->tree = parse(source, diags, tokens);
  graph.isComplete &= !module->tree.broken;
  for (const ast::Item &item : module->tree.items)
    if (std::holds_alternative<ast::ImportItem>(item.node) && !item.broken && !diags.isFull())
      if (Module *imported = import(source, item))
        module->imports.emplace_back(&item, imported);
  return module;
}

Module *ModuleLoader::import(const SourceFile &importer, const ast::Item &item) {
  const auto &[given, range] = std::get<ast::ImportItem>(item.node);
  ImportedText text = reader(importer.name(), given);
  if (!text.error.empty()) {
    graph.isComplete = false;
    Diagnostic &diagnostic =
        diags.error("E406", range,
                    fmt::format("cannot import {}: {}{}", quoted(given), text.error,
                                didYouMean(given, text.candidates)));
    std::string nearest = nearestName(given, text.candidates);
    if (!nearest.empty())
      diagnostic.silentFix("write " + nearest, {{range, fmt::format("\"{}\"", nearest)}});
    return nullptr;
  }
  if (std::find(loading.begin(), loading.end(), text.identity) != loading.end())
    return refuse(
        "E405", range,
        fmt::format("{} imports itself{}", quoted(given),
                    loading.back() == text.identity ? "" : ", through the texts between"));
  auto found = byIdentity.find(text.identity);
  bool isNew = found == byIdentity.end();
  bytes += text.text.size();
  if (loading.size() > importDepthLimit || (isNew && graph.modules.size() > moduleLimit) ||
      ++imports > importLimit || bytes > textBytesLimit)
    return refuse("E403", range,
                  fmt::format("imports are limited to {} in all, {} in a chain, {} texts and {} "
                              "bytes",
                              importLimit, importDepthLimit, moduleLimit, textBytesLimit));
  if (!isNew)
    return found->second;
  const SourceFile *source = sources.add(std::move(text.name), std::move(text.text));
  if (!source)
    return refuse("E403", range, "the imported texts are too long together");
  loading.push_back(text.identity);
  Module *module = load(*source);
  loading.pop_back();
  byIdentity[text.identity] = module;
  return module;
}

ModuleGraph cnnc::loadModules(Sources &sources, const ImportReader &reader,
                              DiagnosticEngine &diags) {
  return ModuleLoader(sources, reader, diags).run();
}
