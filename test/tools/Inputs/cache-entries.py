"""What a folder of compiled code holds.

    cache-entries.py FOLDER list      each entry with the number of its file, which a rewrite changes
    cache-entries.py FOLDER count     how many there are
    cache-entries.py FOLDER damage    changes the last byte of each
"""

import pathlib
import sys


def main(folder, what):
    entries = sorted(pathlib.Path(folder).glob("*.cnnc-object"))
    if what == "count":
        print(len(entries))
    for entry in entries:
        if what == "list":
            print(entry.name, entry.stat().st_ino)
        elif what == "damage":
            content = bytearray(entry.read_bytes())
            content[-1] ^= 1
            entry.write_bytes(content)


if __name__ == "__main__":
    main(*sys.argv[1:])
