//===- Source.h - Texts and places in them ----------------------------------===//
#ifndef CNNC_FRONTEND_SOURCE_H
#define CNNC_FRONTEND_SOURCE_H

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

/// Bytes [begin, end) of one of the texts in a Sources: offsets count through all of
/// them, so that a range says by itself which text it is of.
struct SourceRange {
  uint32_t begin = 0;
  uint32_t end = 0;
};

/// A place as a person counts: lines and columns from 1, columns in bytes.
struct LineColumn {
  uint32_t line = 1;
  uint32_t column = 1;
};

/// One text with its name, as given on the command line; `-` is <stdin>.
class SourceFile {
public:
  /// The text's first byte has the offset `base`.
  SourceFile(std::string name, std::string text, uint32_t base = 0);

  const std::string &name() const { return fileName; }
  std::string_view text() const { return contents; }
  uint32_t base() const { return firstOffset; }
  LineColumn lineColumn(uint32_t offset) const;
  /// The text of the line that an offset is in, without its line end; of a longer line
  /// what begins at most `reach` bytes behind the offset.
  std::string_view lineAt(uint32_t offset, size_t reach) const;
  std::string_view slice(SourceRange range) const {
    return text().substr(range.begin - firstOffset, range.end - range.begin);
  }

private:
  std::string fileName;
  std::string contents;
  uint32_t firstOffset;
  /// For every 1024th byte the line that it is in, and where that line begins: an index
  /// of all lines would be four times as large as a text of empty lines.
  std::vector<std::pair<uint32_t, uint32_t>> lines;
};

/// A text and the texts that it imports.
class Sources {
public:
  Sources(std::string name, std::string text) { add(std::move(name), std::move(text)); }

  /// The text of the command line; the others are imported.
  const SourceFile &main() const { return *files.front(); }
  /// Null where offsets would no longer fit in 32 bits.
  const SourceFile *add(std::string name, std::string text);
  /// The text that an offset is in.
  const SourceFile &fileOf(uint32_t offset) const;
  LineColumn lineColumn(uint32_t offset) const { return fileOf(offset).lineColumn(offset); }
  const std::vector<std::unique_ptr<SourceFile>> &all() const { return files; }

private:
  std::vector<std::unique_ptr<SourceFile>> files; ///< by their bases
};

} // namespace cnnc

#endif // CNNC_FRONTEND_SOURCE_H
