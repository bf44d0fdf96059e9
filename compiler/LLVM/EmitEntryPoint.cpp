//===- EmitEntryPoint.cpp - Functions in the form that C calls ------------===//
//
// Until here a function has one argument for each variable; C passes all of them
// in two blobs. This pass gives each variable its place, rewrites the functions'
// arguments, and records in `cnn.model` what a caller must know, because after it
// nothing in the module speaks of variables, inputs and outputs any more.
//
//===----------------------------------------------------------------------===//

#include "compiler/Passes.h"
#include "dialect/CnnOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/Matchers.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/Support/MathExtras.h"

namespace cnnc {
#define GEN_PASS_DEF_EMITENTRYPOINTPASS
#include "compiler/Passes.h.inc"
} // namespace cnnc

using namespace mlir;

namespace {

/// CNNC_ALIGNMENT of abi.h: of the blobs and of every variable in them.
constexpr int64_t blobAlignment = 64;

int64_t bytesOf(ShapedType type) {
  return type.getNumElements() * llvm::divideCeil(type.getElementTypeBitWidth(), 8);
}

//===----------------------------------------------------------------------===//
// Variables in blobs
//===----------------------------------------------------------------------===//

/// Where a variable lies.
struct Place {
  bool inState;
  int64_t offset;
  RankedTensorType stored;
};

/// The two blobs, and the tables of `cnn.model` that describe them.
class Blobs {
public:
  explicit Blobs(ModuleOp module) : builder(module.getContext()) {
    for (auto variable : module.getOps<cnn::VariableOp>())
      add(variable);
  }

  const Place *find(StringRef name) const {
    auto place = places.find(name);
    return place == places.end() ? nullptr : &place->second;
  }
  ArrayRef<Attribute> table(bool state) const { return tables[state]; }
  int64_t bytes(bool state) const { return sizes[state]; }
  /// The names of the trained parameters, in the order of declaration.
  ArrayRef<StringAttr> trained() const { return trainedNames; }

private:
  void add(cnn::VariableOp variable) {
    bool inState = variable.getRole() == cnn::VariableRole::slot;
    auto type = cast<RankedTensorType>(variable.getType());
    int64_t &end = sizes[inState];
    places[variable.getSymName()] = {inState, end, variable.getStoredType()};

    StringRef init = variable.getUniform()  ? "uniform"
                     : variable.getNormal() ? "normal"
                                            : "constant";
    double value = 0;
    for (const std::optional<APFloat> &given :
         {variable.getUniform(), variable.getNormal(), variable.getConstant()})
      if (given)
        value = given->convertToDouble();
    tables[inState].push_back(builder.getDictionaryAttr({
        builder.getNamedAttr("name", variable.getSymNameAttr()),
        builder.getNamedAttr("role",
                             builder.getStringAttr(stringifyVariableRole(variable.getRole()))),
        builder.getNamedAttr("type", TypeAttr::get(type)),
        builder.getNamedAttr("init", builder.getStringAttr(init)),
        builder.getNamedAttr("value", builder.getF64FloatAttr(value)),
        builder.getNamedAttr("offset", builder.getI64IntegerAttr(end)),
        builder.getNamedAttr("block", blockSizes(variable)),
    }));
    if (variable.getRole() == cnn::VariableRole::parameter)
      trainedNames.push_back(variable.getSymNameAttr());
    end += llvm::alignTo(bytesOf(variable.getStoredType()), blobAlignment);
  }

  /// Of dimensions 0 and 1; 1 where a dimension is whole.
  Attribute blockSizes(cnn::VariableOp variable) {
    int64_t sizes[] = {1, 1};
    for (int64_t dim : variable.getBlocks().value_or(ArrayRef<int64_t>()))
      sizes[dim] = cnn::kBlock;
    return builder.getDenseI64ArrayAttr(sizes);
  }

  Builder builder;
  llvm::StringMap<Place> places;
  SmallVector<Attribute> tables[2];
  SmallVector<StringAttr> trainedNames;
  int64_t sizes[2] = {0, 0};
};

//===----------------------------------------------------------------------===//
// One entry point
//===----------------------------------------------------------------------===//

/// What distinguishes the three functions.
struct EntryKind {
  StringRef name;
  bool trains;          // takes state and targets, has a loss
  StringRef resultRole; // of the buffers that it writes for the caller, or empty
  unsigned lossBits;    // of the returned loss, or 0
  bool takesLearningRate;
};
constexpr EntryKind entryKinds[] = {{"forward", false, "output", 0, false},
                                    {"train_step", true, "", 32, true},
                                    {"gradient", true, "gradient", 64, false}};

/// Rewrites the arguments of one function.
class EntryPoint {
public:
  EntryPoint(func::FuncOp function, const EntryKind &kind, const Blobs &blobs)
      : function(function), kind(kind), blobs(blobs), block(function.getBody().front()),
        oldArguments(function.getNumArguments()), builder(OpBuilder::atBlockBegin(&block)) {}

