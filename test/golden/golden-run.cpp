//===- golden-run.cpp - What compiled nets make of golden values ----------===//
//
//   golden-run NET.cnn VALUES.safetensors FOUND.safetensors
//
// Compiles the net through all phases and gives it the weight/NAME and input/NAME of
// VALUES. Writes what check-golden.py compares: f32/ and f64/ with output/NAME and
// gradient/NAME; or, where VALUES has OPTIMIZER/NAME, the losses and the parameters of a
// training by each, as trained/OPTIMIZER/NAME. One process, and little effort of LLVM, since
// compiling is all that takes time; driver.test does the same by cnnc, as users have it.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/InitAll.h"
#include "runtime/Safetensors.h"
#include "test/oracle/CompiledNet.h"

#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <set>

using namespace cnnc;
using oracle::Array;

[[noreturn]] static void stop(const std::string &message) {
  llvm::errs() << "golden-run: " << message << '\n';
  std::exit(1);
}

template <typename T> static T orStop(Result<T> result) {
  if (!result.ok())
    stop(result.status().message());
  return std::move(*result);
}

//===----------------------------------------------------------------------===//
// Files
//===----------------------------------------------------------------------===//

template <typename T> static void readAs(const TensorView &tensor, Array &array) {
  for (size_t i = 0; i < array.values.size(); ++i) {
    T value;
    std::memcpy(&value, tensor.data + i * sizeof value, sizeof value);
    array.values[i] = double(value);
  }
}

static Array arrayOf(const SafetensorsFile &file, const std::string &name) {
  const TensorView *tensor = file.find(name);
  if (!tensor)
    stop(file.path() + " has no " + name);
  Array array(Shape(tensor->shape.begin(), tensor->shape.end()));
  if (tensor->dtype == CNNC_ST_F32)
    readAs<float>(*tensor, array);
  else if (tensor->dtype == CNNC_ST_I32)
    readAs<int32_t>(*tensor, array);
  else
    stop(name + " is neither f32 nor i32");
  return array;
}

namespace {
/// What is to be written, in f64.
struct Found {
  std::vector<std::pair<std::string, Array>> tensors;

  void add(const std::string &name, Array array) { tensors.emplace_back(name, std::move(array)); }

  void write(const std::string &path) const {
    std::vector<TensorRef> refs;
    for (const auto &[name, array] : tensors)
      refs.push_back({name, CNNC_ST_F64,
                      std::vector<uint64_t>(array.shape.begin(), array.shape.end()),
                      array.values.data(), array.values.size() * sizeof(double)});
    Status status = writeSafetensors(path, refs);
    if (!status.ok())
      stop(status.message());
  }
};

/// A net and the text it came from.
struct Parsed {
  Sources sources;
  TypedNet net;
};
} // namespace

static Parsed parse(const std::string &path, std::string text) {
  Sources sources(path, std::move(text));
  DiagnosticEngine diagnostics(sources);
  std::optional<TypedNet> net = compileText(sources, FrontendOptions(), diagnostics);
  if (net && !diagnostics.hasErrors())
    return {std::move(sources), std::move(*net)};
  std::string complaint;
  llvm::raw_string_ostream stream(complaint);
  diagnostics.renderText(stream, /*colour=*/false);
  stop(complaint);
}

static oracle::NetData dataOf(const TypedNet &net, const SafetensorsFile &values) {
  oracle::NetData data;
  for (TensorId id : net.inputs)
    data.inputs.push_back(arrayOf(values, "input/" + net.tensors[id].name));
  for (const Target &target : net.train->targets)
    data.targets.push_back(arrayOf(values, "input/" + target.name));
  for (const Parameter &parameter : net.parameters)
    data.parameters.push_back(arrayOf(values, "weight/" + parameter.name));
  return data;
}

//===----------------------------------------------------------------------===//
// Running
//===----------------------------------------------------------------------===//

static oracle::CompiledNet compile(mlir::MLIRContext &context, const Parsed &parsed,
                                   oracle::Way way) {
  llvm::Expected<oracle::CompiledNet> compiled =
      oracle::CompiledNet::compile(context, parsed.net, parsed.sources, way);
  if (!compiled)
    stop(llvm::toString(compiled.takeError()));
  return std::move(*compiled);
}

