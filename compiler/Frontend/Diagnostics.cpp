//===- Diagnostics.cpp - What the frontend tells its user -------------------===//

#include "compiler/Frontend/Diagnostics.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <fmt/format.h>

using namespace cnnc;

/// Terminals and mails are about this wide; a longer line is cut around the caret.
static constexpr size_t quotedColumns = 120;
static constexpr size_t quotedNameBytes = 64;
/// No more names than these are compared with a wrong one: each takes microseconds.
static constexpr size_t comparedNames = 4096;
/// Minor fixes are shown up to this number of fixes.
static constexpr size_t fewFixes = 3;

Diagnostic &Diagnostic::derive(std::string line) {
  derivation.push_back(std::move(line));
  return *this;
}

Diagnostic &Diagnostic::note(std::string message, std::optional<SourceRange> range) {
  notes.push_back({std::move(message), range});
  return *this;
}

Diagnostic &Diagnostic::fix(std::string text, std::vector<Edit> edits) {
  fixes.push_back({std::move(text), std::move(edits)});
  return *this;
}

Diagnostic &Diagnostic::minorFix(std::string text, std::vector<Edit> edits) {
  fixes.push_back({std::move(text), std::move(edits), /*isInMessage=*/false, /*isMinor=*/true});
  return *this;
}

Diagnostic &Diagnostic::silentFix(std::string text, std::vector<Edit> edits) {
  fixes.push_back({std::move(text), std::move(edits), /*isInMessage=*/true});
  return *this;
}

//===----------------------------------------------------------------------===//
// Collecting
//===----------------------------------------------------------------------===//

Diagnostic &DiagnosticEngine::record(Severity severity, std::string_view code, SourceRange range,
                                     std::string message) {
  dropped = Diagnostic();
  if (overflowed || !seen.insert({std::string(code), range.begin}).second)
    return dropped;
  if (severity == Severity::Error && errors == errorLimit) {
    overflowed = true;
    return dropped;
  }
  ++(severity == Severity::Error ? errors : warnings);
  Diagnostic &diagnostic = list.emplace_back();
  diagnostic.severity = severity;
  diagnostic.code = code;
  diagnostic.range = range;
  diagnostic.message = std::move(message);
  return diagnostic;
}

Diagnostic &DiagnosticEngine::error(std::string_view code, SourceRange range, std::string message) {
  return record(Severity::Error, code, range, std::move(message));
}

Diagnostic &DiagnosticEngine::warning(std::string_view code, SourceRange range,
                                      std::string message) {
  return record(Severity::Warning, code, range, std::move(message));
}

void DiagnosticEngine::dropFixes(
    llvm::function_ref<bool(const Diagnostic &, const Fix &)> isUseless) {
  for (Diagnostic &diagnostic : list) {
    std::vector<Fix> kept;
    for (const Fix &fix : diagnostic.fixes)
      if (!isUseless(diagnostic, fix))
        kept.push_back(fix);
    diagnostic.fixes = std::move(kept);
  }
}

bool DiagnosticEngine::hasCode(std::string_view code) const {
  return std::any_of(list.begin(), list.end(), [&](const Diagnostic &d) { return d.code == code; });
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static bool isContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

/// Hostile text must not reach the terminal: control characters become '?'.
static std::string printable(std::string_view text) {
  std::string result = llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size()));
  for (char &byte : result)
    if ((static_cast<unsigned char>(byte) < 0x20 && byte != '\t') || byte == 0x7F)
      byte = '?';
  return result;
}

std::string DiagnosticEngine::place(SourceRange range) const {
  const SourceFile &file = sources.fileOf(range.begin);
  LineColumn at = file.lineColumn(range.begin);
  return fmt::format("{}:{}:{}", file.name(), at.line, at.column);
}

namespace {
/// The part of a line that is shown, and where the caret stands in it.
struct QuotedLine {
  std::string text;
  std::string caretIndent;
  size_t caretWidth;
};
} // namespace

