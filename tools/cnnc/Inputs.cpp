//===- Inputs.cpp - Arrays and pictures for a network ---------------------===//

#include "tools/cnnc/Inputs.h"
#include "runtime/Picture.h"

#include "llvm/ADT/STLExtras.h"
#include <cstring>
#include <fmt/ranges.h>

using namespace cnnc;

Result<std::vector<std::string>> cnnc::assignFiles(const Arguments &arguments,
                                                   const std::vector<std::string> &names) {
  std::vector<std::string> files(names.size());
  for (const std::string &text : arguments.all("--input")) {
    auto [name, path] = llvm::StringRef(text).split('=');
    if (path.empty()) {
      // Without a name it is for the only tensor.
      if (names.size() != 1)
        return fail(Exit::Request, "--input {}: which of {} is it for? write --input {}={}", text,
                    fmt::join(names, ", "), names.front(), text);
      path = text;
      name = names.front();
    }
    auto found = llvm::find(names, name);
    if (found == names.end()) {
      auto match = nearest(name, names);
      return fail(Exit::Request, "--input {}: the network has no '{}'{}", text, name.str(),
                  match ? "; did you mean '" + *match + "'?"
                        : fmt::format(", but {}", fmt::join(names, ", ")));
    }
    std::string &file = files[found - names.begin()];
    if (!file.empty())
      return fail(Exit::Request, "--input {}: '{}' is given twice", text, name.str());
    file = path.str();
  }
  for (auto [name, file] : llvm::zip_equal(names, files))
    if (file.empty())
      return fail(Exit::Request, "no --input for '{}': add --input {}=FILE.npy", name, name);
  return files;
}

Result<Array> cnnc::readInput(const std::string &path) {
  if (!isPictureName(path))
    return readNpy(path);
  Result<Picture> picture = readPicture(path);
  if (!picture)
    return picture.status();
  return Array{ArrayType::U8,
               {1, picture->channels, picture->height, picture->width},
               std::move(picture->pixels)};
}

Result<int64_t> cnnc::countImages(const Array &array, const std::string &path, const Shape &shape) {
  auto matches = [&](size_t skip) {
    return array.shape.size() == shape.size() + skip &&
           std::equal(shape.begin(), shape.end(), array.shape.begin() + skip);
  };
  if (matches(1) && array.shape[0] > 0)
    return array.shape[0];
  if (matches(0))
    return int64_t(1);
  return fail(Exit::File, "{}: expected the shape [N{}{}], found [{}]", path,
              shape.empty() ? "" : ", ", fmt::join(shape, ", "), fmt::join(array.shape, ", "));
}

template <typename T> static T elementAt(const Array &array, int64_t i) {
  T value;
  std::memcpy(&value, array.data.data() + i * sizeof(T), sizeof(T));
  return value;
}

static double numberAt(const Array &array, int64_t i) {
  switch (array.type) {
  case ArrayType::F32:
    return elementAt<float>(array, i);
  case ArrayType::F64:
    return elementAt<double>(array, i);
  case ArrayType::U8:
    return elementAt<uint8_t>(array, i);
  case ArrayType::I32:
    return elementAt<int32_t>(array, i);
  case ArrayType::I64:
    return double(elementAt<int64_t>(array, i));
  }
  return 0;
}

Status cnnc::convertImages(const Array &array, const std::string &path, int64_t first,
                           int64_t count, int64_t elements, int64_t classes, cnnc_dtype dtype,
                           void *to) {
  bool whole =
      array.type == ArrayType::U8 || array.type == ArrayType::I32 || array.type == ArrayType::I64;
  if (classes > 0 && !whole)
    return fail(Exit::File, "{}: labels must be integers, found {}", path, nameOf(array.type));
  // Pixels of a byte are from 0 to 1, as the data sources deliver them.
  constexpr float whitestPixel = 255;
  for (int64_t i = 0; i < count * elements; ++i) {
    int64_t from = first * elements + i;
    double value = numberAt(array, from);
    if (classes > 0) {
      if (value < 0 || value >= double(classes))
        return fail(Exit::File, "{}: label {} of image {} is not one of the classes 0 to {}", path,
                    value, from / elements, classes - 1);
      static_cast<int32_t *>(to)[i] = int32_t(value);
    } else if (dtype == CNNC_F64) {
      static_cast<double *>(to)[i] = array.type == ArrayType::U8 ? value / whitestPixel : value;
    } else {
      float single = float(value);
      static_cast<float *>(to)[i] = array.type == ArrayType::U8 ? single / whitestPixel : single;
    }
  }
  return Status();
}
