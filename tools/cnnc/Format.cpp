//===- Format.cpp - cnnc fmt ----------------------------------------------===//

#include "tools/cnnc/Verbs.h"

#include "compiler/Frontend/Formatter.h"
#include "runtime/AtomicFile.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc;

/// Formats one file. The exit code, 0 if all is well.
static int formatFile(const Arguments &arguments, const std::string &path) {
  Result<Sources> sources = readSource(path);
  if (!sources)
    return report(sources.status());
  DiagnosticEngine diagnostics(*sources);
  std::optional<std::string> formatted = format(sources->main(), diagnostics);
  if (printDiagnostics(arguments, diagnostics) || !formatted)
    return exitOf(diagnostics);
  std::string_view text = sources->main().text();
  if (*formatted != text && !differInSpaceOnly(text, *formatted))
    return report(fail(Exit::Internal,
                       "{}: internal error: the formatted text would say something else; nothing "
                       "is written. Please report the text",
                       sources->main().name()));
  if (arguments.has("--check")) {
    if (*formatted == text)
      return 0;
    outs() << sources->main().name() << '\n';
    return static_cast<int>(Exit::Request);
  }
  if (!arguments.has("-i")) {
    outs() << *formatted;
    return 0;
  }
  if (*formatted == text)
    return 0;
  Status written = writeAtomically(path, piece(*formatted));
  return written.ok() ? 0 : report(written);
}

int cnnc::formatVerb(const Arguments &arguments) {
  bool inPlace = arguments.has("-i");
  if (inPlace && arguments.has("--check")) {
    errs() << "cnnc fmt: expected one of -i and --check, found both\n";
    return kUsage;
  }
  int exit = 0;
  for (const std::string &path : arguments.positional) {
    if (inPlace && path == "-") {
      errs() << "cnnc fmt: -i needs a file, but standard input is none\n";
      return kUsage;
    }
    // All files are looked at; the worst answer counts.
    exit = std::max(exit, formatFile(arguments, path));
  }
  return exit;
}
