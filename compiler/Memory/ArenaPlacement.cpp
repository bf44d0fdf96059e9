//===- ArenaPlacement.cpp - Offsets for buffers that live for a while -----===//
//
// To find the smallest arena is NP-hard. Each buffer goes into the tightest gap that
// fits, in an order; which order is best depends on the net, so several are tried. The
// bytes that are alive at the fullest step are a bound: an order that reaches it ends
// the search. What is left above it is usually one buffer that found its gap taken; it
// comes earlier in the next order.
//
//===----------------------------------------------------------------------===//

#include "compiler/Memory/ArenaPlacement.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/Support/MathExtras.h"
#include <limits>

using namespace cnnc;
using llvm::ArrayRef;
using llvm::SmallVector;

int64_t ArenaBuffer::alignedBytes() const {
  return static_cast<int64_t>(llvm::alignTo(bytes, kBufferAlignment));
}

FullestStep cnnc::fullestStep(ArrayRef<ArenaBuffer> buffers) {
  // At a step, births come before deaths: a buffer is alive at its last step too.
  SmallVector<std::pair<int64_t, int64_t>> changes;
  for (const ArenaBuffer &buffer : buffers) {
    changes.push_back({2 * buffer.first, buffer.alignedBytes()});
    changes.push_back({2 * buffer.last + 1, -buffer.alignedBytes()});
  }
  llvm::sort(changes);
  int64_t live = 0;
  FullestStep fullest;
  for (auto [time, bytes] : changes)
    if ((live += bytes) > fullest.bytes)
      fullest = {time / 2, live};
  return fullest;
}

namespace {

/// Indices of buffers.
using Order = SmallVector<uint32_t>;

/// The offset of the tightest gap for `buffer` between those of `placed`, which is sorted by
/// offset, that are alive with it; their end if no gap fits.
int64_t tightestGap(const ArenaBuffer &buffer, ArrayRef<const ArenaBuffer *> placed) {
  int64_t best = -1, bestSize = std::numeric_limits<int64_t>::max(), gapStart = 0;
  for (const ArenaBuffer *other : placed) {
    if (!buffer.isAliveWith(*other))
      continue;
    int64_t gap = other->offset - gapStart;
    if (gap >= buffer.bytes && gap < bestSize) {
      best = gapStart;
      bestSize = gap;
    }
    gapStart = std::max(gapStart, other->end());
  }
  return best >= 0 ? best : gapStart;
}

int64_t placeInOrder(llvm::MutableArrayRef<ArenaBuffer> buffers, const Order &order) {
  SmallVector<const ArenaBuffer *> placed;
  int64_t arenaBytes = 0;
  for (uint32_t index : order) {
    ArenaBuffer &buffer = buffers[index];
    buffer.offset = tightestGap(buffer, placed);
    arenaBytes = std::max(arenaBytes, buffer.end());
    auto position =
        llvm::upper_bound(placed, &buffer, [](const ArenaBuffer *a, const ArenaBuffer *b) {
          return a->offset < b->offset;
        });
    placed.insert(position, &buffer);
  }
  return arenaBytes;
}

/// Largest key first; among equals, text order.
template <typename Key> Order orderBy(ArrayRef<ArenaBuffer> buffers, Key key) {
  Order order = llvm::to_vector(llvm::seq<uint32_t>(0, buffers.size()));
  llvm::sort(order, [&](uint32_t a, uint32_t b) {
    auto first = key(buffers[a]), second = key(buffers[b]);
    return first != second ? first > second : a < b;
  });
  return order;
}

SmallVector<Order> startingOrders(ArrayRef<ArenaBuffer> buffers, int64_t fullest) {
  auto life = [](const ArenaBuffer &buffer) { return buffer.last - buffer.first + 1; };
  auto isAliveThen = [&](const ArenaBuffer &b) { return b.first <= fullest && fullest <= b.last; };
  return {orderBy(buffers, [](const ArenaBuffer &b) { return b.bytes; }),
          // What is alive at the fullest step leaves no gap then; the others find theirs around it.
          orderBy(buffers,
                  [&](const ArenaBuffer &b) {
                    return std::pair(isAliveThen(b), double(b.bytes) * life(b));
                  }),
          orderBy(buffers, [&](const ArenaBuffer &b) { return double(b.bytes) * life(b); }),
          orderBy(buffers, [&](const ArenaBuffer &b) { return std::pair(life(b), b.bytes); }),
          orderBy(buffers, [](const ArenaBuffer &b) { return -b.first; }),
          orderBy(buffers, [](const ArenaBuffer &b) { return b.last; })};
}

/// The best placement so far.
class Search {
public:
  explicit Search(llvm::MutableArrayRef<ArenaBuffer> buffers)
      : buffers(buffers), fullest(fullestStep(buffers)) {}

  int64_t run();

private:
  /// Whether this order leaves nothing to gain.
  bool attempt(const Order &order);
  void improve(Order order);

  llvm::MutableArrayRef<ArenaBuffer> buffers;
  FullestStep fullest;
  int64_t bestBytes = std::numeric_limits<int64_t>::max();
  SmallVector<int64_t> bestOffsets;
};

bool Search::attempt(const Order &order) {
  int64_t bytes = placeInOrder(buffers, order);
  if (bytes < bestBytes) {
    bestBytes = bytes;
    bestOffsets = llvm::map_to_vector(buffers, [](const ArenaBuffer &b) { return b.offset; });
  }
  return bestBytes <= fullest.bytes;
}

/// Moves the buffers that stand out at the arena's end to the front of the order.
void Search::improve(Order order) {
  constexpr int mostRounds = 24; // a placement takes about as long as a small pass
  for (int round = 0; round < mostRounds; ++round) {
    int64_t end = 0;
    for (const ArenaBuffer &buffer : buffers)
      end = std::max(end, buffer.end());
    Order next;
    for (bool isOutstanding : {true, false})
      llvm::copy_if(order, std::back_inserter(next),
                    [&](uint32_t i) { return (buffers[i].end() == end) == isOutstanding; });
    order = std::move(next);
    if (attempt(order))
      return;
  }
}

int64_t Search::run() {
  for (const Order &order : startingOrders(buffers, fullest.step)) {
    if (attempt(order))
      break;
    improve(order);
    if (bestBytes <= fullest.bytes)
      break;
  }
  for (auto [buffer, offset] : llvm::zip_equal(buffers, bestOffsets))
    buffer.offset = offset;
  return buffers.empty() ? 0 : bestBytes;
}

} // namespace

int64_t cnnc::placeBuffers(llvm::MutableArrayRef<ArenaBuffer> buffers) {
  return Search(buffers).run();
}
