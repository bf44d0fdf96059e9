//===- Cifar.cpp - The binary files of CIFAR-10 and CIFAR-100 -------------===//
//
// A record is one label byte (CIFAR-100: the coarse, then the fine one) and 32x32
// red, green, blue bytes. There is no header: the size must be whole records.

#include "runtime/Cifar.h"

#include "runtime/Dataset.h"
#include "runtime/File.h"

using namespace cnnc;

namespace {

constexpr size_t kPixels = 3 * 32 * 32;
constexpr int kBatches = 5; // data_batch_1 … data_batch_5

Status append(Dataset &dataset, const std::string &path, size_t labelBytes) {
  Result<Bytes> content = readFile(path);
  if (!content)
    return content.status();
  size_t record = labelBytes + kPixels;
  if (content->empty() || content->size() % record != 0)
    return fail(Exit::File,
                "{}: expected records of {} bytes, found {} bytes: the last one, at "
                "byte {}, is not whole",
                path, record, content->size(), content->size() / record * record);
  for (size_t at = 0; at < content->size(); at += record) {
    const uint8_t *begin = content->data() + at;
    uint8_t label = begin[labelBytes - 1];
    if (label >= dataset.classes)
      return fail(Exit::File, "{}: label at byte {} is {}, expected 0 to {}", path,
                  at + labelBytes - 1, label, dataset.classes - 1);
    dataset.labels.push_back(label);
    dataset.pixels.insert(dataset.pixels.end(), begin + labelBytes, begin + record);
  }
  return Status();
}

} // namespace

Result<Dataset> cnnc::openCifar(const std::string &directory, Split split) {
  Dataset dataset;
  dataset.name = fmt::format("cifar({})", directory);
  dataset.shape = {3, 32, 32};
  bool hundred = fileExists(joinPath(directory, "train.bin"));
  dataset.classes = hundred ? 100 : 10;
  std::vector<std::string> names;
  if (hundred)
    names = {split == Split::Train ? "train.bin" : "test.bin"};
  else if (split == Split::Test)
    names = {"test_batch.bin"};
  for (int i = 1; i <= kBatches && !hundred && split == Split::Train; ++i) {
    std::string name = fmt::format("data_batch_{}.bin", i);
    // A part of the set is fine, as long as there is a first file.
    if (i == 1 || fileExists(joinPath(directory, name)))
      names.push_back(std::move(name));
  }
  for (const std::string &name : names)
    if (Status status = append(dataset, joinPath(directory, name), hundred ? 2 : 1); !status.ok())
      return status;
  return dataset;
}
