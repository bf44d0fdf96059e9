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

using namespace llvm;

namespace cnnc {

static bool isVectorized(const Module &module) {
  return all_of(module, [](const Function &function) {
    return function.isDeclaration() || function.hasFnAttribute(kVectorized);
  });
}

void optimize(Module &module, TargetMachine &machine, Effort effort) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PipelineTuningOptions tuning;
  bool isFull = effort == Effort::Full;
  bool changesLoops = isFull && !isVectorized(module);
  tuning.LoopVectorization = tuning.SLPVectorization = changesLoops;
  tuning.LoopInterleaving = tuning.LoopUnrolling = changesLoops;
  PassBuilder builder(&machine, tuning);
  builder.registerModuleAnalyses(modules);
  builder.registerCGSCCAnalyses(components);
  builder.registerFunctionAnalyses(functions);
  builder.registerLoopAnalyses(loops);
  builder.crossRegisterProxies(loops, functions, components, modules);
  OptimizationLevel level = isFull ? OptimizationLevel::O3 : OptimizationLevel::O1;
  builder.buildPerModuleDefaultPipeline(level).run(module, modules);
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
