/*===- Safetensors.c - A strict reader of safetensors -----------------------===*
 *
 * A scanner over the header that knows the format's four levels by heart instead
 * of a general JSON parser: there is nothing to nest deeper, so hostile nesting
 * ends at the first unexpected bracket. Every position stays below `limit`.
 *
 *===----------------------------------------------------------------------===*/
#include "Safetensors.h"

#include "cnnc/abi.h"

#include <string.h>

typedef struct Scanner {
  const unsigned char *text; /* the whole file, so that positions are file offsets */
  size_t at, limit;          /* the header ends at limit */
  const unsigned char *data;
  uint64_t data_bytes;
  uint64_t data_used; /* end of the tensor before */
  const cnnc_st_visitor *visitor;
  cnnc_st_problem *problem;
} Scanner;

typedef struct DtypeRow {
  char name[8];
  uint32_t bytes;
} DtypeRow;

/* In the order of cnnc_st_dtype. */
static const DtypeRow dtype_rows[CNNC_ST_DTYPES] = {
    {"BOOL", 1}, {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1},
    {"I16", 2},  {"U16", 2}, {"F16", 2}, {"BF16", 2},    {"I32", 4},
    {"U32", 4},  {"F32", 4}, {"F64", 8}, {"I64", 8},     {"U64", 8}};

const char *cnnc_st_dtype_name(cnnc_st_dtype dtype) { return dtype_rows[dtype].name; }
uint32_t cnnc_st_dtype_bytes(cnnc_st_dtype dtype) { return dtype_rows[dtype].bytes; }

/* Every function below that returns int answers 1 for success. */
static int refuse_at(Scanner *s, size_t offset, const char *reason) {
  s->problem->offset = offset;
  s->problem->reason = reason;
  return 0;
}

static int refuse(Scanner *s, const char *reason) { return refuse_at(s, s->at, reason); }

static void skip_blanks(Scanner *s) {
  while (s->at < s->limit && (s->text[s->at] == ' ' || s->text[s->at] == '\n' ||
                              s->text[s->at] == '\r' || s->text[s->at] == '\t'))
    ++s->at;
}

/* Takes `byte` if it comes next, blanks aside. */
static int take(Scanner *s, unsigned char byte) {
  skip_blanks(s);
  if (s->at >= s->limit || s->text[s->at] != byte)
    return 0;
  ++s->at;
  return 1;
}

static int expect(Scanner *s, unsigned char byte, const char *reason) {
  return take(s, byte) || refuse(s, reason);
}

/*===-- Strings -------------------------------------------------------------===*/

/* The value of four hexadecimal digits, or -1. */
static int32_t hex4(const unsigned char *p) {
  int32_t value = 0;
  int i;
  for (i = 0; i < 4; ++i) {
    unsigned char c = p[i];
    int digit = c >= '0' && c <= '9'   ? c - '0'
                : c >= 'a' && c <= 'f' ? c - 'a' + 10
                : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                       : -1;
    if (digit < 0)
      return -1;
    value = value * 16 + digit;
  }
  return value;
}

/* Length of the UTF-8 sequence at p, or 0 if it is not one (RFC 3629). */
static size_t utf8_length(const unsigned char *p, size_t left) {
  unsigned char c = p[0], low = 0x80, high = 0xBF;
  size_t length = c < 0x80 ? 1 : c < 0xC2 ? 0 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : c < 0xF5 ? 4 : 0;
  size_t i;
  if (length == 0 || length > left)
    return 0;
  if (c == 0xE0)
    low = 0xA0; /* overlong */
  if (c == 0xED)
    high = 0x9F; /* surrogates */
  if (c == 0xF0)
    low = 0x90;
  if (c == 0xF4)
    high = 0x8F; /* above U+10FFFF */
  for (i = 1; i < length; ++i) {
    if (p[i] < low || p[i] > high)
      return 0;
    low = 0x80;
    high = 0xBF;
  }
  return length;
}

/* What a backslash and `letter` stand for, or -1. */
static int plain_escape(unsigned char letter) {
  static const char pairs[] = "\"\"\\\\//b\bf\fn\nr\rt\t";
  size_t i;
  for (i = 0; pairs[i]; i += 2)
    if ((unsigned char)pairs[i] == letter)
      return pairs[i + 1];
  return -1;
}

