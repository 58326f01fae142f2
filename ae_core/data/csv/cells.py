"""What a cell of a table may hold: numbers with units, missing values, moments, as people and machines write them."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence

DELIMITERS = {"comma": ",", "semicolon": ";", "tab": "\t", "pipe": "|", "space": " "}
DECIMALS = {"point": ".", "comma": ","}


def words_of(text: str) -> tuple[str, ...]:
    return tuple(text.split())


MISSING = ("", *words_of("na n/a #n/a #na null (null) none nil nan - -- --- ? #value! #div/0! #ref! #num!"))
# What instruments write where they have no value; among numbers alone, for some of them are states elsewhere.
NO_VALUE = {
    *words_of("bad unavailable unknown nodata n.a. #n/d #nv #name? off-line offline missing void .. . * ** *** ----"),
    *("no data", "i/o timeout", "over range", "under range", "pt created", "not available", "bad input", "comm fail"),
    *("[-11059] no good data for calculation", "no good data", "no result", "shutdown", "scan off", "configure"),
    *words_of("ol o.l +ol -ol overload overflow error err fault undef undefined inf -inf +inf kein fehlt"),
}
LOOKALIKES = {
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\u2212": "-",
    "\u2019": "'",
}  # in numbers, of the space, the minus and the apostrophe

UNIT = r"(?:[^\W\d_]|[°%‰$€£Ω\"′″])[^\s\d,;|=:]*(?:[²³\d]|/[^\W\d_]+\d?)?(?:\s(?:AC|DC|RMS))?"
PLAIN = (
    r"(?:\d+(?:\.\d*|,\d+)?|[.,]\d+|\d{1,3}(?:(?:,\d{3})+(?:\.\d*)?|(?:\.\d{3})+(?:,\d*)?"
    r"|(?:[ ']\d{3})+(?:[.,]\d*)?))(?:[eE][+-]?\d+)?"
)
NUMBER = re.compile(rf"[+-]?(?P<number>{PLAIN})\s*(?P<unit>{UNIT})?|[+-]?inf(?:inity)?", re.IGNORECASE)
# Further ways to write a number: a blank after the sign, currency before it, a mark of a limit or a footnote, a minus
# or brackets around it, Fortran's exponent. What is captured is the number itself.
DRESSED = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<mark>[<>≤≥~$€£¥#=]|=\")?\s*(?P<inner>[+-]?{PLAIN}|{PLAIN}[dD][+-]?\d+)\s*"
    rf"(?P<tail>[*#†!?\"]{{1,3}}|-|\([a-zA-Z ]{{1,12}}\))?"
    rf"|\((?P<bracketed>{PLAIN})\)"
)
CLOCK = r"\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?(?:\s*[AP]M)?"
ZONE = r"(?:\s*(?:Z|UTC|GMT|[+-]\d{2}:?\d{2}))"
DATE = (
    r"(?P<date>\d{4}(?P<s>[-./])\d{1,2}(?P=s)\d{1,2}|\d{1,2}(?P<t>[-./])\d{1,2}(?P=t)(?:\d{4}|\d{2})"
    r"|\d{1,2}(?P<u>[- ])[A-Z]{3}(?P=u)\d{4}|\d{8}(?=T))"
)
MOMENT = re.compile(rf"{DATE}(?:(?P<gap>T|,? +)(?P<clock>{CLOCK}|(?<=T)\d{{4,6}})(?P<zone>{ZONE})?)?", re.IGNORECASE)
PREFIXES = {
    "T": 1e12,
    "G": 1e9,
    "M": 1e6,
    "k": 1e3,
    "K": 1e3,
    "": 1.0,
    "m": 1e-3,
    "µ": 1e-6,
    "μ": 1e-6,
    "u": 1e-6,
    "n": 1e-9,
}
UNITS = {
    *words_of("s sec second seconds ms msec us usec ns min minute minutes h hr hour hours d day days hz khz mhz ghz"),
    *words_of(
        "v mv uv µv kv volt volts volts(v) a ma ua µa amp amps ampere w kw mw gw watt watts wh kwh "
        "mwh gwh va kva var kvar"
    ),
    *words_of(
        "ohm ohms kohm mohm ω k °c °f °k c f degc degf deg degree degrees ° celsius fahrenheit kelvin "
        "rad rpm 1/min u/min"
    ),
    *words_of(
        "% %rh rh pct percent ppm ppb ppt bar mbar pa hpa kpa mpa psi psia psig mmhg inhg atm torr m mm cm km µm um nm"
    ),
    *words_of(
        "in inch inches ft mi m/s m/s² m/s^2 m/s2 mm/s mm/s² km/h kmh kph mph kt kn knots g kg mg t lb lbs n kn nm n·m"
    ),
    *words_of(
        "nm lbf l ml m3 m³ m^3 l/s l/min l/h m3/h m³/h m3/s m³/s lpm gpm cfm sccm slpm kg/s kg/h g/m3 g/m³ µg/m³ ug/m3"
    ),
    *words_of(
        "mg/m³ mg/l w/m2 w/m² w/m^2 lux lx lm cd db dba dbm dbv j kj mj cal kcal btu mol ph ms/cm "
        "µs/cm us/cm s/cm ntu fnu"
    ),
    *words_of(
        "bool boolean enum counts count cnt raw lsb adc bit bits unitless dimensionless none - n/a ts "
        "rn string float int"
    ),
    *words_of(
        "€/mwh eur/mwh eur usd $ € mw/h w/mk kn/m2 n/mm² mm/h mm/hr inches/hr hpa/h d° °/s deg/s rad/s gauss t mt µt ut"
    ),
    *("deg c", "deg f", "meters/second", "m per s", "kg per s"),
}
# lower-case names of months in the languages of those who write to us, by their first letters
MONTHS = {
    name: month
    for month, names in enumerate(
        (
            "jan jän janv ene gen", "feb fév fev", "mar mär mrz mrt maa maart mars marzo märz", "apr avr abr",
            "may mai maj mag mei", "jun juin giu", "jul juil lug", "aug aoû aou ago août", "sep set sept",
            "oct okt ott out", "nov", "dec dez déc dic",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "wet": 0, "bst": 60, "west": 60, "cet": 60, "mez": 60, "cest": 120, "mesz": 120,
    "eet": 120,
    "eest": 180, "msk": 180, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "hst": -600, "akst": -540, "akdt": -480, "brt": -180,
}  # fmt: skip


def decimal_sign(cells: Iterable[str], delimiter: str, fallback: str | None = None) -> tuple[str, str, bool]:
    """(the decimal sign, why, whether that is sure); a lone "1,234" may be either, then the fallback or the delimiter
    decides.
    """
    votes: Counter[str] = Counter()
    unsure: Counter[str] = Counter()
    for cell in cells:
        match = NUMBER.fullmatch(cell) or re.fullmatch(rf"[+$€£-]?\s?(?P<number>{PLAIN})", cell)
        number = ((match and match["number"]) or "").lower().split("e")[0]
        signs = [c for c in number if c in ".,"]
        if len(set(signs)) == 2:
            votes[signs[-1]] += 1
        elif len(signs) > 1:
            votes["." if signs[0] == "," else ","] += 1
        elif signs:
            (unsure if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", number) else votes)[signs[0]] += 1
    if votes:
        sign = max(sorted(votes), key=lambda sign: votes[sign])
        return sign, f"{votes[sign]} of the cells looked at say so", votes[sign] > 0.9 * votes.total()
    if fallback:
        return fallback, "as in the other columns", True
    if unsure[","] and delimiter in ";\t":
        return ",", "such files usually have it, but 1,234 could be a thousand: look at the values", False
    if unsure[","]:
        return ".", "1,234 is taken for a thousand: look at the values", False
    return ".", "the usual one", True


def missing_tokens(missing: str | Sequence[str]) -> tuple[str, ...]:
    """The texts that mean a missing value; half characters, which a link may bring, are in no file."""
    texts = missing.split(",") if isinstance(missing, str) else missing
    return tuple(text for text in (t.encode("utf-8", "ignore").decode().strip() for t in texts) if text)


def printable(text: str) -> str:
    """The text without what no screen shows: half characters, switches of direction, bells."""
    return text if text.isprintable() else "".join(c for c in text if c.isprintable())


def shorten(names: Sequence[str], most: int = 40) -> list[str]:
    """Names of at most `most` letters that are still told apart: what they all begin with is left out first.

    >>> shorten(["a" * 50 + "1", "a" * 50 + "2"], 10)
    ['…aaaaaaaa1', '…aaaaaaaa2']
    """
    return [name if len(name) <= most else "…" + name[len(name) - most + 1 :] for name in names]


def listed(names: Sequence[str], most: int = 8) -> str:
    return ", ".join(shorten(names[:most])) + (f" and {len(names) - most:,} more" if len(names) > most else "")


def span(seconds: float) -> str:
    """A duration in words.

    >>> span(300), span(0.002), span(90_000)
    ('5 min', '2 ms', '25 h')
    """
    for size, unit in ((172_800, "d"), (3600, "h"), (60, "min"), (1, "s"), (1e-3, "ms"), (1e-6, "µs")):
        if seconds >= size:
            return f"{seconds / (86_400 if unit == 'd' else size):.4g} {unit}"
    return f"{seconds * 1e9:.4g} ns"
