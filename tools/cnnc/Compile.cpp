//===- Compile.cpp - cnnc compile -----------------------------------------===//

#include "compiler/Codegen/AOT.h"
#include "compiler/Frontend/ASTPrinter.h"
#include "compiler/Frontend/Lexer.h"
#include "compiler/Frontend/Parser.h"
#include "runtime/AtomicFile.h"
#include "tools/cnnc/Certificate.h"
#include "tools/cnnc/Verbs.h"

#include "mlir/IR/OperationSupport.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc;

static std::string moduleText(mlir::ModuleOp module, bool withLocations) {
  std::string text;
  raw_string_ostream stream(text);
  mlir::OpPrintingFlags flags;
  if (withLocations)
    flags.enableDebugInfo(/*enable=*/true, /*prettyForm=*/true);
  // Constants of a whole tensor would hide the ops.
  constexpr int64_t mostElements = 16;
  flags.elideLargeElementsAttrs(mostElements);
  module.print(stream, flags);
  stream << '\n';
  return text;
}

/// --emit=tokens and --emit=ast: before names and sizes are known.
static int emitSyntax(const Arguments &arguments, StringRef emit) {
  Result<Sources> source = readSource(arguments.positional[0]);
  if (!source)
    return report(source.status());
  DiagnosticEngine diagnostics(*source);
  std::string text;
  raw_string_ostream stream(text);
  if (emit == "tokens")
    printTokens(stream, source->main(), diagnostics);
  else
    printTree(stream, parse(source->main(), diagnostics));
  if (printDiagnostics(arguments, diagnostics))
    return exitOf(diagnostics);
  return writeOutput(arguments.get("-o", "-"), text);
}

/// The library is an object or an archive, and a header beside it. True, or a message is printed.
static bool canBeLibrary(StringRef path) {
  StringRef extension = sys::path::extension(path);
  if (path == "-")
    errs() << "cnnc compile: a library is two files, so it cannot go to standard output\n";
  else if (extension == ".h")
    errs() << "cnnc compile: -o names the object, but '" << sys::path::filename(path).take_front(64)
           << "' is where its header goes\n";
  else if (extension == ".so")
    errs()
        << "cnnc compile: -o must name an object or an archive (.a), of which 'cc -shared' makes "
           "'"
        << sys::path::filename(path).take_front(64) << "'\n";
  else
    return true;
  return false;
}

/// Writes the library: net.o beside the caller, or what -o names, and its header.
static int writeLibrary(const Arguments &arguments, const ParsedNet &parsed,
                        const CompiledNetwork &network) {
  std::string object = arguments.get("-o", libraryPrefix(parsed) + ".o");
  SmallString<128> header(object);
  sys::path::replace_extension(header, ".h");
  Expected<std::string> library = libraryFile(network, StringRef(object).ends_with(".a"));
  if (!library)
    return report(fail(Exit::Internal, "internal error: {}", toString(library.takeError())));
  std::string text = writeHeader(network.model, parsed.sources.main().name());
  for (const auto &[path, content] :
       {std::pair<std::string, StringRef>(object, *library), {header.str().str(), text}})
    if (Status status = writeAtomically(path, piece(content)); !status.ok())
      return report(status);
  outs() << object << ", " << header << ": " << parsed.net.name << ", batch " << network.model.batch
         << ", " << network.object.size() << " bytes for " << network.target.cpu << '\n';
  return 0;
}

static int unknownStage(StringRef emit) {
  std::vector<std::string> names;
  for (const Stage &stage : allStages())
    names.push_back(stage.emit.str());
  errs() << "cnnc compile: --emit has no stage '" << emit.take_front(64) << "'";
  if (auto match = nearest(emit, names))
    errs() << "; did you mean '" << *match << "'?";
  errs() << " (" << llvm::join(names, ", ") << ")\n";
  return kUsage;
}

int cnnc::compileVerb(const Arguments &arguments) {
  std::string emit = arguments.get("--emit", "obj");
  const Stage *stage = findStage(emit);
  if (!stage)
    return unknownStage(emit);
  if (stage->phase == Phase::Frontend) {
    if (!arguments.has("--require-cert"))
      return emitSyntax(arguments, emit);
    errs() << "cnnc compile: --require-cert is for code, but --emit=" << emit << " is syntax\n";
    return kUsage;
  }

  if (arguments.has(kSchedulesFlag.name) && stage->phase < Phase::Tiling) {
    errs() << "cnnc compile: --schedules is for the phase Tiling, but --emit=" << emit
           << " stops before it\n";
    return kUsage;
  }

  if (emit == "obj" && !canBeLibrary(arguments.get("-o", "")))
    return kUsage;

  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  if (arguments.has("--require-cert"))
    if (Status status = checkCertificate(arguments.get("--require-cert"), parsed->net);
        !status.ok())
      return report(status);
  std::optional<int64_t> batch = batchOf(arguments, parsed->net);
  if (!batch)
    return kUsage;
  Expected<TargetInfo> target = findTarget(arguments.get("--target", "native"));
  if (!target)
    return reportRequest(toString(target.takeError()));

  IRGenOptions irgen{.batch = *batch, .doublePrecision = arguments.has("--f64")};
  irgen.gradient = arguments.has("--gradient");
  PipelineOptions pipeline{.reference = arguments.has("--reference"),
                           .prefix = libraryPrefix(*parsed),
                           .machine = target->machine};
  if (!readSchedules(arguments, pipeline, exit))
    return exit;
  Compilation compilation;
  if (emit == "obj") {
    std::optional<CompiledNetwork> network =
        compilation.compile(*parsed, irgen, pipeline, *target, exit);
    return network ? ::writeLibrary(arguments, *parsed, *network) : exit;
  }
  mlir::ModuleOp module = compilation.run(*parsed, irgen, stage->phase, pipeline);
  if (!module)
    return static_cast<int>(compilation.exit());
  if (stage->isPhaseEnd)
    return writeOutput(arguments.get("-o", "-"), moduleText(module, arguments.has("--locations")));
  OutputKind kind = emit == "asm" ? OutputKind::Assembly : OutputKind::LLVMIR;
  Expected<std::string> text = emitNetwork(module, *target, kind);
  if (!text)
    return reportRequest(toString(text.takeError()));
  return writeOutput(arguments.get("-o", "-"), *text);
}
