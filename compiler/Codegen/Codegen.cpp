//===- Codegen.cpp - From the LLVM dialect to machine code ----------------===//

#include "compiler/Codegen/Codegen.h"
#include "compiler/Codegen/EmbeddedRuntime.h"

#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/Target/TargetMachine.h"

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

/// Keeps LLVM's errors as text; by default they end the process.
static void collectErrors(LLVMContext &context, std::string &errors) {
  context.setDiagnosticHandlerCallBack(
      [](const DiagnosticInfo *diagnostic, void *text) {
        if (diagnostic->getSeverity() != DS_Error)
          return;
        raw_string_ostream stream(*static_cast<std::string *>(text));
        DiagnosticPrinterRawOStream printer(stream);
        diagnostic->print(printer);
        stream << '\n';
      },
      &errors);
}

static Expected<std::string> generate(mlir::ModuleOp source, const ModelDescription &model,
                                      const TargetInfo &target, OutputKind kind, Effort effort) {
  Expected<std::unique_ptr<TargetMachine>> machine = createTargetMachine(target);
  if (!machine)
    return machine.takeError();
  if (effort == Effort::Quick)
    (*machine)->setOptLevel(CodeGenOptLevel::None);
  mlir::registerBuiltinDialectTranslation(*source.getContext());
  mlir::registerLLVMDialectTranslation(*source.getContext());

  LLVMContext context;
  std::string errors;
  collectErrors(context, errors);
  std::unique_ptr<Module> module = mlir::translateModuleToLLVMIR(source, context, model.prefix);
  if (!module)
    return createStringError("cannot translate the network to LLVM IR\n" + errors);
  module->setPICLevel(PICLevel::BigPIC);
  setTarget(*module, target, **machine);
  allowContraction(*module);
  emitModelInfo(*module, model);
  if (Error error = linkEmbeddedRuntime(*module, model.prefix))
    return joinErrors(std::move(error), createStringError(errors));
  setTarget(*module, target, **machine); // of what was added
  optimize(*module, **machine, effort);
  Expected<std::string> output = emit(*module, **machine, kind);
  if (output && !errors.empty())
    return createStringError(errors);
  return output;
}

Expected<CompiledNetwork> compileNetwork(mlir::ModuleOp module, const TargetInfo &target,
                                         Effort effort) {
  Expected<ModelDescription> model = readModel(module);
  if (!model)
    return model.takeError();
  Expected<std::string> object = generate(module, *model, target, OutputKind::Object, effort);
  if (!object)
    return object.takeError();
  return CompiledNetwork{std::move(*model), target, std::move(*object)};
}

Expected<std::string> emitNetwork(mlir::ModuleOp module, const TargetInfo &target,
                                  OutputKind kind) {
  Expected<ModelDescription> model = readModel(module);
  if (!model)
    return model.takeError();
  return generate(module, *model, target, kind, Effort::Full);
}

} // namespace cnnc
