//===- Pipelines.cpp - Which passes make a phase --------------------------===//

#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Passes.h"
#include "compiler/Pipelines/Contracts.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir;
using namespace cnnc;

std::optional<std::string> cnnc::textOf(const PipelineOptions &options) {
  // By name, so that a further option cannot be forgotten here.
  const auto &[reference, prefix, machine, layout, fewestChannels, profile, lastOptional,
               recordArena, schedules, afterPhase] = options;
  const auto &[vectorBits, registers, hasFma, fmaPorts, fmaLatency, loadPorts, l1Bytes, l2Bytes,
               l3Bytes, l2Bandwidth, l3Bandwidth, memoryBandwidth] = machine;
  if (afterPhase)
    return std::nullopt;
  std::string text;
  llvm::raw_string_ostream out(text);
  out << (reference ? "reference " : "fast ") << prefix << ' ' << layout << ' ' << fewestChannels
      << (profile ? " profile" : "") << (recordArena ? " arena" : "") << " machine";
  for (int64_t number : {vectorBits, registers, int64_t(hasFma), fmaPorts, fmaLatency, loadPorts,
                         l1Bytes, l2Bytes, l3Bytes, l2Bandwidth, l3Bandwidth, memoryBandwidth})
    out << ' ' << number;
  if (lastOptional)
    text += (" " + phaseName(*lastOptional)).str();
  // The last, since it may hold anything.
  if (schedules)
    text += " schedules " + schedules->text;
  return text;
}

void cnnc::buildAutodiffPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createDifferentiatePass());
  // Rules repeat what the forward pass or another rule has computed, and multiply by
  // the loss's own gradient, which is 1.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

void cnnc::buildFusionPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createFoldBatchNormPass());
  passes.addNestedPass<func::FuncOp>(createJoinCrossEntropyPass());
  passes.addNestedPass<func::FuncOp>(createJoinFilterGradientPass());
  passes.addNestedPass<func::FuncOp>(createJoinMaxPoolPass());
  // Scaled or not, a sum is then the same: one of the two goes.
  passes.addNestedPass<func::FuncOp>(createScaleSumsPass());
  passes.addNestedPass<func::FuncOp>(createCSEPass());
}

void cnnc::buildLayoutPipeline(OpPassManager &passes, const PipelineOptions &options) {
  AssignLayoutsPassOptions assign;
  assign.layout = options.layout;
  assign.fewestChannels = options.fewestChannels;
  assign.cacheBytes = options.machine.l2Bytes;
  passes.addPass(createAssignLayoutsPass(assign));
}

void cnnc::buildLoweringPipeline(OpPassManager &passes, const PipelineOptions &options) {
  passes.addNestedPass<func::FuncOp>(createCnnToLinalgPass({options.machine.hasFma}));
  passes.addPass(createPackVariablesPass());
  // Constants and broadcasts that their users now read by themselves. No CSE: two sums
  // that start from one tensor of zeros would have to copy it.
  passes.addPass(createCanonicalizerPass());
  passes.addNestedPass<func::FuncOp>(createFoldPacksPass());
  passes.addNestedPass<func::FuncOp>(createLowerPacksPass());
  // Last: it has to see the op that computes what is padded.
  passes.addNestedPass<func::FuncOp>(createPlaceHalosPass());
}

/// The numbers of the target by which tiles are chosen.
template <typename Options> static Options onMachine(const PipelineOptions &options) {
  Options machine;
  machine.vectorBits = options.machine.vectorBits;
  machine.registers = options.machine.registers;
  machine.fmaPorts = options.machine.fmaPorts;
  machine.fmaLatency = options.machine.fmaLatency;
  machine.loadPorts = options.machine.loadPorts;
  machine.l1Bytes = options.machine.l1Bytes;
  machine.l2Bytes = options.machine.l2Bytes;
  machine.l2Bandwidth = options.machine.l2Bandwidth;
  return machine;
}

