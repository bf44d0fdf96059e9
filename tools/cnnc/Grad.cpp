//===- Grad.cpp - cnnc grad: the backward pass, as text or as values ------===//

#include "compiler/Frontend/Formatter.h"
#include "compiler/IRGen/NetPrinter.h"
#include "runtime/Safetensors.h"
#include "tools/cnnc/Inputs.h"
#include "tools/cnnc/Weights.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace cnnc;

namespace {

/// The tensors that a batch consists of: inputs, then targets.
struct Batch {
  std::vector<std::string> names;
  std::vector<Shape> shapes;
  std::vector<int64_t> classes; ///< 0: floats
  std::vector<std::string> paths;
  std::vector<Array> arrays;
  int64_t images = 0;
};

/// What `gradient` writes: a buffer for each trained parameter and each input.
struct Gradients {
  std::vector<std::string> names;
  std::vector<std::vector<uint64_t>> shapes;
  std::vector<Buffer> buffers;
  std::vector<cnnc_dtype> dtypes;
};

} // namespace

static Result<Batch> readBatch(const Arguments &arguments, const TypedNet &net) {
  Batch batch;
  for (TensorId id : net.inputs) {
    batch.names.push_back(net.tensors[id].name);
    batch.shapes.push_back(net.tensors[id].shape);
    batch.classes.push_back(net.tensors[id].classes);
  }
  for (const Target &target : net.train->targets) {
    batch.names.push_back(target.name);
    batch.shapes.push_back(target.shape);
    batch.classes.push_back(target.classes);
  }
  Result<std::vector<std::string>> paths = assignFiles(arguments, batch.names);
  if (!paths)
    return paths.status();
  batch.paths = std::move(*paths);
  for (size_t i = 0; i < batch.names.size(); ++i) {
    const std::string &path = batch.paths[i];
    Result<Array> array = readInput(path);
    if (!array)
      return array.status();
    Result<int64_t> images = countImages(*array, path, batch.shapes[i]);
    if (!images)
      return images.status();
    if (i > 0 && *images != batch.images)
      return fail(Exit::File, "{}: {} images, but {} has {}", path, *images, batch.paths[0],
                  batch.images);
    batch.images = *images;
    batch.arrays.push_back(std::move(*array));
  }
  return batch;
}

static Status allocateGradients(const cnnc_model_info &info, Gradients &gradients) {
  auto add = [&](const cnnc_tensor_info &tensor, std::string name) -> Status {
    Result<Buffer> buffer = Buffer::allocate(tensor.bytes);
    if (!buffer)
      return buffer.status();
    gradients.names.push_back(std::move(name));
    gradients.shapes.emplace_back(tensor.shape, tensor.shape + tensor.rank);
    gradients.dtypes.push_back(tensor.dtype);
    gradients.buffers.push_back(std::move(*buffer));
    return Status();
  };
  Status status;
  for (uint32_t i = 0; status.ok() && i < info.param_count; ++i)
    if (info.params[i].role == CNNC_ROLE_PARAMETER)
      status = add(info.params[i], info.params[i].name);
  for (uint32_t i = 0; status.ok() && i < info.input_count; ++i)
    status = add(info.inputs[i], std::string("input.") + info.inputs[i].name);
  return status;
}

/// Runs the gradient on the batch; the loss is the function's value.
static Result<double> runGradient(const Program &program, const Batch &batch,
                                  Gradients &gradients) {
  const cnnc_model_info &info = program.info();
  std::vector<Buffer> tensors;
  std::vector<const void *> inputs, targets;
  for (size_t i = 0; i < batch.names.size(); ++i) {
    bool isInput = i < info.input_count;
    const cnnc_tensor_info &tensor = isInput ? info.inputs[i] : info.targets[i - info.input_count];
    Result<Buffer> buffer = Buffer::allocate(tensor.bytes);
    if (!buffer)
      return buffer.status();
    int64_t elements = 1;
    for (int64_t size : batch.shapes[i])
      elements *= size;
    Status converted = convertImages(batch.arrays[i], batch.paths[i], 0, batch.images, elements,
                                     batch.classes[i], tensor.dtype, buffer->data());
    if (!converted.ok())
      return converted;
    (isInput ? inputs : targets).push_back(buffer->data());
    tensors.push_back(std::move(*buffer));
  }
  Result<Buffer> state = Buffer::allocate(info.state_bytes);
  if (!state)
    return state.status();
  std::vector<void *> outputs;
  for (Buffer &buffer : gradients.buffers)
    outputs.push_back(buffer.data());
  return info.gradient(program.params.data(), state->data(), inputs.data(), targets.data(),
                       outputs.data(), program.workspace.data());
}

