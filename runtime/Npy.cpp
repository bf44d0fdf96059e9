//===- Npy.cpp - Arrays of NumPy ------------------------------------------===//
//
//   \x93NUMPY | major, minor | header length (u16, from version 2 on u32) |
//   {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), } | data

#include "runtime/Npy.h"

#include "runtime/AtomicFile.h"

#include <array>
#include <cstring>
#include <optional>
#include <string_view>
#include <zlib.h>

using namespace cnnc;

namespace {

struct TypeRow {
  ArrayType type;
  const char *descr, *name;
  size_t bytes;
};

constexpr TypeRow kTypes[] = {{ArrayType::F32, "<f4", "f32", 4},
                              {ArrayType::F64, "<f8", "f64", 8},
                              {ArrayType::U8, "|u1", "u8", 1},
                              {ArrayType::I32, "<i4", "i32", 4},
                              {ArrayType::I64, "<i8", "i64", 8}};

constexpr std::string_view kMagic = "\x93NUMPY";
constexpr size_t kMaxRank = 32; // NumPy's own

const TypeRow &rowOf(ArrayType type) { return kTypes[static_cast<int>(type)]; }

/// The header's dictionary. A scanner for exactly what NumPy writes: three keys,
/// once each, in any order.
class HeaderScanner {
public:
  HeaderScanner(std::string_view text, size_t offset, const std::string &path)
      : text(text), offset(offset), path(path) {}

  Status scan() {
    if (!take('{'))
      return refuse("expected '{'");
    while (!take('}')) {
      std::optional<std::string_view> key = string();
      if (!key || !take(':'))
        return refuse("expected a key and ':'");
      if (Status status = field(*key); !status.ok())
        return status;
      if (!take(',') && peek() != '}')
        return refuse("expected ',' or '}'");
    }
    peek();
    if (at != text.size())
      return refuse("text after the header's '}'");
    if (!type || !fortran || !shape)
      return refuse("header lacks 'descr', 'fortran_order' or 'shape'");
    return Status();
  }

  std::optional<ArrayType> type;
  std::optional<bool> fortran;
  std::optional<std::vector<int64_t>> shape;

private:
  Status refuse(std::string_view reason) const {
    return fail(Exit::File, "{}: {}, at byte {}", path, reason, offset + at);
  }

  char peek() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n'))
      ++at;
    return at < text.size() ? text[at] : '\0';
  }

  bool take(char wanted) {
    if (peek() != wanted || at >= text.size())
      return false;
    ++at;
    return true;
  }

  bool takeWord(std::string_view word) {
    peek();
    if (text.substr(at, word.size()) != word)
      return false;
    at += word.size();
    return true;
  }

  std::optional<std::string_view> string() {
    char quote = peek();
    if (quote != '\'' && quote != '"')
      return std::nullopt;
    size_t end = text.find(quote, at + 1);
    if (end == std::string_view::npos)
      return std::nullopt;
    std::string_view content = text.substr(at + 1, end - at - 1);
    at = end + 1;
    return content;
  }

  Status field(std::string_view key) {
    if (key == "descr" && !type)
      return descr();
    if (key == "shape" && !shape)
      return extents();
    if (key != "fortran_order" || fortran)
      return refuse(fmt::format("unexpected key '{}'", key.substr(0, 64)));
    bool yes = takeWord("True");
    if (!yes && !takeWord("False"))
      return refuse("expected True or False");
    fortran = yes;
    return Status();
  }

  Status descr() {
    if (peek() == '[')
      return refuse("arrays of records are not read");
    std::optional<std::string_view> code = string();
    if (!code)
      return refuse("expected the type as a string");
    for (const TypeRow &row : kTypes)
      if (*code == row.descr)
        type = row.type;
    if (code->find('O') != std::string_view::npos)
      return refuse("arrays of objects are not read");
    if (!type)
      return refuse(
          fmt::format("expected type <f4, <f8, |u1, <i4 or <i8, found '{}'", code->substr(0, 64)));
    return Status();
  }

