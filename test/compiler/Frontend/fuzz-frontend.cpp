// RUN: fuzz-frontend-replay %S/Inputs/fuzz-corpus | FileCheck %s
// CHECK: {{^[1-9][0-9]+}} texts: no crash
//
// The whole frontend behind libFuzzer's entry point: lexes, parses, analyzes, renders
// and repairs one input. `ninja fuzz-frontend` builds the fuzzer; with
// CNNC_FUZZ_REPLAY it is a program that runs files and folders of inputs once.
//
// A line `#--- name` begins another part of an input: a text that can be imported under
// this name, or, with the names `net` and `params`, what --net and --param say. What is
// before the first such line is the main text.

#include "compiler/Frontend/ASTPrinter.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/Frontend/Lexer.h"
#include "compiler/Frontend/Parser.h"
#include "compiler/Frontend/Sema.h"
#include "compiler/Frontend/VerifyFixes.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <cstdio>
#include <cstdlib>
#include <map>

using namespace cnnc;

/// No crash of the program under test, but an answer that it must not give.
#define CHECK(condition)                                                                           \
  do {                                                                                             \
    if (!(condition)) {                                                                            \
      std::fprintf(stderr, "fuzz-frontend: line %d: not so: %s\n", __LINE__, #condition);          \
      std::abort();                                                                                \
    }                                                                                              \
  } while (false)

namespace {

/// An input, taken apart.
struct Parts {
  std::string main;
  std::map<std::string, std::string> texts; ///< to import, by name
  FrontendOptions options;
  bool onlyOneNet = false;

  explicit Parts(std::string_view input);
  Parts(const Parts &) = delete;

private:
  void add(std::string_view name, std::string_view text);
};

} // namespace

static constexpr std::string_view separator = "#--- ";

Parts::Parts(std::string_view input) {
  std::string_view name;
  std::string_view rest = input;
  for (bool isMain = true; isMain || !rest.empty(); isMain = false) {
    if (!isMain) {
      rest.remove_prefix(separator.size());
      size_t end = std::min(rest.find('\n'), rest.size());
      name = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    size_t begin = 0;
    while (begin < rest.size() && !rest.substr(begin).starts_with(separator))
      begin = std::min(rest.find('\n', begin), rest.size() - 1) + 1;
    if (isMain)
      main = rest.substr(0, begin);
    else
      add(name, rest.substr(0, begin));
    rest.remove_prefix(begin);
  }
  options.readImport = [this](const std::string &, const std::string &path) {
    ImportedText result{path, path, "", "", {}};
    if (auto found = texts.find(path); found != texts.end()) {
      result.text = found->second;
      return result;
    }
    result.error = "there is no such text";
    for (const auto &entry : texts)
      result.candidates.push_back(entry.first);
    return result;
  };
}

void Parts::add(std::string_view name, std::string_view text) {
  std::string_view line = text.substr(0, text.find('\n'));
  if (name == "net") {
    options.netName = line;
    onlyOneNet = true;
  } else if (name == "params") {
    for (llvm::StringRef rest(text.data(), text.size()); !rest.empty();) {
      auto [entry, tail] = rest.split('\n');
      auto [param, value] = entry.split('=');
      options.params.emplace_back(param.str(), value.str());
      rest = tail;
    }
  } else {
    texts[std::string(name)] = text;
  }
}

//===----------------------------------------------------------------------===//
// What must hold of every answer
//===----------------------------------------------------------------------===//

static void checkRange(const Sources &sources, SourceRange range) {
  const SourceFile &file = sources.fileOf(range.begin);
  CHECK(range.begin <= range.end && range.begin >= file.base() &&
        range.end - file.base() <= file.text().size());
}

static void checkDiagnostics(const Sources &sources, const DiagnosticEngine &diags) {
  for (const Diagnostic &diagnostic : diags.diagnostics()) {
    CHECK(!diagnostic.message.empty() && diagnostic.code.size() == 4);
    checkRange(sources, diagnostic.range);
    for (const Note &note : diagnostic.notes)
      if (note.range)
        checkRange(sources, *note.range);
    for (const Fix &fix : diagnostic.fixes)
      for (const Edit &edit : fix.edits)
        checkRange(sources, edit.range);
  }
  CHECK(!diags.isFull() || diags.errorCount() == DiagnosticEngine::errorLimit);
  std::string text, json;
  llvm::raw_string_ostream textStream(text), jsonStream(json);
  diags.renderText(textStream, /*colour=*/false);
  diags.renderJson(jsonStream);
  for (char byte : text)
    CHECK(static_cast<unsigned char>(byte) >= 0x20 || byte == '\n' || byte == '\t');
  CHECK(llvm::json::isUTF8(text));
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(json).split(lines, '\n', -1, /*KeepEmpty=*/false);
  CHECK(lines.size() == diags.diagnostics().size() + diags.isFull());
  for (llvm::StringRef line : lines) {
    llvm::Expected<llvm::json::Value> value = llvm::json::parse(line);
    CHECK(static_cast<bool>(value));
  }
}

/// What the readers of a typed net rely on.
static void checkNet(const TypedNet &net) {
  std::vector<bool> isMade(net.tensors.size());
  for (TensorId input : net.inputs)
    isMade.at(input) = true;
  for (const Layer &layer : net.layers) {
    CHECK(!layer.inputs.empty());
    for (TensorId input : layer.inputs)
      CHECK(isMade.at(input));
    CHECK(!isMade.at(layer.output));
    isMade[layer.output] = true;
    for (ParameterId id : parametersOf(layer))
      CHECK(id < net.parameters.size());
    CHECK(trainedParameters(net, layer) >= 0);
    CHECK(multiplyAdds(net, layer) >= 0);
  }
  CHECK(!net.outputs.empty() && net.outputs.size() == net.outputNames.size());
  for (TensorId output : net.outputs)
    CHECK(isMade.at(output));
  for (const Tensor &tensor : net.tensors) {
    for (int64_t size : tensor.shape)
      CHECK(size > 0);
    CHECK(checkedElements(tensor.shape).has_value());
  }
  if (!net.train)
    return;
  CHECK(!net.train->loss.empty() && net.train->batch > 0 && net.train->epochs > 0);
  for (const LossTerm &term : net.train->loss) {
    CHECK(isMade.at(term.prediction));
    CHECK(term.targetIsTensor ? isMade.at(term.target) : term.target < net.train->targets.size());
  }
}

/// As compileAllNets does, but without verifying the fixes.
static std::vector<TypedNet> analyzeOnly(Sources &sources, const FrontendOptions &options,
                                         DiagnosticEngine &diags) {
  ModuleGraph graph = loadModules(sources, options.readImport, diags);
  return analyze(graph, {options.netName, options.params}, diags);
}

/// Every fix that is left after their verification applies, and makes no more errors.
static void checkFixes(const Sources &sources, const DiagnosticEngine &diags,
                       const FrontendOptions &options) {
  constexpr unsigned enough = 3;
  unsigned done = 0;
  for (const Diagnostic &diagnostic : diags.diagnostics())
    for (const Fix &fix : diagnostic.fixes) {
      CHECK(!fix.text.empty() && !fix.edits.empty());
      const SourceFile &file = sources.fileOf(fix.edits.front().range.begin);
      std::optional<std::string> text = applyEdits(file, fix.edits);
      CHECK(text.has_value());
      if (&file != &sources.main() || done++ == enough)
        continue;
      Sources changed(file.name(), std::move(*text));
      DiagnosticEngine changedDiags(changed);
      analyzeOnly(changed, options, changedDiags);
      CHECK(changedDiags.errorCount() <= diags.errorCount());
    }
}

static void runSyntax(const std::string &text) {
  Sources sources("fuzz.cnn", text);
  std::string printed;
  llvm::raw_string_ostream os(printed);
  DiagnosticEngine tokenDiags(sources), treeDiags(sources);
  printTokens(os, sources.main(), tokenDiags);
  printTree(os, parse(sources.main(), treeDiags));
  // What the lexer refuses the parser refuses, too.
  CHECK(treeDiags.hasErrors() || !tokenDiags.hasErrors());
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  // To verify fixes takes most of the time: an input in eight is enough.
  bool verifies = size % 8 == 0;
  Parts parts(std::string_view(reinterpret_cast<const char *>(data), size));
  runSyntax(parts.main);
  Sources sources("fuzz.cnn", parts.main);
  DiagnosticEngine diags(sources);
  std::vector<TypedNet> nets;
  if (!parts.onlyOneNet)
    nets = verifies ? compileAllNets(sources, parts.options, diags)
                    : analyzeOnly(sources, parts.options, diags);
  else if (std::optional<TypedNet> net = compileText(sources, parts.options, diags))
    nets.push_back(std::move(*net));
  // After errors nets may lack what failed.
  if (!diags.hasErrors())
    for (const TypedNet &net : nets)
      checkNet(net);
  checkDiagnostics(sources, diags);
  if (!parts.onlyOneNet && verifies)
    checkFixes(sources, diags, parts.options);
  return 0;
}

//===----------------------------------------------------------------------===//
// Replay
//===----------------------------------------------------------------------===//

#ifdef CNNC_FUZZ_REPLAY
static unsigned replay(const std::string &path) {
  if (!llvm::sys::fs::is_directory(path)) {
    auto buffer = llvm::MemoryBuffer::getFile(path);
    CHECK(static_cast<bool>(buffer));
    llvm::StringRef text = (*buffer)->getBuffer();
    LLVMFuzzerTestOneInput(text.bytes_begin(), text.size());
    return 1;
  }
  unsigned count = 0;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator entry(path, error), end; !error && entry != end;
       entry.increment(error)) {
    // Whoever crashes should be known.
    std::fprintf(stderr, "%s\n", entry->path().c_str());
    count += replay(entry->path());
  }
  CHECK(!error);
  return count;
}

int main(int argc, char **argv) {
  unsigned count = 0;
  for (int i = 1; i < argc; ++i)
    count += replay(argv[i]);
  std::printf("%u texts: no crash\n", count);
  return count > 0 ? 0 : 1;
}
#endif
