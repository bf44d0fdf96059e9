//===- AOT.h - Writing the library ----------------------------------------===//
#ifndef CNNC_CODEGEN_AOT_H
#define CNNC_CODEGEN_AOT_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace cnnc {

struct CompiledNetwork;
struct ModelDescription;

/// `name` as a C and C++ identifier: other characters become underscores, keywords get one more.
std::string cIdentifier(llvm::StringRef name);

/// The C and C++ header of a library. `source` is named in it as the origin, without a folder.
std::string writeHeader(const ModelDescription &model, llvm::StringRef source);

/// The bytes of the library: the object, or an archive of it.
llvm::Expected<std::string> libraryFile(const CompiledNetwork &network, bool isArchive);

} // namespace cnnc

#endif // CNNC_CODEGEN_AOT_H
