//===- Idx.h - The files of MNIST -----------------------------------------===//

#ifndef CNNC_IDX_H
#define CNNC_IDX_H

#include "runtime/File.h"
#include "runtime/Split.h"

#include <string>

namespace cnnc {

struct Dataset;

/// Unsigned bytes with up to four dimensions.
struct IdxArray {
  std::vector<uint32_t> shape;
  Bytes data; ///< exactly the product of the shape
};

/// Reads an IDX file's content; `path` is for messages.
Result<IdxArray> parseIdx(Bytes content, const std::string &path);

/// The images and labels of a split: `train-` or `t10k-images-idx3-ubyte` and
/// `-labels-idx1-ubyte`, plain or with `.gz`, in one folder.
Result<Dataset> openIdx(const std::string &directory, Split split);

} // namespace cnnc

#endif // CNNC_IDX_H
