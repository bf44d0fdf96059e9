//===- JsonReader.h - JSON from outside -------------------------------------===//
//
// llvm::json::parse recurses on every bracket and keeps the last of duplicate keys. This
// reader refuses both: deep nesting before it is entered, a key when it comes again.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_TOOLS_JSONREADER_H
#define CNNC_TOOLS_JSONREADER_H

#include "runtime/Status.h"

#include "llvm/Support/JSON.h"

namespace cnnc {

/// The one value of a text; an error is "reason, at byte N".
Result<llvm::json::Value> readJson(llvm::StringRef text);

} // namespace cnnc

#endif // CNNC_TOOLS_JSONREADER_H
