//===- Cifar.h - The binary files of CIFAR-10 and CIFAR-100 ---------------===//

#ifndef CNNC_CIFAR_H
#define CNNC_CIFAR_H

#include "runtime/Split.h"
#include "runtime/Status.h"

#include <string>

namespace cnnc {

struct Dataset;

/// `data_batch_*.bin` and `test_batch.bin` (10 classes, records of 3073 bytes), or
/// `train.bin` and `test.bin` (100 classes, 3074 bytes).
Result<Dataset> openCifar(const std::string &directory, Split split);

} // namespace cnnc

#endif // CNNC_CIFAR_H