static void runValues(mlir::MLIRContext &context, Parsed &parsed, const SafetensorsFile &values,
                      Found &found) {
  const TypedNet &net = parsed.net;
  oracle::NetData data = dataOf(net, values);
  parsed.net.train->batch = data.inputs[0].shape[0];
  for (bool isDouble : {false, true}) {
    std::string precision = isDouble ? "f64/" : "f32/";
    oracle::CompiledNet compiled =
        compile(context, parsed, {.doublePrecision = isDouble, .effort = Effort::Quick});
    std::vector<Array> outputs = compiled.infer(data);
    for (size_t i = 0; i < outputs.size(); ++i)
      found.add(precision + "output/" + net.outputNames[i], outputs[i]);
    oracle::CompiledGradients gradients = compiled.gradients(data);
    std::string prefix = precision + "gradient/";
    Array loss{Shape{}};
    loss.values[0] = gradients.loss;
    found.add(prefix + "loss", loss);
    for (size_t i = 0; i < net.parameters.size(); ++i)
      if (net.parameters[i].trainable)
        found.add(prefix + net.parameters[i].name, gradients.parameters[i]);
    for (size_t i = 0; i < net.inputs.size(); ++i)
      found.add(prefix + "input." + net.tensors[net.inputs[i]].name, gradients.inputs[i]);
  }
}

/// The images that are for training: all but each tenth.
static Array trainingPart(const Array &all) {
  Shape shape = all.shape;
  int64_t images = shape[0];
  shape[0] -= images / 10;
  Array part(shape);
  size_t each = all.values.size() / size_t(images), next = 0;
  for (int64_t image = 0; image < images; ++image)
    if (image % 10 != 9)
      std::copy_n(&all.values[size_t(image) * each], each, &part.values[each * next++]);
  return part;
}

static void runTraining(mlir::MLIRContext &context, const std::string &path,
                        const std::string &text, const std::string &optimizer,
                        const SafetensorsFile &values, Found &found) {
  const std::string entry = "optim = ";
  size_t begin = text.find(entry), end = text.find('\n', begin);
  if (begin == std::string::npos)
    stop(path + " names no optimizer");
  Parsed parsed = parse(path, text.substr(0, begin) + entry + optimizer + text.substr(end));
  oracle::NetData data = dataOf(parsed.net, values);
  for (std::vector<Array> *arrays : {&data.inputs, &data.targets})
    for (Array &array : *arrays)
      array = trainingPart(array);
  oracle::CompiledNet compiled =
      compile(context, parsed,
              {.trainStep = true, .effort = Effort::Quick, .forward = false, .gradient = false});
  const TrainSection &train = *parsed.net.train;
  // The batch holds the whole split: an epoch is a step.
  Array losses{Shape{train.epochs}};
  losses.values = compiled.train(data, float(train.optimizer.learningRate), train.epochs);
  found.add("trained/" + optimizer + "/loss", losses);
  for (size_t i = 0; i < parsed.net.parameters.size(); ++i)
    found.add("trained/" + optimizer + "/" + parsed.net.parameters[i].name, data.parameters[i]);
}

int main(int argc, char **argv) {
  if (argc != 4)
    stop("expected NET.cnn VALUES.safetensors FOUND.safetensors");
  SafetensorsFile values = orStop(SafetensorsFile::read(argv[2]));
  Bytes bytes = orStop(readFile(argv[1]));
  std::string text(bytes.begin(), bytes.end());
  mlir::DialectRegistry registry;
  registerDialects(registry);
  mlir::MLIRContext context(registry, mlir::MLIRContext::Threading::DISABLED);

  std::set<std::string> optimizers;
  for (const TensorView &tensor : values.tensors())
    if (tensor.name.find('(') != std::string::npos)
      optimizers.insert(tensor.name.substr(0, tensor.name.rfind('/')));
  Found found;
  for (const std::string &optimizer : optimizers)
    runTraining(context, argv[1], text, optimizer, values, found);
  if (optimizers.empty()) {
    Parsed parsed = parse(argv[1], text);
    runValues(context, parsed, values, found);
  }
  found.write(argv[3]);
}
