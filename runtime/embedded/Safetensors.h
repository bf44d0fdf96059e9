/*===- Safetensors.h - A strict reader of safetensors -----------------------===*
 *
 * The one parser of weight files: the generated libraries contain it, and the
 * host runtime uses it. It allocates nothing, never recurses, and accepts no more
 * than the format needs:
 *
 *   u64 little-endian header length | JSON header | data
 *
 * The header is an object of tensors, {"dtype", "shape", "data_offsets"}, and of
 * one optional "__metadata__" object of strings. Tensors stand in the order of
 * their data, which is contiguous and covers the file to its end.
 *
 *===----------------------------------------------------------------------===*/
#ifndef CNNC_EMBEDDED_SAFETENSORS_H
#define CNNC_EMBEDDED_SAFETENSORS_H

#include <stddef.h>
#include <stdint.h>

#define CNNC_ST_MAX_HEADER 100000000u /* the limit of the reference implementation */
#define CNNC_ST_MAX_RANK 16
#define CNNC_ST_MAX_METADATA 1024 /* entries; their hashes are kept on the stack */

typedef enum cnnc_st_dtype {
  CNNC_ST_BOOL,
  CNNC_ST_U8,
  CNNC_ST_I8,
  CNNC_ST_F8_E5M2,
  CNNC_ST_F8_E4M3,
  CNNC_ST_I16,
  CNNC_ST_U16,
  CNNC_ST_F16,
  CNNC_ST_BF16,
  CNNC_ST_I32,
  CNNC_ST_U32,
  CNNC_ST_F32,
  CNNC_ST_F64,
  CNNC_ST_I64,
  CNNC_ST_U64,
  CNNC_ST_DTYPES
} cnnc_st_dtype;

/* A valid JSON string as it stands between its quotes, escapes included. */
typedef struct cnnc_st_text {
  const char *raw;
  size_t bytes;
} cnnc_st_text;

typedef struct cnnc_st_tensor {
  cnnc_st_text name;
  cnnc_st_dtype dtype;
  uint32_t rank;
  uint64_t shape[CNNC_ST_MAX_RANK];
  uint64_t begin, end; /* in the data, as the file states them */
  const unsigned char *data;
  size_t offset; /* of the name, from the start of the file */
} cnnc_st_tensor;

typedef struct cnnc_st_problem {
  size_t offset; /* from the start of the file */
  const char *reason;
} cnnc_st_problem;

/* Receives what the header lists. Either function may be null. Each answers null
 * to go on, or the reason for which the file is refused. That no two tensors have
 * one name is for `tensor` to check, because only its owner has memory for it. */
typedef struct cnnc_st_visitor {
  void *context;
  const char *(*tensor)(void *context, const cnnc_st_tensor *tensor);
  const char *(*metadata)(void *context, cnnc_st_text key, cnnc_st_text value);
} cnnc_st_visitor;

#ifdef __cplusplus
extern "C" {
#endif

/* CNNC_OK, or CNNC_BAD_FILE with `problem` filled in. Tensors may have been
 * visited before a problem is found. */
int cnnc_st_read(const void *file, size_t bytes, const cnnc_st_visitor *visitor,
                 cnnc_st_problem *problem);

/* The string without its escapes. `out` holds at least text.bytes; the length is
 * returned, no NUL is added. */
size_t cnnc_st_unescape(cnnc_st_text text, char *out);

/* Whether the unescaped text is exactly `name`. */
int cnnc_st_equals(cnnc_st_text text, const char *name);

/* "F32", and bytes an element. */
const char *cnnc_st_dtype_name(cnnc_st_dtype dtype);
uint32_t cnnc_st_dtype_bytes(cnnc_st_dtype dtype);

#ifdef __cplusplus
}
#endif

#endif /* CNNC_EMBEDDED_SAFETENSORS_H */