  Status extents() {
    shape.emplace();
    if (!take('('))
      return refuse("expected '('");
    while (!take(')')) {
      int64_t extent = 0;
      size_t start = (peek(), at);
      for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
        if (__builtin_mul_overflow(extent, 10, &extent) ||
            __builtin_add_overflow(extent, text[at] - '0', &extent))
          return refuse("extent does not fit 64 bits");
      if (at == start)
        return refuse("expected a non-negative extent");
      if (shape->size() == kMaxRank)
        return refuse("more than 32 dimensions");
      shape->push_back(extent);
      if (!take(',') && peek() != ')')
        return refuse("expected ',' or ')'");
    }
    return Status();
  }

  std::string_view text;
  size_t at = 0;
  size_t offset; ///< of text in the file
  const std::string &path;
};

/// First index fastest -> last index fastest.
Bytes fromFortran(const uint8_t *data, const std::vector<int64_t> &shape, size_t size,
                  size_t count) {
  Bytes out(count * size);
  std::vector<int64_t> index(shape.size(), 0);
  for (size_t from = 0; from < count; ++from) {
    size_t to = 0;
    for (size_t axis = 0; axis < shape.size(); ++axis)
      to = to * static_cast<size_t>(shape[axis]) + static_cast<size_t>(index[axis]);
    std::memcpy(out.data() + to * size, data + from * size, size);
    for (size_t axis = 0; axis < shape.size() && ++index[axis] == shape[axis]; ++axis)
      index[axis] = 0;
  }
  return out;
}

size_t countOf(const std::vector<int64_t> &shape) {
  size_t count = 1;
  for (int64_t extent : shape)
    count *= static_cast<size_t>(extent);
  return count;
}

std::string headerOf(const ArrayView &array) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}{}), }}",
                                   rowOf(array.type).descr, fmt::join(array.shape, ", "),
                                   array.shape.size() == 1 ? "," : "");
  // The data starts at a multiple of 64; 10 bytes stand before the header.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string out(kMagic);
  out += {'\x01', '\x00', static_cast<char>(header.size() & 255),
          static_cast<char>(header.size() >> 8)};
  return out + header;
}

Piece dataOf(const ArrayView &array) {
  return piece(array.data, countOf(array.shape) * bytesOf(array.type));
}

/// Little-endian fields of a zip structure.
void put16(std::string &out, uint32_t value) {
  out += {static_cast<char>(value & 255), static_cast<char>(value >> 8 & 255)};
}
void put32(std::string &out, uint32_t value) {
  put16(out, value & 0xffff);
  put16(out, value >> 16);
}

uint32_t checksum(uint32_t crc, Piece content) {
  return static_cast<uint32_t>(
      crc32_z(crc, reinterpret_cast<const Bytef *>(content.data()), content.size()));
}

/// The fields that a local and a central zip record share.
void putZipFields(std::string &out, uint32_t crc, uint64_t size, const std::string &name) {
  put16(out, 20); // version 2.0 unpacks it
  put16(out, 0);  // no flags
  put16(out, 0);  // stored
  put16(out, 0);  // 0:00, so that the same arrays give the same bytes
  put16(out, 33); // 1 January 1980
  put32(out, crc);
  put32(out, static_cast<uint32_t>(size));
  put32(out, static_cast<uint32_t>(size));
  put16(out, static_cast<uint32_t>(name.size()));
  put16(out, 0); // no extra field
}

} // namespace

size_t cnnc::bytesOf(ArrayType type) { return rowOf(type).bytes; }
const char *cnnc::nameOf(ArrayType type) { return rowOf(type).name; }

