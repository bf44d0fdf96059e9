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
  std::string kind;     ///< "digits", "idx", "cifar"
  std::string argument; ///< a directory, a number of images, or nothing
};

Result<DataSpec> parseDataSpec(std::string_view text);

struct ImageShape {
  int64_t channels = 0, height = 0, width = 0;
  int64_t elements() const { return channels * height * width; }
};

/// A split of a data source, in memory.
struct Dataset {
  std::string name; ///< for messages
  ImageShape shape;
  int64_t classes = 0;
  Bytes pixels; ///< image after image, each [C, H, W]
  std::vector<int32_t> labels;

  int64_t size() const { return static_cast<int64_t>(labels.size()); }
  const uint8_t *image(int64_t index) const { return pixels.data() + index * shape.elements(); }
};

/// `directory` is where relative directories of the spec start: that of the .cnn
/// file, or empty for the working directory.
Result<Dataset> openDataset(const DataSpec &spec, Split split, const std::string &directory = "");

/// Whether the network takes these pictures and labels: one f32 input of their
/// size, at most one class target, every label one of its classes.
Status checkDataset(const Dataset &dataset, const cnnc_model_info &info);

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

  /// Batch `step` of `epoch`, shuffled. Pixels become f32 from 0 to 1.
  void fill(int64_t epoch, int64_t step, float *images, int32_t *labels);

  /// Batch `step` in the source's order; the rest repeats the last image. Returns
  /// how many images are real.
  int64_t fillInOrder(int64_t step, float *images, int32_t *labels) const;

private:
  void shuffle(int64_t epoch);
  void copyImage(int64_t index, float *image, int32_t *label) const;

  const Dataset &dataset;
  int64_t batch;
  uint64_t seed;
  int64_t shuffledEpoch = -1;
  std::vector<uint32_t> order;
};

} // namespace cnnc

#endif // CNNC_DATASET_H
