//===- ScheduleFile.h - Schedules in a text of their own --------------------===//
//
// One line a kernel, `conv1 forward: {inner = array<i64: …>, …}`, as `cnnc explain
// --print-schedules` writes it and --schedules reads it. Empty lines and those that start with #
// say nothing. The text comes from outside: this reads it without recursion, and without MLIR's
// parser, which would take any attribute.
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_SUPPORT_SCHEDULEFILE_H
#define CNNC_SUPPORT_SCHEDULEFILE_H

#include "compiler/Support/OpPlace.h"
#include "mlir/IR/BuiltinAttributes.h"
#include <optional>

namespace cnnc {

/// A longer line is refused; a schedule of ten loops has some 300.
inline constexpr size_t kLineBytes = 4096;
/// Names the location of a message about a line of such a text, as in
/// `"cnn.schedules"("net.schedules":3:1)`: what is wrong there is the user's to mend.
inline constexpr llvm::StringLiteral kScheduleLines = "cnn.schedules";

/// Which kernel is to have which schedule.
struct ScheduleLine {
  unsigned number = 0;                ///< of the line, from 1
  std::string layer, direction;       ///< as in OpPlace
  std::optional<int64_t> kernel;      ///< of several of the layer in this direction, from 0
  mlir::DictionaryAttr schedule = {}; ///< its keys are not checked

  /// `conv1 data 2`, without a number for the first.
  std::string name() const;
};

/// What a direction of OpPlace is called: forward, data or weights.
llvm::StringRef directionName(llvm::StringRef direction);

/// One line of such a text, which is neither empty nor a comment; its number is left alone. Nothing
/// where it is none, and `reason` says why.
std::optional<ScheduleLine> parseScheduleLine(llvm::StringRef text, mlir::MLIRContext *context,
                                              std::string &reason);

} // namespace cnnc

#endif // CNNC_SUPPORT_SCHEDULEFILE_H
