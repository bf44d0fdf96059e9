//===- Verbs.cpp - What several commands do -------------------------------===//

#include "tools/cnnc/Verbs.h"
#include "compiler/Codegen/AOT.h"
#include "compiler/Codegen/ModelInfo.h"
#include "compiler/Codegen/NetworkCache.h"
#include "compiler/Frontend/ReadText.h"
#include "compiler/InitAll.h"
#include "compiler/Support/OpPlace.h"
#include "compiler/Support/ScheduleFile.h"
#include "runtime/AtomicFile.h"
#include "tools/cnnc/MemoryLimit.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace cnnc;

int cnnc::report(const Status &status) {
  errs() << "cnnc: error: " << status.message() << '\n';
  return static_cast<int>(status.code());
}

int cnnc::reportRequest(StringRef message) {
  errs() << "cnnc: error: " << message << '\n';
  return static_cast<int>(Exit::Request);
}

int cnnc::writeOutput(const std::string &path, StringRef content) {
  if (path == "-") {
    outs() << content;
    return 0;
  }
  Status status = writeAtomically(path, piece(content));
  return status.ok() ? 0 : report(status);
}

Result<Sources> cnnc::readSource(StringRef path) {
  TextFile file = readText(path.str(), TextKind::Anything);
  if (!file.error.empty())
    return fail(file.isTooLong ? Exit::Limit : Exit::File, "{}: {}", path.str(), file.error);
  return Sources(path == "-" ? "<stdin>" : path.str(), std::move(file.text));
}

FrontendOptions cnnc::frontendOptions(const Arguments &arguments) {
  FrontendOptions options;
  options.netName = arguments.get("--net");
  for (const std::string &text : arguments.all("--param")) {
    auto [name, value] = StringRef(text).split('=');
    options.params.emplace_back(name.str(), value.str());
  }
  return options;
}

bool cnnc::printDiagnostics(const Arguments &arguments, const DiagnosticEngine &diagnostics) {
  // errs() has no buffer: warnings may be many.
  std::string text;
  raw_string_ostream stream(text);
  if (arguments.get("--diagnostics") == "json")
    diagnostics.renderJson(stream);
  else
    diagnostics.renderText(stream, sys::Process::StandardErrHasColors() &&
                                       !sys::Process::GetEnv("NO_COLOR"));
  errs() << text;
  return diagnostics.hasErrors() || (arguments.has("--werror") && diagnostics.warningCount() > 0);
}

int cnnc::exitOf(const DiagnosticEngine &diagnostics) {
  static constexpr std::string_view limits[] = {"E009", "E401", "E402", "E403"};
  auto isLimit = [](const Diagnostic &diagnostic) {
    return diagnostic.severity == Severity::Warning || is_contained(limits, diagnostic.code);
  };
  bool isAll = diagnostics.hasErrors() && all_of(diagnostics.diagnostics(), isLimit);
  return static_cast<int>(isAll ? Exit::Limit : Exit::Request);
}

/// The folder of --cache; null without the flag.
static Result<std::unique_ptr<ObjectCache>> openCache(const Arguments &arguments) {
  if (!arguments.has(kCacheFlag.name))
    return std::unique_ptr<ObjectCache>();
  Expected<std::unique_ptr<ObjectCache>> cache = ObjectCache::open(arguments.get(kCacheFlag.name));
  if (!cache)
    return fail(Exit::File, "{}", toString(cache.takeError()));
  return std::move(*cache);
}

std::optional<ParsedNet> cnnc::parseNet(const Arguments &arguments, int &exit) {
  Result<Sources> sources = readSource(arguments.positional[0]);
  if (!sources) {
    exit = report(sources.status());
    return std::nullopt;
  }
  DiagnosticEngine diagnostics(*sources);
  std::optional<TypedNet> net = compileText(*sources, frontendOptions(arguments), diagnostics);
  if (printDiagnostics(arguments, diagnostics) || !net) {
    exit = exitOf(diagnostics);
    return std::nullopt;
  }
  Result<std::unique_ptr<ObjectCache>> cache = openCache(arguments);
  if (!cache) {
    exit = report(cache.status());
    return std::nullopt;
  }
  return ParsedNet{std::move(*sources), std::move(*net), std::move(*cache)};
}

std::optional<ParsedFile> cnnc::parseAllNets(const Arguments &arguments, int &exit) {
  Result<Sources> sources = readSource(arguments.positional[0]);
  if (!sources) {
    exit = report(sources.status());
    return std::nullopt;
  }
  DiagnosticEngine diagnostics(*sources);
  std::vector<TypedNet> nets = compileAllNets(*sources, frontendOptions(arguments), diagnostics);
  if (printDiagnostics(arguments, diagnostics)) {
    exit = exitOf(diagnostics);
    return std::nullopt;
  }
  return ParsedFile{std::move(*sources), std::move(nets)};
}

std::string cnnc::libraryPrefix(const ParsedNet &parsed) {
  StringRef stem = sys::path::stem(parsed.sources.main().name());
  return cIdentifier(stem == "<stdin>" ? StringRef(parsed.net.name).lower() : stem.lower());
}

std::string cnnc::directoryOf(const ParsedNet &parsed) {
  return sys::path::parent_path(parsed.sources.main().name()).str();
}

bool cnnc::readSchedules(const Arguments &arguments, PipelineOptions &pipeline, int &exit) {
  if (!arguments.has(kSchedulesFlag.name))
    return true;
  if (pipeline.reference) {
    errs() << "cnnc: --schedules is for the phase Tiling, which --reference leaves out\n";
    exit = kUsage;
    return false;
  }
  std::string path = arguments.get(kSchedulesFlag.name);
  TextFile file = readText(path, TextKind::Anything);
  if (!file.error.empty()) {
    exit = report(fail(file.isTooLong ? Exit::Limit : Exit::File, "{}: {}", path, file.error));
    return false;
  }
  pipeline.schedules = {path == "-" ? "<stdin>" : path, std::move(file.text)};
  return true;
}