static int scan_escape(Scanner *s) {
  size_t left = s->limit - s->at; /* includes the backslash */
  const unsigned char *p = s->text + s->at;
  int32_t unit, second;
  if (left < 2)
    return refuse(s, "unterminated string");
  if (p[1] != 'u') {
    if (plain_escape(p[1]) < 0)
      return refuse(s, "unknown escape");
    s->at += 2;
    return 1;
  }
  unit = left < 6 ? -1 : hex4(p + 2);
  if (unit < 0)
    return refuse(s, "\\u needs four hexadecimal digits");
  if (unit == 0)
    return refuse(s, "NUL in a string");
  s->at += 6;
  if (unit < 0xD800 || unit > 0xDFFF)
    return 1;
  second = unit > 0xDBFF || left < 12 || p[6] != '\\' || p[7] != 'u' ? -1 : hex4(p + 8);
  if (second < 0xDC00 || second > 0xDFFF)
    return refuse(s, "unpaired surrogate");
  s->at += 6;
  return 1;
}

static int scan_string(Scanner *s, cnnc_st_text *out) {
  size_t start;
  if (!expect(s, '"', "expected a string"))
    return 0;
  start = s->at;
  while (s->at < s->limit) {
    unsigned char c = s->text[s->at];
    size_t length;
    if (c == '"') {
      out->raw = (const char *)s->text + start;
      out->bytes = s->at - start;
      ++s->at;
      return 1;
    }
    if (c == '\\') {
      if (!scan_escape(s))
        return 0;
      continue;
    }
    if (c < 0x20)
      return refuse(s, "control character in a string");
    length = utf8_length(s->text + s->at, s->limit - s->at);
    if (length == 0)
      return refuse(s, "string is not UTF-8");
    s->at += length;
  }
  return refuse_at(s, start, "unterminated string");
}

/* Decodes one character of a valid string at raw[*at] into `out`; its length. */
static size_t decode(cnnc_st_text text, size_t *at, char out[4]) {
  const unsigned char *p = (const unsigned char *)text.raw + *at;
  uint32_t code;
  if (p[0] != '\\') {
    out[0] = (char)p[0];
    *at += 1;
    return 1;
  }
  if (p[1] != 'u') {
    out[0] = (char)plain_escape(p[1]);
    *at += 2;
    return 1;
  }
  code = (uint32_t)hex4(p + 2);
  *at += 6;
  if (code >= 0xD800 && code <= 0xDBFF) {
    code = 0x10000u + ((code - 0xD800u) << 10) + ((uint32_t)hex4(p + 8) - 0xDC00u);
    *at += 6;
  }
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (char)(0xC0 | code >> 6);
    out[1] = (char)(0x80 | (code & 0x3F));
    return 2;
  }
  if (code < 0x10000) {
    out[0] = (char)(0xE0 | code >> 12);
    out[1] = (char)(0x80 | (code >> 6 & 0x3F));
    out[2] = (char)(0x80 | (code & 0x3F));
    return 3;
  }
  out[0] = (char)(0xF0 | code >> 18);
  out[1] = (char)(0x80 | (code >> 12 & 0x3F));
  out[2] = (char)(0x80 | (code >> 6 & 0x3F));
  out[3] = (char)(0x80 | (code & 0x3F));
  return 4;
}

size_t cnnc_st_unescape(cnnc_st_text text, char *out) {
  size_t at = 0, length = 0;
  while (at < text.bytes) {
    char piece[4];
    size_t n = decode(text, &at, piece);
    memcpy(out + length, piece, n); /* an escape is never shorter than what it stands for */
    length += n;
  }
  return length;
}

int cnnc_st_equals(cnnc_st_text text, const char *name) {
  size_t at = 0, i;
  while (at < text.bytes) {
    char piece[4];
    size_t n = decode(text, &at, piece);
    for (i = 0; i < n; ++i, ++name)
      if (*name != piece[i]) /* also at the end of name: pieces have no NUL */
        return 0;
  }
  return *name == '\0';
}

/* FNV-1a, of the unescaped text. */
static uint64_t hash_text(cnnc_st_text text) {
  uint64_t hash = 0xCBF29CE484222325u;
  size_t at = 0, i;
  while (at < text.bytes) {
    char piece[4];
    size_t n = decode(text, &at, piece);
    for (i = 0; i < n; ++i)
      hash = (hash ^ (unsigned char)piece[i]) * 0x100000001B3u;
  }
  return hash;
}