  LogicalResult classify();
  LogicalResult rewrite(StringRef prefix);
  /// The table of `cnn.model` for the arguments of `role`.
  ArrayAttr describe(StringRef role);
  bool has(StringRef role) const { return !byRole.lookup(role).empty(); }
  int64_t workspaceBytes() { return bytesOf(cast<MemRefType>(byRole["workspace"][0].getType())); }

private:
  StringRef nameOf(BlockArgument argument) {
    auto name = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kNameAttr);
    return name ? name.getValue() : StringRef();
  }
  LogicalResult orderGradients();
  Value addPointer(Type type, bool isBlob);
  Value addBlob(bool state);
  void passOn(StringRef role);
  void viewVariables(Value params, Value state);
  void takeLearningRate();
  void returnLoss();
  void finish(StringRef prefix);

  func::FuncOp function;
  const EntryKind &kind;
  const Blobs &blobs;
  Block &block;
  unsigned oldArguments;
  OpBuilder builder;
  llvm::StringMap<SmallVector<BlockArgument>> byRole;
  SmallVector<Attribute> argumentAttrs;
};

LogicalResult EntryPoint::classify() {
  for (BlockArgument argument : block.getArguments()) {
    auto role = function.getArgAttrOfType<StringAttr>(argument.getArgNumber(), cnn::kRoleAttr);
    auto type = dyn_cast<MemRefType>(argument.getType());
    if (!role || !type || !type.hasStaticShape())
      return function.emitOpError("expected a buffer of static shape with cnn.role as argument ")
             << argument.getArgNumber();
    SmallVector<StringRef> legal{"input", "variable", "workspace"};
    if (kind.trains)
      legal.append({"target", "loss"});
    if (kind.takesLearningRate)
      legal.push_back("learning_rate");
    if (!kind.resultRole.empty())
      legal.append({kind.resultRole, "probe"});
    if (!llvm::is_contained(legal, role.getValue()))
      return function.emitOpError("cannot have an argument of role ") << role;
    if (role.getValue() == "variable") {
      const Place *place = blobs.find(nameOf(argument));
      if (!place)
        return function.emitOpError("no cnn.variable is named '") << nameOf(argument) << "'";
      if (type.getShape() != place->stored.getShape() ||
          type.getElementType() != place->stored.getElementType())
        return function.emitOpError("'") << nameOf(argument) << "' is stored as " << place->stored
                                         << ", but the argument is " << type;
      if (place->inState && !kind.trains)
        return function.emitOpError("cannot use the optimizer slot '") << nameOf(argument) << "'";
    }
    byRole[role.getValue()].push_back(argument);
  }
  if (byRole["workspace"].size() != 1)
    return function.emitOpError("expected one argument of role \"workspace\"");
  if (kind.trains && byRole["loss"].size() != 1)
    return function.emitOpError("expected one loss");
  if (function.getNumResults() != 0)
    return function.emitOpError("expected no results, but has ") << function.getNumResults();
  return kind.resultRole == "gradient" ? orderGradients() : success();
}

/// The contract of abi.h: gradients of the trained parameters in their order, then of the float
/// inputs in theirs.
LogicalResult EntryPoint::orderGradients() {
  llvm::StringMap<BlockArgument> byName;
  for (BlockArgument gradient : byRole["gradient"])
    byName[nameOf(gradient)] = gradient;
  SmallVector<std::string> wanted =
      llvm::map_to_vector(blobs.trained(), [](StringAttr name) { return name.str(); });
  for (BlockArgument input : byRole["input"])
    if (isa<FloatType>(cast<MemRefType>(input.getType()).getElementType()))
      wanted.push_back(("input." + nameOf(input)).str());

  SmallVector<BlockArgument> ordered;
  for (const std::string &name : wanted) {
    auto gradient = byName.find(name);
    if (gradient == byName.end())
      return function.emitOpError("has no gradient of '") << name << "'";
    ordered.push_back(gradient->second);
  }
  if (ordered.size() != byRole["gradient"].size())
    return function.emitOpError("has gradients of what is neither a parameter nor a float input");
  byRole["gradient"] = ordered;
  return success();
}

