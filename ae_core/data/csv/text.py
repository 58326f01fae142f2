"""From a file to text: its bytes, its encoding, and whether it is a table at all."""

import codecs
import contextlib
import re
from collections.abc import Iterator
from contextvars import ContextVar
from pathlib import Path

from ...base.errors import LatentError
from ...io.packed import unpacked
from .cells import LOOKALIKES
from .table import EMPTY, Findings, Note

BOMS = {
    b"\xef\xbb\xbf": "utf-8-sig",
    b"\xff\xfe\x00\x00": "utf-32",
    b"\x00\x00\xfe\xff": "utf-32",
    b"\xff\xfe": "utf-16",
    b"\xfe\xff": "utf-16",
}
UNFIT = {
    "idna",
    "punycode",
    "unicode-escape",
    "raw-unicode-escape",
    "undefined",
}  # encodings of names and programs; some take ages


def existing_file(file: str | Path) -> Path:
    path = Path(file)
    if not path.is_file():  # no folder, no device that never ends
        raise LatentError(f"There is no file {str(file)[:200]!r}: check the name and the folder.")
    return path


_kept: ContextVar[dict[Path, bytes] | None] = ContextVar("kept", default=None)


@contextlib.contextmanager
def reading_once() -> Iterator[None]:
    """Inside, each file is read once: what trains, scores and writes sees the same rows, whatever is appended meanwhile
    or put in its place.
    """
    token = _kept.set({} if _kept.get() is None else _kept.get())
    try:
        yield
    finally:
        _kept.reset(token)


def contents(file: str | Path | bytes, most: int | None) -> bytes:
    """The bytes of a file, unpacked; within `reading_once` those of the first reading. Raises LatentError."""
    if isinstance(file, (bytes, bytearray, memoryview)):
        _check_size(len(file), most)
        data = bytes(file)
    else:
        path, kept = existing_file(file).resolve(), _kept.get()
        if kept is None or path not in kept:
            _check_size(path.stat().st_size, most)
            try:
                data = path.read_bytes()
            except OSError as error:
                raise LatentError(f"The file {str(file)[:200]!r} cannot be read ({error.strerror}).") from error
            if kept is not None:
                kept[path] = data
        else:
            data = kept[path]
    return unpacked(data, most)


def _check_size(size: int, most: int | None) -> None:
    if most is not None and size > most:
        raise LatentError(
            f"The file has {size / 1e6:,.0f} MB, and at most {most / 1e6:,.0f} MB are read here: leave "
            "out columns or rows, or use Parquet."
        )


def as_utf8(data: bytes, encoding: str | None, findings: Findings) -> bytes:
    """The text as UTF-8 with plain spaces, minus signs and line ends; says what the encoding was."""
    text, encoding, says = decoded(data, encoding)
    if holes := text.count("\0"):
        text = text.replace("\0", "")
        findings.note("zeros", holes, f"{holes:,} zero bytes, as a power cut leaves them, are left out.")
    check_is_table(text)
    plain = plain_text(text)
    findings.notes.append(encoding_note(encoding, says))
    return (
        data.removeprefix(b"\xef\xbb\xbf")
        if plain is text and not holes and encoding in ("utf-8", "utf-8-sig") and "\ufffd" not in text
        else encoded(plain, encoding)
    )


def check_is_table(text: str) -> None:
    """Raises LatentError for what is none at the first look."""
    head = text[:100_000]
    if sum(c < " " and c not in "\t\r\n\f\x1a" for c in head) > len(head) // 200:
        raise LatentError("This is a binary file, not a table of text: export the data as CSV and give that.")
    if not re.search(r"[^\s\x1a,;|]", text):
        raise LatentError(EMPTY)
    if re.match(r"\s*<!?[a-z]", head, re.IGNORECASE) and not re.search(r"<table\b", text, re.IGNORECASE):
        raise LatentError("This is a web page, not a table: export the data as CSV and give that.")


def plain_text(text: str) -> str:
    """The text itself, or, where it has others, with plain spaces, minus signs and line ends."""
    for other, plain in {**LOOKALIKES, "\r\n": "\n", "\r": "\n"}.items():
        if other in text:
            text = text.replace(other, plain)
    return text


def _is_text_with_holes(head: bytes) -> bool:
    """Whether bytes with zeros among them are text that a power cut has left blocks of zeros in."""
    rest = head.replace(b"\0", b"")
    blocks = len(re.findall(rb"\0+", head))
    odd = sum(byte < 32 and byte not in b"\t\r\n\f\x1a" for byte in rest[: 1 << 14])
    binary = rest.startswith(
        (b"\x89", b"GIF8", b"%PDF", b"\x7fELF", b"MZ", b"RIFF", b"\x93NUMPY", b"MATLAB", b"\xff\xd8")
    )
    return not binary and rest.count(b"\n") > 1 and odd * 200 <= len(rest) and blocks <= 8


