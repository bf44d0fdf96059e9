// RUN: runtime-test-npy-dataset %t
//
// Images and targets in two arrays.

#include "runtime/Dataset.h"
#include "runtime/Npy.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <algorithm>

using namespace cnnc;
using namespace cnnc::test;

static std::string x, y;

template <typename T>
static void write(const std::string &path, ArrayType type, std::vector<int64_t> shape, T first) {
  int64_t elements = 1;
  for (int64_t size : shape)
    elements *= size;
  std::vector<T> values;
  for (int64_t i = 0; i < elements; ++i)
    values.push_back(static_cast<T>(first + static_cast<T>(i)));
  CHECK_OK(writeNpy(path, {"", type, shape, values.data()}));
}

static Result<Dataset> open(Split split) { return openDataset({"npy", x, y}, split); }

static void testLabels() {
  write<uint8_t>(x, ArrayType::U8, {21, 1, 2, 2}, 0);
  write<int64_t>(y, ArrayType::I64, {21}, 0);
  Result<Dataset> train = open(Split::Train), test = open(Split::Test);
  CHECK_OK(train.status());
  CHECK_OK(test.status());
  CHECK(train->size() == 19 && test->size() == 2 && train->classes == 21 && test->classes == 21);
  CHECK(test->labels == std::vector<int32_t>({9, 19}) && test->image(1)[3] == 79);
  CHECK(train->labels[8] == 8 && train->labels[9] == 10 && train->targetShape.empty());
  // Dense ones, of f32 images.
  write<float>(x, ArrayType::F32, {10, 1, 2, 3}, 0.5f);
  write<int32_t>(y, ArrayType::I32, {10, 2, 3}, 0);
  test = open(Split::Test);
  CHECK_OK(test.status());
  CHECK(test->size() == 1 && test->targetShape == std::vector<int64_t>({2, 3}));
  Loader loader(*test, 1, 0);
  float image[6];
  int32_t labels[6];
  CHECK(loader.fillInOrder(0, image, labels) == 1 && image[0] == 54.5f && labels[5] == 59);
  CHECK(loader.fillInOrder(0, image, nullptr) == 1);
}

static void testNumbers() {
  write<uint8_t>(x, ArrayType::U8, {10, 3}, 0);
  write<double>(y, ArrayType::F64, {10, 2}, -0.5);
  Result<Dataset> train = open(Split::Train);
  CHECK_OK(train.status());
  CHECK(train->classes == 0 && train->shape.isFlat && train->size() == 9);
  CHECK(train->targets.size() == 18 && train->targets[17] == 16.5f);
  Loader loader(*train, 3, 0);
  float images[9], targets[6];
  CHECK(loader.fillInOrder(2, images, targets) == 3);
  CHECK(images[8] == 26 / 255.0f && targets[0] == 11.5f && targets[5] == 16.5f);
}

static void testRefusals() {
  auto fails = [&](const char *message) {
    CHECK_FAILS(open(Split::Train).status(), Exit::File, message);
  };
  write<uint8_t>(x, ArrayType::U8, {10, 3}, 0);
  write<int32_t>(y, ArrayType::I32, {9}, 0);
  fails("y.npy: expected [10, …], one entry for each image of");
  write<int32_t>(y, ArrayType::I32, {10}, -1);
  fails("y.npy: label of image 0 is -1, expected 0 to 2147483646");
  write<int64_t>(y, ArrayType::I64, {10}, 2147483640);
  fails("y.npy: label of image 7 is 2147483647");
  write<int32_t>(x, ArrayType::I32, {10, 3}, 0);
  fails("x.npy: expected images of f32 or u8, found i32");
  write<uint8_t>(x, ArrayType::U8, {10, 3, 2}, 0);
  fails("x.npy: expected images [N, C, H, W] or [N, C], found [10, 3, 2]");
  write<uint8_t>(x, ArrayType::U8, {9, 3}, 0);
  fails("x.npy: expected 10 images at least, found [9, 3]");
  write<uint8_t>(x, ArrayType::U8, {10, 0}, 0);
  fails("x.npy: expected 10 images at least, found [10, 0]");
  write<uint8_t>(x, ArrayType::U8, {10, 3}, 0);
  write<float>(y, ArrayType::F32, {10, 0}, 0);
  fails("y.npy: expected numbers for each image, found [10, 0]");
  std::filesystem::remove(y);
  fails("y.npy: cannot read");
}

/// What a network takes: labels, dense labels or numbers of the right shape.
static void testFit() {
  Dataset data;
  data.name = "data";
  data.shape = {1, 28, 28};
  data.values.assign(784, 0.5f);
  data.targets = {1, 2};
  data.targetShape = {2};
  cnnc_model_info info = softmaxModel();
  cnnc_tensor_info target = info.targets[0];
  info.targets = &target;
  CHECK_FAILS(checkDataset(data, info), Exit::Request,
              "data gives numbers for each image, but target 'label' is a class");
  target.dtype = CNNC_F32;
  target.classes = 0;
  CHECK_FAILS(checkDataset(data, info), Exit::Request,
              "data gives numbers of [2] for each image, but target 'label' is []");
  target.rank = 2;
  target.shape[1] = 2;
  CHECK_OK(checkDataset(data, info));
  data.classes = 3;
  CHECK_FAILS(checkDataset(data, info), Exit::Request, "target 'label' is no class");
  target.dtype = CNNC_I32;
  target.classes = 3;
  data.labels = {0, 3};
  CHECK_FAILS(checkDataset(data, info), Exit::File, "label 3 of image 0 is not below 3");
  data.labels = {0, 2};
  CHECK_OK(checkDataset(data, info));
  data.shape.isFlat = true;
  CHECK_FAILS(checkDataset(data, info), Exit::Request, "data gives [1], but input 'image'");
  info.target_count = 0;
  data.shape.isFlat = false;
  CHECK_OK(checkDataset(data, info));
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]);
  x = directory + "/x.npy";
  y = directory + "/y.npy";
  testLabels();
  testNumbers();
  testRefusals();
  testFit();
  return finish();
}
