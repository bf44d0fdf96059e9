//===- Pipelines.cpp - Which passes make a phase --------------------------===//

#include "compiler/Pipelines/Pipelines.h"
#include "compiler/Passes.h"
#include "compiler/Pipelines/Contracts.h"

#include "mlir/Conversion/Passes.h"
#include "mlir/Dialect/MemRef/Transforms/Passes.h"
#include "mlir/Pass/PassRegistry.h"
#include "mlir/Transforms/Passes.h"

using namespace mlir;
using namespace cnnc;

void cnnc::buildAutodiffPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createDifferentiatePass());
  // Rules repeat what the forward pass or another rule has computed, and multiply by
  // the loss's own gradient, which is 1.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
}

void cnnc::buildFusionPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createFoldBatchNormPass());
  passes.addNestedPass<func::FuncOp>(createJoinFilterGradientPass());
}

void cnnc::buildLayoutPipeline(OpPassManager &passes, const PipelineOptions &options) {
  AssignLayoutsPassOptions assign;
  assign.layout = options.layout;
  assign.fewestChannels = options.fewestChannels;
  passes.addPass(createAssignLayoutsPass(assign));
}

void cnnc::buildLoweringPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createCnnToLinalgPass());
  // Constants and broadcasts that their users now read by themselves. No CSE: two sums
  // that start from one tensor of zeros would have to copy it.
  passes.addPass(createCanonicalizerPass());
  passes.addNestedPass<func::FuncOp>(createFoldPacksPass());
  passes.addNestedPass<func::FuncOp>(createLowerPacksPass());
  // Last: it has to see the op that computes what is padded.
  passes.addNestedPass<func::FuncOp>(createPlaceHalosPass());
}

void cnnc::buildTilingPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createSelectSchedulePass());
  passes.addNestedPass<func::FuncOp>(createApplySchedulePass());
}

void cnnc::buildVectorPipeline(OpPassManager &passes) {
  passes.addNestedPass<func::FuncOp>(createJoinElementwisePass());
}

void cnnc::buildMemoryPipeline(OpPassManager &passes) {
  passes.addPass(createBufferizePass());
  // Before the arena: a buffer that nobody reads needs no place. The second clean-up
  // erases copies whose two sides CSE has found to be the same view.
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createCanonicalizerPass());
  passes.addNestedPass<func::FuncOp>(createPlanArenaPass());
}

void cnnc::buildLLVMPipeline(OpPassManager &passes, const PipelineOptions &options) {
  passes.addPass(createEmitEntryPointPass({options.prefix}));
  // Before the loops: an op says which buffers it reads and writes, a loop does not.
  passes.addPass(createOutlineKernelsPass());
  passes.addNestedPass<func::FuncOp>(createLowerLoopsPass());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  // Views of views become indices into the blobs.
  passes.addPass(memref::createFoldMemRefAliasOpsPass());
  passes.addPass(memref::createExpandStridedMetadataPass());
  passes.addPass(createLowerAffinePass());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
  passes.addPass(createSCFToControlFlowPass());
  // What has an instruction becomes one; the rest calls libm.
  // log(1 + x) is libm's: computed as it is written, it is 0 for small x.
  ConvertMathToLLVMPassOptions math;
  math.approximateLog1p = false;
  passes.addPass(createConvertMathToLLVMPass(math));
  passes.addPass(createConvertMathToLibmPass());
  passes.addPass(createArithToLLVMConversionPass());
  passes.addPass(createConvertIndexToLLVMPass());
  passes.addPass(createFinalizeMemRefToLLVMConversionPass());
  // Bare pointers: all shapes are static, and C passes pointers.
  ConvertFuncToLLVMPassOptions bare;
  bare.useBarePtrCallConv = true;
  passes.addPass(createConvertFuncToLLVMPass(bare));
  passes.addPass(createConvertControlFlowToLLVMPass());
  passes.addPass(createReconcileUnrealizedCastsPass());
  passes.addPass(createCanonicalizerPass());
  passes.addPass(createCSEPass());
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
    {Phase::Lowering, false, plain<buildLoweringPipeline>},
    {Phase::Tiling, true, plain<buildTilingPipeline>},
    {Phase::Vector, true, plain<buildVectorPipeline>},
    {Phase::Memory, false, plain<buildMemoryPipeline>},
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
  PassPipelineRegistration<>("cnn-phase-lowering", "the phase Lowering", buildLoweringPipeline);
  PassPipelineRegistration<>("cnn-phase-tiling", "the phase Tiling", buildTilingPipeline);
  PassPipelineRegistration<>("cnn-phase-vector", "the phase Vector", buildVectorPipeline);
  PassPipelineRegistration<>("cnn-phase-memory", "the phase Memory", buildMemoryPipeline);
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
