"""flip-byte.py FILE PLACE: inverts a byte; a negative place counts from the end."""

import sys

path, place = sys.argv[1], int(sys.argv[2])
with open(path, "rb") as file:
    content = bytearray(file.read())
content[place] ^= 0xFF
with open(path, "wb") as file:
    file.write(content)
