//===- TargetInfo.cpp - The machine that code is made for -----------------===//

#include "compiler/Codegen/TargetInfo.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/IR/Module.h"
#include "llvm/MC/MCSubtargetInfo.h"
#include "llvm/MC/TargetRegistry.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Target/TargetOptions.h"
#include "llvm/TargetParser/Host.h"
#include <mutex>
#include <set>
#include <unistd.h>

using namespace llvm;

namespace cnnc {

/// Where LLVM has them: the host's and the two architectures that `--target=` offers.
static void initializeTargetsOnce() {
  static std::once_flag once;
  std::call_once(once, [] {
    InitializeNativeTarget();
    InitializeNativeTargetAsmPrinter();
    InitializeNativeTargetAsmParser();
    LLVMInitializeX86TargetInfo();
    LLVMInitializeX86Target();
    LLVMInitializeX86TargetMC();
    LLVMInitializeX86AsmPrinter();
    LLVMInitializeAArch64TargetInfo();
    LLVMInitializeAArch64Target();
    LLVMInitializeAArch64TargetMC();
    LLVMInitializeAArch64AsmPrinter();
  });
}

static Expected<const Target *> lookupTarget(StringRef triple) {
  std::string message;
  if (const Target *target = TargetRegistry::lookupTarget(Triple(triple), message))
    return target;
  return createStringError("no code generator for " + triple + ": " + message);
}

/// Architectures that `--target=` offers.
static constexpr StringLiteral kTriples[] = {"x86_64-unknown-linux-gnu",
                                             "aarch64-unknown-linux-gnu"};

/// Whether `name` is a processor of 64 bits: i386 and the like are none.
static bool isProcessor(const Target &backend, StringRef triple, StringRef name) {
  std::unique_ptr<MCSubtargetInfo> known(backend.createMCSubtargetInfo(Triple(triple), "", ""));
  if (!known->isCPUStringValid(name))
    return false;
  std::unique_ptr<MCSubtargetInfo> chosen(backend.createMCSubtargetInfo(Triple(triple), name, ""));
  return !triple.starts_with("x86") || chosen->checkFeatures("+64bit");
}

/// The sizes of this machine's caches, where the system tells them.
static void readCaches(MachineModel &machine) {
  auto read = [](int name, int64_t &bytes) {
    if (long size = sysconf(name); size > 0)
      bytes = size;
  };
  read(_SC_LEVEL1_DCACHE_SIZE, machine.l1Bytes);
  read(_SC_LEVEL2_CACHE_SIZE, machine.l2Bytes);
  read(_SC_LEVEL3_CACHE_SIZE, machine.l3Bytes);
}

/// Width and number of the vector registers that `target` has, and its caches.
static Error findVectors(TargetInfo &target) {
  Expected<const Target *> backend = lookupTarget(target.triple);
  if (!backend)
    return backend.takeError();
  std::unique_ptr<MCSubtargetInfo> features(
      (*backend)->createMCSubtargetInfo(Triple(target.triple), target.cpu, target.features));
  bool isX86 = Triple(target.triple).isX86();
  bool hasAVX512 = isX86 && features->checkFeatures("+avx512f");
  bool hasAVX = isX86 && features->checkFeatures("+avx");
  target.vectorBits = hasAVX512 ? 512 : hasAVX ? 256 : 128;
  target.vectorCount = hasAVX512 || !isX86 ? 32 : 16;
  MachineModel &machine = target.machine;
  machine.vectorBits = target.vectorBits;
  machine.registers = target.vectorCount;
  machine.hasFma = !isX86 || features->checkFeatures("+fma");
  // Every x86 server and desktop core with AVX-512 has at least this much.
  if (hasAVX512)
    machine.l2Bytes = 1 << 20;
  if (target.isHost)
    readCaches(machine);
  return Error::success();
}

static TargetInfo hostTarget() {
  TargetInfo host;
  host.triple = sys::getProcessTriple();
  host.cpu = sys::getHostCPUName().str();
  StringMap<bool> features = sys::getHostCPUFeatures();
  SmallVector<StringRef> names(features.keys());
  sort(names); // a map's order is not the same in each run
  for (StringRef name : names)
    host.features +=
        (Twine(host.features.empty() ? "" : ",") + (features[name] ? "+" : "-") + name).str();
  host.isHost = true;
  return host;
}

/// Whether code for `target` uses nothing that the host lacks.
static bool runsOnHost(const TargetInfo &target) {
  Triple triple(target.triple), host(sys::getProcessTriple());
  if (triple.getArch() != host.getArch())
    return false;
  Expected<const Target *> backend = lookupTarget(target.triple);
  if (!backend)
    return consumeError(backend.takeError()), false;
  std::unique_ptr<MCSubtargetInfo> wanted(
      (*backend)->createMCSubtargetInfo(triple, target.cpu, target.features));
  for (const auto &[name, isThere] : sys::getHostCPUFeatures())
    if (!isThere && wanted->checkFeatures(("+" + name).str()))
      return false;
  return true;
}

/// `; did you mean 'znver4'?`, of the processors whose names differ from `cpu` in few letters.
static std::string suggestProcessors(StringRef cpu) {
  constexpr size_t mostNames = 3;
  unsigned mostEdits = divideCeil(cpu.size(), 3); // as for flags and verbs
  std::set<std::pair<unsigned, std::string>> near;
  for (StringRef triple : kTriples) {
    Expected<const Target *> backend = lookupTarget(triple);
    if (!backend) {
      consumeError(backend.takeError());
      continue;
    }
    std::unique_ptr<MCSubtargetInfo> known(
        (*backend)->createMCSubtargetInfo(Triple(triple), "", ""));
    for (const SubtargetSubTypeKV &processor : known->getAllProcessorDescriptions()) {
      unsigned edits = cpu.edit_distance(processor.Key, true, mostEdits);
      if (edits > 0 && edits <= mostEdits && isProcessor(**backend, triple, processor.Key))
        near.emplace(edits, processor.Key);
    }
  }
  std::vector<std::string> names;
  for (const auto &[edits, name] : near)
    if (names.size() < mostNames)
      names.push_back("'" + name + "'");
  return names.empty() ? "" : "; did you mean " + join(names, ", ") + "?";
}

Expected<TargetInfo> findTarget(StringRef cpu) {
  initializeTargetsOnce();
  TargetInfo found;
  if (cpu == "native") {
    found = hostTarget();
    if (Error error = findVectors(found))
      return std::move(error);
    return found;
  }
  for (StringRef triple : kTriples) {
    Expected<const Target *> backend = lookupTarget(triple);
    if (!backend)
      return backend.takeError();
    StringRef name = cpu == "aarch64" && triple.starts_with("aarch64") ? "generic" : cpu;
    // "generic" names no processor of one architecture.
    if (cpu == "generic" || !isProcessor(**backend, triple, name))
      continue;
    found = {triple.str(), name.str(), "", 0, 0, false, {}};
    if (Error error = findVectors(found))
      return std::move(error);
    found.isHost = runsOnHost(found);
    return found;
  }
  return createStringError("unknown target '" + cpu.take_front(64) +
                           "', expected native, x86-64-v2, x86-64-v3, x86-64-v4, aarch64 or a "
                           "processor's name in LLVM" +
                           suggestProcessors(cpu));
}

std::optional<std::string> noteOn(const TargetInfo &target) {
  Expected<const Target *> backend = lookupTarget(target.triple);
  if (!backend)
    return consumeError(backend.takeError()), std::nullopt;
  std::unique_ptr<MCSubtargetInfo> features(
      (*backend)->createMCSubtargetInfo(Triple(target.triple), target.cpu, target.features));
  if (!Triple(target.triple).isX86() || features->checkFeatures("+avx2,+fma"))
    return std::nullopt;
  return target.cpu + " has no AVX2 with FMA: the code is what LLVM makes for vectors of " +
         std::to_string(target.vectorBits) + " bits, correct but slower";
}

MachineModel hostMachine() {
  Expected<TargetInfo> host = findTarget("native");
  if (host)
    return host->machine;
  consumeError(host.takeError());
  return {};
}

Expected<std::unique_ptr<TargetMachine>> createTargetMachine(const TargetInfo &target) {
  initializeTargetsOnce();
  Expected<const Target *> backend = lookupTarget(target.triple);
  if (!backend)
    return backend.takeError();
  // Fusion of a*b+c is allowed op by op (see Codegen.cpp): the embedded runtime must not have it.
  TargetOptions options;
  options.AllowFPOpFusion = FPOpFusion::Standard;
  std::unique_ptr<TargetMachine> machine(
      (*backend)->createTargetMachine(Triple(target.triple), target.cpu, target.features, options,
                                      Reloc::PIC_, std::nullopt, CodeGenOptLevel::Aggressive));
  if (!machine)
    return createStringError("no code generator for " + target.cpu);
  return machine;
}

void setTarget(Module &module, const TargetInfo &target, const TargetMachine &machine) {
  module.setTargetTriple(Triple(target.triple));
  module.setDataLayout(machine.createDataLayout());
  for (Function &function : module) {
    if (function.isDeclaration())
      continue;
    function.removeFnAttr("tune-cpu");
    function.addFnAttr("target-cpu", target.cpu);
    function.removeFnAttr("target-features");
    if (!target.features.empty())
      function.addFnAttr("target-features", target.features);
    // LLVM prefers 256 bits on some processors with AVX-512, because of clocks long gone.
    function.addFnAttr("prefer-vector-width", std::to_string(target.vectorBits));
  }
}

} // namespace cnnc
