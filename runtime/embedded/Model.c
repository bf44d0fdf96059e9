/*===- Model.c - Initial parameters, loading and saving ---------------------===*
 *
 * Loading reads the file's header at least twice: first to check everything, then
 * to copy. So a bad file leaves the parameters as they were.
 *
 *===----------------------------------------------------------------------===*/
#include "Model.h"

#include "Normal.h"
#include "Philox.h"
#include "Safetensors.h"
#include "Storage.h"

#include <string.h>

/*===-- Storage -------------------------------------------------------------===*/

/* Sizes that a compiler knows become moves. */
static void copy_element(unsigned char *to, const unsigned char *from, uint64_t size) {
  if (size == 4)
    memcpy(to, from, 4);
  else
    memcpy(to, from, 8);
}

void cnnc_store_tensor(const cnnc_tensor_info *tensor, void *blob, const void *elements) {
  unsigned char *out = (unsigned char *)blob + tensor->offset;
  const unsigned char *from = (const unsigned char *)elements;
  uint64_t size = cnnc_element_bytes(tensor->dtype), count = cnnc_elements_from(tensor, 0), i;
  cnnc_walk walk = cnnc_walk_of(tensor);
  if (!cnnc_is_blocked(tensor)) {
    memcpy(out, elements, (size_t)tensor->bytes);
    return;
  }
  memset(out, 0, (size_t)tensor->stored_bytes);
  for (i = 0; i < count; ++i)
    copy_element(out + cnnc_walk_on(&walk) * size, from + i * size, size);
}

void cnnc_fetch_tensor(const cnnc_tensor_info *tensor, const void *blob, void *elements) {
  const unsigned char *from = (const unsigned char *)blob + tensor->offset;
  unsigned char *out = (unsigned char *)elements;
  uint64_t size = cnnc_element_bytes(tensor->dtype), count = cnnc_elements_from(tensor, 0), i;
  cnnc_walk walk = cnnc_walk_of(tensor);
  if (!cnnc_is_blocked(tensor)) {
    memcpy(elements, from, (size_t)tensor->bytes);
    return;
  }
  for (i = 0; i < count; ++i)
    copy_element(out + i * size, from + cnnc_walk_on(&walk) * size, size);
}

/*===-- Initial parameters --------------------------------------------------===*/

static void fill_constant(const cnnc_tensor_info *tensor, unsigned char *out) {
  uint64_t count = cnnc_elements_from(tensor, 0), i;
  double f64 = tensor->init_value;
  float f32 = (float)f64;
  int32_t i32 = tensor->dtype == CNNC_I32 ? (int32_t)f64 : 0;
  int64_t i64 = tensor->dtype == CNNC_I64 ? (int64_t)f64 : 0;
  const void *value = tensor->dtype == CNNC_F32   ? (const void *)&f32
                      : tensor->dtype == CNNC_F64 ? (const void *)&f64
                      : tensor->dtype == CNNC_I32 ? (const void *)&i32
                                                  : (const void *)&i64;
  uint64_t size = cnnc_element_bytes(tensor->dtype);
  cnnc_walk walk = cnnc_walk_of(tensor);
  for (i = 0; i < count; ++i)
    copy_element(out + cnnc_walk_on(&walk) * size, (const unsigned char *)value, size);
}

/* bound * k / 2^23 with -2^23 <= k < 2^23. The fraction is exact, so there is one
 * rounding and no way for a compiler to change it by contraction. */
static void fill_uniform(const cnnc_tensor_info *tensor, uint32_t index, uint64_t seed,
                         unsigned char *out) {
  uint64_t count = cnnc_elements_from(tensor, 0), i;
  float bound32 = (float)tensor->init_value;
  cnnc_philox block = {{0, 0, 0, 0}};
  cnnc_walk walk = cnnc_walk_of(tensor);
  for (i = 0; i < count; ++i) {
    int32_t k;
    if (i % 4 == 0)
      block = cnnc_philox_block(seed, CNNC_DRAW_INIT, index, i / 4);
    k = (int32_t)(block.word[i % 4] >> 8) - (1 << 23);
    if (tensor->dtype == CNNC_F32) {
      float value = bound32 * ((float)k * 0x1p-23f);
      memcpy(out + cnnc_walk_on(&walk) * 4, &value, 4);
    } else {
      double value = tensor->init_value * ((double)k * 0x1p-23);
      memcpy(out + cnnc_walk_on(&walk) * 8, &value, 8);
    }
  }
}