/*===-- Numbers and lists ---------------------------------------------------===*/

static int scan_number(Scanner *s, uint64_t *out) {
  size_t start;
  uint64_t value = 0;
  skip_blanks(s);
  start = s->at;
  while (s->at < s->limit && s->text[s->at] >= '0' && s->text[s->at] <= '9') {
    uint64_t digit = (uint64_t)(s->text[s->at] - '0');
    if (value > (UINT64_MAX - digit) / 10)
      return refuse_at(s, start, "number does not fit 64 bits");
    value = value * 10 + digit;
    ++s->at;
  }
  if (s->at == start)
    return refuse(s, "expected a non-negative integer");
  if (s->text[start] == '0' && s->at - start > 1)
    return refuse_at(s, start, "number with a leading zero");
  *out = value;
  return 1;
}

/* [n, n, …] of at most `capacity` numbers. */
static int scan_numbers(Scanner *s, uint64_t *out, uint32_t capacity, uint32_t *count) {
  *count = 0;
  if (!expect(s, '[', "expected '['"))
    return 0;
  if (take(s, ']'))
    return 1;
  do {
    if (*count == capacity)
      return refuse(s, "list is too long");
    if (!scan_number(s, &out[*count]))
      return 0;
    ++*count;
  } while (take(s, ','));
  return expect(s, ']', "expected ',' or ']'");
}

/*===-- The header ----------------------------------------------------------===*/

static int scan_metadata(Scanner *s) {
  uint64_t hashes[CNNC_ST_MAX_METADATA];
  uint32_t count = 0, i;
  if (!expect(s, '{', "expected '{' after \"__metadata__\""))
    return 0;
  if (take(s, '}'))
    return 1;
  do {
    cnnc_st_text key = {0, 0}, value = {0, 0};
    const char *reason;
    size_t offset;
    uint64_t hash;
    skip_blanks(s);
    offset = s->at;
    if (!scan_string(s, &key))
      return 0;
    if (count == CNNC_ST_MAX_METADATA)
      return refuse_at(s, offset, "too much metadata");
    hash = hash_text(key);
    for (i = 0; i < count; ++i)
      if (hashes[i] == hash)
        return refuse_at(s, offset, "duplicate key");
    hashes[count++] = hash;
    if (!expect(s, ':', "expected ':'") || !scan_string(s, &value))
      return 0;
    reason = s->visitor->metadata ? s->visitor->metadata(s->visitor->context, key, value) : 0;
    if (reason)
      return refuse_at(s, offset, reason);
  } while (take(s, ','));
  return expect(s, '}', "expected ',' or '}'");
}

static int scan_dtype(Scanner *s, cnnc_st_dtype *out) {
  cnnc_st_text text = {0, 0};
  size_t offset;
  int i;
  skip_blanks(s);
  offset = s->at;
  if (!scan_string(s, &text))
    return 0;
  for (i = 0; i < CNNC_ST_DTYPES; ++i)
    if (cnnc_st_equals(text, dtype_rows[i].name)) {
      *out = (cnnc_st_dtype)i;
      return 1;
    }
  return refuse_at(s, offset, "unknown dtype");
}

static int scan_fields(Scanner *s, cnnc_st_tensor *tensor) {
  enum { DTYPE = 1, SHAPE = 2, OFFSETS = 4, ALL = 7 };
  uint64_t offsets[2] = {0, 0};
  uint32_t count, seen = 0;
  if (!expect(s, '{', "expected '{' after a tensor's name"))
    return 0;
  do {
    cnnc_st_text key = {0, 0};
    size_t offset;
    uint32_t field;
    skip_blanks(s);
    offset = s->at;
    if (!scan_string(s, &key))
      return 0;
    field = cnnc_st_equals(key, "dtype")          ? DTYPE
            : cnnc_st_equals(key, "shape")        ? SHAPE
            : cnnc_st_equals(key, "data_offsets") ? OFFSETS
                                                  : 0;
    if (field == 0)
      return refuse_at(s, offset, "unknown field of a tensor");
    if (seen & field)
      return refuse_at(s, offset, "duplicate key");
    seen |= field;
    if (!expect(s, ':', "expected ':'"))
      return 0;
    if (field == DTYPE && !scan_dtype(s, &tensor->dtype))
      return 0;
    if (field == SHAPE && !scan_numbers(s, tensor->shape, CNNC_ST_MAX_RANK, &tensor->rank))
      return 0;
    if (field == OFFSETS && !scan_numbers(s, offsets, 2, &count))
      return 0;
    if (field == OFFSETS && count != 2)
      return refuse_at(s, offset, "data_offsets needs two numbers");
  } while (take(s, ','));
  if (!expect(s, '}', "expected ',' or '}'"))
    return 0;
  tensor->begin = offsets[0];
  tensor->end = offsets[1];
  return seen == ALL || refuse_at(s, tensor->offset, "tensor lacks dtype, shape or data_offsets");
}

