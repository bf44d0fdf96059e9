//===- Codegen.cpp - From the LLVM dialect to machine code ----------------===//

#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/Divide.h"
#include "compiler/Codegen/EmbeddedRuntime.h"
#include "compiler/Codegen/MergeObjects.h"
#include "compiler/Codegen/ObjectCache.h"
#include "compiler/Codegen/PartCompiler.h"
#include "compiler/Support/KernelFunctions.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Target/TargetMachine.h"
#include "llvm/Transforms/IPO/Internalize.h"

using namespace llvm;

namespace cnnc {

/// Lets the code generator make one instruction of a*b+c. Op by op, and before the embedded
/// runtime is linked: initial parameters must have the same bits on every processor.
static void allowContraction(Module &module) {
  for (Function &function : module)
    for (Instruction &instruction : instructions(function))
      if (isa<FPMathOperator>(instruction))
        instruction.setHasAllowContract(true);
}

/// Gives LLVM's functions the attribute that a phase has given the module's.
static void passOnVectorized(mlir::ModuleOp source, Module &module) {
  for (auto function : source.getOps<mlir::LLVM::LLVMFuncOp>())
    if (function->hasAttr(kVectorizedAttr))
      module.getFunction(function.getName())->addFnAttr(kVectorized);
}

namespace {

/// A network in LLVM IR, in parts that are compiled apart.
struct DividedNetwork {
  std::unique_ptr<Module> entry;   ///< the public functions and the tables
  std::unique_ptr<Module> runtime; ///< the same in all networks
  std::vector<KernelPart> kernels;

  static Expected<DividedNetwork> translate(mlir::ModuleOp source, LLVMContext &context,
                                            const ModelDescription &model, const TargetInfo &target,
                                            const TargetMachine &machine);
};

} // namespace

Expected<DividedNetwork> DividedNetwork::translate(mlir::ModuleOp source, LLVMContext &context,
                                                   const ModelDescription &model,
                                                   const TargetInfo &target,
                                                   const TargetMachine &machine) {
  mlir::registerBuiltinDialectTranslation(*source.getContext());
  mlir::registerLLVMDialectTranslation(*source.getContext());
  DividedNetwork network;
  network.entry = mlir::translateModuleToLLVMIR(source, context, model.prefix);
  if (!network.entry)
    return createStringError("cannot translate the network to LLVM IR");
  network.entry->setPICLevel(PICLevel::BigPIC);
  passOnVectorized(source, *network.entry);
  setTarget(*network.entry, target, machine);
  allowContraction(*network.entry);
  std::string start = model.prefix + "_";
  internalizeModule(*network.entry,
                    [&](const GlobalValue &value) { return value.getName().starts_with(start); });
  // Before the tables come, which no kernel needs.
  network.kernels = takeKernels(*network.entry);
  emitModelInfo(*network.entry, model);
  for (Function &function : *network.entry) // calls, no loops
    function.addFnAttr(kVectorized);
  setTarget(*network.entry, target, machine); // of what was added
  Expected<std::unique_ptr<Module>> runtime = loadEmbeddedRuntime(*network.entry);
  if (!runtime)
    return runtime.takeError();
  network.runtime = std::move(*runtime);
  setTarget(*network.runtime, target, machine);
  return network;
}

/// The objects of all parts as one.
static Expected<std::string> compileParts(DividedNetwork network, const PartCompiler &compiler) {
  std::vector<std::string> bitcode{bitcodeOf(*network.entry), bitcodeOf(*network.runtime)};
  std::vector<ObjectPart> parts(2);
  for (KernelPart &kernel : network.kernels) {
    ObjectPart &part = parts.emplace_back();
    part.newName = kernel.name;
    part.oldName = makeAnonymous(kernel);
    bitcode.push_back(bitcodeOf(*kernel.module));
    kernel.module.reset();
  }
  Expected<std::vector<std::string>> objects = compiler.compileAll(bitcode);
  if (!objects)
    return objects.takeError();
  for (auto [part, object] : zip_equal(parts, *objects))
    part.object = object;
  return mergeObjects(parts);
}

/// All parts, optimized apart, as one text.
static Expected<std::string> printParts(DividedNetwork network, TargetMachine &machine,
                                        OutputKind kind) {
  std::vector<std::unique_ptr<Module>> others;
  others.push_back(std::move(network.runtime));
  for (KernelPart &kernel : network.kernels)
    others.push_back(std::move(kernel.module));
  Module &whole = *network.entry;
  optimize(whole, machine, Effort::Full);
  for (std::unique_ptr<Module> &part : others) {
    optimize(*part, machine, Effort::Full);
    if (Linker::linkModules(whole, std::move(part)))
      return createStringError("cannot link the parts of the network");
  }
  internalizeModule(whole, [](const GlobalValue &value) { return value.hasDefaultVisibility(); });
  return emit(whole, machine, kind);
}

Expected<CompiledNetwork> compileNetwork(mlir::ModuleOp module, const TargetInfo &target,
                                         Effort effort, ObjectCache *cache) {
  Expected<ModelDescription> model = readModel(module);
  if (!model)
    return model.takeError();
  Expected<std::unique_ptr<TargetMachine>> machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  std::string errors;
  collectErrors(context, errors);
  Expected<DividedNetwork> network =
      DividedNetwork::translate(module, context, *model, target, **machine);
  if (!network)
    return joinErrors(network.takeError(), createStringError(errors));
  Expected<std::string> object =
      compileParts(std::move(*network), PartCompiler(target, effort, cache));
  if (!object)
    return object.takeError();
  if (cache)
    cache->trim();
  return CompiledNetwork{std::move(*model), target, std::move(*object)};
}

Expected<std::string> emitNetwork(mlir::ModuleOp module, const TargetInfo &target,
                                  OutputKind kind) {
  if (kind == OutputKind::Object) {
    Expected<CompiledNetwork> network = compileNetwork(module, target);
    if (!network)
      return network.takeError();
    return std::move(network->object);
  }
  Expected<ModelDescription> model = readModel(module);
  if (!model)
    return model.takeError();
  Expected<std::unique_ptr<TargetMachine>> machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  LLVMContext context;
  std::string errors;
  collectErrors(context, errors);
  Expected<DividedNetwork> network =
      DividedNetwork::translate(module, context, *model, target, **machine);
  if (!network)
    return joinErrors(network.takeError(), createStringError(errors));
  Expected<std::string> text = printParts(std::move(*network), **machine, kind);
  if (text && !errors.empty())
    return createStringError(errors);
  return text;
}

} // namespace cnnc