void cnnc::buildTilingPipeline(OpPassManager &passes, const PipelineOptions &options) {
  // Before chains are joined: what has several users is no part of one.
  passes.addNestedPass<func::FuncOp>(createSpreadElementwisePass());
  passes.addNestedPass<func::FuncOp>(createJoinElementwisePass());
  // What is computed again is a whole chain; then its copies join the loops that read them.
  passes.addNestedPass<func::FuncOp>(createRecomputeActivationsPass());
  passes.addNestedPass<func::FuncOp>(createJoinElementwisePass());
  passes.addNestedPass<func::FuncOp>(createFormKernelsPass());
  passes.addNestedPass<func::FuncOp>(createJoinReductionsPass());
  // After the chains are joined: a kernel takes in a whole chain, not its first op. Before that,
  // what reads several kernels' slices becomes an op for each.
  passes.addNestedPass<func::FuncOp>(createSplitElementwisePass());
  passes.addNestedPass<func::FuncOp>(createFuseEpiloguePass());
  // After epilogues: what is pooled is what these make.
  passes.addNestedPass<func::FuncOp>(createFusePoolPass(onMachine<FusePoolPassOptions>(options)));
  // When nobody makes new kernels any more.
  passes.addNestedPass<func::FuncOp>(createSkipPaddingPass());
  passes.addNestedPass<func::FuncOp>(
      createSelectSchedulePass(onMachine<SelectSchedulePassOptions>(options)));
  // After those are chosen: what has one is what can have another.
  if (options.schedules)
    passes.addPass(createOverrideSchedulesPass(
        {options.schedules->name, options.schedules->text, options.schedules->onlyFitting}));
}

void cnnc::buildMemoryPipeline(OpPassManager &passes, const PipelineOptions &options) {
  // Before bufferization: it is the order of the ops by which it decides what is in place.
  passes.addNestedPass<func::FuncOp>(createHoistUpdatesPass());
  // What checks the other pipeline shares no decision about memory with it.
  passes.addPass(createBufferizePass({/*inPlace=*/!options.reference}));
  // Before the arena: a buffer that nobody reads needs no place. The second clean-up
  // erases copies whose two sides CSE has found to be the same view.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createCanonicalizerPass());
  passes.addNestedPass<func::FuncOp>(createPlanArenaPass({options.recordArena}));
}

void cnnc::buildInterface(OpPassManager &passes, const PipelineOptions &options) {
  passes.addPass(createEmitEntryPointPass({options.prefix}));
}

void cnnc::buildVectorPipeline(OpPassManager &passes, const PipelineOptions &options) {
  passes.addPass(createOutlineKernelsPass({options.machine.l2Bytes}));
  // Before their kernels have loops of a fixed length.
  passes.addPass(createJoinUpdatesPass(
      {options.machine.vectorBits, options.machine.registers, options.machine.hasFma}));
  passes.addPass(createEmitKernelsPass(
      {options.machine.vectorBits, options.machine.registers, options.machine.hasFma}));
}

