//===- ArenaPlacement.h - Offsets for buffers that live for a while ---------===//
#ifndef CNNC_MEMORY_ARENAPLACEMENT_H
#define CNNC_MEMORY_ARENAPLACEMENT_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>

namespace cnnc {

/// Of CNNC_ALIGNMENT in abi.h: a cache line, and the widest vector.
inline constexpr int64_t kBufferAlignment = 64;

/// A piece of the arena: its size, when it is alive, and where it lies.
struct ArenaBuffer {
  int64_t bytes = 0;
  int64_t first = 0, last = 0; ///< steps, both inclusive
  int64_t offset = 0;

  int64_t alignedBytes() const;
  int64_t end() const { return offset + alignedBytes(); }
  bool isAliveWith(const ArenaBuffer &other) const {
    return first <= other.last && other.first <= last;
  }
};

/// The step at which most bytes are alive, the first of them, and the bytes: no arena can be
/// smaller.
struct FullestStep {
  int64_t step = 0, bytes = 0;
};
FullestStep fullestStep(llvm::ArrayRef<ArenaBuffer> buffers);

/// Gives every buffer an offset, a multiple of the alignment, so that buffers which are alive
/// together do not overlap. Returns the bytes of the arena. Depends on nothing but its argument.
int64_t placeBuffers(llvm::MutableArrayRef<ArenaBuffer> buffers);

} // namespace cnnc

#endif // CNNC_MEMORY_ARENAPLACEMENT_H
