//===- Pipelines.h - Which passes make a phase ------------------------------===//
//
// One function a phase, in the order of Phases.def. Entry and exit of each:
//
//   Autodiff  in:  cnn ops, gradients requested by cnn.gradient
//             out: no cnn.gradient
//   Fusion    in:  cnn ops
//             out: cnn ops, each one sweep over memory
//   Layout    in:  cnn ops on row-major tensors
//             out: cnn ops; no op only moves what its user could read in place
//   Lowering  in:  cnn ops
//             out: linalg, tensor, arith, math, nothing packed or padded; of cnn only
//                  cnn.variable and cnn.fill_border
//   Tiling    in:  linalg on tensors
//             out: linalg and kernels on tensors; contractions have schedules
//   Memory    in:  linalg and kernels on tensors
//             out: the same on buffers; all temporaries in one workspace argument
//   Vector    in:  linalg and kernels on buffers
//             out: calls of private functions, in these loops over vectors, or an op for which
//                  there are no vectors
//   LLVM      in:  linalg and kernels on buffers, or loops over vectors
//             out: the LLVM dialect; entry points of the C library; cnn.model
//
// The reference pipeline leaves out Fusion, Layout, Tiling and Vector; it is the oracle of the
// tests. The exit contracts are checked after each phase (Contracts.cpp).
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_PIPELINES_PIPELINES_H
#define CNNC_PIPELINES_PIPELINES_H

#include "compiler/Pipelines/Phases.h"
#include "compiler/Support/MachineModel.h"
#include "mlir/Pass/PassManager.h"
#include <functional>
#include <optional>
#include <string>

namespace cnnc {

/// A text of schedules (compiler/Support/ScheduleFile.h).
struct ScheduleText {
  std::string name; ///< in messages
  std::string text;
  bool onlyFitting = false; ///< lines that fit no kernel are left out
};

struct PipelineOptions {
  bool reference = false;     ///< IRGen, Autodiff, Lowering, plain loops, LLVM; nothing else
  std::string prefix = "net"; ///< of the library's public names
  MachineModel machine = {};  ///< that schedules are for
  /// What lies side by side in memory: auto, channels, images or plain.
  std::string layout = "auto";
  /// Images of fewer channels have no blocks of channels.
  int64_t fewestChannels = 8;
  bool profile = false; ///< announce start and end of each call of a kernel
  /// The last of optionalPhases() that runs; without one, all of them do.
  std::optional<Phase> lastOptional = std::nullopt;
  /// The phase Memory leaves its plan in the module, as cnn.arena.
  bool recordArena = false;
  /// Schedules that replace those which the phase Tiling chooses.
  std::optional<ScheduleText> schedules = std::nullopt;
  /// Adds passes behind those of a phase: a test breaks one with it.
  std::function<void(mlir::OpPassManager &, Phase)> afterPhase = nullptr;
};

/// All options that change the code, as a text: what was compiled with the same text is the same.
/// Nothing where a test adds passes, whose effect has no name.
std::optional<std::string> textOf(const PipelineOptions &options);

void buildAutodiffPipeline(mlir::OpPassManager &passes);
void buildFusionPipeline(mlir::OpPassManager &passes);
void buildLayoutPipeline(mlir::OpPassManager &passes, const PipelineOptions &options);
void buildLoweringPipeline(mlir::OpPassManager &passes, const PipelineOptions &options);
void buildTilingPipeline(mlir::OpPassManager &passes, const PipelineOptions &options);
void buildMemoryPipeline(mlir::OpPassManager &passes, const PipelineOptions &options);
void buildVectorPipeline(mlir::OpPassManager &passes, const PipelineOptions &options);
/// What begins the LLVM phase: the functions of the C library, and cnn.model with their sizes.
void buildInterface(mlir::OpPassManager &passes, const PipelineOptions &options);
void buildLLVMPipeline(mlir::OpPassManager &passes, const PipelineOptions &options);

/// The phases that the reference pipeline leaves out, in their order.
std::vector<Phase> optionalPhases();

/// The phases from Autodiff to `last`, each followed by the check of its contract.
void buildPipeline(mlir::OpPassManager &passes, Phase last, const PipelineOptions &options);

/// Registers cnn-phase-autodiff … cnn-phase-llvm, and cnn-reference, by name.
void registerPipelines();

} // namespace cnnc

#endif // CNNC_PIPELINES_PIPELINES_H