static int check_extent(Scanner *s, const cnnc_st_tensor *tensor) {
  uint64_t bytes = dtype_rows[tensor->dtype].bytes;
  uint32_t i;
  for (i = 0; i < tensor->rank; ++i)
    if (__builtin_mul_overflow(bytes, tensor->shape[i], &bytes))
      return refuse_at(s, tensor->offset, "size of the tensor does not fit 64 bits");
  if (tensor->begin != s->data_used)
    return refuse_at(s, tensor->offset, "data does not start where the tensor before ends");
  if (tensor->end < tensor->begin || tensor->end > s->data_bytes)
    return refuse_at(s, tensor->offset, "data ends outside the file");
  if (tensor->end - tensor->begin != bytes)
    return refuse_at(s, tensor->offset, "data_offsets disagree with dtype and shape");
  return 1;
}

static int scan_tensor(Scanner *s, cnnc_st_text name, size_t offset) {
  cnnc_st_tensor tensor;
  const char *reason;
  memset(&tensor, 0, sizeof tensor);
  tensor.name = name;
  tensor.offset = offset;
  if (!scan_fields(s, &tensor) || !check_extent(s, &tensor))
    return 0;
  tensor.data = s->data + tensor.begin;
  s->data_used = tensor.end;
  reason = s->visitor->tensor ? s->visitor->tensor(s->visitor->context, &tensor) : 0;
  return !reason || refuse_at(s, offset, reason);
}

static int scan_header(Scanner *s) {
  int metadata_seen = 0;
  if (s->at >= s->limit || s->text[s->at] != '{')
    return refuse(s, "header does not start with '{'");
  ++s->at;
  if (take(s, '}'))
    return 1;
  do {
    cnnc_st_text name = {0, 0};
    size_t offset;
    skip_blanks(s);
    offset = s->at;
    if (!scan_string(s, &name) || !expect(s, ':', "expected ':'"))
      return 0;
    if (!cnnc_st_equals(name, "__metadata__")) {
      if (!scan_tensor(s, name, offset))
        return 0;
      continue;
    }
    if (metadata_seen)
      return refuse_at(s, offset, "duplicate key");
    metadata_seen = 1;
    if (!scan_metadata(s))
      return 0;
  } while (take(s, ','));
  return expect(s, '}', "expected ',' or '}'");
}

static int read_file(Scanner *s, size_t bytes) {
  uint64_t header = 0;
  int i;
  if (bytes < 8)
    return refuse_at(s, bytes, "file ends within the header's length");
  for (i = 7; i >= 0; --i)
    header = header << 8 | s->text[i];
  if (header > CNNC_ST_MAX_HEADER)
    return refuse_at(s, 0, "header is longer than 100000000 bytes");
  if (header > bytes - 8)
    return refuse_at(s, bytes, "file ends within the header");
  s->at = 8;
  s->limit = 8 + (size_t)header;
  s->data = s->text + s->limit;
  s->data_bytes = bytes - s->limit;
  if (!scan_header(s))
    return 0;
  skip_blanks(s);
  if (s->at != s->limit)
    return refuse(s, "text after the end of the header");
  return s->data_used == s->data_bytes ||
         refuse_at(s, s->limit + (size_t)s->data_used, "data that belongs to no tensor");
}

int cnnc_st_read(const void *file, size_t bytes, const cnnc_st_visitor *visitor,
                 cnnc_st_problem *problem) {
  Scanner scanner;
  memset(&scanner, 0, sizeof scanner);
  scanner.text = (const unsigned char *)file;
  scanner.visitor = visitor;
  scanner.problem = problem;
  problem->offset = 0;
  problem->reason = 0;
  return read_file(&scanner, bytes) ? CNNC_OK : CNNC_BAD_FILE;
}
