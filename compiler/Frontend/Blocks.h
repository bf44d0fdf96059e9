//===- Blocks.h - What a text defines for its nets to use -------------------===//
#ifndef CNNC_FRONTEND_BLOCKS_H
#define CNNC_FRONTEND_BLOCKS_H

#include "compiler/Frontend/Arguments.h"

namespace cnnc {

/// Arguments that `default` gave to each layer, by keyword.
using Defaults = std::map<std::string, BoundArguments, std::less<>>;

/// What a copy costs, in steps.
inline uint64_t sizeOf(const Defaults &defaults) {
  uint64_t size = 0;
  for (const auto &entry : defaults)
    size += 1 + entry.second.size();
  return size;
}

/// A block with what its text sees where it stands: its file's names, and the defaults
/// before it. Defaults do not cross an import.
struct BlockDefinition {
  const ast::BlockItem *item;
  const Scope *scope;
  Defaults defaults;
};

/// `layer f = unit`: made at its first use, which fixes the sizes of its inputs.
struct SharedLayer {
  const ast::LayerStmt *statement;
  Scope *scope;
  Defaults defaults;
  std::string path; ///< with its own name: Basic1.f
  bool isMade = false;
  bool isActive = false; ///< it is being made
  std::vector<Shape> inputs{};
  SourceRange firstUse{};
};

} // namespace cnnc

#endif // CNNC_FRONTEND_BLOCKS_H