static Status writeGradients(const std::string &path, double loss, bool doublePrecision,
                             const Gradients &gradients) {
  float single = float(loss);
  std::vector<TensorRef> tensors;
  tensors.push_back(doublePrecision ? TensorRef{"loss", CNNC_ST_F64, {}, &loss, sizeof(double)}
                                    : TensorRef{"loss", CNNC_ST_F32, {}, &single, sizeof(float)});
  for (size_t i = 0; i < gradients.names.size(); ++i) {
    uint64_t bytes = gradients.dtypes[i] == CNNC_F64 ? sizeof(double) : sizeof(float);
    for (uint64_t size : gradients.shapes[i])
      bytes *= size;
    tensors.push_back({gradients.names[i],
                       gradients.dtypes[i] == CNNC_F64 ? CNNC_ST_F64 : CNNC_ST_F32,
                       gradients.shapes[i], gradients.buffers[i].data(), bytes});
  }
  return writeSafetensors(path, tensors);
}

/// The backward pass as a net.
static int printText(const Arguments &arguments, const ParsedNet &parsed) {
  std::optional<int64_t> batch = batchOf(arguments, parsed.net);
  if (!batch)
    return kUsage;
  IRGenOptions irgen{.batch = *batch};
  irgen.forward = irgen.trainStep = false;
  irgen.gradient = true;
  Compilation compilation;
  mlir::ModuleOp module = compilation.run(parsed, irgen, Phase::Autodiff, {});
  if (!module)
    return static_cast<int>(Exit::Internal);
  std::string name = parsed.sources.main().name();
  llvm::Expected<std::string> text =
      printGradient(module, parsed.net, llvm::sys::path::filename(name));
  if (!text)
    return reportRequest(name + ": " + llvm::toString(text.takeError()));
  Sources sources("<gradient>", std::move(*text));
  DiagnosticEngine diagnostics(sources);
  std::optional<std::string> formatted = format(sources.main(), diagnostics);
  if (!formatted) {
    printDiagnostics(arguments, diagnostics);
    return static_cast<int>(Exit::Internal);
  }
  return writeOutput(arguments.get("-o", "-"), *formatted);
}

int cnnc::gradVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  if (!parsed->net.train)
    return reportRequest(parsed->sources.main().name() + ": net " + parsed->net.name +
                         " has no train section, so no loss to differentiate");
  bool wantsValues = arguments.has("--weights") || arguments.has("--input");
  if (!wantsValues && arguments.has(kSchedulesFlag.name)) {
    llvm::errs()
        << "cnnc grad: --schedules is for values, but without --weights a text is printed\n";
    return kUsage;
  }
  if (!wantsValues)
    return printText(arguments, *parsed);
  if (!arguments.has("-o")) {
    llvm::errs() << "cnnc grad: -o FILE.safetensors is required\n";
    return kUsage;
  }
  Result<Batch> batch = readBatch(arguments, parsed->net);
  if (!batch)
    return report(batch.status());
  bool doublePrecision = arguments.has("--f64");
  IRGenOptions irgen{.batch = batch->images, .doublePrecision = doublePrecision};
  irgen.forward = irgen.trainStep = false;
  irgen.gradient = true;
  std::optional<Program> program = loadProgram(*parsed, irgen, arguments, exit);
  if (!program)
    return exit;
  Gradients gradients;
  Status status = allocateGradients(program->info(), gradients);
  if (!status.ok())
    return report(status);
  Result<double> loss = runGradient(*program, *batch, gradients);
  if (!loss)
    return report(loss.status());
  status = writeGradients(arguments.get("-o"), *loss, doublePrecision, gradients);
  return status.ok() ? 0 : report(status);
}
