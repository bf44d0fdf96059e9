//===- Safetensors.h - Weight files on the host ---------------------------===//
//
// The parser is the embedded one (runtime/embedded/Safetensors.h); here are files,
// names as strings, messages, and a writer.

#ifndef CNNC_SAFETENSORS_H
#define CNNC_SAFETENSORS_H

#include "cnnc/abi.h"
#include "runtime/File.h"
#include "runtime/embedded/Safetensors.h"

#include <map>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

namespace cnnc {

/// A tensor of a file that is in memory.
struct TensorView {
  std::string name;
  cnnc_st_dtype dtype;
  std::vector<uint64_t> shape;
  const uint8_t *data; ///< not aligned: copy it out
  uint64_t bytes;
  uint64_t offset; ///< of the name in the file, for messages
};

class SafetensorsFile {
public:
  /// Reads and checks the whole file.
  static Result<SafetensorsFile> read(const std::string &path);
  static Result<SafetensorsFile> parse(Bytes content, const std::string &path);

  const std::string &path() const { return file; }
  const std::vector<TensorView> &tensors() const { return views; }
  const std::map<std::string, std::string> &metadata() const { return texts; }

  /// Null if there is none of this name.
  const TensorView *find(const std::string &name) const;

private:
  std::string file;
  Bytes content; // moving a vector keeps its memory, so the views stay valid
  std::vector<TensorView> views;
  std::unordered_map<std::string, size_t> places;
  std::map<std::string, std::string> texts;
};

/// A tensor to be written.
struct TensorRef {
  std::string name;
  cnnc_st_dtype dtype;
  std::vector<uint64_t> shape;
  const void *data;
  uint64_t bytes;
  std::shared_ptr<const void> owned = nullptr; ///< what `data` points into, if nobody else keeps it
};

/// Written atomically, in the given order.
Status writeSafetensors(const std::string &path, const std::vector<TensorRef> &tensors,
                        const std::map<std::string, std::string> &metadata = {});

/// The same as bytes.
std::string safetensorsHeader(const std::vector<TensorRef> &tensors,
                              const std::map<std::string, std::string> &metadata);

/// The entry of a model's table, a part of params or state, which start at `base`. Refers to
/// them, or where they store the tensor in blocks to a copy in row-major order.
TensorRef tensorRef(const cnnc_tensor_info &info, const void *base, std::string name);

/// Whether the file's tensor is what the table asks for; the message names both.
Status checkTensor(const SafetensorsFile &file, const TensorView &have,
                   const cnnc_tensor_info &want);

/// Copies the file's tensors to their places in `params`. The file must hold those
/// of the network and no others, except such that begin with `ignoredPrefix`. On
/// an error `params` is as before.
Status loadParameters(const cnnc_model_info &info, void *params, const SafetensorsFile &file,
                      const std::string &ignoredPrefix = "");
Status loadParameters(const cnnc_model_info &info, void *params, const std::string &path);

/// Writes the parameters, to "-" for standard output.
Status saveParameters(const cnnc_model_info &info, const void *params, const std::string &path,
                      const std::map<std::string, std::string> &metadata = {});

} // namespace cnnc

#endif // CNNC_SAFETENSORS_H
