//===- Object.cpp - LLVM IR to machine code -------------------------------===//

#include "compiler/Codegen/Object.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/InstCombine/InstCombine.h"
#include "llvm/Transforms/Scalar/EarlyCSE.h"
#include "llvm/Transforms/Scalar/LICM.h"
#include "llvm/Transforms/Scalar/LoopPassManager.h"
#include "llvm/Transforms/Scalar/LoopRotation.h"
#include "llvm/Transforms/Scalar/SimplifyCFG.h"

using namespace llvm;

namespace cnnc {

static bool haveAttribute(const Module &module, StringRef name) {
  return all_of(module, [&](const Function &function) {
    return function.isDeclaration() || function.hasFnAttribute(name);
  });
}

/// For loops that are what they shall be: addresses are shared, what is the same in all iterations
/// leaves the loop, and a loop has one branch. The rest of -O3 changed nothing in vectorized
/// kernels but took five times as long.
static ModulePassManager vectorizedPipeline() {
  LoopPassManager loops;
  loops.addPass(LoopRotatePass());
  loops.addPass(LICMPass(LICMOptions()));
  FunctionPassManager passes;
  passes.addPass(EarlyCSEPass());
  passes.addPass(InstCombinePass());
  passes.addPass(createFunctionToLoopPassAdaptor(std::move(loops), /*UseMemorySSA=*/true));
  passes.addPass(EarlyCSEPass());
  passes.addPass(InstCombinePass());
  passes.addPass(SimplifyCFGPass());
  ModulePassManager all;
  all.addPass(createModuleToFunctionPassAdaptor(std::move(passes)));
  return all;
}

void optimize(Module &module, TargetMachine &machine, Effort effort) {
  if (haveAttribute(module, kOptimized))
    return;
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PipelineTuningOptions tuning;
  bool isFull = effort == Effort::Full;
  tuning.LoopVectorization = tuning.SLPVectorization = tuning.LoopInterleaving = isFull;
  // It would write out every loop of known length whose body becomes a memset, however many
  // iterations there are.
  tuning.LoopUnrolling = false;
  PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  OptimizationLevel level = isFull ? OptimizationLevel::O3 : OptimizationLevel::O1;
  ModulePassManager passes = haveAttribute(module, kVectorized)
                                 ? vectorizedPipeline()
                                 : builder.buildPerModuleDefaultPipeline(level);
  passes.run(module, modules);
}

void chooseLevel(TargetMachine &machine, const Module &module, Effort effort) {
  machine.setOptLevel(effort == Effort::Quick             ? CodeGenOptLevel::None
                      : haveAttribute(module, kOptimized) ? CodeGenOptLevel::Less
                                                          : CodeGenOptLevel::Aggressive);
}

Expected<std::string> emit(Module &module, TargetMachine &machine, OutputKind kind) {
  SmallString<0> bytes;
  raw_svector_ostream stream(bytes);
  if (kind == OutputKind::LLVMIR) {
    module.print(stream, nullptr);
    return std::string(bytes);
  }
  legacy::PassManager passes;
  CodeGenFileType type =
      kind == OutputKind::Object ? CodeGenFileType::ObjectFile : CodeGenFileType::AssemblyFile;
  if (machine.addPassesToEmitFile(passes, stream, nullptr, type))
    return createStringError("the code generator cannot write this kind of file");
  passes.run(module);
  return std::string(bytes);
}

} // namespace cnnc
