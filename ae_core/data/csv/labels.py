"""Which column says what is abnormal, and which of its values do."""

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ...base.errors import LatentError
from ...io.tables import name_list
from .cells import listed, words_of
from .columns import Column, pick_column
from .counters import is_counter
from .label_values import BAD_KINDS, GOOD_KINDS, SPEAKING_KINDS, kinds_of, plain_kind, said_in_heading
from .options import Options
from .states import known_states
from .table import SURE, Findings
from .time_names import name_words, time_name

# Names that mean what is abnormal; names of labels of any kind; names that may be a machine's state as well.
FAULTY = {
    *words_of(
        "anomaly anomalies anomalous isanomaly anomalylabel outlier outliers fault faults faulty failure failures fail"
    ),
    *words_of(
        "attack attacks att abnormal abnormality broken defect defective damage störung stoerung fehler defekt ausfall"
    ),
    *words_of(
        "anomalie panne défaut defaut fallo falla avería averia anomalía anomalia guasto difetto storing afwijking"
    ),
    *words_of(
        "awaria usterka авария отказ неисправность аномалия 异常 異常 故障 攻击 intrusion leak leakage changepoint"
    ),
    *words_of("fejl fel vika porucha arıza falha falhas häiriö"),
}
NAMED = {
    *words_of(
        "label labels class klasse classe clase target ground_truth groundtruth gt truth normal verdict etiqueta"
    ),
    *words_of("étiquette etichetta 标签 ラベル annotation y diagnosis category pass machine_status machinestatus"),
}
MAYBE = {
    *words_of(
        "status state zustand alarm error err event flag condition result quality warning ereignis estado état stato"
    ),
    *words_of("betriebszustand betriebsstatus maschinenzustand stav stan tila durum состояние статус 状态 状態 상태"),
    *words_of("tilstand tillstånd toestand etat condizione kunto"),
}
ALARMING = {*words_of("alarm alarms err error warning flag alarma allarme alarme alert")}  # which are on and off
WITH_MAYBE = MAYBE | {*words_of("type id machine code label system operating operation overall class the is of")}
PHYSICAL = {
    *words_of(
        "temp temperature pressure speed flow level pos position limit setpoint sp power value rate torque current"
    ),
    *words_of("voltage weight price count threshold area mass volume size id_num width height depth"),
}
OF_VALUES = {*words_of("quality validity qualität qualité calidad")}  # bad of a value is rarely bad of the machine
LARGE_ENOUGH = 20  # rows, below which 1 and −1, or classes, may be anything


@dataclass(frozen=True)
class Label:
    """The column that says what is abnormal. flags: bool (rows,); normal, abnormal: its values in words.

    confidence: that the values are told right; other: the second best reading of them.
    """

    column: Column
    flags: np.ndarray
    normal: frozenset[str]
    abnormal: frozenset[str]
    confidence: float = 0.98
    other: str = ""


def choose_label(
    columns: list[Column], options: Options, findings: Findings, said: str | None = None
) -> tuple[Label | None, list[Column]]:
    """(the label, the columns that hold labels). said: the column that the file's format names. Raises LatentError."""
    if options.no_label:
        findings.note("label", "none", "There is no label column.")
        return None, []
    if asked := options.label or said:
        column = pick_column(columns, asked, "the label")
        label = label_of(column, options, True) or (None if options.label else usual_class(column))
        if label is None:
            raise LatentError(
                f"The column {asked[:40]!r} is no label: a label has 0 or 1, true or false, normal or "
                "anomaly in each row; "
                "or say which of its values are normal."
            )
        marks = [label]
    else:
        marks = _labels(columns, options)
    if not marks:
        findings.note("label", "none", "There is no label column.")
        return None, []
    label = marks[0]
    name, count = label.column.name, int(label.flags.sum())
    text = f"{name!r} says which rows are abnormal ({count:,} of {len(label.flags):,}"
    plain = label.abnormal <= {"1", "true", "yes"}
    text += ")." if plain else f": {listed(sorted(label.abnormal), 5)})."
    rest = [mark.column for mark in marks[1:]]
    if rest:
        verb = "look" if len(rest) > 1 else "looks"
        text += f" {listed([c.name for c in rest])} {verb} like another label and is left out."
    findings.note("label", name, text)
    if label.confidence < SURE and not (options.label and options.normal_values):
        normal = listed(sorted(label.normal), 5) or "missing"
        findings.doubt(
            "label", f"{name}: normal is {normal}", label.other or "a channel", label.confidence,
            f"{name!r} is taken for the label, with {normal} as normal; it may be {label.other or 'a channel'}.",
            _said(label, label.normal), instead_of(label),
        )  # fmt: skip
    return label, [mark.column for mark in marks] + _kinds_of_fault(
        columns, label, [mark.column for mark in marks], findings
    )


