"""check-svg.py FILE BOXES ARROWS TEXT...: a picture by itself, with these texts in titles."""

import sys
import xml.etree.ElementTree as xml

SVG = "{http://www.w3.org/2000/svg}"


def main(path, boxes, arrows, *texts):
    with open(path, encoding="utf-8") as file:
        content = file.read()
    root = xml.fromstring(content.encode())
    assert root.tag == SVG + "svg", root.tag
    kinds = [group.get("class") for group in root.iter(SVG + "g")]
    assert kinds.count("node") == int(boxes), kinds
    assert kinds.count("edge") == int(arrows), kinds
    titles = [title.text for title in root.iter(SVG + "title")]
    # No box and no arrow shows the name that the layout knew it by.
    assert len(titles) == len([k for k in kinds if k in ("graph", "node", "edge", "cluster")])
    assert all(len(title) > 1 and "->" not in title for title in titles), titles
    for text in texts:
        assert any(text.replace("\\n", "\n") in title for title in titles), (text, titles)
    # Nothing is loaded from elsewhere.
    for word in ("<script", "<image", "href=", "url(", "<!DOCTYPE", "@import"):
        assert word not in content, word


if __name__ == "__main__":
    main(*sys.argv[1:])
