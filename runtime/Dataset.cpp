//===- Dataset.cpp - Pictures with labels, and the order to learn them in -===//

#include "runtime/Dataset.h"

#include "runtime/Cifar.h"
#include "runtime/Digits.h"
#include "runtime/Folder.h"
#include "runtime/Idx.h"
#include "runtime/NpyDataset.h"
#include "runtime/embedded/Philox.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <numeric>

using namespace cnnc;

namespace {

/// 78 GiB of pixels are a mistake in the argument, a million are not.
constexpr int64_t kMaxDigits = 10'000'000;

std::string_view trim(std::string_view text) {
  size_t begin = text.find_first_not_of(" \t\n"), end = text.find_last_not_of(" \t\n");
  return begin == std::string_view::npos ? std::string_view() : text.substr(begin, end - begin + 1);
}

Result<Dataset> openDigits(const std::string &argument, Split split) {
  int64_t count = split == Split::Train ? kDigitsTrain : kDigitsTest;
  if (!argument.empty()) {
    const char *end = argument.data() + argument.size();
    auto [stop, error] = std::from_chars(argument.data(), end, count);
    if (error != std::errc() || stop != end || count < 1 || count > kMaxDigits)
      return fail(Exit::Request, "digits({}): expected a number of images from 1 to {}", argument,
                  kMaxDigits);
  }
  Dataset dataset;
  dataset.name = "digits()";
  dataset.shape = {1, kDigitSide, kDigitSide};
  dataset.classes = 10;
  dataset.pixels.resize(static_cast<size_t>(count) * kDigitPixels);
  dataset.labels.resize(static_cast<size_t>(count));
  for (int64_t i = 0; i < count; ++i) {
    drawDigit(split, static_cast<uint64_t>(i), dataset.pixels.data() + i * kDigitPixels);
    dataset.labels[i] = digitLabel(split, static_cast<uint64_t>(i));
  }
  return dataset;
}

/// Pixel value to f32, each a correctly rounded quotient.
std::array<float, 256> makePixelTable() {
  std::array<float, 256> table;
  for (int i = 0; i < 256; ++i)
    table[i] = static_cast<float>(i) / 255.0f;
  return table;
}
const std::array<float, 256> kPixelTable = makePixelTable();

} // namespace

int64_t Dataset::targetElements() const {
  if (labels.empty() && targets.empty())
    return 0;
  return std::accumulate(targetShape.begin(), targetShape.end(), int64_t{1}, std::multiplies<>());
}

//===----------------------------------------------------------------------===//
// Sources
//===----------------------------------------------------------------------===//

static constexpr std::string_view kSources =
    "digits(), idx(DIR), cifar(DIR), folder(DIR) or npy(X, Y)";

/// Without quotation marks around it.
static std::string unquoted(std::string_view text) {
  text = trim(text);
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"')
    text = text.substr(1, text.size() - 2);
  return std::string(text);
}

/// Where the first argument ends: at the first comma outside quotation marks.
static size_t findComma(std::string_view text) {
  bool isQuoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    isQuoted ^= text[i] == '"';
    if (text[i] == ',' && !isQuoted)
      return i;
  }
  return std::string_view::npos;
}

Result<DataSpec> cnnc::parseDataSpec(std::string_view text) {
  std::string_view rest = trim(text);
  size_t open = rest.find('(');
  DataSpec spec{std::string(trim(rest.substr(0, open))), "", ""};
  bool isKnown = spec.kind == "digits" || spec.kind == "idx" || spec.kind == "cifar" ||
                 spec.kind == "folder" || spec.kind == "npy";
  if (!isKnown)
    return fail(Exit::Request, "data '{}': expected {}", text, kSources);
  if (open != std::string_view::npos) {
    if (rest.back() != ')')
      return fail(Exit::Request, "data '{}': expected ')' at the end", text);
    std::string_view arguments = rest.substr(open + 1, rest.size() - open - 2);
    size_t comma = spec.kind == "npy" ? findComma(arguments) : std::string_view::npos;
    spec.argument = unquoted(arguments.substr(0, comma));
    if (comma != std::string_view::npos)
      spec.targets = unquoted(arguments.substr(comma + 1));
  }
  if (spec.kind == "npy" && (spec.argument.empty() || spec.targets.empty()))
    return fail(Exit::Request, "data '{}': npy needs two files, of images and of targets", text);
  if (spec.kind != "digits" && spec.argument.empty())
    return fail(Exit::Request, "data '{}': {} needs a directory", text, spec.kind);
  return spec;
}

Result<Dataset> cnnc::openDataset(const DataSpec &spec, Split split, const std::string &directory) {
  auto place = [&](const std::string &path) {
    bool isRelative = !directory.empty() && !path.starts_with('/');
    return isRelative ? joinPath(directory, path) : path;
  };
  try {
    if (spec.kind == "digits")
      return openDigits(spec.argument, split);
    if (spec.kind == "idx")
      return openIdx(place(spec.argument), split);
    if (spec.kind == "cifar")
      return openCifar(place(spec.argument), split);
    if (spec.kind == "folder")
      return openFolder(place(spec.argument), split);
    if (spec.kind == "npy")
      return openNpy(place(spec.argument), place(spec.targets), split);
  } catch (const std::bad_alloc &) {
    return fail(Exit::Limit, "{}({}): no memory for the images", spec.kind, spec.argument);
  }
  return fail(Exit::Request, "unknown data source '{}': expected {}", spec.kind, kSources);
}

