//===- ASTPrinter.h - The syntax tree as text -------------------------------===//
#ifndef CNNC_FRONTEND_ASTPRINTER_H
#define CNNC_FRONTEND_ASTPRINTER_H

#include "compiler/Frontend/AST.h"

namespace llvm {
class raw_ostream;
}

namespace cnnc {

/// One node a line, children indented by two; expressions fully parenthesized on
/// the line of their node. For --emit=ast.
void printTree(llvm::raw_ostream &os, const ast::File &file);

} // namespace cnnc

#endif // CNNC_FRONTEND_ASTPRINTER_H
