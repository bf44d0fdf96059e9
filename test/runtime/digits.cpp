// RUN: runtime-test-digits
//
// The built-in pictures: the same bits everywhere, every class alike, and too hard
// for a linear classifier.

#include "runtime/Digits.h"
#include "runtime/Dataset.h"
#include "runtime/Train.h"
#include "test/runtime/Check.h"
#include "test/runtime/SoftmaxModel.h"

#include <array>
#include <set>

using namespace cnnc;
using namespace cnnc::test;

static void testBits() {
  Result<Dataset> train = openDataset({"digits", ""}, Split::Train);
  Result<Dataset> test = openDataset({"digits", ""}, Split::Test);
  CHECK(train->size() == 10000 && test->size() == 2000 && train->classes == 10);
  CHECK_HASH(hashOf(train->pixels.data(), train->pixels.size()), 0xc75e20cd1bf8857b);
  CHECK_HASH(hashOf(test->pixels.data(), test->pixels.size()), 0xeb4d075005e4fc5b);
  CHECK_HASH(hashOf(train->labels.data(), train->labels.size() * 4), 0x9386d0c287fc7645);
  // An image does not depend on how many are asked for, or in which order.
  Result<Dataset> few = openDataset({"digits", "37"}, Split::Train);
  CHECK(few->size() == 37);
  CHECK(std::equal(few->pixels.begin(), few->pixels.end(), train->pixels.begin()));
  uint8_t pixels[kDigitPixels];
  drawDigit(Split::Test, 1234, pixels);
  CHECK(std::memcmp(pixels, test->image(1234), kDigitPixels) == 0);
}

static void testBalance() {
  Result<Dataset> train = openDataset({"digits", ""}, Split::Train);
  Result<Dataset> test = openDataset({"digits", ""}, Split::Test);
  std::array<int, 10> count{};
  std::set<uint64_t> seen;
  for (const Dataset *data : {&*train, &*test})
    for (int64_t i = 0; i < data->size(); ++i) {
      ++count[static_cast<size_t>(data->labels[i])];
      seen.insert(hashOf(data->image(i), kDigitPixels));
    }
  for (int each : count)
    CHECK(each == 1200);
  CHECK(seen.size() == 12000); // no image twice, in particular not in both splits
}

static void testLinearIsNotEnough() {
  Result<Dataset> train = openDataset({"digits", ""}, Split::Train);
  Result<Dataset> test = openDataset({"digits", ""}, Split::Test);
  TrainConfig config;
  config.epochs = 8;
  config.learningRate = 0.05;
  config.schedule = {.kind = Schedule::Step, .at = {6}, .gamma = 0.1};
  config.evaluation = {{LossSpec{}}, {{"accuracy", 1}}};
  config.progress = nullptr;
  Result<TrainReport> report = cnnc::train(softmaxModel(), *train, &*test, config);
  CHECK_OK(report.status());
  double accuracy = report->evaluation->metrics[0].second;
  std::printf("linear classifier: %.4f\n", accuracy);
  CHECK(accuracy > 0.75 && accuracy < 0.93);
}

int main() {
  testBits();
  testBalance();
  testLinearIsNotEnough();
  CHECK_FAILS(openDataset({"digits", "0"}, Split::Train).status(), Exit::Request,
              "expected a number");
  CHECK_FAILS(openDataset({"digits", "5x"}, Split::Train).status(), Exit::Request,
              "expected a number");
  CHECK_FAILS(openDataset({"digits", "99999999999999999999"}, Split::Train).status(), Exit::Request,
              "expected a number");
  return finish();
}