def _kinds_of_fault(columns: list[Column], label: Label, taken: list[Column], findings: Findings) -> list[Column]:
    """Columns of 0 and 1 that are 1 only where the label says abnormal: which kind of fault it is. As channels they
    would be the answer among the inputs.
    """
    kinds = []
    for column in columns:
        if (
            column in taken
            or column.numbers is None
            or len(column.some) < len(column)
            or len(label.flags) != len(column)
        ):
            continue
        ones = column.numbers == 1
        if ones.any() and (ones | (column.numbers == 0)).all() and not (ones & ~label.flags).any():
            kinds.append(column)
    if kinds:
        names = listed([c.name for c in kinds])
        verb, says = ("is", "says") if len(kinds) == 1 else ("are", "say")
        findings.doubt(
            "label", f"{names}: left out", "channels", 0.7,
            f"{names} {verb} 1 only where {label.column.name!r} says abnormal, and {says} which fault it is: left out.",
            {}, {"columns": name_list([c.name for c in columns if c in kinds or _may_be_channel(c, columns, taken)])},
        )  # fmt: skip
    return kinds


def _may_be_channel(column: Column, columns: list[Column], taken: list[Column]) -> bool:
    """Whether a column holds numbers that are neither a label, nor moments, nor a count of the rows."""
    if column.numbers is None or column.times is not None or column in taken:
        return False
    return time_name(column.name) < 1 and not is_counter(column, column is columns[0])


def _said(label: Label, normal: frozenset[str]) -> dict[str, str]:
    """Settings that say which values of the column are normal; {} where none of them is."""
    return {"label": label.column.name, "normal_values": name_list(sorted(normal))} if normal else {}


def instead_of(label: Label) -> dict[str, str]:
    """Settings that say the second best reading of a label: other values as normal, or no label."""
    if "normal" not in label.other and label.other != "0 as abnormal":
        return {"label": "none"}
    if len(label.abnormal) == 1:
        return _said(label, label.abnormal)
    kinds = kinds_of(label.column) or {}
    return _said(label, frozenset({max(sorted(label.abnormal), key=lambda kind: kinds.get(kind, 0))}))


def _labels(columns: list[Column], options: Options) -> list[Label]:
    """Every column that looks like a label, the likeliest first."""
    labels = []
    for at, column in enumerate(columns):
        tier = name_tier(column.name)
        label = label_of(column, options, False) if tier or column.words is not None else None
        if label:
            labels.append(((tier or 9, -_exactness(column.name), at), label))
    return [label for _, label in sorted(labels, key=lambda each: each[0])]


def _exactness(name: str) -> float:
    plain = re.sub(r"[^a-z]+", "_", name.lower()).strip("_")
    return (
        2.0
        if plain in ("label", "labels")
        else 1.5
        if plain in ("anomaly", "is_anomaly", "attack", "fault")
        else 1 / len(name_words(name))
    )


