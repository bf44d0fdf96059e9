//===- Diagnostics.h - What the frontend tells its user ---------------------===//
//
// A diagnostic has a code, a place, the arithmetic that led to it, notes, and
// fixes that a tool can apply. The engine collects them and renders text or JSON:
//
//   net.cnn:3:20: error[E201]: conv never reads the last 1 of 224 positions on H
//       3 |   let y = image -> conv(96, 11, stride=4)
//         |                    ^~~~~~~~~~~~~~~~~~~~~~
//         = (W - F + 2P)/S + 1 = (224 - 11 + 0)/4 + 1 = 54.25
//         = fix: pad=2 -> 55  ·  round=floor -> 54 (accept the loss)
//
//===----------------------------------------------------------------------===//
#ifndef CNNC_FRONTEND_DIAGNOSTICS_H
#define CNNC_FRONTEND_DIAGNOSTICS_H

#include "compiler/Frontend/Source.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <deque>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace llvm {
class raw_ostream;
}

namespace cnnc {

enum class Severity { Error, Warning };

/// A remark under a diagnostic; with a range, "… at file:line:col" is appended.
struct Note {
  std::string message;
  std::optional<SourceRange> range;
};

/// Replaces a range of the text; an empty range inserts.
struct Edit {
  SourceRange range;
  std::string text;
};

struct Fix {
  std::string text;
  std::vector<Edit> edits;
  /// The message proposes it already ("did you mean"): text output does not say it twice.
  bool isInMessage = false;
  /// Text output shows it only where there are few others.
  bool isMinor = false;
};

struct Diagnostic {
  Severity severity = Severity::Error;
  std::string code; ///< E201, W500
  SourceRange range;
  std::string message;
  std::vector<std::string> derivation;
  std::vector<Note> notes;
  std::vector<Fix> fixes;

  Diagnostic &derive(std::string line);
  Diagnostic &note(std::string message, std::optional<SourceRange> range = std::nullopt);
  Diagnostic &fix(std::string text, std::vector<Edit> edits);
  /// A fix that is shown where few others are.
  Diagnostic &minorFix(std::string text, std::vector<Edit> edits);
  /// A fix that the message proposes in words.
  Diagnostic &silentFix(std::string text, std::vector<Edit> edits);
};

class DiagnosticEngine {
public:
  /// No more errors than this are kept; then one line says "too many errors".
  static constexpr unsigned errorLimit = 20;

  explicit DiagnosticEngine(const Sources &sources) : sources(sources) {}

  /// Records a diagnostic and returns it for derivations, notes and fixes. The
  /// same code at the same place is recorded once: a repeat makes one error.
  Diagnostic &error(std::string_view code, SourceRange range, std::string message);
  Diagnostic &warning(std::string_view code, SourceRange range, std::string message);

  unsigned errorCount() const { return errors; }
  unsigned warningCount() const { return warnings; }
  bool hasErrors() const { return errors > 0; }
  /// Whether further errors would be dropped: work can stop.
  bool isFull() const { return overflowed; }

  const std::deque<Diagnostic> &diagnostics() const { return list; }
  /// Drops the fixes that a caller finds useless.
  void dropFixes(llvm::function_ref<bool(const Diagnostic &, const Fix &)> isUseless);
  std::string_view text(SourceRange range) const {
    return sources.fileOf(range.begin).slice(range);
  }
  /// The text of a file up to an offset: for edits that take what stands before.
  std::string_view textBefore(uint32_t offset) const {
    const SourceFile &file = sources.fileOf(offset);
    return file.slice({file.base(), offset});
  }

  /// Whether this error was reported already, or would be dropped.
  bool isKnown(std::string_view code, SourceRange range) const {
    return overflowed || seen.contains({std::string(code), range.begin});
  }

  /// Whether an error with this code is among the diagnostics.
  bool hasCode(std::string_view code) const;

  void renderText(llvm::raw_ostream &os, bool colour) const;
  /// One JSON object a line.
  void renderJson(llvm::raw_ostream &os) const;

private:
  Diagnostic &record(Severity severity, std::string_view code, SourceRange range,
                     std::string message);
  std::string place(SourceRange range) const;
  void renderQuote(llvm::raw_ostream &os, const Diagnostic &diagnostic, bool colour) const;

  const Sources &sources;
  std::deque<Diagnostic> list;
  std::set<std::pair<std::string, uint32_t>> seen;
  Diagnostic dropped; ///< takes what is not kept
  unsigned errors = 0;
  unsigned warnings = 0;
  bool overflowed = false;
};

/// A name between quotes, cut at 64 bytes, without control characters.
std::string quoted(std::string_view name);

/// The candidate nearest to `name` by edit distance, case aside; empty if none is near.
std::string nearestName(std::string_view name, std::span<const std::string> candidates);

/// "; did you mean 'pad'?", or nothing if no candidate is near.
std::string didYouMean(std::string_view name, std::span<const std::string> candidates);

/// Where a fraction comes from the one `/` of a text: the edit that makes it `//`.
void proposeFloor(Diagnostic &diagnostic, SourceRange range, std::string_view text);

/// The edit that belongs to didYouMean's words: `range` becomes the nearest name.
void proposeName(Diagnostic &diagnostic, SourceRange range, std::string_view name,
                 std::span<const std::string> candidates);

} // namespace cnnc

#endif // CNNC_FRONTEND_DIAGNOSTICS_H
