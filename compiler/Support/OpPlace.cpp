//===- OpPlace.cpp - Which layer of which line an op comes from -----------===//

#include "compiler/Support/OpPlace.h"

#include "mlir/IR/BuiltinAttributes.h"

using namespace mlir;

namespace cnnc {

OpPlace placeOf(Location loc) {
  OpPlace place;
  SmallVector<StringRef, 2> names;
  loc->walk([&](Location part) {
    if (auto named = dyn_cast<NameLoc>(part))
      names.push_back(named.getName());
    auto text = dyn_cast<FileLineColLoc>(part);
    if (!text)
      return WalkResult::advance();
    place.file = text.getFilename().str();
    place.line = text.getLine();
    place.column = text.getColumn();
    return WalkResult::interrupt();
  });
  if (!names.empty())
    place.layer = names[0].str();
  if (names.size() > 1)
    place.direction = names[1].str();
  return place;
}

} // namespace cnnc
