"""Small words of the sentences that people read: plurals, articles, sizes; and names without accents."""

import re
import unicodedata

# What a terminal obeys, and what turns the order of what is read; a name in a file may hold anything.
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def printable(text: str) -> str:
    """A text for a terminal, with a sign in the place of each control character but for tabs and ends of lines.

    >>> printable("a\\x1b[2Jb")
    'a�[2Jb'
    """
    return CONTROL.sub("\ufffd", text)


def plural(count: float, noun: str, nouns: str | None = None) -> str:
    """A count with its noun, in the singular for 1 alone and with separators from a thousand on.

    nouns: the plural, where it is not the noun with an s.

    >>> plural(1, "row"), plural(0, "row"), plural(20_000, "row"), plural(2, "entry", "entries")
    ('1 row', '0 rows', '20,000 rows', '2 entries')
    """
    return f"{count:,} {noun if count == 1 else nouns or noun + 's'}"


def with_article(phrase: str) -> str:
    """A phrase behind "a" or "an", by its first letter: for titles of models, not for all of English.

    >>> with_article("autoencoder"), with_article("variational autoencoder")
    ('an autoencoder', 'a variational autoencoder')
    """
    return f"{'an' if phrase[:1].lower() in 'aeiou' else 'a'} {phrase}"


def times(sizes: tuple[int, ...] | list[int]) -> str:
    """The sizes of an array as a product.

    >>> times((1, 28, 28))
    '1×28×28'
    """
    return "×".join(map(str, sizes))


def ascii_name(text: str, most: int = 40) -> str:
    """Latin letters without their accents, and digits, with "-" for whatever lies between: what a file or a run may be
    called. "" where none are left.

    >>> ascii_name("Pumpe März (1)"), ascii_name("Débit d'été"), ascii_name("日本")
    ('Pumpe-Maerz-1', 'Debit-d-ete', '')
    """
    for letter, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss"), ("ø", "o"), ("ł", "l")):
        text = unicodedata.normalize("NFC", text).replace(letter, letters).replace(letter.upper(), letters.capitalize())
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^A-Za-z0-9]+", "-", bare).strip("-")[:most]
