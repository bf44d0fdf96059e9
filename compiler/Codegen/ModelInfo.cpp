//===- ModelInfo.cpp - What a network tells its caller --------------------===//

#include "compiler/Codegen/ModelInfo.h"

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Diagnostics.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace cnnc {

//===----------------------------------------------------------------------===//
// Reading cnn.model
//===----------------------------------------------------------------------===//

/// What follows the prefix in the names of the entry points.
static constexpr StringLiteral kForward = "_forward", kTrainStep = "_train_step",
                               kGradient = "_gradient";

uint64_t ModelDescription::dataBytes() const {
  uint64_t bytes = 0;
  for (const std::vector<TensorDescription> *tensors : {&inputs, &targets, &outputs})
    for (const TensorDescription &tensor : *tensors)
      bytes += tensor.bytes;
  return bytes;
}

size_t ModelDescription::gradientCount() const {
  auto isFloat = [](cnnc_dtype dtype) { return dtype == CNNC_F32 || dtype == CNNC_F64; };
  return count_if(params, [](auto &param) { return param.role == CNNC_ROLE_PARAMETER; }) +
         count_if(inputs, [&](auto &input) { return isFloat(input.dtype); });
}

static Expected<cnnc_dtype> dtypeOf(mlir::Type type, StringRef name) {
  if (type.isF32())
    return CNNC_F32;
  if (type.isF64())
    return CNNC_F64;
  if (type.isInteger(32))
    return CNNC_I32;
  if (type.isInteger(64))
    return CNNC_I64;
  std::string text;
  raw_string_ostream(text) << type;
  return createStringError("expected f32, f64, i32 or i64, but '" + name + "' has " + text);
}

static int64_t integer(mlir::DictionaryAttr entry, StringRef key) {
  auto value = entry.getAs<mlir::IntegerAttr>(key);
  return value ? value.getInt() : 0;
}

static StringRef string(mlir::DictionaryAttr entry, StringRef key) {
  auto value = entry.getAs<mlir::StringAttr>(key);
  return value ? value.getValue() : StringRef();
}

static Expected<TensorDescription> readTensor(mlir::DictionaryAttr entry) {
  TensorDescription tensor;
  tensor.name = string(entry, "name").str();
  tensor.role = StringSwitch<cnnc_role>(string(entry, "role"))
                    .Case("input", CNNC_ROLE_INPUT)
                    .Case("target", CNNC_ROLE_TARGET)
                    .Case("output", CNNC_ROLE_OUTPUT)
                    .Case("statistic", CNNC_ROLE_STATISTIC)
                    .Case("slot", CNNC_ROLE_SLOT)
                    .Case("frozen", CNNC_ROLE_FROZEN)
                    .Default(CNNC_ROLE_PARAMETER);
  auto typeAttr = entry.getAs<mlir::TypeAttr>("type");
  auto type = typeAttr ? dyn_cast<mlir::RankedTensorType>(typeAttr.getValue()) : nullptr;
  if (!type || !type.hasStaticShape())
    return createStringError("expected a tensor type for '" + tensor.name + "' in cnn.model");
  if (type.getRank() > CNNC_MAX_RANK)
    return createStringError("'" + tensor.name + "' has " + Twine(type.getRank()) +
                             " dimensions, but at most " + Twine(CNNC_MAX_RANK) + " are possible");
  Expected<cnnc_dtype> dtype = dtypeOf(type.getElementType(), tensor.name);
  if (!dtype)
    return dtype.takeError();
  tensor.dtype = *dtype;
  tensor.shape = type.getShape().vec();
  tensor.init = StringSwitch<cnnc_init_kind>(string(entry, "init"))
                    .Case("uniform", CNNC_INIT_UNIFORM)
                    .Case("normal", CNNC_INIT_NORMAL)
                    .Default(CNNC_INIT_CONSTANT);
  auto value = entry.getAs<mlir::FloatAttr>("value");
  tensor.initValue = value ? value.getValueAsDouble() : 0.0;
  tensor.offset = integer(entry, "offset");
  tensor.bytes = type.getNumElements() * (type.getElementTypeBitWidth() / 8);
  tensor.classes = integer(entry, "classes");
  uint64_t stored = type.getElementTypeBitWidth() / 8;
  if (auto sizes = entry.getAs<mlir::DenseI64ArrayAttr>("block")) {
    if (sizes.size() != tensor.block.size())
      return createStringError("expected two block sizes for '" + tensor.name + "' in cnn.model");
    copy(sizes.asArrayRef(), tensor.block.begin());
  }
  for (auto [dim, size] : enumerate(tensor.shape))
    stored *= dim < tensor.block.size() ? alignTo(size, tensor.block[dim]) : size;
  tensor.storedBytes = stored;
  return tensor;
}

static Error readTable(mlir::DictionaryAttr model, StringRef key,
                       std::vector<TensorDescription> &table) {
  auto entries = model.getAs<mlir::ArrayAttr>(key);
  for (auto entry :
       entries ? entries.getAsRange<mlir::DictionaryAttr>()
               : mlir::ArrayAttr::get(model.getContext(), {}).getAsRange<mlir::DictionaryAttr>()) {
    Expected<TensorDescription> tensor = readTensor(entry);
    if (!tensor)
      return tensor.takeError();
    table.push_back(std::move(*tensor));
  }
  return Error::success();
}

static std::vector<CallDescription> readCalls(mlir::DictionaryAttr model) {
  std::vector<CallDescription> calls;
  if (auto entries = model.getAs<mlir::ArrayAttr>("calls"))
    for (auto entry : entries.getAsRange<mlir::DictionaryAttr>())
      calls.push_back({string(entry, "layer").str(), string(entry, "direction").str(),
                       string(entry, "kernel").str(), integer(entry, "line")});
  return calls;
}

static Expected<ModelDescription> readModel(mlir::DictionaryAttr attribute) {
  ModelDescription model;
  model.prefix = string(attribute, "prefix").str();
  model.batch = integer(attribute, "batch");
  model.paramsBytes = integer(attribute, "params_bytes");
  model.stateBytes = integer(attribute, "state_bytes");
  model.workspaceBytes = integer(attribute, "workspace_bytes");
  model.trainWorkspaceBytes = integer(attribute, "train_workspace_bytes");
  for (auto [key, table] : {std::pair("inputs", &model.inputs),
                            {"targets", &model.targets},
                            {"outputs", &model.outputs},
                            {"params", &model.params},
                            {"state", &model.state},
                            {"forward_probes", &model.forwardProbes},
                            {"gradient_probes", &model.gradientProbes}})
    if (Error error = readTable(attribute, key, *table))
      return std::move(error);
  model.calls = readCalls(attribute);
  model.hasForward = attribute.contains(kForward);
  model.hasTrainStep = attribute.contains(kTrainStep);
  model.hasGradient = attribute.contains(kGradient);
  return model;
}

/// `cnn.model` and, as unit attributes, which entry points there are; null without it.
static mlir::DictionaryAttr wholeModel(mlir::ModuleOp module) {
  auto attribute = module->getAttrOfType<mlir::DictionaryAttr>("cnn.model");
  if (!attribute)
    return attribute;
  mlir::NamedAttrList entries(attribute);
  for (StringRef entry : {kForward, kTrainStep, kGradient})
    if (module.lookupSymbol<mlir::LLVM::LLVMFuncOp>((string(attribute, "prefix") + entry).str()))
      entries.set(entry, mlir::UnitAttr::get(module.getContext()));
  return entries.getDictionary(module.getContext());
}

Expected<ModelDescription> readModel(mlir::ModuleOp module) {
  if (mlir::DictionaryAttr attribute = wholeModel(module))
    return readModel(attribute);
  return createStringError("expected the module attribute cnn.model (of cnn-emit-entry-point)");
}

std::string printModel(mlir::ModuleOp module) {
  std::string text;
  raw_string_ostream(text) << wholeModel(module);
  return text;
}

Expected<ModelDescription> parseModel(StringRef text, mlir::MLIRContext &context) {
  mlir::ScopedDiagnosticHandler silent(&context, [](mlir::Diagnostic &) {});
  auto attribute = dyn_cast_or_null<mlir::DictionaryAttr>(mlir::parseAttribute(text, &context));
  if (!attribute)
    return createStringError("expected a dictionary of attributes");
  return readModel(attribute);
}

//===----------------------------------------------------------------------===//
// Tables
//===----------------------------------------------------------------------===//

// The tables are built field by field: if abi.h changes, so must they.
static_assert(CNNC_ABI_VERSION == 3 && sizeof(void *) == 8);
static_assert(offsetof(cnnc_tensor_info, init_value) == 24 && sizeof(cnnc_tensor_info) == 120);
static_assert(offsetof(cnnc_model_info, inputs) == 40 && sizeof(cnnc_model_info) == 144);

namespace {

/// Adds constants and functions for one model to a module.
class InfoEmitter {
public:
  InfoEmitter(Module &module, const ModelDescription &model)
      : module(module), model(model), builder(module.getContext()), pointer(builder.getPtrTy()),
        i32(builder.getInt32Ty()), i64(builder.getInt64Ty()) {}

  void run() {
    setParallel = emitSetHook("set_parallel", "cnn.parallel");
    if (!model.calls.empty())
      emitSetHook("set_probe", "cnn.probe");
    info = emitInfo();
    emitPublic("info", pointer, {});
    emitPublic("init", builder.getVoidTy(), {pointer, i64});
    emitPublic("load", i32, {pointer, pointer, i64});
    emitPublic("save", i64, {pointer, pointer, i64});
  }

private:
  Constant *addConstant(Constant *value, const Twine &name) {
    return new GlobalVariable(module, value->getType(), true, GlobalValue::InternalLinkage, value,
                              model.prefix + "." + name);
  }

  Constant *text(StringRef value) {
    return addConstant(ConstantDataArray::getString(module.getContext(), value), "name");
  }

  Constant *emitTensor(const TensorDescription &tensor) {
    SmallVector<uint64_t, CNNC_MAX_RANK> shape(tensor.shape.begin(), tensor.shape.end());
    shape.resize(CNNC_MAX_RANK, 0);
    return ConstantStruct::getAnon(
        {text(tensor.name), builder.getInt32(tensor.role), builder.getInt32(tensor.dtype),
         builder.getInt32(tensor.shape.size()), builder.getInt32(tensor.init),
         ConstantFP::get(builder.getDoubleTy(), tensor.initValue),
         ConstantDataArray::get(module.getContext(), shape), builder.getInt64(tensor.offset),
         builder.getInt64(tensor.bytes), builder.getInt64(tensor.classes),
         builder.getInt64(tensor.storedBytes),
         ConstantDataArray::get(module.getContext(), tensor.block)});
  }

  Constant *emitTable(ArrayRef<TensorDescription> tensors, StringRef name) {
    if (tensors.empty())
      return ConstantPointerNull::get(pointer);
    SmallVector<Constant *> rows =
        map_to_vector(tensors, [&](const TensorDescription &tensor) { return emitTensor(tensor); });
    auto *type = ArrayType::get(rows.front()->getType(), rows.size());
    return addConstant(ConstantArray::get(type, rows), name);
  }

  Constant *emitInfo() {
    auto count = [&](auto &table) { return builder.getInt32(table.size()); };
    return addConstant(ConstantStruct::getAnon({builder.getInt32(CNNC_ABI_VERSION),
                                                builder.getInt32(model.batch),
                                                text(model.prefix),
                                                count(model.inputs),
                                                count(model.targets),
                                                count(model.outputs),
                                                count(model.params),
                                                count(model.state),
                                                emitTable(model.inputs, "inputs"),
                                                emitTable(model.targets, "targets"),
                                                emitTable(model.outputs, "outputs"),
                                                emitTable(model.params, "params"),
                                                emitTable(model.state, "state"),
                                                builder.getInt64(model.paramsBytes),
                                                builder.getInt64(model.stateBytes),
                                                builder.getInt64(model.workspaceBytes),
                                                builder.getInt64(model.trainWorkspaceBytes),
                                                emitForward(),
                                                emitTrainStep(),
                                                emitGradient(),
                                                setParallel}),
                       "info");
  }

  //===--- Functions of uniform signature ---------------------------------===//

  /// Starts the internal function that the table points to.
  Function *startUniform(StringRef name, Type *result, ArrayRef<Type *> arguments) {
    auto *function =
        Function::Create(FunctionType::get(result, arguments, false), GlobalValue::InternalLinkage,
                         model.prefix + "." + name, module);
    builder.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
    return function;
  }

  /// Appends the `count` pointers of the array `array`.
  void spread(Value *array, size_t count, SmallVectorImpl<Value *> &arguments) {
    for (size_t i = 0; i < count; ++i)
      arguments.push_back(
          builder.CreateLoad(pointer, builder.CreateConstInBoundsGEP1_64(pointer, array, i)));
  }

  Constant *finishUniform(Function *function, StringRef callee, ArrayRef<Value *> arguments) {
    Function *target = module.getFunction(model.prefix + callee.str());
    assert(target->arg_size() == arguments.size() && "cnn.model and the entry point differ");
    CallInst *call = builder.CreateCall(target, arguments);
    call->setIsNoInline(); // one copy of the network's code: in memory as in the library
    if (call->getType()->isVoidTy())
      builder.CreateRetVoid();
    else
      builder.CreateRet(call);
    return function;
  }

  Constant *emitForward() {
    if (!model.hasForward)
      return ConstantPointerNull::get(pointer);
    Function *function =
        startUniform("forward", builder.getVoidTy(), {pointer, pointer, pointer, pointer});
    SmallVector<Value *> arguments{function->getArg(0)};
    spread(function->getArg(1), model.inputs.size(), arguments);
    spread(function->getArg(2), model.outputs.size() + model.forwardProbes.size(), arguments);
    arguments.push_back(function->getArg(3));
    return finishUniform(function, kForward, arguments);
  }

  Constant *emitTrainStep() {
    if (!model.hasTrainStep)
      return ConstantPointerNull::get(pointer);
    Function *function =
        startUniform("train_step", builder.getFloatTy(),
                     {pointer, pointer, pointer, pointer, builder.getFloatTy(), pointer});
    SmallVector<Value *> arguments{function->getArg(0), function->getArg(1)};
    spread(function->getArg(2), model.inputs.size(), arguments);
    spread(function->getArg(3), model.targets.size(), arguments);
    arguments.append({function->getArg(4), function->getArg(5)});
    return finishUniform(function, kTrainStep, arguments);
  }

  Constant *emitGradient() {
    if (!model.hasGradient)
      return ConstantPointerNull::get(pointer);
    Function *function = startUniform("gradient", builder.getDoubleTy(),
                                      {pointer, pointer, pointer, pointer, pointer, pointer});
    SmallVector<Value *> arguments{function->getArg(0), function->getArg(1)};
    spread(function->getArg(2), model.inputs.size(), arguments);
    spread(function->getArg(3), model.targets.size(), arguments);
    spread(function->getArg(4), model.gradientCount() + model.gradientProbes.size(), arguments);
    arguments.push_back(function->getArg(5));
    return finishUniform(function, kGradient, arguments);
  }

  //===--- Public functions -----------------------------------------------===//

  /// `<prefix>_<name>(function, argument)` writes both into a global of cnn-dispatch-kernels, which
  /// is there only if the network reads it.
  Function *emitSetHook(StringRef name, StringRef globalName) {
    auto *function =
        Function::Create(FunctionType::get(builder.getVoidTy(), {pointer, pointer}, false),
                         GlobalValue::ExternalLinkage, model.prefix + "_" + name, module);
    builder.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
    if (GlobalVariable *global = module.getNamedGlobal(globalName))
      for (unsigned i : {0, 1})
        builder.CreateStore(function->getArg(i),
                            builder.CreateConstInBoundsGEP1_64(pointer, global, i));
    builder.CreateRetVoid();
    return function;
  }

  /// `<prefix>_info` returns the table; the others pass it on to the embedded runtime.
  void emitPublic(StringRef name, Type *result, ArrayRef<Type *> arguments) {
    auto *function =
        Function::Create(FunctionType::get(result, arguments, false), GlobalValue::ExternalLinkage,
                         model.prefix + "_" + name, module);
    builder.SetInsertPoint(BasicBlock::Create(module.getContext(), "", function));
    if (arguments.empty()) {
      builder.CreateRet(info);
      return;
    }
    SmallVector<Type *> types{pointer};
    types.append(arguments.begin(), arguments.end());
    FunctionCallee callee = module.getOrInsertFunction(("cnnc_model_" + name).str(),
                                                       FunctionType::get(result, types, false));
    SmallVector<Value *> values{info};
    for (Argument &argument : function->args())
      values.push_back(&argument);
    CallInst *call = builder.CreateCall(callee, values);
    if (result->isVoidTy())
      builder.CreateRetVoid();
    else
      builder.CreateRet(call);
  }

  Module &module;
  const ModelDescription &model;
  IRBuilder<> builder;
  PointerType *pointer;
  Type *i32, *i64;
  Constant *info = nullptr, *setParallel = nullptr;
};

} // namespace

void emitModelInfo(Module &module, const ModelDescription &model) {
  InfoEmitter(module, model).run();
}

} // namespace cnnc
