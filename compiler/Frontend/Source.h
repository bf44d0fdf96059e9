//===- Source.h - Texts and places in them ----------------------------------===//
#ifndef CNNC_FRONTEND_SOURCE_H
#define CNNC_FRONTEND_SOURCE_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace cnnc {

/// Bytes [begin, end) of a text.
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
  SourceFile(std::string name, std::string text);

  const std::string &name() const { return fileName; }
  std::string_view text() const { return contents; }
  LineColumn lineColumn(uint32_t offset) const;
  /// The text of a line, without its line end.
  std::string_view line(uint32_t number) const;
  std::string_view slice(SourceRange range) const {
    return text().substr(range.begin, range.end - range.begin);
  }

private:
  std::string fileName;
  std::string contents;
  std::vector<uint32_t> lineStarts; ///< offset of each line's first byte
};

} // namespace cnnc

#endif // CNNC_FRONTEND_SOURCE_H
