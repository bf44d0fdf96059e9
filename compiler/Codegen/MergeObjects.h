//===- MergeObjects.h - One object file of several ------------------------===//
#ifndef CNNC_CODEGEN_MERGEOBJECTS_H
#define CNNC_CODEGEN_MERGEOBJECTS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace cnnc {

/// An object file, and the name under which the others know a function of it.
struct ObjectPart {
  llvm::StringRef object;
  llvm::StringRef oldName, newName; ///< empty: all names stay
};

/// One relocatable ELF file with the sections of all parts, in their order. Symbols that are hidden
/// and defined in a part can be used by all parts and become local: neither another library nor
/// the program can clash with them.
llvm::Expected<std::string> mergeObjects(llvm::ArrayRef<ObjectPart> parts);

} // namespace cnnc

#endif // CNNC_CODEGEN_MERGEOBJECTS_H
