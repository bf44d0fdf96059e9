//===- Source.cpp - Texts and places in them --------------------------------===//

#include "compiler/Frontend/Source.h"

#include <algorithm>

using namespace cnnc;

SourceFile::SourceFile(std::string name, std::string text)
    : fileName(std::move(name)), contents(std::move(text)) {
  lineStarts.push_back(0);
  for (size_t offset = contents.find('\n'); offset != std::string::npos;
       offset = contents.find('\n', offset + 1))
    lineStarts.push_back(static_cast<uint32_t>(offset + 1));
}

LineColumn SourceFile::lineColumn(uint32_t offset) const {
  auto next = std::upper_bound(lineStarts.begin(), lineStarts.end(), offset);
  uint32_t line = static_cast<uint32_t>(next - lineStarts.begin());
  return {line, offset - lineStarts[line - 1] + 1};
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
