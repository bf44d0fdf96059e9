//===- Buffer.cpp - Aligned memory for parameters and scratch -------------===//

#include "runtime/Buffer.h"

#include "cnnc/abi.h"

#include <cstring>
#include <sys/mman.h>

using namespace cnnc;

Result<Buffer> Buffer::allocate(size_t bytes) {
  constexpr size_t kHugePage = size_t{2} << 20;
  size_t alignment = bytes >= kHugePage ? kHugePage : CNNC_ALIGNMENT;
  if (bytes > SIZE_MAX - alignment)
    return fail(Exit::Limit, "cannot allocate {} bytes", bytes);
  // aligned_alloc wants a multiple of the alignment; at least one, so that even an
  // empty buffer has an address.
  size_t rounded = (bytes + alignment - 1) / alignment * alignment;
  if (rounded == 0)
    rounded = alignment;
  Buffer buffer;
  buffer.memory.reset(std::aligned_alloc(alignment, rounded));
  if (!buffer.memory)
    return fail(Exit::Limit, "cannot allocate {} bytes", bytes);
  if (alignment == kHugePage)
    madvise(buffer.data(), rounded, MADV_HUGEPAGE); // advice: a refusal changes nothing
  std::memset(buffer.data(), 0, rounded);
  buffer.size = bytes;
  return buffer;
}