//===----------------------------------------------------------------------===//
// What a network takes
//===----------------------------------------------------------------------===//

std::string cnnc::shapeOfOne(const cnnc_tensor_info &tensor) {
  return fmt::format("[{}]",
                     fmt::join(tensor.shape + 1, tensor.shape + std::max(tensor.rank, 1u), ", "));
}

static bool isShapeOfOne(const cnnc_tensor_info &tensor, const std::vector<int64_t> &shape) {
  return tensor.rank == shape.size() + 1 &&
         std::equal(shape.begin(), shape.end(), tensor.shape + 1);
}

static Status checkImages(const Dataset &dataset, const cnnc_model_info &info) {
  if (info.input_count != 1)
    return fail(Exit::Request, "{} gives one picture, but net {} has {} inputs", dataset.name,
                info.name, info.input_count);
  const cnnc_tensor_info &input = info.inputs[0];
  const ImageShape &shape = dataset.shape;
  std::vector<int64_t> sizes{shape.channels};
  if (!shape.isFlat)
    sizes.insert(sizes.end(), {shape.height, shape.width});
  if (input.dtype != CNNC_F32 || !isShapeOfOne(input, sizes))
    return fail(Exit::Request, "{} gives [{}], but input '{}' is {}", dataset.name,
                fmt::join(sizes, ", "), input.name, shapeOfOne(input));
  return Status();
}

Status cnnc::checkLabels(const Dataset &dataset, int64_t classes, std::string_view what) {
  int64_t elements = dataset.targetElements();
  for (size_t i = 0; i < dataset.labels.size(); ++i)
    if (dataset.labels[i] < 0 || dataset.labels[i] >= classes)
      return fail(Exit::File, "{}: label {} of image {} is not below {}, {}", dataset.name,
                  dataset.labels[i], static_cast<int64_t>(i) / elements, classes, what);
  return Status();
}

Status cnnc::checkDataset(const Dataset &dataset, const cnnc_model_info &info) {
  if (Status status = checkImages(dataset, info); !status.ok())
    return status;
  if (info.target_count > 1)
    return fail(Exit::Request, "{} gives one target, but net {} has {} targets", dataset.name,
                info.name, info.target_count);
  if (info.target_count == 0)
    return Status();
  const cnnc_tensor_info &target = info.targets[0];
  bool givesClasses = dataset.classes > 0;
  if (givesClasses && (target.classes <= 0 || target.dtype != CNNC_I32))
    return fail(Exit::Request, "{} gives a class for each image, but target '{}' is no class",
                dataset.name, target.name);
  if (!givesClasses && (target.classes > 0 || target.dtype != CNNC_F32))
    return fail(Exit::Request, "{} gives numbers for each image, but target '{}' is a class",
                dataset.name, target.name);
  if (!isShapeOfOne(target, dataset.targetShape))
    return fail(Exit::Request, "{} gives {} of [{}] for each image, but target '{}' is {}",
                dataset.name, givesClasses ? "classes" : "numbers",
                fmt::join(dataset.targetShape, ", "), target.name, shapeOfOne(target));
  if (!givesClasses)
    return Status();
  return checkLabels(dataset, target.classes, fmt::format("the classes of '{}'", target.name));
}

//===----------------------------------------------------------------------===//
// Batches
//===----------------------------------------------------------------------===//

void Loader::shuffle(int64_t epoch) {
  order.resize(static_cast<size_t>(dataset.size()));
  std::iota(order.begin(), order.end(), 0u);
  cnnc_philox block{};
  for (size_t i = 0; i + 1 < order.size(); ++i) {
    if (i % 4 == 0)
      block = cnnc_philox_block(seed, CNNC_DRAW_SHUFFLE, static_cast<uint32_t>(epoch), i / 4);
    uint64_t left = order.size() - i;
    std::swap(order[i], order[i + (block.word[i % 4] * left >> 32)]);
  }
  shuffledEpoch = epoch;
}

void Loader::copyImage(int64_t index, int64_t to, float *images, void *targets) const {
  int64_t elements = dataset.shape.elements();
  float *image = images + to * elements;
  if (dataset.pixels.empty()) {
    std::copy_n(dataset.values.data() + index * elements, elements, image);
  } else {
    const uint8_t *from = dataset.image(index);
    for (int64_t i = 0; i < elements; ++i)
      image[i] = kPixelTable[from[i]];
  }
  if (!targets)
    return;
  int64_t count = dataset.targetElements();
  if (dataset.classes > 0)
    std::copy_n(dataset.labels.data() + index * count, count,
                static_cast<int32_t *>(targets) + to * count);
  else
    std::copy_n(dataset.targets.data() + index * count, count,
                static_cast<float *>(targets) + to * count);
}

void Loader::fill(int64_t epoch, int64_t step, float *images, void *targets) {
  if (epoch != shuffledEpoch)
    shuffle(epoch);
  for (int64_t i = 0; i < batch; ++i)
    copyImage(order[step * batch + i], i, images, targets);
}

int64_t Loader::fillInOrder(int64_t step, float *images, void *targets) const {
  int64_t first = step * batch, last = dataset.size() - 1;
  for (int64_t i = 0; i < batch; ++i)
    copyImage(std::min(first + i, last), i, images, targets);
  return std::min(batch, dataset.size() - first);
}
