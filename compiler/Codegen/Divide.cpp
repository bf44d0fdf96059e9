//===- Divide.cpp - A module in parts that are compiled apart -------------===//

#include "compiler/Codegen/Divide.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/ValueMapper.h"

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

  auto begin() const { return globals.begin(); }
  auto end() const { return globals.end(); }

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

static void setHidden(GlobalValue &value) {
  value.setLinkage(GlobalValue::ExternalLinkage);
  value.setVisibility(GlobalValue::HiddenVisibility);
  value.setDSOLocal(true);
}

/// What `value` is called in `part`: a declaration, or room for a copy.
static GlobalValue *declareIn(Module &part, const GlobalValue &value) {
  auto linkage = canBeCopied(value) ? value.getLinkage() : GlobalValue::ExternalLinkage;
  if (auto *function = dyn_cast<Function>(&value)) {
    Function *copy = Function::Create(function->getFunctionType(), linkage,
                                      function->getAddressSpace(), function->getName(), &part);
    copy->copyAttributesFrom(function);
    return copy;
  }
  auto &variable = cast<GlobalVariable>(value);
  auto *copy = new GlobalVariable(part, variable.getValueType(), variable.isConstant(), linkage,
                                  nullptr, variable.getName());
  copy->copyAttributesFrom(&variable);
  return copy;
}

/// Puts what stands in `value` into its copy.
static void copyContent(const GlobalValue &value, GlobalValue &copy, ValueToValueMapTy &copies) {
  if (auto *variable = dyn_cast<GlobalVariable>(&value)) {
    cast<GlobalVariable>(copy).setInitializer(MapValue(variable->getInitializer(), copies));
    return;
  }
  auto &function = cast<Function>(value);
  for (auto [from, to] : zip_equal(function.args(), cast<Function>(copy).args()))
    copies[&from] = &to;
  SmallVector<ReturnInst *> returns;
  CloneFunctionInto(&cast<Function>(copy), &function, copies,
                    CloneFunctionChangeType::DifferentModule, returns);
}

/// Moves `kernel` into a module of its own, with copies of the local functions and constants that
/// it needs. Leaves a declaration.
static KernelPart moveOut(Function &kernel) {
  Module &module = *kernel.getParent();
  Needs needs(kernel);
  // Names of the network have no place in what other networks may share.
  auto part = std::make_unique<Module>(kKernelName, module.getContext());
  part->setTargetTriple(module.getTargetTriple());
  part->setDataLayout(module.getDataLayout());
  SmallVector<Module::ModuleFlagEntry> flags;
  module.getModuleFlagsMetadata(flags);
  for (const Module::ModuleFlagEntry &flag : flags)
    part->addModuleFlag(flag.Behavior, flag.Key->getString(), flag.Val);

  Function *declaration = Function::Create(kernel.getFunctionType(), GlobalValue::ExternalLinkage,
                                           kernel.getAddressSpace(), "", &module);
  declaration->copyAttributesFrom(&kernel);
  declaration->takeName(&kernel);
  kernel.replaceAllUsesWith(declaration);
  kernel.removeFromParent();
  kernel.setName(declaration->getName());
  part->getFunctionList().push_back(&kernel);
  setHidden(kernel);
  setHidden(*declaration);

  ValueToValueMapTy copies;
  copies[declaration] = &kernel; // should it call itself
  for (const GlobalValue *value : needs)
    if (value != &kernel)
      copies[value] = declareIn(*part, *value);
  for (const GlobalValue *value : needs)
    if (value != &kernel && canBeCopied(*value) && !value->isDeclaration())
      copyContent(*value, *cast<GlobalValue>(copies[value]), copies);
  RemapFunction(kernel, copies, RF_IgnoreMissingLocals);
  return {kernel.getName().str(), std::move(part)};
}

std::vector<KernelPart> takeKernels(Module &module) {
  std::vector<Function *> kernels;
  for (Function &function : module)
    if (isKernel(function))
      kernels.push_back(&function);
  // Kernels that others call become declarations or hidden functions: not to be copied.
  for (Function *kernel : kernels) {
    setHidden(*kernel);
    for (const GlobalValue *value : Needs(*kernel))
      if (value->hasLocalLinkage() && !canBeCopied(*value))
        setHidden(*module.getNamedValue(value->getName()));
  }
  std::vector<KernelPart> parts;
  for (Function *kernel : kernels)
    parts.push_back(moveOut(*kernel));
  return parts;
}

StringRef makeAnonymous(KernelPart &part) {
  part.module->getFunction(part.name)->setName(kKernelName);
  return kKernelName;
}

} // namespace cnnc