/* A block of four words makes four numbers. */
static void fill_normal(const cnnc_tensor_info *tensor, uint32_t index, uint64_t seed,
                        unsigned char *out) {
  uint64_t count = cnnc_elements_from(tensor, 0), i;
  double numbers[4] = {0, 0, 0, 0};
  cnnc_walk walk = cnnc_walk_of(tensor);
  for (i = 0; i < count; ++i) {
    double value;
    if (i % 4 == 0) {
      cnnc_philox block = cnnc_philox_block(seed, CNNC_DRAW_INIT, index, i / 4);
      cnnc_normal_pair(block.word[0], block.word[1], numbers);
      cnnc_normal_pair(block.word[2], block.word[3], numbers + 2);
    }
    value = tensor->init_value * numbers[i % 4];
    if (tensor->dtype == CNNC_F32) {
      float single = (float)value;
      memcpy(out + cnnc_walk_on(&walk) * 4, &single, 4);
    } else {
      memcpy(out + cnnc_walk_on(&walk) * 8, &value, 8);
    }
  }
}

void cnnc_model_init(const cnnc_model_info *info, void *params, uint64_t seed) {
  uint32_t i;
  memset(params, 0, info->params_bytes);
  for (i = 0; i < info->param_count; ++i) {
    const cnnc_tensor_info *tensor = &info->params[i];
    unsigned char *out = (unsigned char *)params + tensor->offset;
    int real = tensor->dtype == CNNC_F32 || tensor->dtype == CNNC_F64;
    if (tensor->init == CNNC_INIT_UNIFORM && real)
      fill_uniform(tensor, i, seed, out);
    else if (tensor->init == CNNC_INIT_NORMAL && real)
      fill_normal(tensor, i, seed, out);
    else
      fill_constant(tensor, out);
  }
}

/*===-- Loading -------------------------------------------------------------===*/

/* Tensors whose presence one pass over the header can check: a bit each, on the
 * stack. A network with more takes several passes. */
enum { WINDOW = 8192 };

typedef struct Load {
  const cnnc_model_info *info;
  unsigned char *params; /* null while checking */
  uint32_t first;        /* of the window */
  uint32_t found;        /* tensors of the window */
  uint32_t count;        /* tensors of the file */
  uint32_t next;         /* where the next name is expected */
  int code;              /* what is wrong with the first tensor that does not fit */
  uint64_t seen[WINDOW / 64];
} Load;

/* The tensor's place in the table, or param_count. Files mostly keep its order. */
static uint32_t find_tensor(const Load *load, cnnc_st_text name) {
  uint32_t count = load->info->param_count, i;
  for (i = 0; i < count; ++i) {
    uint32_t place = load->next + i < count ? load->next + i : load->next + i - count;
    if (cnnc_st_equals(name, load->info->params[place].name))
      return place;
  }
  return count;
}

static int compare_tensor(const cnnc_tensor_info *want, const cnnc_st_tensor *have) {
  cnnc_st_dtype dtype = want->dtype == CNNC_F32   ? CNNC_ST_F32
                        : want->dtype == CNNC_F64 ? CNNC_ST_F64
                        : want->dtype == CNNC_I32 ? CNNC_ST_I32
                                                  : CNNC_ST_I64;
  uint32_t i;
  if (have->rank != want->rank)
    return CNNC_WRONG_SHAPE;
  for (i = 0; i < want->rank; ++i)
    if (have->shape[i] != (uint64_t)want->shape[i])
      return CNNC_WRONG_SHAPE;
  if (have->dtype != dtype)
    return CNNC_WRONG_DTYPE;
  return CNNC_OK;
}

static const char *visit_tensor(void *context, const cnnc_st_tensor *tensor) {
  Load *load = (Load *)context;
  uint32_t place, bit;
  /* After the first misfit only the file's form is still of interest. More tensors
   * than the table has cannot fit either; this bounds the time for a hostile file. */
  if (load->code != CNNC_OK)
    return 0;
  place = load->count++ < load->info->param_count ? find_tensor(load, tensor->name)
                                                  : load->info->param_count;
  if (place == load->info->param_count) {
    load->code = CNNC_EXTRA_TENSOR;
    return 0;
  }
  load->next = place + 1 < load->info->param_count ? place + 1 : 0;
  load->code = compare_tensor(&load->info->params[place], tensor);
  if (load->code != CNNC_OK)
    return 0;
  if (load->params) {
    cnnc_store_tensor(&load->info->params[place], load->params, tensor->data);
    return 0;
  }
  if (place < load->first || place - load->first >= WINDOW)
    return 0;
  bit = place - load->first;
  if (load->seen[bit / 64] >> (bit % 64) & 1)
    return "duplicate key";
  load->seen[bit / 64] |= (uint64_t)1 << (bit % 64);
  ++load->found;
  return 0;
}

