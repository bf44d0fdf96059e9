//===- Inputs.h - Arrays and pictures for a network -------------------------===//
#ifndef CNNC_TOOLS_INPUTS_H
#define CNNC_TOOLS_INPUTS_H

#include "runtime/Npy.h"
#include "tools/cnnc/Verbs.h"

namespace cnnc {

/// --input x.npy or --input name=x.npy: which file is for which tensor. Inputs and
/// targets that have no file, files without a tensor: an error that names them.
Result<std::vector<std::string>> assignFiles(const Arguments &arguments,
                                             const std::vector<std::string> &names);

/// An array of a file, or a picture as [1, C, H, W] from 0 to 1.
Result<Array> readInput(const std::string &path);

/// Checks a file's shape against [*, shape] and returns the number of images; an
/// array without the batch's dimension is one image.
Result<int64_t> countImages(const Array &array, const std::string &path, const Shape &shape);

/// Converts `count` images from image `first` to what compiled code reads: floats, or
/// i32 labels where `classes` > 0, each checked. u8 pixels become 0 to 1.
Status convertImages(const Array &array, const std::string &path, int64_t first, int64_t count,
                     int64_t elements, int64_t classes, cnnc_dtype dtype, void *to);

} // namespace cnnc

#endif // CNNC_TOOLS_INPUTS_H
