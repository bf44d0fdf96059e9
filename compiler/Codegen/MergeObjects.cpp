//===- MergeObjects.cpp - One object file of several ----------------------===//
//
// What `ld -r` does, for the files that LLVM writes of our own code: 64 bits, little
// endian, relocations with addends, no groups, no debug information. So a library is
// one file although its parts were compiled apart, and needs no linker to be made.
//
//===----------------------------------------------------------------------===//

#include "compiler/Codegen/MergeObjects.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/MC/StringTableBuilder.h"
#include "llvm/Object/ELF.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/raw_ostream.h"
#include <deque>

using namespace llvm;
using File = object::ELFFile<object::ELF64LE>;
using Header = object::ELF64LE::Ehdr;
using SectionHeader = object::ELF64LE::Shdr;
using RawSymbol = object::ELF64LE::Sym;
using RawRelocation = object::ELF64LE::Rela;

namespace cnnc {

namespace {

struct Section;

struct Symbol {
  std::string name;
  Section *section = nullptr; ///< null: not defined
  uint8_t type = ELF::STT_NOTYPE, binding = ELF::STB_LOCAL, visibility = ELF::STV_DEFAULT;
  uint64_t value = 0, size = 0;
  uint32_t index = 0; ///< in the file that is written
};

struct Relocation {
  uint64_t offset;
  Symbol *symbol;
  uint32_t type;
  int64_t addend;
};

struct Section {
  std::string name;
  uint32_t type;
  uint64_t flags, entrySize;
  uint64_t alignment = 1, size = 0;
  std::string bytes = {}; ///< empty of what occupies no bytes in the file
  std::vector<Relocation> relocations = {};
  std::string relocationName = {};
  Symbol symbol = {};
  uint32_t index = 0; ///< in the file that is written
};

/// Where a section of a part has come to lie.
struct Place {
  Section *section = nullptr;
  uint64_t base = 0;
};

class Merger {
public:
  Error add(const ObjectPart &part);
  std::string write();

private:
  Expected<Place> addSection(const File &file, const SectionHeader &header);
  Error addSymbols(const File &file, const SectionHeader &table, const ObjectPart &part);
  Error define(Symbol &symbol, const RawSymbol &raw);
  Error addRelocations(const File &file, const SectionHeader &header);

  /// Gives all symbols their places in the table; the number of local ones.
  uint32_t orderSymbols();
  void addNames();
  SectionHeader &startSection(StringRef name, uint32_t type, uint64_t entrySize);
  void append(SectionHeader &header, StringRef bytes, uint64_t alignment);
  void writeSections();
  void writeRelocations();
  void writeSymbols(uint32_t locals);

  std::deque<Section> sections; // addresses stay
  std::deque<Symbol> symbols;
  StringMap<Symbol *> globals;
  std::optional<Header> first;
  uint8_t padding = 0; // of code

  // Of the part that is being added: by its indices.
  std::vector<Place> places;
  std::vector<Symbol *> known;
  std::vector<uint64_t> bases; // what a relocation against the symbol adds

