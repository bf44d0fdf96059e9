//===- Folder.cpp - Pictures sorted into folders --------------------------===//

#include "runtime/Folder.h"

#include "runtime/Dataset.h"
#include "runtime/Picture.h"

#include <algorithm>
#include <filesystem>

using namespace cnnc;
namespace fs = std::filesystem;

namespace {

struct Labelled {
  std::string path;
  int32_t label;
};

/// The names in a folder that are folders, or pictures; sorted by their bytes.
Result<std::vector<std::string>> namesIn(const std::string &directory, bool folders) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator entry(directory, error), end; !error && entry != end;
       entry.increment(error)) {
    std::string name = entry->path().filename().string();
    std::error_code ignored; // a link to nothing is neither
    bool isWanted = folders ? entry->is_directory(ignored)
                            : isPictureName(name) && entry->is_regular_file(ignored);
    if (isWanted && !name.starts_with('.'))
      names.push_back(std::move(name));
  }
  if (error)
    return fail(Exit::File, "{}: cannot read the folder: {}", directory, error.message());
  std::sort(names.begin(), names.end());
  return names;
}

bool isFolder(const std::string &path) {
  std::error_code ignored;
  return fs::is_directory(path, ignored);
}

/// All pictures below the folders of `classes`.
Result<std::vector<Labelled>> listPictures(const std::string &directory,
                                           const std::vector<std::string> &classes) {
  std::vector<Labelled> pictures;
  for (size_t label = 0; label < classes.size(); ++label) {
    std::string folder = joinPath(directory, classes[label]);
    if (!isFolder(folder)) // a class without pictures in this split
      continue;
    Result<std::vector<std::string>> names = namesIn(folder, /*folders=*/false);
    if (!names)
      return names.status();
    for (const std::string &name : *names)
      pictures.push_back({joinPath(folder, name), static_cast<int32_t>(label)});
  }
  return pictures;
}

/// What a picture of the test split is called must be a class of the training split.
Status checkClasses(const std::string &directory, const std::vector<std::string> &classes) {
  Result<std::vector<std::string>> found = namesIn(directory, /*folders=*/true);
  if (!found)
    return found.status();
  for (const std::string &name : *found)
    if (!std::binary_search(classes.begin(), classes.end(), name))
      return fail(Exit::File, "{}: class '{}' is not one of the training split: expected {}",
                  directory, name, fmt::join(classes, ", "));
  return Status();
}

Status append(Dataset &dataset, const Labelled &labelled) {
  Result<Picture> picture = readPicture(labelled.path);
  if (!picture)
    return picture.status();
  ImageShape shape{picture->channels, picture->height, picture->width};
  if (dataset.labels.empty())
    dataset.shape = shape;
  const ImageShape &wanted = dataset.shape;
  if (shape.channels != wanted.channels || shape.height != wanted.height ||
      shape.width != wanted.width)
    return fail(Exit::File,
                "{}: expected a picture of [{}, {}, {}] as the first one, found [{}, {}, {}]",
                labelled.path, wanted.channels, wanted.height, wanted.width, shape.channels,
                shape.height, shape.width);
  dataset.pixels.insert(dataset.pixels.end(), picture->pixels.begin(), picture->pixels.end());
  dataset.labels.push_back(labelled.label);
  return Status();
}

} // namespace

Result<Dataset> cnnc::openFolder(const std::string &directory, Split split) {
  std::string train = joinPath(directory, "train"), test = joinPath(directory, "test");
  bool hasSplits = isFolder(train) && isFolder(test);
  Result<std::vector<std::string>> classes = namesIn(hasSplits ? train : directory, true);
  if (!classes)
    return classes.status();
  if (classes->empty())
    return fail(Exit::File, "{}: expected a folder for each class, found none",
                hasSplits ? train : directory);
  if (hasSplits)
    if (Status status = checkClasses(test, *classes); !status.ok())
      return status;
  std::string source = !hasSplits ? directory : split == Split::Test ? test : train;
  Result<std::vector<Labelled>> pictures = listPictures(source, *classes);
  if (!pictures)
    return pictures.status();
  Dataset dataset;
  dataset.name = fmt::format("folder({})", directory);
  dataset.classes = static_cast<int64_t>(classes->size());
  for (size_t i = 0; i < pictures->size(); ++i)
    if (hasSplits || isInSplit(static_cast<int64_t>(i), split))
      if (Status status = append(dataset, (*pictures)[i]); !status.ok())
        return status;
  if (dataset.labels.empty())
    return fail(Exit::File, "{}: expected pictures (.png, .jpg, .jpeg){}, found {}", source,
                hasSplits ? "" : fmt::format(", {} at least", kTestEvery), pictures->size());
  return dataset;
}
