"""States in words, such as ON and OFF, as numbers."""

import numpy as np
import pyarrow.compute as pc

from .cells import NO_VALUE, words_of
from .columns import Column

STATES = {
    **dict.fromkeys(
        words_of(
            "falsch faux falso non não ne off closed close stopped stop false no "
            "inactive idle low aus zu geschlossen nein arrêt arret"
        ),
        0.0,
    ),
    **dict.fromkeys(
        words_of(
            "fermé ferme cerrado apagado spento chiuso uit dicht нет выкл 关 disabled down absent released standstill"
        ),
        0.0,
    ),
    **dict.fromkeys(
        words_of("standby ready opening closing moving partial intermediate transit starting stopping warmup"), 0.5
    ),
    **dict.fromkeys(
        words_of(
            "wahr vrai vero verdadero oui si sí sim tak ano on open opened running run true yes "
            "active high ein auf offen ja marche ouvert abierto encendido"
        ),
        1.0,
    ),
    **dict.fromkeys(words_of("acceso aperto aan да вкл 开 enabled up present pressed started operating"), 1.0),
}
MAX_KINDS = 12


def kinds_in(column: Column) -> list[str]:
    """The different words of a column, in small letters, without those that mean no value; many: none at all."""
    if column.words is None:
        return []
    kinds = pc.unique(pc.utf8_lower(column.words).drop_null())
    return (
        [kind for kind in kinds[: 4 * MAX_KINDS].to_pylist() if kind not in NO_VALUE]
        if len(kinds) <= 4 * MAX_KINDS
        else []
    )


def known_states(column: Column) -> dict[str, float]:
    """{word: number} where all words are states that everybody knows; {} elsewhere."""
    kinds = kinds_in(column)
    if len(kinds) < 2 or not set(kinds) <= set(STATES) or len({STATES[kind] for kind in kinds}) < 2:
        return {}
    return {kind: STATES[kind] for kind in kinds}


def as_numbers(column: Column, numbers: dict[str, float]) -> np.ndarray:
    """float64 (rows,), NaN for words that have none."""
    coded = pc.dictionary_encode(pc.utf8_lower(column.words)).combine_chunks()
    table = np.array([numbers.get(word, np.nan) for word in coded.dictionary.to_pylist()] + [np.nan])
    return table[pc.fill_null(coded.indices, len(table) - 1).to_numpy(zero_copy_only=False)]