Result<Array> cnnc::parseNpy(const Bytes &content, const std::string &path) {
  if (content.size() < 10 || std::memcmp(content.data(), kMagic.data(), kMagic.size()) != 0)
    return fail(Exit::File, "{}: not a .npy file: expected \\x93NUMPY at byte 0", path);
  uint8_t major = content[6], minor = content[7];
  if (major < 1 || major > 3 || minor != 0)
    return fail(Exit::File, "{}: expected version 1.0 to 3.0 at byte 6, found {}.{}", path, major,
                minor);
  size_t start = major == 1 ? 10 : 12;
  if (content.size() < start)
    return fail(Exit::File, "{}: file ends within the header's length, at byte {}", path,
                content.size());
  uint64_t length = content[8] | uint64_t{content[9]} << 8;
  if (major > 1)
    length |= uint64_t{content[10]} << 16 | uint64_t{content[11]} << 24;
  if (length > content.size() - start)
    return fail(Exit::File, "{}: header of {} bytes at byte {} ends outside the file", path, length,
                start);
  HeaderScanner header({reinterpret_cast<const char *>(content.data()) + start, length}, start,
                       path);
  if (Status status = header.scan(); !status.ok())
    return status;
  Array array{*header.type, std::move(*header.shape), {}};
  uint64_t bytes = bytesOf(array.type);
  for (int64_t extent : array.shape)
    if (__builtin_mul_overflow(bytes, static_cast<uint64_t>(extent), &bytes))
      return fail(Exit::File, "{}: size of shape ({}) does not fit 64 bits", path,
                  fmt::join(array.shape, ", "));
  const uint8_t *data = content.data() + start + length;
  uint64_t found = content.size() - start - length;
  if (found != bytes)
    return fail(Exit::File, "{}: shape ({}) of {} needs {} bytes from byte {} on, found {}", path,
                fmt::join(array.shape, ", "), nameOf(array.type), bytes, start + length, found);
  if (*header.fortran && array.shape.size() > 1)
    array.data = fromFortran(data, array.shape, bytesOf(array.type), bytes / bytesOf(array.type));
  else
    array.data.assign(data, data + bytes);
  return array;
}

Result<Array> cnnc::readNpy(const std::string &path) {
  Result<Bytes> content = readFile(path);
  if (!content)
    return content.status();
  return parseNpy(*content, path);
}

Status cnnc::writeNpy(const std::string &path, const ArrayView &array) {
  std::string header = headerOf(array);
  std::array<Piece, 2> pieces = {piece(header), dataOf(array)};
  return writeAtomically(path == "-" ? "/dev/stdout" : path, pieces);
}

Status cnnc::writeNpz(const std::string &path, const std::vector<ArrayView> &arrays) {
  std::vector<std::string> texts; // headers of the entries; reserved: pieces point into it
  texts.reserve(arrays.size() + 1);
  std::vector<Piece> pieces;
  std::string directory;
  uint64_t offset = 0;
  for (const ArrayView &array : arrays) {
    std::string header = headerOf(array), name = array.name + ".npy";
    Piece data = dataOf(array);
    uint64_t size = header.size() + data.size();
    uint32_t crc = checksum(checksum(0, piece(header)), data);
    std::string local = "PK\x03\x04";
    putZipFields(local, crc, size, name);
    local += name + header;
    directory += "PK\x01\x02";
    put16(directory, 20);
    putZipFields(directory, crc, size, name);
    directory.append(6, '\0'); // comment length, disk number, internal attributes
    put32(directory, 0);       // external attributes
    put32(directory, static_cast<uint32_t>(offset));
    directory += name;
    offset += local.size() + data.size();
    if (offset > UINT32_MAX || name.size() > UINT16_MAX)
      return fail(Exit::Limit, "{}: a .npz of more than 4 GiB is not written", path);
    texts.push_back(std::move(local));
    pieces.push_back(piece(texts.back()));
    pieces.push_back(data);
  }
  if (arrays.size() > UINT16_MAX)
    return fail(Exit::Limit, "{}: more than {} arrays", path, UINT16_MAX);
  uint32_t size = static_cast<uint32_t>(directory.size());
  directory += "PK\x05\x06";
  put32(directory, 0); // one disk
  put16(directory, static_cast<uint32_t>(arrays.size()));
  put16(directory, static_cast<uint32_t>(arrays.size()));
  put32(directory, size);
  put32(directory, static_cast<uint32_t>(offset));
  put16(directory, 0);
  pieces.push_back(piece(directory));
  return writeAtomically(path, pieces);
}
