//===- NpyDataset.h - Images and targets in two arrays --------------------===//

#ifndef CNNC_NPYDATASET_H
#define CNNC_NPYDATASET_H

#include "runtime/Split.h"
#include "runtime/Status.h"

#include <string>

namespace cnnc {

struct Dataset;

/// Images [N, C, H, W] or [N, C] of f32 or u8 (0 to 255 for 0 to 1); targets [N, …]:
/// integers are labels, floats are numbers. Every tenth image is for testing.
Result<Dataset> openNpy(const std::string &images, const std::string &targets, Split split);

} // namespace cnnc

#endif // CNNC_NPYDATASET_H
