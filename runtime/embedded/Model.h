/*===- Model.h - Initial parameters, loading and saving ---------------------===*
 *
 * What every generated library contains besides its network. Driven by the tables
 * of cnnc_model_info; no allocation, no global state, nothing of libc but mem*.
 *
 *===----------------------------------------------------------------------===*/
#ifndef CNNC_EMBEDDED_MODEL_H
#define CNNC_EMBEDDED_MODEL_H

#include "cnnc/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Fills `params` with the initial parameters of `seed`: the same bytes everywhere,
 * zeros between the tensors included. */
void cnnc_model_init(const cnnc_model_info *info, void *params, uint64_t seed);

/* CNNC_OK, or an error code with `params` as it was. */
int cnnc_model_load(const cnnc_model_info *info, void *params, const void *safetensors,
                    size_t bytes);

/* The bytes that the file needs; it is written only if `capacity` suffices. */
size_t cnnc_model_save(const cnnc_model_info *info, const void *params, void *buffer,
                       size_t capacity);

#ifdef __cplusplus
}
#endif

#endif /* CNNC_EMBEDDED_MODEL_H */
