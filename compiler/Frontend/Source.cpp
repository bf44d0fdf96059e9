//===- Source.cpp - Texts and places in them --------------------------------===//

#include "compiler/Frontend/Source.h"

#include <algorithm>

using namespace cnnc;

SourceFile::SourceFile(std::string name, std::string text, uint32_t base)
    : fileName(std::move(name)), contents(std::move(text)), firstOffset(base) {
  lineStarts.push_back(0);
  for (size_t offset = contents.find('\n'); offset != std::string::npos;
       offset = contents.find('\n', offset + 1))
    lineStarts.push_back(static_cast<uint32_t>(offset + 1));
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  uint32_t position = offset - firstOffset;
  auto next = std::upper_bound(lineStarts.begin(), lineStarts.end(), position);
  uint32_t line = static_cast<uint32_t>(next - lineStarts.begin());
  return {line, position - lineStarts[line - 1] + 1};
}

std::string_view SourceFile::line(uint32_t number) const {
  if (number < 1 || number > lineStarts.size())
    return {};
  uint32_t begin = lineStarts[number - 1];
  size_t end = contents.find('\n', begin);
  std::string_view result = text().substr(begin, end == std::string::npos ? end : end - begin);
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