def name_tier(name: str) -> int:
    """1 of a name that means what is abnormal, 2 of a label, 3 of what may be a label; 0 of others.

    >>> name_tier("ATT_FLAG"), name_tier("Class"), name_tier("status"), name_tier("valve status"), name_tier("flow")
    (1, 2, 3, 0, 0)
    """
    words = name_words(name)
    parts = {part for word in words for part in re.split(r"[_\W]+", word) if part}
    glued = re.sub(r"[^a-z]", "", name.lower())
    if parts & PHYSICAL:
        return 0
    if parts & FAULTY or re.fullmatch(r"(is)?(anomaly|outlier|fault|attack|failure|abnormal)\w*", glued):
        return 1
    if (
        (parts & {"y"} and len(parts) == 1)
        or parts & (NAMED - {"y", "normal", "pass"})
        or words & NAMED - {"y", "normal", "pass"}
    ):
        return 2
    if {"pass", "fail"} <= parts or ("normal" in parts and len(parts) <= 2):
        return 2
    return 3 if parts & MAYBE and parts - {name.lower().strip()} <= WITH_MAYBE else 0


def label_of(column: Column, options: Options, asked: bool) -> Label | None:
    """The label that a column is; None of one that holds something else. asked: a person, or the format, named it."""
    kinds = kinds_of(column)
    if kinds is None or not kinds:
        return None
    if options.normal_values and asked:
        normal = {value.strip().lower() for value in options.normal_values}
        return _made(
            column, kinds, frozenset(k for k in kinds if plain_kind(k) in {plain_kind(n) for n in normal}), 1.0, ""
        )
    tier = name_tier(column.name) or (2 if asked else 0)
    if column.words is not None:
        return _of_words(column, kinds, tier, asked)
    return _of_numbers(column, kinds, tier, asked)


def usual_class(column: Column) -> Label | None:
    """The label of a column of classes of which none is called normal: the most frequent one is taken for that."""
    kinds = kinds_of(column)
    if not kinds or len(kinds) < 2:
        return None
    most = max(kinds, key=lambda kind: kinds[kind])
    return _made(column, kinds, frozenset({most}), 0.6, "another class as normal")


def _of_words(column: Column, kinds: dict[str, int], tier: int, asked: bool) -> Label | None:
    rows = len(column)
    known = {kind: (plain_kind(kind) in GOOD_KINDS, plain_kind(kind) in BAD_KINDS) for kind in kinds}
    good = frozenset(kind for kind, (fine, _) in known.items() if fine)
    bad = frozenset(kind for kind, (_, wrong) in known.items() if wrong)
    speaking = {kind for kind in kinds if plain_kind(kind) in SPEAKING_KINDS}
    if (tier == 1 or name_words(column.name) & ALARMING) and (states := known_states(column)):
        off = frozenset(kind for kind, number in states.items() if number == 0)
        if sum(kinds.get(kind, 0) for kind in off) > 0.5 * rows:
            return _made(column, kinds, off, 0.97 if tier == 1 else 0.7, "a channel")
    absent = rows - sum(kinds.values())
    if good | bad == set(kinds) and (tier or asked):
        if tier == 3 and not (speaking and bad):  # a status that is good throughout says nothing
            return None
        sure = 0.7 if name_words(column.name) & OF_VALUES else 0.98
        return _made(column, kinds, good, sure, "a channel")
    if good and (tier or (asked or (speaking & good and speaking & bad))) and len(kinds) <= 30:
        share = sum(kinds[kind] for kind in good) / rows
        if share > 0.2 and (speaking & good or tier == 1 or asked):
            return _made(column, kinds, good, 0.97 if bad else 0.9, "a channel")
    wrong = speaking & bad
    if tier and wrong and not good and sum(kinds[kind] for kind in wrong) < 0.4 * rows and len(kinds) <= 30:
        return _made(column, kinds, frozenset(kinds) - wrong, 0.8, "a channel")  # the usual word is in no list
    if tier in (1, 2) and not good and absent > 0.3 * rows and len(kinds) <= 30 and (bad or tier == 1 or asked):
        return _made(column, kinds, frozenset(), 0.9, "values that are missing")  # 'none' counts as missing
    return None


