//===- Doctor.cpp - cnnc doctor -------------------------------------------===//
//
// What the compiler takes for granted about a machine, beside what it measures there,
// and what of it makes networks slow.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/MeasureBandwidth.h"
#include "compiler/Codegen/MeasurePeak.h"
#include "runtime/AvailableMemory.h"
#include "tools/cnnc/NetRows.h"
#include "tools/cnnc/Threads.h"
#include "tools/cnnc/Verbs.h"

#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"
#include <fmt/format.h>
#include <unistd.h>

using namespace cnnc;
namespace json = llvm::json;

/// Where Linux says which memory gets huge pages.
static constexpr const char *kHugePagesFile = "/sys/kernel/mm/transparent_hugepage/enabled";
/// Share of a thread's peak times their number below which threads disturb each other.
static constexpr double kWorthThreads = 0.75;

namespace {

/// GFLOP/s of f32.
struct Peaks {
  double one, all;
};

struct Findings {
  TargetInfo target;
  int processors;       ///< that the process may use
  int processorsOnline; ///< that the machine has
  std::optional<uint64_t> availableBytes;
  std::string hugePages;      ///< always, madvise or never; empty: the system does not say
  std::optional<Peaks> peaks; ///< where the target's code can run
  std::optional<Bandwidths> bandwidths; ///< and there, of one thread
  std::vector<std::string> notes;
};

} // namespace

/// `madvise` of `always [madvise] never`.
static std::string hugePagesSetting() {
  // As a stream: files of the kernel tell no size.
  auto file = llvm::MemoryBuffer::getFileAsStream(kHugePagesFile);
  if (!file)
    return "";
  return (*file)->getBuffer().split('[').second.split(']').first.str();
}

static llvm::Expected<Peaks> measurePeaks(const TargetInfo &target, int threads) {
  auto measure = [&](int count) {
    ThreadPool pool(count);
    return measurePeakGflops(target, runOnPool, &pool, count);
  };
  llvm::Expected<double> one = measure(1);
  if (!one || threads == 1)
    return one ? llvm::Expected<Peaks>(Peaks{*one, *one}) : one.takeError();
  llvm::Expected<double> all = measure(threads);
  if (!all)
    return all.takeError();
  return Peaks{*one, *all};
}

/// What makes a network slower than it could be.
static std::vector<std::string> notesOn(const Findings &found) {
  std::vector<std::string> notes;
  if (std::optional<std::string> note = noteOn(found.target))
    notes.push_back(*note);
  if (found.processors < found.processorsOnline)
    notes.push_back(fmt::format("this process may use {} of {} processors", found.processors,
                                found.processorsOnline));
  if (found.hugePages == "never")
    notes.push_back(fmt::format("no huge pages: large arenas take more time for addresses (see {})",
                                kHugePagesFile));
  if (found.peaks && found.peaks->all < kWorthThreads * found.processors * found.peaks->one)
    notes.push_back(fmt::format("{} threads reach {:.2f} times the peak of one: they share cores "
                                "or time with each other or with other work",
                                found.processors, found.peaks->all / found.peaks->one));
  return notes;
}

//===----------------------------------------------------------------------===//
// For people
//===----------------------------------------------------------------------===//

static void printTable(const Findings &found) {
  auto row = [](std::string_view name, const std::string &value) {
    llvm::outs() << fmt::format("{:<12}{}\n", name, value);
  };
  const TargetInfo &target = found.target;
  const MachineModel &machine = target.machine;
  constexpr int64_t floatBits = 32;
  row("cnnc", CNNC_VERSION " (LLVM " CNNC_LLVM_VERSION ")");
  row("target", fmt::format("{}, {}, {}", target.cpu, target.triple,
                            target.isHost ? "runs here" : "does not run here"));
  row("vectors", fmt::format("{} registers of {} bits, {} floats each", machine.registers,
                             machine.vectorBits, machine.vectorBits / floatBits));
  row("sums", fmt::format("{}, {} start in a cycle, {} cycles each",
                          machine.hasFma ? "FMA" : "no FMA", machine.fmaPorts, machine.fmaLatency));
  row("loads", fmt::format("{} vectors in a cycle", machine.loadPorts));
  row("caches", fmt::format("L1 {}, L2 {}, L3 {} bytes", grouped(machine.l1Bytes),
                            grouped(machine.l2Bytes), grouped(machine.l3Bytes)));
  row("reads", fmt::format("L1 {}, L2 {}, L3 {}, memory {} bytes a cycle", machine.l1Bandwidth(),
                           machine.l2Bandwidth, machine.l3Bandwidth, machine.memoryBandwidth));
  row("processors", fmt::format("{} of {}", found.processors, found.processorsOnline));
  row("memory", found.availableBytes
                    ? fmt::format("{} bytes available", grouped(int64_t(*found.availableBytes)))
                    : "unknown");
  row("huge pages", found.hugePages.empty() ? "unknown" : found.hugePages);
  if (found.peaks)
    row("peak", fmt::format("{:.1f} GFLOP/s f32 with 1 thread, {:.1f} with {}", found.peaks->one,
                            found.peaks->all, found.processors));
  if (const std::optional<Bandwidths> &rates = found.bandwidths)
    row("bandwidth",
        fmt::format("L1 {:.0f}, L2 {:.0f}, L3 {:.0f}, memory {:.1f} GB/s with 1 thread", rates->l1,
                    rates->l2, rates->l3, rates->memory));
  for (const std::string &note : found.notes)
    row("note", note);
}

