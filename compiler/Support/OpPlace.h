//===- OpPlace.h - Which layer of which line an op comes from ---------------===//
#ifndef CNNC_SUPPORT_OPPLACE_H
#define CNNC_SUPPORT_OPPLACE_H

#include "mlir/IR/Location.h"
#include <string>

namespace cnnc {

/// What a location says: `"conv1"("weights"("net.cnn":3:5))`.
struct OpPlace {
  std::string layer;     ///< empty where no op of the text stands behind it
  std::string direction; ///< data or weights in the backward pass, else empty
  std::string file;
  int64_t line = 0, column = 0;

  auto operator<=>(const OpPlace &) const = default;
};

/// Of fused locations the first, which is the kernel that took in the others.
OpPlace placeOf(mlir::Location loc);

} // namespace cnnc

#endif // CNNC_SUPPORT_OPPLACE_H
