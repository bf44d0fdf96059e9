//===- AvailableMemory.h - What this process may still take -----------------===//

#ifndef CNNC_AVAILABLEMEMORY_H
#define CNNC_AVAILABLEMEMORY_H

#include <cstdint>
#include <optional>

namespace cnnc {

/// The bytes that the machine can give without swapping, or the control group of this
/// process if that has less left. Nothing where the kernel does not say.
std::optional<uint64_t> availableMemory();

} // namespace cnnc

#endif // CNNC_AVAILABLEMEMORY_H
