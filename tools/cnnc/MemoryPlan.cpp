//===- MemoryPlan.cpp - What memory a network needs, and when -------------===//

#include "tools/cnnc/MemoryPlan.h"
#include "compiler/Codegen/ModelInfo.h"

#include "mlir/IR/Location.h"
#include "mlir/IR/SymbolTable.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>

using namespace cnnc;

std::vector<int64_t> ArenaPlan::liveBytes() const {
  std::vector<int64_t> live(steps.size());
  for (const PlannedBuffer &buffer : buffers)
    for (int64_t step = buffer.first; step <= buffer.last && step < int64_t(live.size()); ++step)
      live[step] += buffer.bytes;
  return live;
}

size_t cnnc::peakOf(const std::vector<int64_t> &liveBytes) {
  return size_t(std::max_element(liveBytes.begin(), liveBytes.end()) - liveBytes.begin());
}

const ArenaPlan &MemoryPlan::largest() const {
  return *std::max_element(
      arenas.begin(), arenas.end(),
      [](const ArenaPlan &a, const ArenaPlan &b) { return a.bytes < b.bytes; });
}

int64_t MemoryPlan::bytes() const { return paramsBytes + stateBytes + dataBytes + largest().bytes; }

/// The innermost name, and the position below it. An op that was made of several has
/// the place of one of them.
static PlanPlace placeOf(mlir::Attribute attribute) {
  PlanPlace place;
  auto location = llvm::dyn_cast_or_null<mlir::LocationAttr>(attribute);
  if (!location)
    return place;
  mlir::Location(location)->walk([&](mlir::Location at) {
    if (auto named = llvm::dyn_cast<mlir::NameLoc>(at); named && place.layer.empty())
      place.layer = named.getName().str();
    auto text = llvm::dyn_cast<mlir::FileLineColLoc>(at);
    if (!text)
      return mlir::WalkResult::advance();
    place.file = text.getFilename().str();
    place.line = text.getLine();
    place.column = text.getColumn();
    return mlir::WalkResult::interrupt();
  });
  return place;
}

/// The plan that a function carries.
static ArenaPlan readArena(llvm::StringRef function, mlir::DictionaryAttr arena, int64_t bytes) {
  ArenaPlan plan{.function = function.str(), .bytes = bytes, .steps = {}, .buffers = {}};
  for (mlir::Attribute step : arena.getAs<mlir::ArrayAttr>("steps"))
    plan.steps.push_back(placeOf(step));
  for (mlir::Attribute entry : arena.getAs<mlir::ArrayAttr>("buffers")) {
    auto buffer = llvm::cast<mlir::DictionaryAttr>(entry);
    auto number = [&](llvm::StringRef name) {
      return buffer.getAs<mlir::IntegerAttr>(name).getInt();
    };
    plan.buffers.push_back({placeOf(buffer.get("at")), number("bytes"), number("offset"),
                            number("first"), number("last")});
  }
  return plan;
}

std::optional<MemoryPlan> cnnc::planMemory(const ParsedNet &parsed, const IRGenOptions &irgen,
                                           bool reference) {
  PipelineOptions pipeline{
      .reference = reference, .prefix = libraryPrefix(parsed), .recordArena = true};
  Compilation compilation;
  mlir::ModuleOp module = compilation.run(parsed, irgen, Phase::Memory, pipeline);
  if (!module)
    return std::nullopt;
  MemoryPlan plan{.batch = irgen.batch, .arenas = {}};
  for (mlir::Operation &op : *module.getBody())
    if (auto arena = op.getAttrOfType<mlir::DictionaryAttr>("cnn.arena"))
      plan.arenas.push_back(
          readArena(mlir::SymbolTable::getSymbolName(&op).getValue(), arena,
                    op.getAttrOfType<mlir::IntegerAttr>("cnn.arena_bytes").getInt()));
  // The sizes of the blobs stand where the library's header takes them from.
  mlir::PassManager passes(module.getContext());
  buildInterface(passes, pipeline);
  if (failed(passes.run(module)))
    return std::nullopt;
  llvm::Expected<ModelDescription> model = readModel(module);
  if (!model) {
    llvm::errs() << "cnnc: internal error: " << llvm::toString(model.takeError()) << '\n';
    return std::nullopt;
  }
  plan.paramsBytes = int64_t(model->paramsBytes);
  plan.stateBytes = int64_t(model->stateBytes);
  plan.dataBytes = int64_t(model->dataBytes());
  return plan;
}
