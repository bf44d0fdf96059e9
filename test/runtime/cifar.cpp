// RUN: runtime-test-cifar %t

#include "runtime/Dataset.h"
#include "test/runtime/Check.h"

using namespace cnnc;
using namespace cnnc::test;

static std::string record(const std::string &labels, char first) {
  std::string out = labels + std::string(3072, '\7');
  out[labels.size()] = first;
  return out;
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]);
  auto open = [&](Split split) { return openDataset({"cifar", directory}, split); };
  CHECK_FAILS(open(Split::Train).status(), Exit::File, "data_batch_1.bin: cannot read");
  writeText(directory + "/data_batch_1.bin", record("\1", 'a') + record("\2", 'b'));
  writeText(directory + "/data_batch_3.bin", record("\3", 'c'));
  writeText(directory + "/test_batch.bin", record("\4", 'd'));
  Result<Dataset> train = open(Split::Train), test = open(Split::Test);
  CHECK_OK(train.status());
  CHECK_OK(test.status());
  CHECK(train->size() == 3 && train->classes == 10 && train->shape.channels == 3);
  CHECK(train->labels[2] == 3 && train->image(2)[0] == 'c' && train->image(1)[1] == 7);
  CHECK(test->size() == 1 && test->labels[0] == 4);
  std::string good = record("\1", 'a');
  for (size_t length = 0; length < good.size(); ++length) {
    writeText(directory + "/test_batch.bin", good.substr(0, length));
    CHECK_FAILS(open(Split::Test).status(), Exit::File, "records of 3073 bytes");
    length += length > 4 && length < 3060 ? 50 : 0;
  }
  writeText(directory + "/test_batch.bin", good + record("\x0a", 'a'));
  CHECK_FAILS(open(Split::Test).status(), Exit::File, "label at byte 3073 is 10, expected 0 to 9");
  writeText(directory + "/train.bin", record("\x05\x63", 'e'));
  train = open(Split::Train);
  CHECK_OK(train.status());
  CHECK(train->classes == 100 && train->labels[0] == 99 && train->image(0)[0] == 'e');
  return finish();
}
