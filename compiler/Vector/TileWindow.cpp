//===- TileWindow.cpp - Pooling the points of a tile ----------------------===//

#include "compiler/Vector/TileEmitter.h"

using namespace mlir;

namespace cnnc {

void TileEmitter::poolWindow(const Ranges &ranges, const Offsets &first,
                             const std::map<Offsets, Values> &values, Loaded &loaded) {
  Values arguments;
  for (const Offsets &point : nest.windowPoints())
    llvm::append_range(arguments, values.at(point));
  Values results = compute(*nest.pool, arguments, ranges, first);
  for (auto [i, result] : llvm::enumerate(results))
    store(nest.firstOutput() + nest.pointOutputs() + i, ranges, first, result, loaded);
}

} // namespace cnnc
