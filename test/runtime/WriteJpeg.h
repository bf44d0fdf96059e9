//===- WriteJpeg.h - Pictures for tests -----------------------------------===//

#ifndef CNNC_TEST_RUNTIME_WRITEJPEG_H
#define CNNC_TEST_RUNTIME_WRITEJPEG_H

#include "runtime/File.h"

#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>

namespace cnnc::test {

/// Rows of pixels of 1 or 3 bytes, as a JPEG of the best quality.
inline Bytes encodeJpeg(unsigned width, unsigned height, int channels, const Bytes &pixels) {
  jpeg_compress_struct state{};
  jpeg_error_mgr errors{};
  state.err = jpeg_std_error(&errors);
  jpeg_create_compress(&state);
  unsigned char *memory = nullptr;
  unsigned long size = 0;
  jpeg_mem_dest(&state, &memory, &size);
  state.image_width = width;
  state.image_height = height;
  state.input_components = channels;
  state.in_color_space = channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
  jpeg_set_defaults(&state);
  jpeg_set_quality(&state, 100, TRUE);
  jpeg_start_compress(&state, TRUE);
  size_t row = size_t{width} * static_cast<size_t>(channels);
  while (state.next_scanline < height) {
    JSAMPROW from = const_cast<uint8_t *>(pixels.data()) + row * state.next_scanline;
    jpeg_write_scanlines(&state, &from, 1);
  }
  jpeg_finish_compress(&state);
  Bytes bytes(memory, memory + size);
  jpeg_destroy_compress(&state);
  std::free(memory);
  return bytes;
}

} // namespace cnnc::test

#endif // CNNC_TEST_RUNTIME_WRITEJPEG_H
