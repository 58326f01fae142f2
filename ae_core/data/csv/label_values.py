"""The values of labels in words, in several languages: what is normal, and what is not."""

import re

import numpy as np
import pyarrow.compute as pc

from .cells import words_of
from .columns import Column

GOOD = {
    *words_of(
        "normal ok good healthy none benign gut fine regular baseline nominal pass passed inlier "
        "nofault no_fault no-fault"
    ),
    *words_of(
        "normale normaal sain bueno bien bon buono goed io i.o. iO 正常 正常运行 норма нормально нормальный intact okay"
    ),
    *(
        "no fault",
        "no attack",
        "no anomaly",
        "no failure",
        "normal operation",
        "n.i.",
        "fault free",
        "faultfree",
        "healthy state",
    ),
    *words_of("0 0.0 false falsch faux falso f no n nein non nee nie нет 否 não nao ei nej ne hayır hayir -1"),
    *words_of("normalbetrieb betriebsbereit normaali kunnossa poprawny prawidłowy normalny normální normalni"),
    *("v pořádku", "bez poruchy", "in ordnung", "without fault", "sin fallo", "sans défaut", "senza guasti", "normalt"),
}

BAD = {
    *words_of(
        "1 1.0 true wahr vrai verdadero vero t yes y anomaly anomalous abnormal attack fault faulty "
        "failure fail failed outlier bad broken nok"
    ),
    *words_of(
        "nio n.i.o. defect defective error störung fehler defekt ja oui si sí да 是 sim tak kyllä j o s 异常 故障"
    ),
    *words_of("leak alarm critical not_ok malicious damaged worn unhealthy recovering stopped"),
    *words_of("fel fejl feil vika vikatila häiriö porucha awaria usterka авария отказ неисправность arıza ariza hata"),
    *words_of(
        "guasto anomalia anomalie anómalo anomalo avería averia fallo falla falha panne défaut defaut défaillance"
    ),
    *words_of("störfall gestört defekter storing evet ano alarme allarme allarm"),
    "not ok",
    "not normal",
}

PLAIN = {  # which say of anything whether it is so
    *words_of("0 0.0 1 1.0 true false t f yes no y n wahr falsch vrai faux verdadero falso vero ja nein oui non si sí"),
    *words_of("да нет 是 否 sim não nao tak nie nee nej nei ei kyllä ano ne evet hayır hayir"),
}

SPEAKING = (GOOD | BAD) - PLAIN - {"-1", "j", "o", "s", "none"}


def kinds_of(column: Column) -> dict[str, int] | None:
    """{value in words: rows} of a column of few kinds; None of one of many."""
    if column.numbers is not None:
        values, counts = np.unique(column.some, return_counts=True)
        if len(values) > 50 or (values != np.floor(values)).any():
            return None
        return {f"{value:g}": int(count) for value, count in zip(values, counts, strict=True)}
    if column.words is None:
        return None
    counted = pc.value_counts(pc.utf8_lower(column.words).drop_null())
    if len(counted) > 50:
        return None
    return {entry["values"].as_py(): entry["counts"].as_py() for entry in counted}


def plain_kind(word: str) -> str:
    """A value's own form: 1.0 is 1, 'A ttack' is attack."""
    word = word.strip().lower()
    return f"{float(word):g}" if re.fullmatch(r"[+-]?\d{1,15}(\.\d+)?", word) else re.sub(r"[\s_\-]+", "", word)


GOOD_KINDS, BAD_KINDS, SPEAKING_KINDS = ({plain_kind(word) for word in words} for words in (GOOD, BAD, SPEAKING))


def said_in_heading(name: str, values: set[str]) -> frozenset[str] | None:
    """The normal values, where the heading itself says them, as in "Attack (1: no attack, -1: attack)"."""
    said = re.findall(r"([+-]?\d+)\s*[:=]\s*([^,;:=()\d]+)", name)
    meanings = {f"{float(number):g}": word.strip().lower() for number, word in said}
    if len(meanings) < 2 or not values <= set(meanings):
        return None
    normal = {
        number
        for number, word in meanings.items()
        if plain_kind(word) in GOOD_KINDS or word.startswith(("no ", "normal", "kein"))
    }
    return frozenset(normal & values) if normal and normal != set(meanings) else None