/* One pass over the file: checks a window, or copies if `params` is given. */
static int load_pass(const cnnc_model_info *info, unsigned char *params, uint32_t first,
                     const void *file, size_t bytes) {
  Load load;
  cnnc_st_visitor visitor;
  cnnc_st_problem problem;
  uint32_t expected = info->param_count - first < WINDOW ? info->param_count - first : WINDOW;
  memset(&load, 0, sizeof load);
  load.info = info;
  load.params = params;
  load.first = first;
  visitor.context = &load;
  visitor.tensor = visit_tensor;
  visitor.metadata = 0;
  if (cnnc_st_read(file, bytes, &visitor, &problem) != CNNC_OK)
    return CNNC_BAD_FILE;
  if (load.code != CNNC_OK)
    return load.code;
  return params || load.found == expected ? CNNC_OK : CNNC_MISSING_TENSOR;
}

int cnnc_model_load(const cnnc_model_info *info, void *params, const void *safetensors,
                    size_t bytes) {
  uint32_t first = 0;
  do {
    int code = load_pass(info, 0, first, safetensors, bytes);
    if (code != CNNC_OK)
      return code;
    first += WINDOW;
  } while (first < info->param_count);
  memset(params, 0, info->params_bytes);
  return load_pass(info, (unsigned char *)params, 0, safetensors, bytes);
}

/*===-- Saving --------------------------------------------------------------===*/

/* Counts what is put; keeps it where there is room. */
typedef struct Sink {
  unsigned char *out; /* null while counting */
  size_t bytes;
} Sink;

static void put(Sink *sink, const void *data, size_t bytes) {
  if (sink->out)
    memcpy(sink->out + sink->bytes, data, bytes);
  sink->bytes += bytes;
}

static void put_text(Sink *sink, const char *text) { put(sink, text, strlen(text)); }

static void put_number(Sink *sink, uint64_t value) {
  char digits[20];
  size_t at = sizeof digits;
  do
    digits[--at] = (char)('0' + value % 10);
  while (value /= 10);
  put(sink, digits + at, sizeof digits - at);
}

static void put_string(Sink *sink, const char *text) {
  static const char hex[] = "0123456789abcdef";
  put(sink, "\"", 1);
  for (; *text; ++text) {
    unsigned char c = (unsigned char)*text;
    char escape[6] = {'\\', 'u', '0', '0', 0, 0};
    if (c == '"' || c == '\\')
      put(sink, "\\", 1);
    if (c >= 0x20) {
      put(sink, text, 1);
      continue;
    }
    escape[4] = hex[c >> 4];
    escape[5] = hex[c & 15];
    put(sink, escape, 6);
  }
  put(sink, "\"", 1);
}

static void put_header(Sink *sink, const cnnc_model_info *info) {
  static const char dtypes[4][4] = {"F32", "F64", "I32", "I64"}; /* order of cnnc_dtype */
  enum { dtype_letters = 3 }; /* not strlen, which a library would need from libc */
  uint64_t offset = 0;
  uint32_t i, axis;
  put_text(sink, "{");
  for (i = 0; i < info->param_count; ++i) {
    const cnnc_tensor_info *tensor = &info->params[i];
    put_text(sink, i ? "," : "");
    put_string(sink, tensor->name);
    put_text(sink, ":{\"dtype\":\"");
    put(sink, dtypes[tensor->dtype], dtype_letters);
    put_text(sink, "\",\"shape\":[");
    for (axis = 0; axis < tensor->rank; ++axis) {
      put_text(sink, axis ? "," : "");
      put_number(sink, (uint64_t)tensor->shape[axis]);
    }
    put_text(sink, "],\"data_offsets\":[");
    put_number(sink, offset);
    put_text(sink, ",");
    offset += tensor->bytes;
    put_number(sink, offset);
    put_text(sink, "]}");
  }
  put_text(sink, "}");
  while (sink->bytes % 8 != 0) /* the length before it has 8 bytes, so the data is aligned */
    put(sink, " ", 1);
}

size_t cnnc_model_save(const cnnc_model_info *info, const void *params, void *buffer,
                       size_t capacity) {
  Sink sink = {0, 0};
  unsigned char *out = (unsigned char *)buffer;
  size_t header, total;
  uint32_t i;
  put_header(&sink, info);
  header = sink.bytes;
  total = 8 + header;
  for (i = 0; i < info->param_count; ++i)
    total += (size_t)info->params[i].bytes;
  if (!out || capacity < total)
    return total;
  for (i = 0; i < 8; ++i)
    out[i] = (unsigned char)((uint64_t)header >> (8 * i));
  sink.out = out + 8;
  sink.bytes = 0;
  put_header(&sink, info);
  for (i = 0; i < info->param_count; ++i) {
    cnnc_fetch_tensor(&info->params[i], params, sink.out + sink.bytes);
    sink.bytes += (size_t)info->params[i].bytes;
  }
  return total;
}