/// Cuts a line to `quotedColumns` such that the byte `column` is in view.
static QuotedLine quoteLine(std::string_view line, size_t column, size_t width) {
  size_t begin = 0;
  if (line.size() > quotedColumns && column > quotedColumns / 2)
    begin = std::min(column - quotedColumns / 2, line.size() - quotedColumns);
  while (begin > 0 && begin < line.size() && isContinuation(line[begin]))
    --begin;
  size_t end = std::min(line.size(), begin + quotedColumns);
  while (end < line.size() && isContinuation(line[end]))
    ++end;

  QuotedLine result;
  for (size_t i = begin; i < std::min(column, end); ++i)
    if (!isContinuation(line[i]))
      result.caretIndent += line[i] == '\t' ? '\t' : ' ';
  result.caretWidth = 0;
  for (size_t i = column; i < std::min(column + width, end); ++i)
    result.caretWidth += !isContinuation(line[i]);
  result.caretWidth = std::max<size_t>(result.caretWidth, 1);
  result.text = printable(line.substr(begin, end - begin));
  if (begin > 0) {
    result.text = "…" + result.text;
    result.caretIndent = " " + result.caretIndent;
  }
  if (end < line.size())
    result.text += "…";
  return result;
}

void DiagnosticEngine::renderQuote(llvm::raw_ostream &os, const Diagnostic &diagnostic,
                                   bool colour) const {
  const SourceFile &file = sources.fileOf(diagnostic.range.begin);
  LineColumn at = file.lineColumn(diagnostic.range.begin);
  // A line may be the whole text: no more is looked at than is shown.
  std::string_view line = file.lineAt(diagnostic.range.begin, 4 * quotedColumns);
  size_t column = std::min<size_t>(at.column - 1, line.size());
  size_t width = diagnostic.range.end - std::min(diagnostic.range.begin, diagnostic.range.end);
  QuotedLine quote = quoteLine(line, column, width);
  os << fmt::format("{:>5} | {}\n", at.line, quote.text);
  os << "      | " << quote.caretIndent << (colour ? "\033[1;32m^" : "^");
  os << std::string(quote.caretWidth - 1, '~') << (colour ? "\033[0m\n" : "\n");
}

void DiagnosticEngine::renderText(llvm::raw_ostream &os, bool colour) const {
  auto paint = [&](const char *code) { return colour ? code : ""; };
  for (const Diagnostic &diagnostic : list) {
    bool isError = diagnostic.severity == Severity::Error;
    os << paint("\033[1m") << place(diagnostic.range) << ": "
       << paint(isError ? "\033[31m" : "\033[35m") << (isError ? "error[" : "warning[")
       << diagnostic.code << "]: " << paint("\033[0m\033[1m") << printable(diagnostic.message)
       << paint("\033[0m") << '\n';
    renderQuote(os, diagnostic, colour);
    for (const std::string &line : diagnostic.derivation)
      os << "      = " << printable(line) << '\n';
    for (const Note &note : diagnostic.notes)
      os << "      = " << printable(note.message) << (note.range ? " at " + place(*note.range) : "")
         << '\n';
    size_t shown = 0;
    for (const Fix &fix : diagnostic.fixes)
      if (!fix.isInMessage && (!fix.isMinor || shown < fewFixes))
        os << (shown++ == 0 ? "      = fix: " : "  ·  ") << printable(fix.text);
    if (shown > 0)
      os << '\n';
  }
  if (overflowed)
    os << sources.main().name() << ": error: too many errors\n";
}

//===----------------------------------------------------------------------===//
// JSON
//===----------------------------------------------------------------------===//