def encoding_note(encoding: str, says: str) -> Note:
    return Note("encoding", encoding, f"The text's encoding is {encoding} ({says}).")


def encoded(text: str, encoding: str) -> bytes:
    try:
        return text.encode()
    except UnicodeError:
        raise LatentError(
            f"The file is no text in {encoding}: choose another encoding, or save it again as UTF-8."
        ) from None


def decoded(data: bytes, encoding: str | None) -> tuple[str, str, str]:
    """(text, encoding, how it was told)."""
    choices = encodings(data, encoding)
    for name, says in choices:
        try:
            return data.decode(name).removeprefix("\ufeff"), name, says
        except UnicodeError:
            if name == "utf-8" and len(choices) > 1 and (mended := _nearly_utf8(data)):
                return mended
    raise LatentError(f"The file is no text in {choices[0][0]}: choose another encoding, or save it again as UTF-8.")


def _nearly_utf8(data: bytes) -> tuple[str, str, str] | None:
    """Text in UTF-8 with a few bytes that are none, which count as unreadable; None where it is something else: letters
    of several bytes come about by chance in no other encoding.
    """
    text = data.decode("utf-8", "replace")
    bad = text.count("\ufffd")
    letters = sum(map(text[: 1 << 20].count, set(text[: 1 << 20]) - set(map(chr, range(128))) - {"\ufffd"}))
    if not letters or bad > max(3, letters // 4) or b"\0" in data[: 1 << 20]:
        return None
    return text.removeprefix("\ufeff"), "utf-8", f"but for {bad:,} bytes that are no text"


def encodings(data: bytes, asked: str | None) -> list[tuple[str, str]]:
    """What the encoding may be, and how that shows; the first that fits is it. LatentError where the one that is asked
    for is none of texts.
    """
    if asked:
        try:
            fits = (
                asked.isascii()
                and codecs.lookup(asked)._is_text_encoding
                and codecs.lookup(asked).name.replace("_", "-") not in UNFIT
            )
        except (LookupError, ValueError):
            fits = False
        if not fits:
            raise LatentError(f"There is no text encoding {asked[:40]!r}: try utf-8, utf-16 or latin-1.")
        return [(asked, "as you said")]
    for mark, name in BOMS.items():
        if data.startswith(mark):
            return [(name, "by its byte-order mark")]
    head = data[: 1 << 14]
    zeros = [head[0::2].count(0), head[1::2].count(0)]
    if sum(zeros) > len(head) // 4 and min(zeros) < max(zeros) // 8:  # every other byte of Latin text is zero
        return [("utf-16-le" if zeros[1] > zeros[0] else "utf-16-be", "every other byte is zero")]
    if b"\0" in data[: 1 << 20] and not _is_text_with_holes(data[: 1 << 20]):
        raise LatentError("This is a binary file, not a table of text: export the data as CSV and give that.")
    eastern = [(name, "it is no valid UTF-8, and its letters come in pairs of bytes") for name in _eastern(head)]
    return [
        ("utf-8", "all of it is valid"),
        *eastern,
        ("cp1252", "it is no valid UTF-8"),
        ("latin-1", "it is no valid UTF-8"),
    ]


def _eastern(head: bytes) -> list[str]:
    """The Japanese or Chinese encoding that bytes look like: their letters are pairs, which those of Latin text, with
    one byte above 127 between letters, are not.
    """
    pairs = re.findall(rb"[\x81-\x9f\xe0-\xfc][\x40-\x7e\x80-\xfc]", head)
    lower = [pair for pair in pairs if pair[0] < 0xA0]  # kana and the usual kanji; in Latin text, quotes and dashes
    if len(set(pairs)) > 2 and len(lower) > 0.7 * len(pairs):
        return ["cp932"]
    runs = re.findall(rb"[\x80-\xff]+(?=[\0-\x7f])", head)  # whole ones: what is looked at may end within a letter
    words = [run[i : i + 2] for run in runs for i in range(0, len(run), 2)]
    common = [word for word in words if len(word) == 2 and 0xB0 <= word[0] <= 0xD7 and word[1] > 0xA0]
    even = len(words) > 0 and all(len(run) % 2 == 0 for run in runs)
    return ["gb18030"] if even and len(set(common)) > 2 and len(common) > 0.7 * len(words) else []
