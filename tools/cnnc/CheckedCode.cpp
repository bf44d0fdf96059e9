//===- CheckedCode.cpp - Compiled functions with memory to run on ---------===//

#include "tools/cnnc/CheckedCode.h"

#include "compiler/Codegen/Codegen.h"
#include "compiler/InitAll.h"
#include "compiler/Pipelines/Pipelines.h"
#include "runtime/embedded/Storage.h"

#include "mlir/IR/Diagnostics.h"
#include "mlir/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cassert>
#include <limits>

using namespace cnnc;

//===----------------------------------------------------------------------===//
// Numbers
//===----------------------------------------------------------------------===//

size_t NumberView::placeOf(size_t i) const { return storage ? cnnc_stored_index(storage, i) : i; }

double NumberView::at(size_t index) const {
  size_t i = placeOf(index);
  switch (type) {
  case CNNC_F32:
    return static_cast<const float *>(data)[i];
  case CNNC_F64:
    return static_cast<const double *>(data)[i];
  case CNNC_I32:
    return static_cast<const int32_t *>(data)[i];
  case CNNC_I64:
    return double(static_cast<const int64_t *>(data)[i]);
  }
  return 0;
}

void NumberView::set(size_t index, double value) const {
  size_t i = placeOf(index);
  switch (type) {
  case CNNC_F32:
    static_cast<float *>(data)[i] = float(value);
    return;
  case CNNC_F64:
    static_cast<double *>(data)[i] = value;
    return;
  case CNNC_I32:
    static_cast<int32_t *>(data)[i] = int32_t(value);
    return;
  case CNNC_I64:
    static_cast<int64_t *>(data)[i] = int64_t(value);
    return;
  }
}

void NumberView::fill(double value) const {
  for (size_t i = 0; i < count; ++i)
    set(i, value);
}

std::vector<double> NumberView::copy() const {
  std::vector<double> values(count);
  for (size_t i = 0; i < count; ++i)
    values[i] = at(i);
  return values;
}

void NumberView::assign(const std::vector<double> &values) const {
  for (size_t i = 0; i < count; ++i)
    set(i, values[i]);
}

