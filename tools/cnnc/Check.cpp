//===- Check.cpp - cnnc check ---------------------------------------------===//

#include "compiler/Frontend/VerifyFixes.h"
#include "runtime/AtomicFile.h"
#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>
#include <map>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// --fix
//===----------------------------------------------------------------------===//

namespace {
/// The edits that one text gets, and what is said of them.
struct Repair {
  std::vector<Edit> edits;
  std::vector<std::string> lines;
};
} // namespace

/// Takes the first fix of each diagnostic, unless it meddles with one taken before.
static std::map<const SourceFile *, Repair> chooseFixes(const Sources &sources,
                                                        const DiagnosticEngine &diagnostics) {
  std::map<const SourceFile *, Repair> repairs;
  for (const Diagnostic &diagnostic : diagnostics.diagnostics()) {
    if (diagnostic.fixes.empty())
      continue;
    const Fix &fix = diagnostic.fixes.front();
    const SourceFile &file = sources.fileOf(fix.edits.front().range.begin);
    Repair &repair = repairs[&file];
    std::vector<Edit> together = repair.edits;
    together.insert(together.end(), fix.edits.begin(), fix.edits.end());
    if (!applyEdits(file, together))
      continue;
    repair.edits = std::move(together);
    LineColumn at = file.lineColumn(fix.edits.front().range.begin);
    repair.lines.push_back(fmt::format("{}:{}:{}: fixed {}: {}", file.name(), at.line, at.column,
                                       diagnostic.code, fix.text));
  }
  return repairs;
}

/// Changes the text of the command line and the texts that it imports.
static Status applyFixes(const Sources &sources, const DiagnosticEngine &diagnostics) {
  for (const auto &[file, repair] : chooseFixes(sources, diagnostics)) {
    Status status = writeAtomically(file->name(), piece(*applyEdits(*file, repair.edits)));
    if (!status.ok())
      return status;
    for (const std::string &line : repair.lines)
      llvm::errs() << line << '\n';
  }
  return Status();
}

/// 0, or how the process ends.
static int repairTexts(const Arguments &arguments) {
  Result<Sources> sources = readSource(arguments.positional[0]);
  if (!sources)
    return report(sources.status());
  DiagnosticEngine diagnostics(*sources);
  compileAllNets(*sources, frontendOptions(arguments), diagnostics);
  Status status = applyFixes(*sources, diagnostics);
  return status.ok() ? 0 : report(status);
}

/// The text of standard input, repaired, to standard output; then what is left.
static int repairStream(const Arguments &arguments) {
  Result<Sources> sources = readSource("-");
  if (!sources)
    return report(sources.status());
  DiagnosticEngine diagnostics(*sources);
  compileAllNets(*sources, frontendOptions(arguments), diagnostics);
  auto repairs = chooseFixes(*sources, diagnostics);
  const Repair &repair = repairs[&sources->main()];
  std::string text = *applyEdits(sources->main(), repair.edits);
  llvm::outs() << text;
  for (const std::string &line : repair.lines)
    llvm::errs() << line << '\n';
  Sources fixed(sources->main().name(), std::move(text));
  DiagnosticEngine left(fixed);
  compileAllNets(fixed, frontendOptions(arguments), left);
  return printDiagnostics(arguments, left) ? exitOf(left) : 0;
}

//===----------------------------------------------------------------------===//
// The verb
//===----------------------------------------------------------------------===//

int cnnc::checkVerb(const Arguments &arguments) {
  int exit = 0;
  if (arguments.has("--fix") && arguments.positional[0] == "-")
    return repairStream(arguments);
  if (arguments.has("--fix") && (exit = repairTexts(arguments)) != 0)
    return exit;
  std::optional<ParsedFile> parsed = parseAllNets(arguments, exit);
  if (!parsed)
    return exit;
  std::vector<std::string> parts;
  for (const TypedNet &net : parsed->nets) {
    int64_t parameters = 0;
    for (const Layer &layer : net.layers)
      parameters += trainedParameters(net, layer);
    parts.push_back(fmt::format("{}: {} parameters", net.name, grouped(parameters)));
  }
  llvm::outs() << fmt::format("{}: ok ({})\n", parsed->sources.main().name(),
                              parts.empty() ? "no net" : fmt::format("{}", fmt::join(parts, ", ")));
  return 0;
}