std::optional<int64_t> cnnc::batchOf(const Arguments &arguments, const TypedNet &net) {
  constexpr int64_t mostImages = 1 << 20;
  int64_t usual = net.train ? net.train->batch : net.batch.value_or(1);
  std::optional<int64_t> batch = integerFlag(arguments, "--batch", usual, 1, mostImages);
  if (!batch || !net.batch || *batch == *net.batch)
    return batch;
  errs() << "cnnc: --batch " << *batch << ": the net " << net.name << " is for batches of "
         << *net.batch << '\n';
  return std::nullopt;
}

Compilation::Compilation() {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  context = std::make_unique<mlir::MLIRContext>(registry);
}

Compilation::~Compilation() = default;

bool Compilation::runPasses(Phase last, const PipelineOptions &pipeline) {
  isRefused = false;
  bool isInternal = false;
  mlir::ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    bool isError = diagnostic.getSeverity() == mlir::DiagnosticSeverity::Error;
    if (OpPlace place = placeOf(diagnostic.getLocation()); place.layer == kScheduleLines) {
      isRefused |= isError;
      errs() << place.file << ':' << place.line << ": " << (isError ? "error: " : "warning: ")
             << diagnostic << '\n';
      return mlir::success();
    }
    // All else that the passes find wrong is ours: the network has passed all checks.
    isInternal = true;
    errs() << diagnostic.getLocation() << ": internal error: " << diagnostic << '\n';
    for (mlir::Diagnostic &note : diagnostic.getNotes())
      errs() << note.getLocation() << ": note: " << note << '\n';
    return mlir::success();
  });
  mlir::PassManager passes(context.get());
  passes.enableVerifier(false); // the pipeline does it, once a phase
  buildPipeline(passes, last, pipeline);
  bool isDone = succeeded(mlir::verify(*module)) && succeeded(passes.run(*module));
  isRefused &= !isInternal;
  return isDone;
}

mlir::ModuleOp Compilation::run(const ParsedNet &parsed, const IRGenOptions &irgen, Phase last,
                                const PipelineOptions &pipeline) {
  module = generateIR(*context, parsed.net, parsed.sources, irgen);
  return runPasses(last, pipeline) ? *module : nullptr;
}

std::optional<CompiledNetwork> Compilation::compile(const ParsedNet &parsed,
                                                    const IRGenOptions &irgen,
                                                    const PipelineOptions &pipeline,
                                                    const TargetInfo &target, int &exit,
                                                    ModelCheck check) {
  if (std::optional<std::string> note = noteOn(target))
    errs() << "cnnc: note: " << *note << '\n';
  auto refuses = [&](const ModelDescription &model) { return check && !check(model); };
  module = generateIR(*context, parsed.net, parsed.sources, irgen);
  ObjectCache *cache = parsed.cache.get();
  std::string key;
  if (std::optional<std::string> options = textOf(pipeline); cache && options) {
    std::string text;
    raw_string_ostream(text) << *module;
    key = networkKey(text, *options, target);
    if (std::optional<CompiledNetwork> known = findNetwork(*cache, key, target, *context))
      return refuses(known->model) ? std::nullopt : std::move(known);
  }
  if (!runPasses(Phase::LLVM, pipeline)) {
    exit = static_cast<int>(this->exit());
    return std::nullopt;
  }
  Expected<ModelDescription> model = readModel(*module);
  if (model && refuses(*model))
    return std::nullopt;
  consumeError(model.takeError());
  Expected<CompiledNetwork> network = compileNetwork(*module, target, Effort::Full, cache);
  if (!network) {
    exit = reportRequest(toString(network.takeError()));
    return std::nullopt;
  }
  if (!key.empty())
    keepNetwork(*cache, key, *module, *network);
  // The code is there all the same.
  if (std::optional<std::string> failure = cache ? cache->failure() : std::nullopt)
    errs() << "cnnc: warning: " << *failure << '\n';
  return std::move(*network);
}

std::optional<LoadedNetwork> cnnc::loadNetwork(const ParsedNet &parsed, const IRGenOptions &irgen,
                                               const Arguments &arguments, int &exit) {
  std::optional<MemoryLimit> limit = memoryLimit(arguments);
  if (!limit) {
    exit = kUsage;
    return std::nullopt;
  }
  exit = static_cast<int>(Exit::Internal);
  Compilation compilation;
  PipelineOptions pipeline{.reference = arguments.has("--reference"),
                           .prefix = libraryPrefix(parsed),
                           .machine = hostMachine()};
  if (!readSchedules(arguments, pipeline, exit))
    return std::nullopt;
  auto internal = [](Error error) {
    errs() << "cnnc: internal error: " << toString(std::move(error)) << '\n';
    return std::nullopt;
  };
  Expected<TargetInfo> target = findTarget("native");
  if (!target)
    return internal(target.takeError());
  // Before the machine code is made: nobody could run it.
  auto check = [&](const ModelDescription &model) {
    Status status = checkMemory(*limit, model, parsed, irgen, pipeline.reference);
    if (!status.ok())
      exit = report(status);
    return status.ok();
  };
  std::optional<CompiledNetwork> network =
      compilation.compile(parsed, irgen, pipeline, *target, exit, check);
  if (!network)
    return std::nullopt;
  Expected<LoadedNetwork> loaded = LoadedNetwork::load(*network);
  if (!loaded)
    return internal(loaded.takeError());
  return std::move(*loaded);
}
