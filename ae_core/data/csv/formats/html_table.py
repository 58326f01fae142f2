"""A table in HTML, as many programs save it under the name of a spreadsheet: the largest table of the page."""

from html.parser import HTMLParser

from .marks import Marks, plain_text


class _Tables(HTMLParser):
    """tables: the rows of each table of a page, as texts; of a table within a cell the text alone."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.depth = 0
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.depth += 1
            if self.depth == 1:
                self.tables.append([])
        elif self.depth == 1 and tag == "tr":
            self._end()
            self.tables[-1].append([])
        elif self.depth == 1 and tag in ("td", "th") and self.tables[-1]:
            self._end()
            self.cell = []
            wide = dict(attrs).get("colspan") or "1"
            self.tables[-1][-1].extend([""] * (min(int(wide), 100) - 1 if wide.isdigit() else 0))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table") and self.depth == 1:
            self._end()
        if tag == "table":
            self.depth = max(0, self.depth - 1)

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)

    def _end(self) -> None:
        if self.cell is not None:
            self.tables[-1][-1].append(" ".join("".join(self.cell).split()))
            self.cell = None


def read(lines: list[str], text: bytes) -> Marks | None:
    if not lines[0].lstrip().startswith("<") or b"<table" not in text.lower():
        return None
    page = _Tables()
    page.feed(text.decode(errors="replace"))
    rows = max(page.tables, key=len, default=[])
    return Marks("a page with a table in HTML", plain_text(rows)) if len(rows) > 2 else None
