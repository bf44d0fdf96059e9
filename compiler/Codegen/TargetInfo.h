//===- TargetInfo.h - The machine that code is made for -------------------===//
#ifndef CNNC_CODEGEN_TARGETINFO_H
#define CNNC_CODEGEN_TARGETINFO_H

#include "compiler/Support/MachineModel.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <memory>
#include <optional>
#include <string>

namespace llvm {
class Module;
class TargetMachine;
} // namespace llvm

namespace cnnc {

/// A processor, as LLVM names it.
struct TargetInfo {
  std::string triple;
  std::string cpu;
  std::string features; // "+avx2,-avx512f,…"; empty: those of the cpu
  unsigned vectorBits;  // of the widest vector to use
  unsigned vectorCount; // how many registers of this width there are
  bool isHost;          // its code can run in this process
  MachineModel machine; // what schedules are made for
};

/// The processor named `cpu`: "native" for the host, "x86-64-v3", "znver5" and the like, or
/// "aarch64" and the names of its processors. Fails on a name that LLVM does not know.
llvm::Expected<TargetInfo> findTarget(llvm::StringRef cpu);

/// What schedules have to know of the host.
MachineModel hostMachine();

/// What is to be said about code for `target`, or nothing: it is correct on each, but some
/// processors lack what makes it fast.
std::optional<std::string> noteOn(const TargetInfo &target);

/// LLVM's code generator for `target`: full optimization, position-independent code.
llvm::Expected<std::unique_ptr<llvm::TargetMachine>> createTargetMachine(const TargetInfo &target);

/// Says in the module and in all its functions which processor they are for.
void setTarget(llvm::Module &module, const TargetInfo &target, const llvm::TargetMachine &machine);

} // namespace cnnc

#endif // CNNC_CODEGEN_TARGETINFO_H
