//===- broken-phases.cpp - cnnc verify on a phase that is wrong -----------===//
//
// broken-phases NET.cnn [FLAG=VALUE]…: plants a fault behind a phase, lets `verify` look
// for it and prints what it says.
//
//   --phase=Fusion          behind this one
//   --function=forward      in this function, or in a kernel of its own
//   --layer=conv2           at an op that the layer has become …
//   --op=cnn.conv2d         … of this name,
//   --index=0               counted from 0
//   --fault=scale           its result times --by; turn: paddings exchanged; NAME: that
//                           attribute times --by. Without a fault nothing is planted
//   --by=1.01
//   --f64, --rtol=R, --seed=S
//
// verify-faults.test has the runs.
//
//===----------------------------------------------------------------------===//

#include "compiler/Frontend/Diagnostics.h"
#include "compiler/Frontend/Frontend.h"
#include "compiler/Frontend/ReadText.h"
#include "dialect/CnnOps.h"
#include "tools/cnnc/Verification.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace cnnc;

namespace {

struct Plan {
  std::string phase, function, layer, op, fault;
  unsigned index = 0;
  double by = 1.01;
};

/// How often a fault was planted: a plan that fits no op tests nothing.
unsigned planted = 0;

struct PlantFault final : PassWrapper<PlantFault, OperationPass<func::FuncOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(PlantFault)

  explicit PlantFault(const Plan &plan) : plan(plan) {}

  void runOnOperation() override {
    if (getOperation().getName() != plan.function && !getOperation().isPrivate())
      return;
    unsigned seen = 0;
    Operation *target = nullptr;
    getOperation().walk([&](Operation *op) {
      auto name = dyn_cast<NameLoc>(op->getLoc());
      if (op->getName().getStringRef() == plan.op && name &&
          name.getName().getValue() == plan.layer && seen++ == plan.index)
        target = op;
    });
    if (target)
      plant(target);
  }

  void plant(Operation *op) {
    ++planted;
    if (plan.fault == "turn")
      return exchangePadding(op);
    if (plan.fault != "scale")
      return changeAttribute(op);
    if (auto generic = dyn_cast<linalg::GenericOp>(op))
      return scaleOperand(generic.getBody()->getTerminator());
    if (isa<vector::StoreOp>(op))
      return scaleOperand(op);
    OpBuilder builder(op->getContext());
    builder.setInsertionPointAfter(op);
    Value result = op->getResult(0);
    auto scaled = mlir::cnn::ScaleOp::create(builder, op->getLoc(), result, plan.by);
    result.replaceAllUsesExcept(scaled, scaled);
  }

  /// Of a convolution with unlike paddings: the output keeps its size.
  static void exchangePadding(Operation *op) {
    auto conv = cast<mlir::cnn::Conv2DOp>(op);
    SmallVector<int64_t> padding(conv.getPadding());
    std::swap(padding[0], padding[1]);
    std::swap(padding[2], padding[3]);
    conv.setPadding(padding);
  }

  void changeAttribute(Operation *op) {
    auto old = op->getAttrOfType<FloatAttr>(plan.fault);
    op->setAttr(plan.fault, FloatAttr::get(old.getType(), old.getValueAsDouble() * plan.by));
  }

  /// Multiplies the first operand, a number or a vector.
  void scaleOperand(Operation *op) {
    OpBuilder builder(op);
    Value element = op->getOperand(0);
    TypedAttr factor = builder.getFloatAttr(getElementTypeOrSelf(element.getType()), plan.by);
    if (auto vector = dyn_cast<VectorType>(element.getType()))
      factor = DenseElementsAttr::get(vector, ArrayRef<Attribute>(factor));
    Value by = arith::ConstantOp::create(builder, op->getLoc(), factor);
    op->setOperand(0, arith::MulFOp::create(builder, op->getLoc(), element, by));
  }

  const Plan &plan;
};

} // namespace

static std::string take(llvm::StringMap<std::string> &flags, StringRef name, StringRef fallback) {
  auto found = flags.find(name);
  std::string value = found == flags.end() ? fallback.str() : found->second;
  flags.erase(name);
  return value;
}

static int print(const VerifyReport &report, const Sources &sources) {
  for (const PhaseResult &phase : report.phases)
    llvm::outs() << phase.phase
                 << (phase.comparison.worst.isMoved() ? " moved"
                     : phase.isUnchanged              ? " unchanged"
                                                      : " ok")
                 << '\n';
  if (report.fault) {
    static constexpr StringRef parts[] = {"forward", "loss", "backward", "step"};
    const Fault &fault = *report.fault;
    LineColumn at = sources.lineColumn(fault.range.begin);
    llvm::outs() << entryName(fault.entry) << ' ' << parts[fault.part] << " '" << fault.layer
                 << "' " << at.line << ':' << at.column << ' ' << fault.difference.tensor
                 << " found " << fault.difference.found << '\n';
  }
  return report.fault ? 1 : 0;
}

int main(int argc, char **argv) {
  llvm::StringMap<std::string> flags;
  for (const char *word : llvm::ArrayRef(argv, argc).drop_front(2)) {
    auto [name, value] = StringRef(word).split('=');
    flags[name] = value.str();
  }
  Plan plan{.phase = take(flags, "--phase", ""),
            .function = take(flags, "--function", "forward"),
            .layer = take(flags, "--layer", ""),
            .op = take(flags, "--op", ""),
            .fault = take(flags, "--fault", "")};
  VerifyOptions options{.doublePrecision = flags.contains("--f64")};
  flags.erase("--f64");
  double rtol = 0;
  StringRef(take(flags, "--index", "0")).getAsInteger(10, plan.index);
  StringRef(take(flags, "--by", "1.01")).getAsDouble(plan.by);
  StringRef(take(flags, "--seed", "1")).getAsInteger(10, options.seed);
  if (!StringRef(take(flags, "--rtol", "")).getAsDouble(rtol))
    options.rtol = rtol;
  if (argc < 2 || !flags.empty()) {
    llvm::errs() << "broken-phases: expected NET.cnn [FLAG=VALUE]…\n";
    return 2;
  }

  TextFile file = readText(argv[1], TextKind::Anything);
  Sources sources(argv[1], std::move(file.text));
  cnnc::DiagnosticEngine diagnostics(sources);
  std::optional<TypedNet> net = compileText(sources, {}, diagnostics);
  diagnostics.renderText(llvm::errs(), false);
  if (!net)
    return 2;
  options.batch = net->train ? net->train->batch : 1;
  options.afterPhase = [&](OpPassManager &passes, Phase phase) {
    if (phaseName(phase) == plan.phase && !plan.fault.empty())
      passes.addNestedPass<func::FuncOp>(std::make_unique<PlantFault>(plan));
  };
  Result<VerifyReport> report = verify(*net, sources, options);
  if (!report) {
    llvm::errs() << report.status().message() << '\n';
    return 2;
  }
  if (!plan.fault.empty() && planted == 0) {
    llvm::errs() << "broken-phases: no op to break\n";
    return 2;
  }
  return print(*report, sources);
}
