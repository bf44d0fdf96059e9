//===- NpyDataset.cpp - Images and targets in two arrays ------------------===//

#include "runtime/NpyDataset.h"

#include "runtime/Dataset.h"
#include "runtime/Npy.h"

#include <algorithm>
#include <cstring>
#include <limits>

using namespace cnnc;

namespace {

std::string shapeText(const Array &array) {
  return fmt::format("[{}]", fmt::join(array.shape, ", "));
}

/// Elements of one image: those of the array by its first dimension.
int64_t elementsOfOne(const Array &array) {
  if (array.data.empty()) // other dimensions may be of any size then
    return 0;
  int64_t elements = 1;
  for (size_t i = 1; i < array.shape.size(); ++i)
    elements *= array.shape[i];
  return elements;
}

/// Calls `take` with the place of each image of the split.
template <typename Take> void forEachImage(const Array &array, Split split, Take take) {
  int64_t elements = elementsOfOne(array);
  for (int64_t i = 0; i < array.shape[0]; ++i)
    if (isInSplit(i, split))
      take(i * elements, elements);
}

template <typename T> T elementAt(const Array &array, int64_t index) {
  T value;
  std::memcpy(&value, array.data.data() + index * sizeof(T), sizeof(T));
  return value;
}

Status takeImages(Dataset &dataset, const Array &array, const std::string &path, Split split) {
  bool isFlat = array.shape.size() == 2;
  if (array.shape.size() != 4 && !isFlat)
    return fail(Exit::File, "{}: expected images [N, C, H, W] or [N, C], found {}", path,
                shapeText(array));
  if (array.type != ArrayType::F32 && array.type != ArrayType::U8)
    return fail(Exit::File, "{}: expected images of f32 or u8, found {}", path, nameOf(array.type));
  if (array.shape[0] < kTestEvery || elementsOfOne(array) == 0)
    return fail(Exit::File, "{}: expected {} images at least, found {}", path, kTestEvery,
                shapeText(array));
  dataset.shape = {array.shape[1], isFlat ? 1 : array.shape[2], isFlat ? 1 : array.shape[3],
                   isFlat};
  forEachImage(array, split, [&](int64_t first, int64_t count) {
    if (array.type == ArrayType::U8)
      dataset.pixels.insert(dataset.pixels.end(), array.data.begin() + first,
                            array.data.begin() + first + count);
    else
      for (int64_t i = first; i < first + count; ++i)
        dataset.values.push_back(elementAt<float>(array, i));
  });
  return Status();
}

int64_t wholeAt(const Array &array, int64_t index) {
  switch (array.type) {
  case ArrayType::U8:
    return array.data[static_cast<size_t>(index)];
  case ArrayType::I32:
    return elementAt<int32_t>(array, index);
  default:
    return elementAt<int64_t>(array, index);
  }
}

Status takeLabels(Dataset &dataset, const Array &array, const std::string &path, Split split) {
  int64_t elements = static_cast<int64_t>(array.data.size() / bytesOf(array.type));
  int64_t perImage = std::max<int64_t>(elementsOfOne(array), 1), largest = 0;
  // All of them, so that both splits have the same classes.
  for (int64_t i = 0; i < elements; ++i) {
    int64_t label = wholeAt(array, i);
    if (label < 0 || label >= std::numeric_limits<int32_t>::max())
      return fail(Exit::File, "{}: label of image {} is {}, expected 0 to {}", path, i / perImage,
                  label, std::numeric_limits<int32_t>::max() - 1);
    largest = std::max(largest, label);
  }
  dataset.classes = largest + 1;
  forEachImage(array, split, [&](int64_t first, int64_t count) {
    for (int64_t i = first; i < first + count; ++i)
      dataset.labels.push_back(static_cast<int32_t>(wholeAt(array, i)));
  });
  return Status();
}

void takeNumbers(Dataset &dataset, const Array &array, Split split) {
  forEachImage(array, split, [&](int64_t first, int64_t count) {
    for (int64_t i = first; i < first + count; ++i)
      dataset.targets.push_back(array.type == ArrayType::F32
                                    ? elementAt<float>(array, i)
                                    : static_cast<float>(elementAt<double>(array, i)));
  });
}

} // namespace

Result<Dataset> cnnc::openNpy(const std::string &images, const std::string &targets, Split split) {
  Result<Array> x = readNpy(images);
  if (!x)
    return x.status();
  Result<Array> y = readNpy(targets);
  if (!y)
    return y.status();
  Dataset dataset;
  dataset.name = fmt::format("npy({}, {})", images, targets);
  if (Status status = takeImages(dataset, *x, images, split); !status.ok())
    return status;
  if (y->shape.empty() || y->shape[0] != x->shape[0])
    return fail(Exit::File, "{}: expected [{}, …], one entry for each image of {}, found {}",
                targets, x->shape[0], images, shapeText(*y));
  if (elementsOfOne(*y) == 0)
    return fail(Exit::File, "{}: expected numbers for each image, found {}", targets,
                shapeText(*y));
  dataset.targetShape.assign(y->shape.begin() + 1, y->shape.end());
  if (y->type == ArrayType::F32 || y->type == ArrayType::F64)
    takeNumbers(dataset, *y, split);
  else if (Status status = takeLabels(dataset, *y, targets, split); !status.ok())
    return status;
  return dataset;
}