ArrayAttr EntryPoint::describe(StringRef role) {
  auto entries = llvm::map_to_vector(byRole[role], [&](BlockArgument argument) -> Attribute {
    auto type = cast<MemRefType>(argument.getType());
    auto classes =
        function.getArgAttrOfType<IntegerAttr>(argument.getArgNumber(), cnn::kClassesAttr);
    return builder.getDictionaryAttr({
        builder.getNamedAttr("name", builder.getStringAttr(nameOf(argument))),
        builder.getNamedAttr("role", builder.getStringAttr(role)),
        builder.getNamedAttr(
            "type", TypeAttr::get(RankedTensorType::get(type.getShape(), type.getElementType()))),
        builder.getNamedAttr("classes", builder.getI64IntegerAttr(classes ? classes.getInt() : 0)),
    });
  });
  return builder.getArrayAttr(entries);
}

Value EntryPoint::addPointer(Type type, bool isBlob) {
  SmallVector<NamedAttribute> attributes{
      builder.getNamedAttr(LLVM::LLVMDialect::getNoAliasAttrName(), builder.getUnitAttr())};
  if (isBlob)
    attributes.push_back(builder.getNamedAttr(LLVM::LLVMDialect::getAlignAttrName(),
                                              builder.getI64IntegerAttr(blobAlignment)));
  argumentAttrs.push_back(builder.getDictionaryAttr(attributes));
  return block.addArgument(type, function.getLoc());
}

Value EntryPoint::addBlob(bool state) {
  return addPointer(MemRefType::get({blobs.bytes(state)}, builder.getI8Type()), true);
}

/// The arguments of `role` keep their type and come next.
void EntryPoint::passOn(StringRef role) {
  for (BlockArgument argument : byRole[role])
    argument.replaceAllUsesWith(addPointer(argument.getType(), role == "workspace"));
}

void EntryPoint::viewVariables(Value params, Value state) {
  for (BlockArgument variable : byRole["variable"]) {
    const Place &place = *blobs.find(nameOf(variable));
    Value blob = place.inState ? state : params;
    Value offset = arith::ConstantIndexOp::create(builder, function.getLoc(), place.offset);
    Value view = memref::ViewOp::create(builder, function.getLoc(), variable.getType(), blob,
                                        offset, ValueRange());
    variable.replaceAllUsesWith(view);
  }
}

void EntryPoint::takeLearningRate() {
  argumentAttrs.push_back(builder.getDictionaryAttr({}));
  Value rate = block.addArgument(builder.getF32Type(), function.getLoc());
  for (BlockArgument argument : byRole["learning_rate"]) {
    auto type = cast<MemRefType>(argument.getType());
    Value buffer = memref::AllocaOp::create(builder, function.getLoc(), type);
    Value value = rate;
    if (type.getElementType().isF64())
      value = arith::ExtFOp::create(builder, function.getLoc(), type.getElementType(), rate);
    memref::StoreOp::create(builder, function.getLoc(), value, buffer);
    argument.replaceAllUsesWith(buffer);
  }
}

void EntryPoint::returnLoss() {
  BlockArgument argument = byRole["loss"][0];
  auto type = cast<MemRefType>(argument.getType());
  Value buffer = memref::AllocaOp::create(builder, function.getLoc(), type);
  argument.replaceAllUsesWith(buffer);

  Operation *terminator = block.getTerminator();
  OpBuilder atEnd(terminator);
  Location location = terminator->getLoc();
  Value loss = memref::LoadOp::create(atEnd, location, buffer);
  Type wanted = kind.lossBits == 32 ? Type(atEnd.getF32Type()) : Type(atEnd.getF64Type());
  if (type.getElementTypeBitWidth() < kind.lossBits)
    loss = arith::ExtFOp::create(atEnd, location, wanted, loss);
  else if (type.getElementTypeBitWidth() > kind.lossBits)
    loss = arith::TruncFOp::create(atEnd, location, wanted, loss);
  terminator->setOperands(loss);
}

LogicalResult EntryPoint::rewrite(StringRef prefix) {
  Value params = addBlob(false);
  Value state = kind.trains ? addBlob(true) : Value();
  passOn("input");
  passOn("target");
  passOn(kind.resultRole);
  passOn("probe");
  if (kind.takesLearningRate)
    takeLearningRate();
  passOn("workspace");
  viewVariables(params, state);
  if (kind.trains)
    returnLoss();
  finish(prefix);
  return success();
}