//===----------------------------------------------------------------------===//
// For programs
//===----------------------------------------------------------------------===//

static void writeTarget(json::OStream &json, const TargetInfo &target) {
  const MachineModel &machine = target.machine;
  json.attribute("cpu", target.cpu);
  json.attribute("triple", target.triple);
  json.attribute("runs_here", target.isHost);
  json.attribute("vector_bits", machine.vectorBits);
  json.attribute("registers", machine.registers);
  json.attribute("fma", machine.hasFma);
  json.attribute("fma_ports", machine.fmaPorts);
  json.attribute("fma_latency", machine.fmaLatency);
  json.attribute("load_ports", machine.loadPorts);
  json.attribute("l1_bytes", machine.l1Bytes);
  json.attribute("l2_bytes", machine.l2Bytes);
  json.attribute("l3_bytes", machine.l3Bytes);
  json.attribute("l1_bandwidth", machine.l1Bandwidth());
  json.attribute("l2_bandwidth", machine.l2Bandwidth);
  json.attribute("l3_bandwidth", machine.l3Bandwidth);
  json.attribute("memory_bandwidth", machine.memoryBandwidth);
}

/// The form that programs outside read: a key may come, none may go or change. What is unknown
/// is null.
static void printJson(const Findings &found) {
  json::OStream json(llvm::outs());
  json.object([&] {
    json.attribute("schema", 1);
    json.attribute("version", CNNC_VERSION);
    json.attribute("llvm", CNNC_LLVM_VERSION);
    json.attributeObject("target", [&] { writeTarget(json, found.target); });
    json.attribute("processors", found.processors);
    json.attribute("processors_online", found.processorsOnline);
    json.attribute("available_bytes", found.availableBytes ? json::Value(*found.availableBytes)
                                                           : json::Value(nullptr));
    json.attribute("huge_pages",
                   found.hugePages.empty() ? json::Value(nullptr) : json::Value(found.hugePages));
    json.attribute("peak_gflops_one_thread",
                   found.peaks ? json::Value(found.peaks->one) : json::Value(nullptr));
    json.attribute("peak_gflops",
                   found.peaks ? json::Value(found.peaks->all) : json::Value(nullptr));
    auto rate = [&](const char *key, double Bandwidths::*place) {
      json.attribute(key, found.bandwidths ? json::Value((*found.bandwidths).*place)
                                           : json::Value(nullptr));
    };
    rate("l1_gbytes_per_s", &Bandwidths::l1);
    rate("l2_gbytes_per_s", &Bandwidths::l2);
    rate("l3_gbytes_per_s", &Bandwidths::l3);
    rate("memory_gbytes_per_s", &Bandwidths::memory);
    json.attributeArray("notes", [&] {
      for (const std::string &note : found.notes)
        json.value(note);
    });
  });
  llvm::outs() << '\n';
}

int cnnc::doctorVerb(const Arguments &arguments) {
  llvm::Expected<TargetInfo> target = findTarget(arguments.get("--target", "native"));
  if (!target)
    return reportRequest(llvm::toString(target.takeError()));
  Findings found{*target,
                 ThreadPool::processorCount(),
                 int(sysconf(_SC_NPROCESSORS_ONLN)),
                 availableMemory(),
                 hugePagesSetting(),
                 std::nullopt,
                 std::nullopt,
                 {}};
  if (target->isHost) {
    llvm::Expected<Peaks> peaks = measurePeaks(*target, found.processors);
    if (!peaks)
      return report(fail(Exit::Internal, "internal error: {}", llvm::toString(peaks.takeError())));
    found.peaks = *peaks;
    ThreadPool single(1);
    llvm::Expected<Bandwidths> rates = measureBandwidths(*target, {runOnPool, &single, 1});
    if (!rates)
      return report(fail(Exit::Internal, "internal error: {}", llvm::toString(rates.takeError())));
    found.bandwidths = *rates;
  }
  found.notes = notesOn(found);
  if (arguments.has("--json"))
    printJson(found);
  else
    printTable(found);
  return 0;
}
