//===- Dataset.h - Pictures with labels, and the order to learn them in ---===//

#ifndef CNNC_DATASET_H
#define CNNC_DATASET_H

#include "cnnc/abi.h"
#include "runtime/File.h"
#include "runtime/Split.h"

#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

/// What `data = idx("mnist")` or `--data 'idx(mnist)'` says.
struct DataSpec {
  std::string kind;         ///< "digits", "idx", "cifar", "folder", "npy"
  std::string argument;     ///< a directory, a number of images, npy's images, or nothing
  std::string targets = {}; ///< npy's second file
};

Result<DataSpec> parseDataSpec(std::string_view text);

struct ImageShape {
  int64_t channels = 0, height = 0, width = 0;
  bool isFlat = false; ///< [C] instead of [C, 1, 1]
  int64_t elements() const { return channels * height * width; }
};

/// A split of a data source, in memory: images, and a class or numbers for each.
struct Dataset {
  std::string name; ///< for messages
  ImageShape shape;
  int64_t classes = 0;       ///< 0: the targets are numbers
  Bytes pixels;              ///< image after image, each [C, H, W]; 0 to 255 stand for 0 to 1
  std::vector<float> values; ///< the same as numbers, where there are no pixels
  std::vector<int64_t> targetShape; ///< of one image: [] for one class, [h, w] for a class each
  std::vector<int32_t> labels;
  std::vector<float> targets; ///< where there are no labels

  int64_t size() const {
    int64_t elements = static_cast<int64_t>(pixels.empty() ? values.size() : pixels.size());
    return elements == 0 ? 0 : elements / shape.elements();
  }
  const uint8_t *image(int64_t index) const { return pixels.data() + index * shape.elements(); }
  /// How many labels or numbers one image has; 0 without targets.
  int64_t targetElements() const;
};

/// `directory` is where relative directories of the spec start: that of the .cnn
/// file, or empty for the working directory.
Result<Dataset> openDataset(const DataSpec &spec, Split split, const std::string &directory = "");

/// Whether the network takes these pictures and targets: one f32 input of their size, at
/// most one target of theirs, every label one of its classes.
Status checkDataset(const Dataset &dataset, const cnnc_model_info &info);

/// Every label is below `classes`, which a message calls `what`.
Status checkLabels(const Dataset &dataset, int64_t classes, std::string_view what);

/// One image's part of a tensor as a message writes it: "[3, 32, 32]".
std::string shapeOfOne(const cnnc_tensor_info &tensor);

/// Delivers batches. What a batch holds depends on the seed, the epoch and the
/// step only, so that a resumed training sees what it would have seen.
class Loader {
public:
  Loader(const Dataset &dataset, int64_t batch, uint64_t seed)
      : dataset(dataset), batch(batch), seed(seed) {}

  /// Whole batches; the images left over come up in other epochs.
  int64_t stepsPerEpoch() const { return dataset.size() / batch; }

  /// Batches that cover every image, the last one filled up.
  int64_t stepsInOrder() const { return (dataset.size() + batch - 1) / batch; }

  /// Batch `step` of `epoch`, shuffled. Pixels become f32 from 0 to 1. The targets are i32
  /// labels or f32 numbers, as the source has them; null where nobody wants them.
  void fill(int64_t epoch, int64_t step, float *images, void *targets);

  /// Batch `step` in the source's order; the rest repeats the last image. Returns
  /// how many images are real.
  int64_t fillInOrder(int64_t step, float *images, void *targets) const;

private:
  void shuffle(int64_t epoch);
  /// Copies image `index` to the place `to` of a batch.
  void copyImage(int64_t index, int64_t to, float *images, void *targets) const;

  const Dataset &dataset;
  int64_t batch;
  uint64_t seed;
  int64_t shuffledEpoch = -1;
  std::vector<uint32_t> order;
};

} // namespace cnnc

#endif // CNNC_DATASET_H
