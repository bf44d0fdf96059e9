//===- RandomSchedules.h - Schedules that nobody would choose ---------------===//
#ifndef CNNC_TEST_ORACLE_RANDOMSCHEDULES_H
#define CNNC_TEST_ORACLE_RANDOMSCHEDULES_H

#include "mlir/IR/BuiltinOps.h"
#include <string>

namespace cnnc::oracle {

/// A legal schedule for each kernel that has one in `tiled`, a module after the phase Tiling: other
/// lanes, tiles, orders, blocks of sums and tasks. A text as --schedules reads it.
std::string randomSchedules(mlir::ModuleOp tiled, uint64_t seed);

} // namespace cnnc::oracle

#endif // CNNC_TEST_ORACLE_RANDOMSCHEDULES_H
