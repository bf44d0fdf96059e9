//===- Npy.h - Arrays of NumPy --------------------------------------------===//

#ifndef CNNC_NPY_H
#define CNNC_NPY_H

#include "runtime/File.h"

#include <string>
#include <vector>

namespace cnnc {

enum class ArrayType { F32, F64, U8, I32, I64 };

size_t bytesOf(ArrayType type);
const char *nameOf(ArrayType type); ///< "f32"

/// An array in row-major order, little-endian.
struct Array {
  ArrayType type = ArrayType::F32;
  std::vector<int64_t> shape;
  Bytes data;
};

/// An array that somebody else owns.
struct ArrayView {
  std::string name; ///< the key in a .npz
  ArrayType type = ArrayType::F32;
  std::vector<int64_t> shape;
  const void *data = nullptr;
};

/// Versions 1 to 3; `<f4 <f8 |u1 <i4 <i8`; Fortran order is turned into C order.
/// Arrays of objects, which would run code when read, are refused.
Result<Array> readNpy(const std::string &path);
Result<Array> parseNpy(const Bytes &content, const std::string &path);

/// "-" is standard output.
Status writeNpy(const std::string &path, const ArrayView &array);

/// A zip file of stored (not compressed) entries `<name>.npy`.
Status writeNpz(const std::string &path, const std::vector<ArrayView> &arrays);

} // namespace cnnc

#endif // CNNC_NPY_H
