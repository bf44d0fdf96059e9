//===- Dataset.cpp - Pictures with labels, and the order to learn them in -===//

#include "runtime/Dataset.h"

#include "runtime/Cifar.h"
#include "runtime/Digits.h"
#include "runtime/Idx.h"
#include "runtime/embedded/Philox.h"

#include <algorithm>
#include <array>
#include <charconv>
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

Result<DataSpec> cnnc::parseDataSpec(std::string_view text) {
  std::string_view rest = trim(text);
  size_t open = rest.find('(');
  DataSpec spec{std::string(trim(rest.substr(0, open))), ""};
  if (open != std::string_view::npos) {
    if (rest.back() != ')')
      return fail(Exit::Request, "data '{}': expected ')' at the end", text);
    std::string_view argument = trim(rest.substr(open + 1, rest.size() - open - 2));
    if (argument.size() >= 2 && argument.front() == '"' && argument.back() == '"')
      argument = argument.substr(1, argument.size() - 2);
    spec.argument = argument;
  }
  if (spec.kind != "digits" && spec.kind != "idx" && spec.kind != "cifar")
    return fail(Exit::Request, "data '{}': expected digits(), idx(DIR) or cifar(DIR)", text);
  if (spec.kind != "digits" && spec.argument.empty())
    return fail(Exit::Request, "data '{}': {} needs a directory", text, spec.kind);
  return spec;
}

Result<Dataset> cnnc::openDataset(const DataSpec &spec, Split split, const std::string &directory) {
  try {
    if (spec.kind == "digits")
      return openDigits(spec.argument, split);
    bool relative = !directory.empty() && !spec.argument.starts_with('/');
    std::string path = relative ? joinPath(directory, spec.argument) : spec.argument;
    if (spec.kind == "idx")
      return openIdx(path, split);
    if (spec.kind == "cifar")
      return openCifar(path, split);
  } catch (const std::bad_alloc &) {
    return fail(Exit::Limit, "{}({}): no memory for the images", spec.kind, spec.argument);
  }
  return fail(Exit::Request, "unknown data source '{}': expected digits, idx or cifar", spec.kind);
}

Status cnnc::checkDataset(const Dataset &dataset, const cnnc_model_info &info) {
  if (info.input_count != 1)
    return fail(Exit::Request, "{} gives one picture, but net {} has {} inputs", dataset.name,
                info.name, info.input_count);
  const cnnc_tensor_info &input = info.inputs[0];
  const ImageShape &shape = dataset.shape;
  if (input.dtype != CNNC_F32 || input.rank != 4 || input.shape[1] != shape.channels ||
      input.shape[2] != shape.height || input.shape[3] != shape.width)
    return fail(Exit::Request, "{} gives [{}, {}, {}], but input '{}' is [{}]", dataset.name,
                shape.channels, shape.height, shape.width, input.name,
                fmt::join(input.shape + 1, input.shape + std::max(input.rank, 1u), ", "));
  if (info.target_count > 1)
    return fail(Exit::Request, "{} gives one label, but net {} has {} targets", dataset.name,
                info.name, info.target_count);
  if (info.target_count == 0)
    return Status();
  const cnnc_tensor_info &target = info.targets[0];
  if (target.classes <= 0 || target.rank != 1 || target.dtype != CNNC_I32)
    return fail(Exit::Request, "{} gives a class for each image, but target '{}' is no class",
                dataset.name, target.name);
  for (int64_t i = 0; i < dataset.size(); ++i)
    if (dataset.labels[i] < 0 || dataset.labels[i] >= target.classes)
      return fail(Exit::File, "{}: label {} of image {} is not below {}, the classes of '{}'",
                  dataset.name, dataset.labels[i], i, target.classes, target.name);
  return Status();
}

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

void Loader::copyImage(int64_t index, float *image, int32_t *label) const {
  const uint8_t *from = dataset.image(index);
  int64_t elements = dataset.shape.elements();
  for (int64_t i = 0; i < elements; ++i)
    image[i] = kPixelTable[from[i]];
  *label = dataset.labels[index];
}

void Loader::fill(int64_t epoch, int64_t step, float *images, int32_t *labels) {
  if (epoch != shuffledEpoch)
    shuffle(epoch);
  for (int64_t i = 0; i < batch; ++i)
    copyImage(order[step * batch + i], images + i * dataset.shape.elements(), labels + i);
}

int64_t Loader::fillInOrder(int64_t step, float *images, int32_t *labels) const {
  int64_t first = step * batch, last = dataset.size() - 1;
  for (int64_t i = 0; i < batch; ++i)
    copyImage(std::min(first + i, last), images + i * dataset.shape.elements(), labels + i);
  return std::min(batch, dataset.size() - first);
}