  // Of the file that is written.
  std::vector<Symbol *> order;
  StringTableBuilder names{StringTableBuilder::ELF};
  std::vector<SectionHeader> headers;
  std::string out;
};

constexpr StringLiteral kSymbolTable = ".symtab", kNameTable = ".strtab";

} // namespace

//===----------------------------------------------------------------------===//
// Reading the parts
//===----------------------------------------------------------------------===//

/// Appends to the section of the same name and kind, or starts it.
Expected<Place> Merger::addSection(const File &file, const SectionHeader &header) {
  Expected<StringRef> name = file.getSectionName(header);
  if (!name)
    return name.takeError();
  bool hasBytes = header.sh_type != ELF::SHT_NOBITS;
  bool isKnown = header.sh_type == ELF::SHT_PROGBITS || header.sh_type == ELF::SHT_NOBITS ||
                 header.sh_type == ELF::SHT_X86_64_UNWIND;
  if (!isKnown || (header.sh_flags & (ELF::SHF_GROUP | ELF::SHF_LINK_ORDER | ELF::SHF_TLS)))
    return createStringError("expected code or data in section " + *name + ", but it is of type " +
                             Twine(header.sh_type) + ", flags " + Twine(header.sh_flags));
  auto found = find_if(sections, [&](const Section &section) {
    return section.name == *name && section.type == header.sh_type &&
           section.flags == header.sh_flags && section.entrySize == header.sh_entsize;
  });
  if (found == sections.end()) {
    sections.push_back({name->str(), header.sh_type, header.sh_flags, header.sh_entsize});
    found = std::prev(sections.end());
    found->symbol.section = &*found;
    found->symbol.type = ELF::STT_SECTION;
  }
  uint64_t alignment = std::max<uint64_t>(header.sh_addralign, 1);
  uint64_t base = alignTo(found->size, alignment);
  found->alignment = std::max(found->alignment, alignment);
  found->size = base + header.sh_size;
  if (hasBytes) {
    Expected<ArrayRef<uint8_t>> bytes = file.getSectionContents(header);
    if (!bytes)
      return bytes.takeError();
    found->bytes.resize(base, (header.sh_flags & ELF::SHF_EXECINSTR) ? char(padding) : 0);
    found->bytes += toStringRef(*bytes);
  }
  return Place{&*found, base};
}

Error Merger::define(Symbol &symbol, const RawSymbol &raw) {
  if (raw.st_shndx == ELF::SHN_UNDEF)
    return Error::success();
  if (raw.st_shndx >= places.size() || !places[raw.st_shndx].section)
    return createStringError("expected symbol '" + symbol.name + "' in a section of code or data");
  if (symbol.section)
    return createStringError("symbol '" + symbol.name + "' is defined in two parts");
  Place place = places[raw.st_shndx];
  symbol.section = place.section;
  symbol.value = place.base + raw.st_value;
  symbol.type = raw.getType();
  symbol.size = raw.st_size;
  return Error::success();
}

Error Merger::addSymbols(const File &file, const SectionHeader &table, const ObjectPart &part) {
  Expected<File::Elf_Sym_Range> range = file.symbols(&table);
  if (!range)
    return range.takeError();
  Expected<StringRef> names = file.getStringTableForSymtab(table);
  if (!names)
    return names.takeError();
  for (const RawSymbol &raw : *range) {
    known.push_back(nullptr);
    bases.push_back(0);
    if (known.size() == 1 || raw.getType() == ELF::STT_FILE)
      continue;
    if (raw.getType() == ELF::STT_SECTION) {
      if (raw.st_shndx >= places.size() || !places[raw.st_shndx].section)
        continue;
      known.back() = &places[raw.st_shndx].section->symbol;
      bases.back() = places[raw.st_shndx].base;
      continue;
    }
    Expected<StringRef> name = raw.getName(*names);
    if (!name)
      return name.takeError();
    StringRef newName = !part.oldName.empty() && *name == part.oldName ? part.newName : *name;
    bool isLocal = raw.getBinding() == ELF::STB_LOCAL;
    Symbol *&symbol = isLocal ? known.back() : globals[newName];
    if (!symbol) {
      symbol = &symbols.emplace_back();
      symbol->name = newName.str();
      symbol->binding = raw.getBinding();
    }
    known.back() = symbol;
    symbol->visibility = std::max(symbol->visibility, raw.getVisibility());
    if (Error error = define(*symbol, raw))
      return error;
  }
  return Error::success();
}

Error Merger::addRelocations(const File &file, const SectionHeader &header) {
  if (header.sh_info >= places.size() || !places[header.sh_info].section)
    return createStringError("expected relocations of a section of code or data");
  Expected<File::Elf_Rela_Range> range = file.relas(header);
  if (!range)
    return range.takeError();
  Place place = places[header.sh_info];
  for (const RawRelocation &raw : *range) {
    uint32_t symbol = raw.getSymbol(/*isMips64EL=*/false);
    if (symbol >= known.size() || !known[symbol])
      return createStringError("expected a symbol in each relocation of " + place.section->name);
    place.section->relocations.push_back({place.base + raw.r_offset, known[symbol],
                                          raw.getType(/*isMips64EL=*/false),
                                          raw.r_addend + int64_t(bases[symbol])});
  }
  return Error::success();
}

Error Merger::add(const ObjectPart &part) {
  Expected<File> file = File::create(part.object);
  if (!file)
    return file.takeError();
  const Header &header = file->getHeader();
  if (!first)
    first = header;
  if (header.e_type != ELF::ET_REL || header.e_machine != first->e_machine)
    return createStringError("expected object files of one processor");
  constexpr uint8_t trap = 0xcc; // int3: between two functions, nobody gets there
  padding = header.e_machine == ELF::EM_X86_64 ? trap : 0;
  Expected<File::Elf_Shdr_Range> headers = file->sections();
  if (!headers)
    return headers.takeError();
  places.assign(headers->size(), Place());
  known.clear();
  bases.clear();
  constexpr uint32_t ownTables[] = {ELF::SHT_NULL, ELF::SHT_STRTAB, ELF::SHT_SYMTAB, ELF::SHT_RELA};
  for (auto [i, section] : enumerate(*headers)) {
    if (is_contained(ownTables, section.sh_type))
      continue;
    Expected<Place> place = addSection(*file, section);
    if (!place)
      return place.takeError();
    places[i] = *place;
  }
  for (uint32_t type : {ELF::SHT_SYMTAB, ELF::SHT_RELA}) // relocations name symbols
    for (const SectionHeader &section : *headers) {
      if (section.sh_type != type)
        continue;
      if (Error error = type == ELF::SHT_SYMTAB ? addSymbols(*file, section, part)
                                                : addRelocations(*file, section))
        return error;
    }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Writing the whole
//===----------------------------------------------------------------------===//

uint32_t Merger::orderSymbols() {
  for (Section &section : sections)
    order.push_back(&section.symbol);
  for (Symbol &symbol : symbols) {
    if (symbol.section && symbol.visibility == ELF::STV_HIDDEN)
      symbol.binding = ELF::STB_LOCAL;
    if (symbol.binding == ELF::STB_LOCAL)
      symbol.visibility = ELF::STV_DEFAULT;
  }
  // ELF wants the local ones in front.
  for (bool local : {true, false})
    for (Symbol &symbol : symbols)
      if ((symbol.binding == ELF::STB_LOCAL) == local)
        order.push_back(&symbol);
  uint32_t locals = 1; // and the empty one
  for (auto [i, symbol] : enumerate(order)) {
    symbol->index = uint32_t(i + 1);
    locals += symbol->binding == ELF::STB_LOCAL;
  }
  return locals;
}

void Merger::addNames() {
  for (Section &section : sections) {
    names.add(section.name);
    if (!section.relocations.empty())
      names.add(section.relocationName = ".rela" + section.name);
  }
  for (StringRef name : {kSymbolTable, kNameTable})
    names.add(name);
  for (Symbol &symbol : symbols)
    names.add(symbol.name);
  names.finalizeInOrder();
}

/// Starts a table that `append` will fill.
SectionHeader &Merger::startSection(StringRef name, uint32_t type, uint64_t entrySize) {
  SectionHeader &header = headers.emplace_back(SectionHeader());
  header.sh_name = names.getOffset(name);
  header.sh_type = type;
  header.sh_entsize = entrySize;
  return header;
}

void Merger::append(SectionHeader &header, StringRef bytes, uint64_t alignment) {
  out.resize(alignTo(out.size(), alignment), 0);
  header.sh_offset = out.size();
  header.sh_size = bytes.size();
  header.sh_addralign = alignment;
  out += bytes;
}

template <typename T> static StringRef bytesOf(const std::vector<T> &rows) {
  return StringRef(reinterpret_cast<const char *>(rows.data()), rows.size() * sizeof(T));
}

void Merger::writeSections() {
  for (Section &section : sections) {
    section.index = uint32_t(headers.size());
    SectionHeader &header = startSection(section.name, section.type, section.entrySize);
    header.sh_flags = section.flags;
    append(header, section.bytes, section.alignment);
    header.sh_size = section.size;
  }
}

void Merger::writeRelocations() {
  auto hasAny = [](const Section &section) { return !section.relocations.empty(); };
  uint32_t symbolTable = uint32_t(headers.size() + count_if(sections, hasAny));
  for (Section &section : make_filter_range(sections, hasAny)) {
    std::vector<RawRelocation> rows;
    for (const Relocation &relocation : section.relocations) {
      RawRelocation &raw = rows.emplace_back(RawRelocation());
      raw.r_offset = relocation.offset;
      raw.setSymbolAndType(relocation.symbol->index, relocation.type, /*IsMips64EL=*/false);
      raw.r_addend = relocation.addend;
    }
    SectionHeader &header =
        startSection(section.relocationName, ELF::SHT_RELA, sizeof(RawRelocation));
    header.sh_flags = ELF::SHF_INFO_LINK;
    header.sh_link = symbolTable;
    header.sh_info = section.index;
    append(header, bytesOf(rows), alignof(uint64_t));
  }
}

void Merger::writeSymbols(uint32_t locals) {
  std::vector<RawSymbol> rows(1, RawSymbol());
  for (const Symbol *symbol : order) {
    RawSymbol &raw = rows.emplace_back(RawSymbol());
    // A section's symbol has no name of its own.
    raw.st_name = symbol->type == ELF::STT_SECTION ? 0 : names.getOffset(symbol->name);
    raw.setBindingAndType(symbol->binding, symbol->type);
    raw.setVisibility(symbol->visibility);
    raw.st_shndx = uint16_t(symbol->section ? symbol->section->index : ELF::SHN_UNDEF);
    raw.st_value = symbol->value;
    raw.st_size = symbol->size;
  }
  SectionHeader &table = startSection(kSymbolTable, ELF::SHT_SYMTAB, sizeof(RawSymbol));
  table.sh_link = uint32_t(headers.size()); // the names come next
  table.sh_info = locals;
  append(table, bytesOf(rows), alignof(uint64_t));
}

std::string Merger::write() {
  uint32_t locals = orderSymbols();
  addNames();
  out.assign(sizeof(Header), 0);
  headers.assign(1, SectionHeader());
  writeSections();
  writeRelocations();
  writeSymbols(locals);
  std::string text;
  raw_string_ostream stream(text);
  names.write(stream);
  append(startSection(kNameTable, ELF::SHT_STRTAB, 0), text, 1);

  SectionHeader place;
  append(place, bytesOf(headers), alignof(uint64_t));
  Header header = *first;
  header.e_shoff = uint64_t(place.sh_offset);
  header.e_shnum = uint16_t(headers.size());
  header.e_shstrndx = uint16_t(headers.size() - 1);
  out.replace(0, sizeof header, reinterpret_cast<const char *>(&header), sizeof header);
  return std::move(out);
}

Expected<std::string> mergeObjects(ArrayRef<ObjectPart> parts) {
  Merger merger;
  for (const ObjectPart &part : parts)
    if (Error error = merger.add(part))
      return joinErrors(createStringError("cannot merge object files"), std::move(error));
  return merger.write();
}

} // namespace cnnc
