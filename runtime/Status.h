//===- Status.h - Errors as values ----------------------------------------===//
//
// What can go wrong is returned, never thrown: a message (lower-case, no full
// stop, with the file and what was expected and found) and the exit code that the
// command line gives it.

#ifndef CNNC_STATUS_H
#define CNNC_STATUS_H

#include <cassert>
#include <fmt/format.h>
#include <string>
#include <utility>
#include <variant>

namespace cnnc {

/// What a process answers, see `cnnc help`.
enum class Exit : int {
  Fine = 0,
  Request = 1,     ///< the network or the request is wrong
  File = 3,        ///< an unreadable, unwritable or malformed file
  Limit = 4,       ///< a size or memory limit was passed
  NotFinite = 5,   ///< numbers became NaN or infinite
  Internal = 70,   ///< our fault
  Interrupt = 130, ///< stopped by SIGINT with everything saved
  Terminate = 143  ///< stopped by SIGTERM with everything saved
};

class [[nodiscard]] Status {
public:
  Status() = default;
  Status(Exit code, std::string message) : exit(code), text(std::move(message)) {}

  bool ok() const { return exit == Exit::Fine; }
  Exit code() const { return exit; }
  const std::string &message() const { return text; }

private:
  Exit exit = Exit::Fine;
  std::string text;
};

/// A status with a formatted message: `return fail(Exit::File, "{}: …", path)`.
template <typename... Args>
Status fail(Exit code, fmt::format_string<Args...> format, Args &&...args) {
  return Status(code, fmt::format(format, std::forward<Args>(args)...));
}

/// A value, or the status that says why there is none.
template <typename T> class [[nodiscard]] Result {
public:
  Result(T value) : content(std::move(value)) {}
  Result(Status status) : content(std::move(status)) { assert(!std::get<Status>(content).ok()); }

  bool ok() const { return std::holds_alternative<T>(content); }
  explicit operator bool() const { return ok(); }
  T &operator*() { return std::get<T>(content); }
  const T &operator*() const { return std::get<T>(content); }
  T *operator->() { return &std::get<T>(content); }
  const T *operator->() const { return &std::get<T>(content); }
  Status status() const { return ok() ? Status() : std::get<Status>(content); }

private:
  std::variant<T, Status> content;
};

} // namespace cnnc

#endif // CNNC_STATUS_H