void EntryPoint::finish(StringRef prefix) {
  block.eraseArguments(0, oldArguments);
  SmallVector<Type> results(block.getTerminator()->getOperandTypes());
  function.setType(builder.getFunctionType(block.getArgumentTypes(), results));
  function.setAllArgAttrs(argumentAttrs);
  function->removeAttr(function.getResAttrsAttrName());
  function->removeAttr("cnn.arena_bytes");
  function->removeAttr("cnn.arena");
  function.setName((prefix + "_" + kind.name).str());
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

struct EmitEntryPointPass final : cnnc::impl::EmitEntryPointPassBase<EmitEntryPointPass> {
  using Base::Base;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    Blobs blobs(module);
    llvm::MapVector<StringRef, Attribute> model;
    for (auto function : llvm::make_early_inc_range(module.getOps<func::FuncOp>()))
      if (!function.isExternal() && !function.isPrivate() && failed(emit(function, blobs, model)))
        return signalPassFailure();
    if (failed(checkBatch(module, model)))
      return signalPassFailure();

    Builder builder(&getContext());
    model["prefix"] = builder.getStringAttr(prefix);
    model["params"] = builder.getArrayAttr(blobs.table(false));
    model["state"] = builder.getArrayAttr(blobs.table(true));
    model["params_bytes"] = builder.getI64IntegerAttr(blobs.bytes(false));
    model["state_bytes"] = builder.getI64IntegerAttr(blobs.bytes(true));
    SmallVector<NamedAttribute> entries;
    for (auto &[name, value] : model)
      entries.push_back(builder.getNamedAttr(name, value));
    module->setAttr("cnn.model", builder.getDictionaryAttr(entries));
    for (auto variable : llvm::make_early_inc_range(module.getOps<cnn::VariableOp>()))
      variable.erase();
  }

private:
  using Model = llvm::MapVector<StringRef, Attribute>;

  LogicalResult emit(func::FuncOp function, const Blobs &blobs, Model &model) {
    const EntryKind *kind = llvm::find_if(
        entryKinds, [&](const EntryKind &kind) { return kind.name == function.getName(); });
    if (kind == std::end(entryKinds))
      return function.emitOpError("expected forward, train_step or gradient");
    if (!function.getBody().hasOneBlock())
      return function.emitOpError("expected a body of one block");
    EntryPoint entry(function, *kind, blobs);
    if (failed(entry.classify()) ||
        failed(agree(function, model, "inputs", entry.describe("input"))))
      return failure();
    if (kind->trains && failed(agree(function, model, "targets", entry.describe("target"))))
      return failure();
    if (kind->resultRole == "output")
      model["outputs"] = entry.describe("output");
    if (entry.has("probe"))
      model[kind->trains ? "gradient_probes" : "forward_probes"] = entry.describe("probe");

    StringRef size = kind->trains ? "train_workspace_bytes" : "workspace_bytes";
    auto other = dyn_cast_or_null<IntegerAttr>(model.lookup(size));
    int64_t bytes = std::max(entry.workspaceBytes(), other ? other.getInt() : 0);
    model[size] = Builder(&getContext()).getI64IntegerAttr(bytes);
    return entry.rewrite(prefix);
  }

  LogicalResult agree(func::FuncOp function, Model &model, StringRef table, ArrayAttr entries) {
    auto [known, isNew] = model.insert({table, entries});
    if (!isNew && known->second != entries)
      return function.emitOpError("disagrees with another function about the ") << table;
    return success();
  }

  /// The batch is the first dimension of every input.
  LogicalResult checkBatch(ModuleOp module, Model &model) {
    int64_t batch = 0;
    auto inputs = dyn_cast_or_null<ArrayAttr>(model.lookup("inputs"));
    if (!inputs || inputs.empty())
      return module.emitOpError("expected a network with an input");
    for (auto input : inputs.getAsRange<DictionaryAttr>()) {
      auto type = cast<RankedTensorType>(input.getAs<TypeAttr>("type").getValue());
      int64_t size = type.getRank() ? type.getDimSize(0) : 0;
      if (size == 0 || (batch != 0 && size != batch))
        return module.emitOpError("expected one batch size, but input ")
               << input.get("name") << " has type " << type;
      batch = size;
    }
    model["batch"] = Builder(&getContext()).getI64IntegerAttr(batch);
    return success();
  }
};

} // namespace
