//===- Divide.cpp - A module in parts that are compiled apart -------------===//

#include "compiler/Codegen/Divide.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace cnnc {

static constexpr StringLiteral kKernelName = "cnnc_kernel";

static bool isKernel(const Function &function) {
  return !function.isDeclaration() && function.hasLocalLinkage() &&
         function.hasFnAttribute(Attribute::NoInline);
}

namespace {

/// All globals that a function refers to, and those of the local ones that it has to bring along.
class Needs {
public:
  explicit Needs(const Function &function) { addFunction(function); }

  bool has(const GlobalValue *value) const { return globals.contains(value); }

private:
  void addFunction(const Function &function) {
    for (const Instruction &instruction : instructions(function))
      for (const Value *operand : instruction.operands())
        add(operand);
  }

  void add(const Value *value) {
    auto *constant = dyn_cast<Constant>(value);
    if (!constant || !seen.insert(constant).second)
      return;
    auto *global = dyn_cast<GlobalValue>(constant);
    if (global)
      globals.insert(global);
    if (auto *function = dyn_cast<Function>(constant)) {
      if (function->hasLocalLinkage() && !isKernel(*function))
        addFunction(*function);
      return;
    }
    for (const Value *operand : constant->operands()) // of a variable: its initial value
      add(operand);
  }

  SmallPtrSet<const Constant *, 16> seen;
  SmallSetVector<const GlobalValue *, 16> globals;
};

} // namespace

/// Whether two modules can have one each: no variable, which has one place.
static bool canBeCopied(const GlobalValue &value) {
  auto *variable = dyn_cast<GlobalVariable>(&value);
  return value.hasLocalLinkage() && (!variable || variable->isConstant());
}

/// A module with `kernel` and copies of the local functions and constants in `needs`.
static std::unique_ptr<Module> extract(Module &module, const Function &kernel, const Needs &needs) {
  ValueToValueMapTy copies;
  auto part = CloneModule(module, copies, [&](const GlobalValue *value) {
    auto *function = dyn_cast<Function>(value);
    return value == &kernel ||
           (needs.has(value) && canBeCopied(*value) && !(function && isKernel(*function)));
  });
  auto isUnused = [](const GlobalValue &value) {
    return value.isDeclaration() && value.use_empty();
  };
  for (Function &function : make_early_inc_range(*part))
    if (isUnused(function))
      function.eraseFromParent();
  for (GlobalVariable &variable : make_early_inc_range(part->globals()))
    if (isUnused(variable))
      variable.eraseFromParent();
  // Names of the network have no place in what other networks may share.
  part->setModuleIdentifier(kKernelName);
  part->setSourceFileName(kKernelName);
  return part;
}

static void setHidden(GlobalValue &value) {
  value.setLinkage(GlobalValue::ExternalLinkage);
  value.setVisibility(GlobalValue::HiddenVisibility);
  value.setDSOLocal(true);
}

std::vector<KernelPart> takeKernels(Module &module) {
  std::vector<Function *> kernels;
  for (Function &function : module)
    if (isKernel(function))
      kernels.push_back(&function);
  std::vector<KernelPart> parts;
  for (Function *kernel : kernels) {
    Needs needs(*kernel);
    for (GlobalVariable &variable : module.globals())
      if (needs.has(&variable) && variable.hasLocalLinkage() && !canBeCopied(variable))
        setHidden(variable);
    std::unique_ptr<Module> part = extract(module, *kernel, needs);
    setHidden(*part->getFunction(kernel->getName()));
    parts.push_back({kernel->getName().str(), std::move(part)});
  }
  for (Function *kernel : kernels) {
    kernel->deleteBody();
    setHidden(*kernel);
  }
  return parts;
}

StringRef makeAnonymous(KernelPart &part) {
  part.module->getFunction(part.name)->setName(kKernelName);
  return kKernelName;
}

} // namespace cnnc
