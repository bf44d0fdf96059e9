//===- VerifyFixes.cpp - Only repairs that repair ---------------------------===//

#include "compiler/Frontend/VerifyFixes.h"

#include "compiler/Frontend/Sema.h"
#include <algorithm>
#include <chrono>

using namespace cnnc;

/// `check` answers at once: what cannot be verified in this time is not proposed.
static constexpr std::chrono::milliseconds timeLimit(1500);
/// Larger texts are read once only: to look at one again may take most of that time.
static constexpr size_t verifiedBytes = size_t(1) << 20;

std::optional<std::string> cnnc::applyEdits(const SourceFile &file, std::span<const Edit> edits,
                                            uint32_t *moved, std::vector<SourceRange> *written) {
  std::vector<const Edit *> order;
  for (const Edit &edit : edits)
    order.push_back(&edit);
  // Of edits at one place the order of the list counts.
  std::sort(order.begin(), order.end(), [](const Edit *a, const Edit *b) {
    return std::pair(a->range.begin, a) < std::pair(b->range.begin, b);
  });
  std::string_view text = file.text();
  std::string result;
  size_t done = 0;
  int64_t shift = 0;
  for (const Edit *edit : order) {
    size_t begin = edit->range.begin - file.base(), end = edit->range.end - file.base();
    if (begin < done || end < begin || end > text.size())
      return std::nullopt;
    result.append(text.substr(done, begin - done));
    if (written)
      written->push_back({static_cast<uint32_t>(result.size()),
                          static_cast<uint32_t>(result.size() + edit->text.size())});
    result.append(edit->text);
    done = end;
    if (moved && edit->range.begin < *moved)
      shift += int64_t(edit->text.size()) - int64_t(end - begin);
  }
  if (moved)
    *moved = static_cast<uint32_t>(int64_t(*moved) + shift);
  result.append(text.substr(done));
  return result;
}

namespace {

/// The texts at hand instead of the files, one of them changed, looked at again.
struct Snapshot {
  Snapshot(const Sources &original, const SourceFile &file, std::string text,
           const FrontendOptions &options)
      : sources(original.main().name(),
                &file == &original.main() ? text : std::string(original.main().text())) {
    ImportReader reader = [&](const std::string &importer, const std::string &path) {
      ImportedText imported = options.readImport(importer, path);
      if (imported.error.empty() && &file != &original.main() && imported.name == file.name())
        imported.text = text;
      return imported;
    };
    analyze(loadModules(sources, reader, diags), {options.netName, options.params}, diags);
  }

  Sources sources;
  DiagnosticEngine diags{sources};
};

} // namespace

/// Whether a fix makes its diagnostic go away, with no more errors than before and none
/// in what it has written.
static bool repairs(const Sources &sources, const FrontendOptions &options,
                    const Diagnostic &diagnostic, const Fix &fix, unsigned errorsBefore) {
  if (fix.edits.empty())
    return false;
  const SourceFile &file = sources.fileOf(fix.edits.front().range.begin);
  for (const Edit &edit : fix.edits)
    if (&sources.fileOf(edit.range.begin) != &file)
      return false;
  const SourceFile &home = sources.fileOf(diagnostic.range.begin);
  uint32_t place = diagnostic.range.begin;
  std::vector<SourceRange> written;
  std::optional<std::string> text =
      applyEdits(file, fix.edits, &file == &home ? &place : nullptr, &written);
  if (!text)
    return false;
  LineColumn before = home.lineColumn(diagnostic.range.begin);
  Snapshot snapshot(sources, file, std::move(*text), options);
  if (snapshot.diags.errorCount() > errorsBefore)
    return false;
  auto isWritten = [&](uint32_t offset) {
    return std::any_of(written.begin(), written.end(), [&](SourceRange range) {
      return offset >= range.begin && offset < range.end;
    });
  };
  for (const Diagnostic &other : snapshot.diags.diagnostics()) {
    const SourceFile &where = snapshot.sources.fileOf(other.range.begin);
    // A right name may lack arguments still, but it is known, and of the right type.
    bool isFatal =
        !fix.isInMessage || other.code == "E100" || other.code == "E103" || other.code == "E120";
    if (other.severity == Severity::Error && isFatal && where.name() == file.name() &&
        isWritten(other.range.begin - where.base()))
      return false;
    if (other.code != diagnostic.code || where.name() != home.name())
      continue;
    LineColumn now = where.lineColumn(other.range.begin);
    bool isThere = &file == &home ? other.range.begin - where.base() == place - home.base()
                                  : now.line == before.line && now.column == before.column;
    if (isThere)
      return false;
  }
  return true;
}

void cnnc::verifyFixes(const Sources &sources, const FrontendOptions &options,
                       DiagnosticEngine &diags) {
  using Clock = std::chrono::steady_clock;
  Clock::time_point end = Clock::now() + timeLimit;
  unsigned errors = diags.errorCount();
  size_t bytes = 0;
  for (const std::unique_ptr<SourceFile> &file : sources.all())
    bytes += file->text().size();
  if (bytes > verifiedBytes)
    end = Clock::now();
  diags.dropFixes([&](const Diagnostic &diagnostic, const Fix &fix) {
    return Clock::now() >= end || !repairs(sources, options, diagnostic, fix, errors);
  });
}
