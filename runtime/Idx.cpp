//===- Idx.cpp - The files of MNIST ---------------------------------------===//
//
//   0, 0, type, rank | rank big-endian u32 dimensions | data

#include "runtime/Idx.h"

#include "runtime/Dataset.h"

#include <algorithm>

using namespace cnnc;

namespace {

constexpr uint8_t kUnsignedByte = 0x08;
constexpr uint8_t kMaxRank = 4;
/// What a .gz may unpack to. The largest set in this format (EMNIST) has 0.5 GiB.
constexpr uint64_t kMaxUnpacked = uint64_t{1} << 30;

/// The file with or without .gz; `path` becomes the one that is there.
Result<IdxArray> readPart(const std::string &directory, const std::string &name) {
  std::string path = joinPath(directory, name);
  if (!fileExists(path))
    path += ".gz";
  if (!fileExists(path))
    return fail(Exit::File, "{}: expected {} or {}.gz, but neither is there", directory, name,
                name);
  Result<Bytes> content = readMaybeGzip(path, kMaxUnpacked);
  if (!content)
    return content.status();
  return parseIdx(std::move(*content), path);
}

} // namespace

Result<IdxArray> cnnc::parseIdx(Bytes content, const std::string &path) {
  if (content.size() < 4)
    return fail(Exit::File, "{}: file ends within the magic number, at byte {}", path,
                content.size());
  if (content[0] != 0 || content[1] != 0)
    return fail(Exit::File,
                "{}: not an IDX file: expected bytes 00 00 at byte 0, found {:02x} {:02x}", path,
                content[0], content[1]);
  if (content[2] != kUnsignedByte)
    return fail(Exit::File, "{}: expected type 08 (unsigned byte) at byte 2, found {:02x}", path,
                content[2]);
  uint8_t rank = content[3];
  if (rank < 1 || rank > kMaxRank)
    return fail(Exit::File, "{}: expected 1 to {} dimensions at byte 3, found {}", path, kMaxRank,
                rank);
  size_t header = 4 + size_t{4} * rank;
  if (content.size() < header)
    return fail(Exit::File, "{}: file ends within the dimensions, at byte {}", path,
                content.size());
  IdxArray array;
  uint64_t product = 1;
  for (size_t at = 4; at < header; at += 4) {
    uint32_t extent = uint32_t{content[at]} << 24 | uint32_t{content[at + 1]} << 16 |
                      uint32_t{content[at + 2]} << 8 | content[at + 3];
    if (__builtin_mul_overflow(product, extent, &product))
      return fail(Exit::File, "{}: product of the dimensions does not fit 64 bits, at byte {}",
                  path, at);
    array.shape.push_back(extent);
  }
  if (product != content.size() - header)
    return fail(Exit::File, "{}: dimensions {} need {} bytes from byte {} on, found {}", path,
                fmt::join(array.shape, "x"), product, header, content.size() - header);
  content.erase(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(header));
  array.data = std::move(content);
  return array;
}

Result<Dataset> cnnc::openIdx(const std::string &directory, Split split) {
  std::string prefix = split == Split::Train ? "train" : "t10k";
  std::string imageName = prefix + "-images-idx3-ubyte", labelName = prefix + "-labels-idx1-ubyte";
  Result<IdxArray> images = readPart(directory, imageName);
  if (!images)
    return images.status();
  Result<IdxArray> labels = readPart(directory, labelName);
  if (!labels)
    return labels.status();
  if (images->shape.size() != 3)
    return fail(Exit::File, "{}: expected 3 dimensions at byte 3, found {}",
                joinPath(directory, imageName), images->shape.size());
  if (labels->shape.size() != 1)
    return fail(Exit::File, "{}: expected 1 dimension at byte 3, found {}",
                joinPath(directory, labelName), labels->shape.size());
  if (images->data.empty())
    return fail(Exit::File, "{}: no images: dimensions {}", joinPath(directory, imageName),
                fmt::join(images->shape, "x"));
  if (images->shape[0] != labels->shape[0])
    return fail(Exit::File, "{}: {} labels for {} images", joinPath(directory, labelName),
                labels->shape[0], images->shape[0]);
  Dataset dataset;
  dataset.name = fmt::format("idx({})", directory);
  dataset.shape = {1, images->shape[1], images->shape[2]};
  dataset.pixels = std::move(images->data);
  dataset.labels.assign(labels->data.begin(), labels->data.end());
  dataset.classes = 1 + *std::max_element(dataset.labels.begin(), dataset.labels.end());
  return dataset;
}
