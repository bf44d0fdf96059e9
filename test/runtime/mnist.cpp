// REQUIRES: cnnc-data
// RUN: runtime-test-mnist %{data}
//
// The real files, where the user has them.

#include "runtime/Dataset.h"
#include "test/runtime/Check.h"

#include <array>

using namespace cnnc;
using namespace cnnc::test;

int main(int argc, char **argv) {
  const char *given = argc > 1 ? argv[1] : std::getenv("CNNC_DATA");
  std::string directory = joinPath(given ? given : "", "mnist");
  if (!given || !fileExists(directory)) {
    std::printf("skipped: no folder 'mnist' in the argument or in CNNC_DATA\n");
    return 0;
  }
  Result<Dataset> train = openDataset({"idx", directory}, Split::Train);
  Result<Dataset> test = openDataset({"idx", "mnist"}, Split::Test, given);
  CHECK_OK(train.status());
  CHECK_OK(test.status());
  CHECK(train->size() == 60000 && test->size() == 10000);
  CHECK(train->shape.height == 28 && train->shape.width == 28 && train->classes == 10);
  std::array<int, 10> count{};
  for (int32_t label : train->labels)
    ++count[static_cast<size_t>(label)];
  CHECK(count[0] == 5923 && count[1] == 6742 && count[9] == 5949);
  CHECK(train->labels[0] == 5 && test->labels[0] == 7);
  return finish();
}
