"""What a printed page holds, as Chromium writes it: sizes of its pages, pictures, and its text."""

import re
import unicodedata
import zlib

OBJECT = re.compile(rb"(\d+) 0 obj\s*(.*?)endobj", re.DOTALL)
STREAM = re.compile(rb"stream\r?\n(.*)\r?\nendstream", re.DOTALL)


def unpacked(text: str) -> str:
    """A text without white space and ligatures."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


class Pdf:
    """pages: width and height of each, points; pictures: how many there are; text: as `unpacked` gives it."""

    def __init__(self, data: bytes):
        self.objects = {int(number): body for number, body in OBJECT.findall(data)}
        pages = [body for body in self.objects.values() if re.search(rb"/Type\s*/Page\b", body)]
        self.pages = [
            tuple(map(float, re.search(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", p).groups())) for p in pages
        ]
        self.pictures = sum(b"/Subtype /Image" in body and b"/DCTDecode" in body for body in self.objects.values())
        self.text = "".join(self._text(page) for page in pages)

    def _stream(self, number: int) -> bytes:
        body = self.objects[number]
        raw = STREAM.search(body)[1]
        return zlib.decompress(raw) if b"/FlateDecode" in body else raw

    def _text(self, page: bytes) -> str:
        fonts = {
            name: self._letters(int(number))
            for block in re.findall(rb"/Font\s*<<(.*?)>>", page, re.DOTALL)
            for name, number in re.findall(rb"/(\w+) (\d+) 0 R", block)
        }
        content = self._stream(int(re.search(rb"/Contents (\d+) 0 R", page)[1]))
        letters, text = {}, []
        for font, run in re.findall(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>", content):
            if font:
                letters = fonts.get(font, {})
            text += [letters.get(run[i : i + 4].upper(), "") for i in range(0, len(run), 4)]
        return unpacked("".join(text))

    def _letters(self, font: int) -> dict[bytes, str]:
        """A font's letters by their four digits."""
        known = re.search(rb"/ToUnicode (\d+) 0 R", self.objects[font])
        if not known:
            return {}
        table, letters = self._stream(int(known[1])), {}
        for block in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
            for glyph, letter in re.findall(rb"<(\w{4})> <(\w+)>", block):
                letters[glyph.upper()] = bytes.fromhex(letter.decode()).decode("utf-16-be")
        for block in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
            for first, last, letter in re.findall(rb"<(\w{4})> <(\w{4})> <(\w{4})>", block):
                for n in range(int(last, 16) - int(first, 16) + 1):
                    letters[b"%04X" % (int(first, 16) + n)] = chr(int(letter, 16) + n)
        return letters
