//===- Object.cpp - LLVM IR to machine code -------------------------------===//

#include "compiler/Codegen/Object.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/IR/LegacyPassManager.h"
#include "llvm/IR/Module.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Target/TargetMachine.h"

using namespace llvm;

namespace cnnc {

void optimize(Module &module, TargetMachine &machine, Effort effort) {
  LoopAnalysisManager loops;
  FunctionAnalysisManager functions;
  CGSCCAnalysisManager components;
  ModuleAnalysisManager modules;
  PipelineTuningOptions tuning;
  bool isFull = effort == Effort::Full;
  tuning.LoopVectorization = tuning.SLPVectorization = isFull;
  tuning.LoopInterleaving = tuning.LoopUnrolling = isFull;
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
