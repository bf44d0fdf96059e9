//===- Import.h - A text and the texts that it imports ----------------------===//
//
// An import is found relative to the importing file and must lie below that file's
// folder, symbolic links resolved. A file that is imported twice is read once; a cycle
// is an error.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_IMPORT_H
#define CNNC_FRONTEND_IMPORT_H

#include "compiler/Frontend/AST.h"
#include "compiler/Frontend/Diagnostics.h"
#include <functional>

namespace cnnc {

/// What became of an import: a text, or the reason that there is none.
struct ImportedText {
  std::string name;     ///< for messages: beside the importing file's name
  std::string identity; ///< equal for two ways to the same file
  std::string text;
  std::string error;
  std::vector<std::string> candidates; ///< files that might have been meant
};
using ImportReader =
    std::function<ImportedText(const std::string &importer, const std::string &path)>;

/// Reads from the file system.
ImportedText readImport(const std::string &importer, const std::string &path);

/// One text, parsed.
struct Module {
  const SourceFile *source;
  ast::File tree;
  std::vector<std::pair<const ast::Item *, Module *>> imports; ///< in the order of the text
};

/// All modules that the main text reaches; the main one is first, every other one stands
/// behind the modules that import it.
struct ModuleGraph {
  std::vector<std::unique_ptr<Module>> modules;
  bool isComplete = true; ///< false: an import failed, or a text has syntax errors

  const Module &main() const { return *modules.front(); }
};

/// Parses the main text and everything that it imports: E405, E406, syntax errors.
ModuleGraph loadModules(Sources &sources, const ImportReader &reader, DiagnosticEngine &diags);

} // namespace cnnc

#endif // CNNC_FRONTEND_IMPORT_H
