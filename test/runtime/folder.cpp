// RUN: runtime-test-folder %t
//
// Pictures in folders: classes, splits, and what does not fit.

#include "runtime/Dataset.h"
#include "test/runtime/Check.h"
#include "test/runtime/WriteJpeg.h"

#include <png.h>

using namespace cnnc;
using namespace cnnc::test;

static void writePng(const std::string &path, uint32_t side, uint8_t value, bool colour = false) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.format = colour ? PNG_FORMAT_RGB : PNG_FORMAT_GRAY;
  image.width = image.height = side;
  Bytes pixels(size_t{side} * side * (colour ? 3 : 1), value);
  CHECK(png_image_write_to_file(&image, path.c_str(), 0, pixels.data(), 0, nullptr));
}

static Result<Dataset> open(const std::string &directory, Split split) {
  return openDataset({"folder", directory, ""}, split);
}

/// Every tenth of the sorted list is for testing: of 12 pictures the tenth.
static void testWhole(const std::string &directory) {
  for (int i = 0; i < 6; ++i) {
    writePng(fmt::format("{}/dog/{}.png", directory, i), 4, static_cast<uint8_t>(10 + i));
    writePng(fmt::format("{}/cat/{}.PNG", directory, i), 4, static_cast<uint8_t>(i));
  }
  writeText(directory + "/cat/notes.txt", "no picture");
  writeText(directory + "/readme", "no class");
  std::filesystem::create_directories(directory + "/.hidden");
  Result<Dataset> train = open(directory, Split::Train), test = open(directory, Split::Test);
  CHECK_OK(train.status());
  CHECK_OK(test.status());
  CHECK(train->size() == 11 && train->classes == 2 && train->shape.channels == 1);
  CHECK(train->labels[0] == 0 && train->image(0)[0] == 0 && train->image(5)[15] == 5);
  CHECK(train->labels[6] == 1 && train->image(6)[0] == 10);
  CHECK(test->size() == 1 && test->labels[0] == 1 && test->image(0)[0] == 13);
  // A JPEG among them, of the same size.
  writeText(directory + "/dog/5.png.jpg", std::string_view());
  CHECK_FAILS(open(directory, Split::Train).status(), Exit::File, "5.png.jpg: not a readable JPEG");
  Bytes jpeg = encodeJpeg(4, 4, 1, Bytes(16, 77));
  writeText(directory + "/dog/5.png.jpg",
            {reinterpret_cast<const char *>(jpeg.data()), jpeg.size()});
  train = open(directory, Split::Train);
  CHECK_OK(train.status());
  CHECK(train->size() == 12 && train->image(11)[0] == 77);
  writePng(directory + "/dog/6.png", 5, 1);
  CHECK_FAILS(open(directory, Split::Train).status(), Exit::File,
              "6.png: expected a picture of [1, 4, 4] as the first one, found [1, 5, 5]");
  writePng(directory + "/dog/6.png", 4, 1, /*colour=*/true);
  CHECK_FAILS(open(directory, Split::Train).status(), Exit::File, "found [3, 4, 4]");
}

static void testSplits(const std::string &directory) {
  writePng(directory + "/train/a/x.png", 2, 1);
  writePng(directory + "/train/b/x.png", 2, 2);
  writePng(directory + "/test/b/x.png", 2, 3);
  Result<Dataset> train = open(directory, Split::Train), test = open(directory, Split::Test);
  CHECK_OK(train.status());
  CHECK_OK(test.status());
  CHECK(train->size() == 2 && train->labels[1] == 1 && train->image(1)[0] == 2);
  // The class keeps its number although the split lacks the one before it.
  CHECK(test->size() == 1 && test->classes == 2 && test->labels[0] == 1);
  writePng(directory + "/test/c/x.png", 2, 3);
  CHECK_FAILS(open(directory, Split::Train).status(), Exit::File,
              "test: class 'c' is not one of the training split: expected a, b");
}

static void testNothing(const std::string &directory) {
  CHECK_FAILS(open(directory + "/none", Split::Train).status(), Exit::File,
              "none: cannot read the folder: No such file");
  std::filesystem::create_directories(directory);
  CHECK_FAILS(open(directory, Split::Train).status(), Exit::File,
              "expected a folder for each class, found none");
  for (int i = 0; i < 9; ++i)
    writePng(fmt::format("{}/a/{}.png", directory, i), 2, 1);
  CHECK_FAILS(open(directory, Split::Test).status(), Exit::File, "10 at least, found 9");
  CHECK(open(directory, Split::Train)->size() == 9);
}

int main(int, char **argv) {
  std::string directory = emptyDirectory(argv[1]);
  testWhole(directory + "/whole");
  testSplits(directory + "/splits");
  testNothing(directory + "/nothing");
  return finish();
}