def _of_numbers(column: Column, kinds: dict[str, int], tier: int, asked: bool) -> Label | None:
    rows, there = len(column), sum(kinds.values())
    values = set(kinds)
    if written := said_in_heading(column.name, values):
        return _made(column, kinds, written, 0.97, "")
    if values <= {"0", "1"}:
        return _zero_one(column, kinds, tier, asked, there)
    if rows < LARGE_ENOUGH or len(values) < 2 or len(values) > 30:
        return None
    if "-999" in values and values <= {"-999", "0", "1"}:
        return _made(column, kinds, frozenset(values - {"1"}), 0.9, "-999 as missing")
    if {"pass", "fail"} <= {p for w in name_words(column.name) for p in re.split(r"[_\W]+", w)} and len(values) == 2:
        low = min(values, key=float)  # as the heading has them: the first word is the lower value
        return _made(column, kinds, frozenset({low}), 0.85, f"{max(values, key=float)} as normal")
    most = max(kinds, key=lambda kind: kinds[kind])
    if tier == 3 and (most != "0" or kinds[most] < 0.5 * there):
        return None
    if values == {"-1", "1"} or len(values) == 2:
        other = next(iter(values - {most}))
        normal = "0" if tier == 1 and "0" in values else most
        return _made(
            column,
            kinds,
            frozenset({normal}),
            0.85 if tier != 3 else 0.65,
            f"{other} as normal" if tier != 3 else "a channel",
        )
    normal = "0" if "0" in values and (tier == 1 or kinds["0"] >= 0.3 * there) else most
    if tier == 0 and not asked:
        return None
    return _made(
        column,
        kinds,
        frozenset({normal}),
        0.8 if tier != 3 else 0.65,
        "a channel" if tier == 3 else f"another class than {normal} as normal",
    )


def _zero_one(column: Column, kinds: dict[str, int], tier: int, asked: bool, there: int) -> Label | None:
    ones = kinds.get("1", 0) / max(there, 1)
    if tier == 3 and (len(kinds) < 2 or ones > 0.4):
        return None
    if tier == 1 or there < LARGE_ENOUGH or (asked and ones <= 0.5):
        return _made(column, kinds, frozenset(kinds) - {"1"}, 0.98 if ones < 0.9 else 0.8, "0 as abnormal")
    if ones > 0.5 and len(kinds) == 2:
        return _made(column, kinds, frozenset({"1"}), 0.7, "0 as normal")
    named = re.sub(r"[^a-z]", "", column.name.lower()) in ("label", "labels", "groundtruth", "gt")
    confidence = 0.65 if tier == 3 else 0.97 if named or (ones < 0.2 and column.name.lower() != "y") else 0.85
    return _made(column, kinds, frozenset(kinds) - {"1"}, confidence, "a channel" if tier == 3 else "1 as normal")


def _made(column: Column, kinds: dict[str, int], normal: frozenset[str], confidence: float, other: str) -> Label:
    abnormal = frozenset(kinds) - normal
    return Label(column, flags_by(column, abnormal), normal, abnormal, confidence, other)


def flags_by(column: Column, abnormal: frozenset[str]) -> np.ndarray:
    """bool (rows,), True where the value is one of these."""
    if column.numbers is not None:
        return np.isin(column.numbers, [float(kind) for kind in abnormal])
    words = pc.utf8_lower(column.words)
    flags = pc.fill_null(pc.is_in(words, pa.array(sorted(abnormal), pa.string())), False)
    return np.asarray(flags.to_numpy(), bool)


def flags_like(column: Column, label: Label) -> np.ndarray | None:
    """The flags of a further piece of the file; None where it holds values that the first piece does not."""
    kinds = kinds_of(column)
    if kinds is None or not set(kinds) <= label.normal | label.abnormal | (
        {"0", "1"} if label.abnormal <= {"1"} else set()
    ):
        return None
    return flags_by(
        column, label.abnormal | ({"1"} if label.normal <= {"0"} and column.numbers is not None else frozenset())
    )