double cnnc::dot(const NumberView &a, const NumberView &b) {
  double sum = 0;
  for (size_t i = 0; i < a.count; ++i)
    sum += a.at(i) * b.at(i);
  return sum;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Result<CheckedCode> CheckedCode::load(LoadedNetwork network) {
  CheckedCode code(std::move(network));
  Status status = code.allocate();
  if (!status.ok())
    return status;
  return Result<CheckedCode>(std::move(code));
}

Result<Buffer *> CheckedCode::addBuffer(uint64_t bytes) {
  Result<Buffer> buffer = Buffer::allocate(bytes);
  if (!buffer)
    return buffer.status();
  buffers.push_back(std::make_unique<Buffer>(std::move(*buffer)));
  return buffers.back().get();
}

static NumberView viewOf(const cnnc_tensor_info &tensor, void *data) {
  size_t width = tensor.dtype == CNNC_F64 || tensor.dtype == CNNC_I64 ? 8 : 4;
  return {tensor.name, tensor.dtype, size_t(tensor.bytes / width), data, nullptr};
}

Status CheckedCode::addViews(const cnnc_tensor_info *table, uint32_t count,
                             std::vector<NumberView> &views) {
  for (uint32_t i = 0; i < count; ++i) {
    Result<Buffer *> buffer = addBuffer(table[i].bytes);
    if (!buffer)
      return buffer.status();
    views.push_back(viewOf(table[i], (*buffer)->data()));
  }
  return Status();
}

Status CheckedCode::allocate() {
  Result<Buffer *> blob = addBuffer(info().params_bytes);
  if (!blob)
    return blob.status();
  params = (*blob)->data();
  for (uint32_t i = 0; i < info().param_count; ++i) {
    const cnnc_tensor_info &tensor = info().params[i];
    parameters.push_back(viewOf(tensor, static_cast<char *>(params) + tensor.offset));
    parameters.back().storage = &tensor;
  }
  Status status = addViews(info().inputs, info().input_count, inputs);
  if (status.ok())
    status = addViews(info().targets, info().target_count, targets);
  if (status.ok())
    status = addViews(info().outputs, info().output_count, outputs);
  for (uint32_t i = 0; status.ok() && info().gradient && i < info().param_count; ++i)
    if (info().params[i].role == CNNC_ROLE_PARAMETER)
      status = addViews(&info().params[i], 1, gradients);
  if (status.ok() && info().gradient)
    status = addViews(info().inputs, info().input_count, gradients);
  if (!status.ok())
    return status;
  Result<Buffer *> stateBuffer = addBuffer(info().state_bytes);
  if (!stateBuffer)
    return stateBuffer.status();
  Result<Buffer *> scratch =
      addBuffer(std::max(info().workspace_bytes, info().train_workspace_bytes));
  if (!scratch)
    return scratch.status();
  state = (*stateBuffer)->data();
  workspace = (*scratch)->data();
  return Status();
}

void CheckedCode::followParameters(const CheckedCode &other) {
  parameters = other.parameters;
  follows = true;
}

void CheckedCode::takeParameters() {
  std::vector<char> elements;
  for (uint32_t i = 0; follows && i < info().param_count; ++i) {
    const NumberView &from = parameters[i];
    elements.resize(info().params[i].bytes);
    cnnc_fetch_tensor(from.storage, static_cast<char *>(from.data) - from.storage->offset,
                      elements.data());
    cnnc_store_tensor(&info().params[i], params, elements.data());
  }
}

static std::vector<void *> pointersOf(const std::vector<NumberView> &views) {
  std::vector<void *> pointers;
  for (const NumberView &view : views)
    pointers.push_back(view.data);
  return pointers;
}

/// What a function does not write stays a NaN, and is found.
static void forget(const std::vector<NumberView> &views) {
  for (const NumberView &view : views)
    view.fill(std::numeric_limits<double>::quiet_NaN());
}

void CheckedCode::forward() {
  forget(outputs);
  takeParameters();
  std::vector<void *> from = pointersOf(inputs), to = pointersOf(outputs);
  info().forward(params, const_cast<const void *const *>(from.data()), to.data(), workspace);
}

double CheckedCode::gradient() {
  forget(gradients);
  takeParameters();
  std::vector<void *> from = pointersOf(inputs), aims = pointersOf(targets),
                      to = pointersOf(gradients);
  return info().gradient(params, state, const_cast<const void *const *>(from.data()),
                         const_cast<const void *const *>(aims.data()), to.data(), workspace);
}

//===----------------------------------------------------------------------===//
// Compiling
//===----------------------------------------------------------------------===//

CheckCompiler::CheckCompiler(const Sources &sources, Options options)
    : sources(sources), settings(std::move(options)) {
  mlir::DialectRegistry registry;
  registerDialects(registry);
  context = std::make_unique<mlir::MLIRContext>(registry, mlir::MLIRContext::Threading::DISABLED);
}

CheckCompiler::~CheckCompiler() = default;

Result<CheckedCode> CheckCompiler::compile(const TypedNet &net, IRGenOptions irgen) {
  std::string complaint;
  mlir::ScopedDiagnosticHandler handler(context.get(), [&](mlir::Diagnostic &diagnostic) {
    llvm::raw_string_ostream stream(complaint);
    stream << (complaint.empty() ? "" : "; ") << diagnostic.getLocation() << ": " << diagnostic;
    return mlir::success();
  });
  irgen.batch = settings.batch;
  mlir::OwningOpRef<mlir::ModuleOp> module = generateIR(*context, net, sources, irgen);
  if (settings.tamper)
    settings.tamper(*module);
  mlir::PassManager passes(context.get());
  buildPipeline(passes, Phase::LLVM,
                {.reference = settings.reference, .prefix = "checked", .machine = hostMachine()});
  if (failed(mlir::verify(*module)) || failed(passes.run(*module)))
    return fail(Exit::Internal, "internal error: {} does not compile: {}", net.name, complaint);
  llvm::Expected<LoadedNetwork> loaded =
      LoadedNetwork::compile(*module, Effort::Full, settings.cache);
  if (!loaded)
    return fail(Exit::Internal, "internal error: {} does not compile: {}", net.name,
                llvm::toString(loaded.takeError()));
  return CheckedCode::load(std::move(*loaded));
}
