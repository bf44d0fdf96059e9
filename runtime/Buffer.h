//===- Buffer.h - Aligned memory for parameters and scratch ---------------===//

#ifndef CNNC_BUFFER_H
#define CNNC_BUFFER_H

#include "runtime/Status.h"

#include <cstddef>
#include <cstdlib>
#include <memory>

namespace cnnc {

/// Zeroed memory at the alignment that generated code asks for. From 2 MiB on it
/// is aligned to huge pages and the kernel is asked for them.
class Buffer {
public:
  Buffer() = default;
  static Result<Buffer> allocate(size_t bytes);

  void *data() const { return memory.get(); }
  size_t bytes() const { return size; }
  template <typename T> T *as() const { return static_cast<T *>(memory.get()); }

private:
  struct Free {
    void operator()(void *pointer) const { std::free(pointer); }
  };
  std::unique_ptr<void, Free> memory;
  size_t size = 0;
};

} // namespace cnnc

#endif // CNNC_BUFFER_H
