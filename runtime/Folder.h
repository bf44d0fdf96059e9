//===- Folder.h - Pictures sorted into folders ----------------------------===//

#ifndef CNNC_FOLDER_H
#define CNNC_FOLDER_H

#include "runtime/Split.h"
#include "runtime/Status.h"

#include <string>

namespace cnnc {

struct Dataset;

/// `DIR/<class>/<picture>`, PNG or JPEG: the classes are the folders' names, sorted.
/// With `DIR/train` and `DIR/test` those are the splits; else every tenth picture of the
/// sorted list is for testing. Files that are no pictures by their names are left out.
Result<Dataset> openFolder(const std::string &directory, Split split);

} // namespace cnnc

#endif // CNNC_FOLDER_H