void DiagnosticEngine::renderJson(llvm::raw_ostream &os) const {
  auto writeString = [](llvm::json::OStream &json, llvm::StringRef key, std::string_view text) {
    json.attribute(key, llvm::json::fixUTF8(llvm::StringRef(text.data(), text.size())));
  };
  auto writeHead = [&](llvm::json::OStream &json, SourceRange range, std::string_view severity,
                       std::string_view code, std::string_view message) {
    LineColumn at = sources.lineColumn(range.begin);
    writeString(json, "file", sources.fileOf(range.begin).name());
    json.attribute("line", at.line);
    json.attribute("col", at.column);
    writeString(json, "severity", severity);
    writeString(json, "code", code);
    writeString(json, "message", message);
  };
  auto writeEdit = [&](llvm::json::OStream &json, const Edit &edit, const SourceFile &home) {
    const SourceFile &file = sources.fileOf(edit.range.begin);
    LineColumn begin = file.lineColumn(edit.range.begin), end = file.lineColumn(edit.range.end);
    if (&file != &home)
      writeString(json, "file", file.name());
    json.attribute("line", begin.line);
    json.attribute("col", begin.column);
    json.attribute("end_line", end.line);
    json.attribute("end_col", end.column);
    writeString(json, "new", edit.text);
  };
  for (const Diagnostic &diagnostic : list) {
    llvm::json::OStream json(os);
    json.object([&] {
      writeHead(json, diagnostic.range,
                diagnostic.severity == Severity::Error ? "error" : "warning", diagnostic.code,
                diagnostic.message);
      json.attributeArray("notes", [&] {
        for (const std::string &line : diagnostic.derivation)
          json.value(llvm::json::fixUTF8(line));
        for (const Note &note : diagnostic.notes)
          json.value(
              llvm::json::fixUTF8(note.message + (note.range ? " at " + place(*note.range) : "")));
      });
      json.attributeArray("fixes", [&] {
        for (const Fix &fix : diagnostic.fixes)
          json.object([&] {
            writeString(json, "text", fix.text);
            json.attributeArray("edits", [&] {
              for (const Edit &edit : fix.edits)
                json.object([&] { writeEdit(json, edit, sources.fileOf(diagnostic.range.begin)); });
            });
          });
      });
    });
    json.flush();
    os << '\n';
  }
  if (!overflowed)
    return;
  llvm::json::OStream json(os);
  json.object([&] {
    writeHead(json, {}, "error", "", "too many errors");
    json.attributeArray("notes", [] {});
    json.attributeArray("fixes", [] {});
  });
  json.flush();
  os << '\n';
}

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

std::string cnnc::quoted(std::string_view name) {
  if (name.size() <= quotedNameBytes)
    return "'" + printable(name) + "'";
  size_t end = quotedNameBytes;
  while (end > 0 && isContinuation(name[end]))
    --end;
  return "'" + printable(name.substr(0, end)) + "…'";
}

/// Whether two neighbouring letters have changed places, and nothing else: sdg, sgd.
static bool isSwapped(std::string_view a, std::string_view b) {
  if (a.size() != b.size())
    return false;
  size_t i = std::mismatch(a.begin(), a.end(), b.begin()).first - a.begin();
  return i + 1 < a.size() && a[i] == b[i + 1] && a[i + 1] == b[i] &&
         a.substr(i + 2) == b.substr(i + 2);
}

std::string cnnc::nearestName(std::string_view name, std::span<const std::string> candidates) {
  // The distance is quadratic in the lengths; a longer name is no slip of the pen.
  if (name.empty() || name.size() > quotedNameBytes)
    return {};
  std::string wanted = llvm::StringRef(name.data(), name.size()).lower();
  unsigned limit = std::max<unsigned>(1, static_cast<unsigned>(wanted.size()) / 2);
  std::string best;
  for (const std::string &candidate :
       candidates.first(std::min(candidates.size(), comparedNames))) {
    if (candidate.empty() || candidate.size() > quotedNameBytes)
      continue;
    std::string lower = llvm::StringRef(candidate).lower();
    unsigned distance = llvm::StringRef(wanted).edit_distance(lower, true, limit);
    // A beginning counts as near: padding, pad.
    bool isPrefix =
        lower.size() >= 2 && (llvm::StringRef(wanted).starts_with(lower) ||
                              (wanted.size() >= 2 && llvm::StringRef(lower).starts_with(wanted)));
    if (isPrefix || isSwapped(wanted, lower))
      distance = std::min(distance, 1u);
    if (distance <= limit && distance < wanted.size()) {
      limit = distance == 0 ? 0 : distance - 1;
      best = candidate;
      if (distance == 0)
        break;
    }
  }
  return best;
}

void cnnc::proposeFloor(Diagnostic &diagnostic, SourceRange range, std::string_view text) {
  size_t slash = text.find('/');
  if (slash == std::string_view::npos || text.find('/', slash + 1) != std::string_view::npos)
    return;
  uint32_t place = range.begin + static_cast<uint32_t>(slash);
  diagnostic.fix("round down: //", {{{place, place + 1}, "//"}});
}

void cnnc::proposeName(Diagnostic &diagnostic, SourceRange range, std::string_view name,
                       std::span<const std::string> candidates) {
  std::string nearest = nearestName(name, candidates);
  if (!nearest.empty())
    diagnostic.silentFix("write " + nearest, {{range, nearest}});
}

std::string cnnc::didYouMean(std::string_view name, std::span<const std::string> candidates) {
  std::string nearest = nearestName(name, candidates);
  return nearest.empty() ? "" : fmt::format("; did you mean {}?", quoted(nearest));
}
