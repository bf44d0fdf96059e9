//===- Graph.h - A network as a picture -----------------------------------===//
#ifndef CNNC_TOOLS_GRAPH_H
#define CNNC_TOOLS_GRAPH_H

#include "tools/cnnc/NetRows.h"

#include "llvm/ADT/StringMap.h"

namespace cnnc {

/// A picture in Graphviz's language. Its layout knows nodes by short names; what they
/// are called, and what a pointer over them shows, stands beside it.
struct Graph {
  std::string dot;
  /// From the names that Graphviz puts in <title> to details.
  llvm::StringMap<std::string> titles;
};

/// Text within XML and Graphviz's HTML-like labels.
std::string escaped(llvm::StringRef text);

Graph drawGraph(const TypedNet &net, const std::vector<NetRow> &rows);

} // namespace cnnc

#endif // CNNC_TOOLS_GRAPH_H