void cnnc::buildLLVMPipeline(OpPassManager &passes, const PipelineOptions &options) {
  buildInterface(passes, options);
  // Before the loops: an op says which buffers it reads and writes, a loop does not.
  passes.addPass(createOutlineKernelsPass({options.machine.l2Bytes}));
  // From here on function by function, on all processors.
  OpPassManager &kernels = passes.nest<func::FuncOp>();
  kernels.addPass(createLowerLoopsPass());
  kernels.addPass(createCSEPass());
  // Views of views become indices into the blobs.
  kernels.addPass(memref::createFoldMemRefAliasOpsPass());
  kernels.addPass(memref::createExpandStridedMetadataPass());
  kernels.addPass(createLowerAffinePass());
  kernels.addPass(createCanonicalizerPass());
  kernels.addPass(createCSEPass());
  kernels.addPass(createSCFToControlFlowPass());
  // What has an instruction becomes one; the rest calls libm.
  // log(1 + x) is libm's: computed as it is written, it is 0 for small x.
  ConvertMathToLLVMPassOptions math;
  math.approximateLog1p = false;
  kernels.addPass(createConvertMathToLLVMPass(math));
  passes.addPass(createConvertMathToLibmPass());
  // Not earlier: a vector of libm's functions is taken apart first.
  OpPassManager &instructions = passes.nest<func::FuncOp>();
  instructions.addPass(createConvertVectorToLLVMPass());
  instructions.addPass(createArithToLLVMConversionPass());
  instructions.addPass(createConvertIndexToLLVMPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  // Bare pointers: all shapes are static, and C passes pointers.
  ConvertFuncToLLVMPassOptions bare;
  bare.useBarePtrCallConv = true;
  passes.addPass(createConvertFuncToLLVMPass(bare));
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  // Last: it reads which kernel a call is of, and its constants.
  passes.addPass(createDispatchKernelsPass({options.profile}));
}

namespace {

/// One phase of both pipelines, or of the fast one only.
struct PhaseRow {
  Phase phase;
  bool isOptional;
  void (*build)(OpPassManager &, const PipelineOptions &);
};

} // namespace

template <void build(OpPassManager &)>
static void plain(OpPassManager &passes, const PipelineOptions &) {
  build(passes);
}

static constexpr PhaseRow kPhases[] = {
    {Phase::Autodiff, false, plain<buildAutodiffPipeline>},
    {Phase::Fusion, true, plain<buildFusionPipeline>},
    {Phase::Layout, true, buildLayoutPipeline},
    {Phase::Lowering, false, buildLoweringPipeline},
    {Phase::Tiling, true, buildTilingPipeline},
    {Phase::Memory, false, buildMemoryPipeline},
    {Phase::Vector, true, buildVectorPipeline},
    {Phase::LLVM, false, buildLLVMPipeline},
};

std::vector<Phase> cnnc::optionalPhases() {
  std::vector<Phase> phases;
  for (const PhaseRow &row : kPhases)
    if (row.isOptional)
      phases.push_back(row.phase);
  return phases;
}

void cnnc::buildPipeline(OpPassManager &passes, Phase last, const PipelineOptions &options) {
  for (const PhaseRow &row : kPhases) {
    bool isLeftOut = options.reference || row.phase > options.lastOptional.value_or(row.phase);
    if (row.phase > last || (row.isOptional && isLeftOut))
      continue;
    row.build(passes, options);
    if (options.afterPhase)
      options.afterPhase(passes, row.phase);
    addContractCheck(passes, row.phase);
  }
}

void cnnc::registerPipelines() {
  PassPipelineRegistration<>("cnn-phase-autodiff", "the phase Autodiff", buildAutodiffPipeline);
  PassPipelineRegistration<>("cnn-phase-fusion", "the phase Fusion", buildFusionPipeline);
  PassPipelineRegistration<>("cnn-phase-layout", "the phase Layout", [](OpPassManager &passes) {
    buildLayoutPipeline(passes, PipelineOptions());
  });
  PassPipelineRegistration<>("cnn-phase-lowering", "the phase Lowering", [](OpPassManager &passes) {
    buildLoweringPipeline(passes, PipelineOptions());
  });
  PassPipelineRegistration<>("cnn-phase-tiling", "the phase Tiling", [](OpPassManager &passes) {
    buildTilingPipeline(passes, PipelineOptions());
  });
  PassPipelineRegistration<>("cnn-phase-memory", "the phase Memory", [](OpPassManager &passes) {
    buildMemoryPipeline(passes, PipelineOptions());
  });
  PassPipelineRegistration<>("cnn-phase-vector", "the phase Vector", [](OpPassManager &passes) {
    buildVectorPipeline(passes, PipelineOptions());
  });
  PassPipelineRegistration<>("cnn-phase-llvm", "the phase LLVM", [](OpPassManager &passes) {
    buildLLVMPipeline(passes, PipelineOptions());
  });
  PassPipelineRegistration<>("cnn-reference", "all phases of the reference pipeline",
                             [](OpPassManager &passes) {
                               PipelineOptions options;
                               options.reference = true;
                               buildPipeline(passes, Phase::LLVM, options);
                             });
}
