//===- NetPrinter.h - A backward pass as a text of the language -------------===//
#ifndef CNNC_IRGEN_NETPRINTER_H
#define CNNC_IRGEN_NETPRINTER_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"
#include <string>

namespace cnnc {

struct TypedNet;

/// The function `gradient` of a module after Autodiff as a net: the parameters are its
/// weights, the targets inputs, and its outputs are the loss and the gradients, d_<name>.
/// The net is for the module's batch size. `source` is named in a comment. An error says
/// which op the language has no layer for: there is one only behind gradients of gradients.
llvm::Expected<std::string> printGradient(mlir::ModuleOp module, const TypedNet &net,
                                          llvm::StringRef source);

} // namespace cnnc

#endif // CNNC_IRGEN_NETPRINTER_H
