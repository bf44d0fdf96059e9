//===- Jpeg.cpp - Reading a JPEG ------------------------------------------===//
//
// libjpeg reports errors by a call that must not return. It jumps back into
// `decode`, whose frame holds nothing that has a destructor; what it allocated hangs
// on objects of its caller.

#include "runtime/Jpeg.h"

#include <csetjmp>
#include <cstdio>
#include <jpeglib.h>

using namespace cnnc;

namespace {

struct Decoder {
  jpeg_decompress_struct state{};
  jpeg_error_mgr errors{};
  std::jmp_buf back;
  char message[JMSG_LENGTH_MAX] = "";
  bool isTooLarge = false;
  Bytes rows;

  ~Decoder() { jpeg_destroy_decompress(&state); }
};

extern "C" {

[[noreturn]] void failInJpeg(j_common_ptr info) {
  auto *decoder = static_cast<Decoder *>(info->client_data);
  info->err->format_message(info, decoder->message);
  std::longjmp(decoder->back, 1);
}

/// Warnings are about damage, too: libjpeg goes on with grey.
void noteJpegMessage(j_common_ptr info, int level) {
  if (level < 0)
    failInJpeg(info);
}

} // extern "C"

/// Whether the picture is in `rows`. No object with a destructor may live in here.
bool decode(Decoder &decoder, const Bytes &content) {
  if (setjmp(decoder.back))
    return false;
  jpeg_mem_src(&decoder.state, content.data(), content.size());
  jpeg_read_header(&decoder.state, TRUE);
  uint64_t pixels = uint64_t{decoder.state.image_width} * decoder.state.image_height;
  decoder.isTooLarge = pixels > kMaxPicturePixels;
  if (decoder.isTooLarge)
    return false;
  decoder.state.out_color_space =
      decoder.state.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : JCS_RGB;
  // The slow integer transform is the one with the same bits in every libjpeg.
  decoder.state.dct_method = JDCT_ISLOW;
  jpeg_start_decompress(&decoder.state);
  size_t row = size_t{decoder.state.output_width} * decoder.state.output_components;
  decoder.rows.resize(row * decoder.state.output_height);
  while (decoder.state.output_scanline < decoder.state.output_height) {
    JSAMPROW target = decoder.rows.data() + row * decoder.state.output_scanline;
    jpeg_read_scanlines(&decoder.state, &target, 1);
  }
  jpeg_finish_decompress(&decoder.state);
  return true;
}

} // namespace

Result<Picture> cnnc::parseJpeg(const Bytes &content, const std::string &path) {
  if (content.empty())
    return fail(Exit::File, "{}: not a readable JPEG: the file is empty", path);
  Decoder decoder;
  decoder.state.err = jpeg_std_error(&decoder.errors);
  decoder.errors.error_exit = failInJpeg;
  decoder.errors.emit_message = noteJpegMessage;
  jpeg_create_decompress(&decoder.state);
  decoder.state.client_data = &decoder;
  bool isWhole = decode(decoder, content);
  const jpeg_decompress_struct &state = decoder.state;
  if (decoder.isTooLarge)
    return fail(Exit::Limit, "{}: picture of {}x{} has more than {} pixels", path,
                state.image_width, state.image_height, kMaxPicturePixels);
  if (!isWhole)
    return fail(Exit::File, "{}: not a readable JPEG: {}", path, decoder.message);
  return fromInterleaved(std::move(decoder.rows), state.output_components, state.output_height,
                         state.output_width);
}

Result<Picture> cnnc::readJpeg(const std::string &path) {
  Result<Bytes> content = readFile(path);
  if (!content)
    return content.status();
  return parseJpeg(*content, path);
}
