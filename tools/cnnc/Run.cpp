//===- Run.cpp - cnnc run -------------------------------------------------===//

#include "tools/cnnc/Inputs.h"
#include "tools/cnnc/Weights.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <fmt/format.h>
#include <numeric>

using namespace cnnc;

namespace {

/// All images of the command line, through `forward` batch by batch.
class Inference {
public:
  /// `isWhole`: of each output, whether it is one tensor for all images.
  Inference(const Program &program, std::vector<Array> arrays, std::vector<std::string> paths,
            int64_t images, std::vector<bool> isWhole)
      : program(program), arrays(std::move(arrays)), paths(std::move(paths)), images(images),
        isWhole(std::move(isWhole)) {}

  Status run();
  std::vector<std::vector<float>> results; ///< of each output, all images

private:
  Status runBatch(int64_t first, std::vector<Buffer> &inputs, std::vector<Buffer> &outputs);

  const Program &program;
  std::vector<Array> arrays;
  std::vector<std::string> paths;
  int64_t images;
  std::vector<bool> isWhole;
};

} // namespace

Status Inference::runBatch(int64_t first, std::vector<Buffer> &inputs,
                           std::vector<Buffer> &outputs) {
  const cnnc_model_info &info = program.info();
  int64_t batch = info.batch, count = std::min(batch, images - first);
  std::vector<const void *> from;
  std::vector<void *> to;
  for (size_t i = 0; i < inputs.size(); ++i) {
    const cnnc_tensor_info &input = info.inputs[i];
    // Floats and labels both have four bytes.
    int64_t elements = int64_t(input.bytes / sizeof(float)) / batch;
    // A last batch that is not full keeps the images of the one before in its rest.
    Status converted =
        convertImages(arrays[i], paths[i], first, count, elements, int64_t(input.classes),
                      cnnc_dtype(input.dtype), inputs[i].data());
    if (!converted.ok())
      return converted;
    from.push_back(inputs[i].data());
  }
  for (Buffer &output : outputs)
    to.push_back(output.data());
  info.forward(program.params.data(), from.data(), to.data(), program.workspace.data());
  for (size_t i = 0; i < outputs.size(); ++i) {
    int64_t all = int64_t(info.outputs[i].bytes / sizeof(float));
    const float *values = outputs[i].as<float>();
    results[i].insert(results[i].end(), values,
                      values + (isWhole[i] ? all : count * (all / batch)));
  }
  return Status();
}

Status Inference::run() {
  const cnnc_model_info &info = program.info();
  std::vector<Buffer> inputs, outputs;
  auto allocate = [](std::vector<Buffer> &buffers, const cnnc_tensor_info *table,
                     uint32_t count) -> Status {
    for (uint32_t i = 0; i < count; ++i) {
      Result<Buffer> buffer = Buffer::allocate(table[i].bytes);
      if (!buffer)
        return buffer.status();
      buffers.push_back(std::move(*buffer));
    }
    return Status();
  };
  Status status = allocate(inputs, info.inputs, info.input_count);
  if (status.ok())
    status = allocate(outputs, info.outputs, info.output_count);
  results.resize(info.output_count);
  for (int64_t first = 0; status.ok() && first < images; first += info.batch)
    status = runBatch(first, inputs, outputs);
  return status;
}

/// The highest outputs of each image.
static void printTop(const std::vector<float> &values, int64_t images, int64_t top) {
  int64_t classes = int64_t(values.size()) / images, shown = std::min(top, classes);
  std::vector<int64_t> order(classes);
  for (int64_t image = 0; image < images; ++image) {
    const float *row = values.data() + image * classes;
    std::iota(order.begin(), order.end(), 0);
    // Of equal outputs the first comes first.
    std::partial_sort(order.begin(), order.begin() + shown, order.end(), [&](int64_t a, int64_t b) {
      return row[a] > row[b] || (row[a] == row[b] && a < b);
    });
    llvm::outs() << fmt::format("image {}:", image);
    for (int64_t i = 0; i < shown; ++i)
      llvm::outs() << fmt::format("  {} ({:.4g})", order[i], row[order[i]]);
    llvm::outs() << '\n';
  }
}

/// The first output as .npy, or all of them as .npz.
static Status writeResults(const std::string &path, const TypedNet &net, const Inference &inference,
                           int64_t images) {
  std::vector<ArrayView> views;
  for (size_t i = 0; i < net.outputs.size(); ++i) {
    const Tensor &tensor = net.tensors[net.outputs[i]];
    std::vector<int64_t> shape;
    if (!tensor.isWhole)
      shape.push_back(images);
    shape.insert(shape.end(), tensor.shape.begin(), tensor.shape.end());
    views.push_back(
        {net.outputNames[i], ArrayType::F32, std::move(shape), inference.results[i].data()});
  }
  if (llvm::StringRef(path).ends_with(".npz"))
    return writeNpz(path, views);
  return writeNpy(path, views[0]);
}

int cnnc::runVerb(const Arguments &arguments) {
  int exit = 0;
  std::optional<ParsedNet> parsed = parseNet(arguments, exit);
  if (!parsed)
    return exit;
  const TypedNet &net = parsed->net;
  constexpr int64_t allClasses = 1 << 20;
  std::optional<int64_t> top = integerFlag(arguments, "--top", 5, 1, allClasses);
  if (!top)
    return kUsage;
  std::vector<std::string> names;
  for (TensorId id : net.inputs)
    names.push_back(net.tensors[id].name);
  Result<std::vector<std::string>> paths = assignFiles(arguments, names);
  if (!paths)
    return report(paths.status());
  std::vector<Array> arrays;
  int64_t images = 0;
  for (size_t i = 0; i < names.size(); ++i) {
    Result<Array> array = readInput((*paths)[i]);
    if (!array)
      return report(array.status());
    Result<int64_t> count = countImages(*array, (*paths)[i], net.tensors[net.inputs[i]].shape);
    if (!count)
      return report(count.status());
    if (i > 0 && *count != images)
      return report(fail(Exit::File, "{}: {} images, but {} has {}", (*paths)[i], *count,
                         (*paths)[0], images));
    images = *count;
    arrays.push_back(std::move(*array));
  }
  if (net.batch && images != *net.batch)
    return report(fail(Exit::File, "{}: {} images, but the net {} is for batches of {}",
                       (*paths)[0], images, net.name, *net.batch));
  std::vector<bool> isWhole;
  for (TensorId id : net.outputs)
    isWhole.push_back(net.tensors[id].isWhole);
  bool isOneCall = llvm::is_contained(isWhole, true);
  // One call for a few images; many go through in batches, unless they are summed up.
  constexpr int64_t mostImagesACall = 64;
  IRGenOptions irgen{.batch = isOneCall ? images : std::min(images, mostImagesACall),
                     .trainStep = false};
  std::optional<Program> program = loadProgram(*parsed, irgen, arguments, exit);
  if (!program)
    return exit;
  Inference inference(*program, std::move(arrays), *paths, images, isWhole);
  Status status = inference.run();
  if (!status.ok())
    return report(status);
  if (arguments.has("-o"))
    status = writeResults(arguments.get("-o"), net, inference, images);
  if (!arguments.has("-o") || arguments.has("--top"))
    printTop(inference.results[0], isWhole[0] ? 1 : images, *top);
  return status.ok() ? 0 : report(status);
}
