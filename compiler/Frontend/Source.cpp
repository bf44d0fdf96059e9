//===- Source.cpp - Texts and places in them --------------------------------===//

#include "compiler/Frontend/Source.h"

#include <algorithm>

using namespace cnnc;

static constexpr uint32_t bytesPerEntry = 1024;

SourceFile::SourceFile(std::string name, std::string text, uint32_t base)
    : fileName(std::move(name)), contents(std::move(text)), firstOffset(base) {
  uint32_t line = 1, start = 0;
  size_t next = contents.find('\n');
  for (size_t position = 0; position <= contents.size(); position += bytesPerEntry) {
    for (; next < position; next = contents.find('\n', next + 1)) {
      ++line;
      start = static_cast<uint32_t>(next + 1);
    }
    lines.emplace_back(line, start);
  }
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  uint32_t position = std::min(offset - firstOffset, static_cast<uint32_t>(contents.size()));
  auto [line, start] = lines[position / bytesPerEntry];
  std::string_view before = text().substr(0, position);
  for (size_t next = before.find('\n', position / bytesPerEntry * bytesPerEntry);
       next != std::string_view::npos; next = before.find('\n', next + 1)) {
    ++line;
    start = static_cast<uint32_t>(next + 1);
  }
  return {line, position - start + 1};
}

std::string_view SourceFile::lineAt(uint32_t offset, size_t reach) const {
  uint32_t position = std::min(offset - firstOffset, static_cast<uint32_t>(contents.size()));
  uint32_t begin = position - (lineColumn(offset).column - 1);
  std::string_view behind = text().substr(position, reach);
  size_t length = std::min(behind.find('\n'), behind.size());
  std::string_view result = text().substr(begin, position - begin + length);
  if (result.ends_with('\r'))
    result.remove_suffix(1);
  return result;
}

const SourceFile *Sources::add(std::string name, std::string text) {
  // One offset lies between two texts: the end of one is not the beginning of the next.
  uint64_t base = files.empty() ? 0 : files.back()->base() + files.back()->text().size() + 1;
  if (base + text.size() > UINT32_MAX)
    return nullptr;
  files.push_back(
      std::make_unique<SourceFile>(std::move(name), std::move(text), static_cast<uint32_t>(base)));
  return files.back().get();
}

const SourceFile &Sources::fileOf(uint32_t offset) const {
  auto next = std::upper_bound(files.begin(), files.end(), offset,
                               [](uint32_t at, const auto &file) { return at < file->base(); });
  return next == files.begin() ? *files.front() : **std::prev(next);
}
