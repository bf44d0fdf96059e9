// RUN: runtime-test-loader
//
// What a batch holds depends on seed, epoch and step only.

#include "runtime/Dataset.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <algorithm>

using namespace cnnc;
using namespace cnnc::test;

/// One pixel an image, whose value is also its label.
static Dataset numbers(int32_t count) {
  Dataset data;
  data.name = "numbers";
  data.shape = {1, 1, 1};
  data.classes = count;
  for (int32_t i = 0; i < count; ++i) {
    data.pixels.push_back(static_cast<uint8_t>(i));
    data.labels.push_back(i);
  }
  return data;
}

static std::vector<int32_t> batchOf(Loader &loader, int64_t epoch, int64_t step, int64_t batch) {
  std::vector<float> images(static_cast<size_t>(batch));
  std::vector<int32_t> labels(static_cast<size_t>(batch));
  loader.fill(epoch, step, images.data(), labels.data());
  for (size_t i = 0; i < labels.size(); ++i)
    CHECK(images[i] == static_cast<float>(labels[i]) / 255.0f);
  return labels;
}

static void testShuffle() {
  Dataset data = numbers(103);
  Loader loader(data, 10, 1), again(data, 10, 1), other(data, 10, 2);
  CHECK(loader.stepsPerEpoch() == 10 && loader.stepsInOrder() == 11);
  std::vector<int32_t> all;
  for (int64_t step = 0; step < 10; ++step)
    for (int32_t label : batchOf(loader, 3, step, 10))
      all.push_back(label);
  CHECK(!std::is_sorted(all.begin(), all.end()));
  CHECK_HASH(hashOf(all.data(), all.size() * 4), 0x8f280bc4365fc862);
  std::sort(all.begin(), all.end());
  CHECK(std::unique(all.begin(), all.end()) == all.end());
  // Any batch, without those before it, and after another epoch.
  std::vector<int32_t> seventh = batchOf(again, 3, 7, 10);
  batchOf(loader, 4, 0, 10);
  CHECK(batchOf(loader, 3, 7, 10) == seventh);
  CHECK(batchOf(loader, 4, 7, 10) != seventh);
  CHECK(batchOf(other, 3, 7, 10) != seventh);
}

static void testOrder() {
  Dataset data = numbers(23);
  Loader loader(data, 10, 1);
  float images[10];
  int32_t labels[10];
  CHECK(loader.fillInOrder(0, images, labels) == 10 && labels[9] == 9);
  CHECK(loader.fillInOrder(2, images, labels) == 3);
  CHECK(labels[0] == 20 && labels[2] == 22 && labels[3] == 22 && labels[9] == 22);
}

static void testSpec() {
  CHECK(parseDataSpec("digits()")->kind == "digits");
  CHECK(parseDataSpec(" digits ( 5000 ) ")->argument == "5000");
  CHECK(parseDataSpec("idx(a/b c)")->argument == "a/b c");
  CHECK(parseDataSpec("idx(\"a(b)\")")->argument == "a(b)");
  CHECK(parseDataSpec("folder(a, b)")->argument == "a, b");
  Result<DataSpec> arrays = parseDataSpec("npy(\"x, 1.npy\" , y.npy)");
  CHECK(arrays->argument == "x, 1.npy" && arrays->targets == "y.npy");
  for (const char *text : {"npy(x.npy)", "npy(,y.npy)", "npy()", "npy"})
    CHECK_FAILS(parseDataSpec(text).status(), Exit::Request, "npy needs two files");
  CHECK_FAILS(parseDataSpec("idx()").status(), Exit::Request, "idx needs a directory");
  CHECK_FAILS(parseDataSpec("idx(a").status(), Exit::Request, "expected ')' at the end");
  CHECK_FAILS(parseDataSpec("").status(), Exit::Request, "expected digits()");
  CHECK_FAILS(parseDataSpec("mnist(a)").status(), Exit::Request, "expected digits(), idx(DIR)");
}

static void testFit() {
  Result<Dataset> digits = openDataset({"digits", "60"}, Split::Train);
  cnnc_model_info info = softmaxModel();
  CHECK_OK(checkDataset(*digits, info));
  digits->labels[5] = 10;
  CHECK_FAILS(checkDataset(*digits, info), Exit::File, "label 10 of image 5 is not below 10");
  CHECK_FAILS(checkDataset(numbers(3), info), Exit::Request,
              "numbers gives [1, 1, 1], but input 'image' is [1, 28, 28]");
  info.input_count = 2;
  CHECK_FAILS(checkDataset(*digits, info), Exit::Request, "has 2 inputs");
  info = softmaxModel();
  cnnc_tensor_info target = info.targets[0];
  target.classes = 0;
  info.targets = &target;
  CHECK_FAILS(checkDataset(*digits, info), Exit::Request, "target 'label' is no class");
}

int main() {
  testShuffle();
  testOrder();
  testSpec();
  testFit();
  return finish();
}
