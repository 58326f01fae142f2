"""Tables as people keep them in spreadsheets and databases, in several languages: made here,
each with what is right.
"""

from collections.abc import Iterator

from .made_formats import ROWS, Made, table, when
from .real_kinds import comma

WIDE = {"rows": ROWS, "layout": "moments", "channels": ["temp", "flow"], "step": 60, "first_time": "2024-03-04T06:00"}
DAYS = ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So")
WORDS = {  # a label's heading, its usual word, its abnormal one
    "Swedish": ("Status", "OK", "Fel"),
    "Chinese": ("状态", "正常", "异常"),
    "Spanish": ("Estado", "normal", "anómalo"),
    "Czech": ("stav", "v pořádku", "porucha"),
    "Portuguese": ("Falha", "não", "sim"),
    "Italian": ("Stato", "normale", "guasto"),
    "Finnish": ("Tila", "normaali", "vika"),
    "Russian": ("Состояние", "норма", "авария"),
    "Dutch": ("Storing", "nee", "ja"),
    "Polish": ("Stan", "poprawny", "awaria"),
    "Turkish": ("Durum", "normal", "arıza"),
    "Danish": ("Fejl", "nej", "ja"),
    "Japanese": ("状態", "正常", "異常"),
    "French": ("État", "marche", "défaut"),
    "German": ("Betriebszustand", "Normalbetrieb", "Störung"),
}


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for part in (moments, numbers, shapes, labels):
        for name, (text, expect) in part():
            yield name, (text if isinstance(text, bytes) else text.encode(), expect)


def moments() -> Iterator[tuple[str, Made]]:
    for name, write in {
        "German: a weekday of two letters": lambda t: f"{DAYS[t.weekday()]} {t:%d.%m.%Y %H:%M}",
        "German: the day in words": lambda t: f"Montag, {t.day}. März {t:%Y %H:%M:%S}",
        "Oracle: 04-MAR-24 06.00.00.000000 AM": lambda t: f"{t:%d-%b-%y %I.%M.%S.000000 %p}".upper(),
        "AM and PM without a blank": lambda t: f"{t:%Y-%m-%d %I:%M:%S%p}",
        "hours and minutes without a zero before them": lambda t: (
            f"{t.year}-{t.month}-{t.day} {t.hour}:{t.minute}:{t.second}"
        ),
        "spreadsheet days with a comma": lambda t: f"{45355.25 + (t - when(0)).total_seconds() / 86400:.8f}".replace(
            ".", ","
        ),
        "a T and a blank zone of two digits": lambda t: f"{t:%Y-%m-%dT%H:%M:%S}+00",
        "SAS: 04MAR2024:06:00:00": lambda t: f"{t:%d%b%Y:%H:%M:%S}".upper(),
        "Stata: 04mar2024 06:00:00": lambda t: f"{t:%d%b%Y %H:%M:%S}".lower(),
        "underscores: 2024_03_04_06_00_00": lambda t: f"{t:%Y_%m_%d_%H_%M_%S}",
        "Korean: 오전 6:00": lambda t: (
            f"{t.year}-{t.month:02d}-{t.day:02d} {'오전' if t.hour < 12 else '오후'} {int(f'{t:%I}')}:{t:%M:%S}"
        ),
        "Hungarian: 2024. 03. 04. 6:00": lambda t: f"{t:%Y. %m. %d.} {t.hour}:{t:%M:%S}",
        "Finnish: 4.3.2024 klo 6.00": lambda t: f"{t.day}.{t.month}.{t.year} klo {t.hour}.{t:%M}",
        "Portuguese: 04 de mar de 2024": lambda t: f"{t:%d} de mar de {t:%Y %H:%M:%S}",
        "Italian month names": lambda t: f"{t.day} marzo {t:%Y %H:%M}",
    }.items():
        yield name, (table(lambda i, a, b, w=write: f"{w(when(i))};{a:.3f};{b:.4f}", "time;temp;flow\n"), WIDE)
    yield (
        "a serial day and a part of the day in a second column",
        (
            table(
                lambda i, a, b: f"{45355 + (360 + i) // 1440};{(360 + i) % 1440 / 1440:.8f};{a:.3f};{b:.4f}",
                "Date;Time;temp;flow\n",
            ),
            WIDE,
        ),
    )
    yield (
        "the clock set back in autumn, without a zone",
        (
            table(
                lambda i, a, b: (
                    f"27.10.2024 {(i // 4 if i < 12 else i // 4 - 1):02d}:{i % 4 * 15:02d};{a:.3f};{b:.4f}"
                    if i < 100
                    else f"28.10.2024 {(i - 100) // 4:02d}:{i % 4 * 15:02d};{a:.3f};{b:.4f}"
                ),
                "Zeit;temp;flow\n",
                rows=196,
            ),
            {"rows": 196, "layout": "moments", "step": 900, "first_time": "2024-10-27T00:00"},
        ),
    )
    yield (
        "24:00 for midnight",
        (
            table(
                lambda i, a, b: (
                    f"{when(60 * i):%d.%m.%Y};{when(60 * i):%H:%M};{a:.3f};{b:.4f}"
                    if when(60 * i).hour
                    else f"{when(60 * i - 60):%d.%m.%Y};24:00;{a:.3f};{b:.4f}"
                ),
                "Datum;Uhrzeit;temp;flow\n",
            ),
            {**WIDE, "step": 3600},
        ),
    )
    yield (
        "hours above a day as a duration",
        (
            table(lambda i, a, b: f"{i // 2}:{i % 2 * 30:02d}:00;{a:.3f};{b:.4f}", "Laufzeit;temp;flow\n"),
            {"rows": ROWS, "layout": "moments", "channels": ["temp", "flow"], "step": 1800},
        ),
    )
    yield (
        "cells too narrow for their dates",
        (
            table(lambda i, a, b: f"########;{a:.3f};{b:.4f}", "time;temp;flow\n"),
            {"rows": ROWS, "layout": "moments", "channels": ["temp", "flow"]},
        ),
    )
    yield (
        "milliseconds since 1970 that a spreadsheet has rounded",
        (
            table(lambda i, a, b: f"1.70953E+12;{a:.3f};{b:.4f}", "time;temp;flow\n"),
            {"rows": ROWS, "doubtful": True},
        ),
    )
    yield (
        "several rows a second",
        (
            table(lambda i, a, b: f"{when(i // 4, 1)};{a:.3f};{b:.4f}", "time;temp;flow\n"),
            {
                "rows": ROWS,
                "layout": "moments",
                "channels": ["temp", "flow"],
                "first_time": "2024-03-04T06:00",
                "asked": ["step"],
            },
        ),
    )
    yield (
        "a day and a quarter of an hour by number",
        (
            table(
                lambda i, a, b: f"{when(15 * (i - 24)):%d.%m.%Y};{i % 96 + 1};{a:.3f};{b:.4f}",
                "Datum;Viertelstunde;temp;flow\n",
            ),
            {"rows": ROWS, "doubtful_or": {"step": 900}},
        ),
    )
    yield (
        "days and months without a year",
        (
            table(lambda i, a, b: f"{when(i):%d.%m. %H:%M};{a:.3f};{b:.4f}", "Zeit;temp;flow\n"),
            {"rows": ROWS, "doubtful_or": {"step": 60}},
        ),
    )


def numbers() -> Iterator[tuple[str, Made]]:
    head = "time;temp;flow\n"
    yield (
        "negative in brackets",
        (
            table(lambda i, a, b: f"{when(i)};{f'({a - 15:.2f})' if i % 3 else f'{a:.2f}'};{b:.4f}", head),
            {**WIDE, "minus": True},
        ),
    )
    yield (
        "the minus behind",
        (
            table(lambda i, a, b: f"{when(i)};{f'{a - 19:.2f}-' if i % 3 else f'{a:.2f}'};{b:.4f}", head),
            {**WIDE, "minus": True},
        ),
    )
    yield (
        "commas for the decimals between commas, quoted",
        (
            table(lambda i, a, b: f'{when(i)},"{comma(f"{a:.3f}")}","{comma(f"{b:.4f}")}"', "time,temp,flow\n"),
            {**WIDE, "first": 20},
        ),
    )
    yield (
        "thousands in English",
        (
            table(lambda i, a, b: f'{when(i)},"{a * 1000:,.1f}",{b:.3f}', "time,temp,flow\n"),
            {**WIDE, "first": 20_000},
        ),
    )
    yield (
        "German words for nothing",
        (
            table(
                lambda i, a, b: (
                    f"{when(i)};{'k.A.' if i % 50 == 3 else comma(f'{a:.3f}')};"
                    f"{'keine Daten' if i % 60 == 5 else comma(f'{b:.4f}')}"
                ),
                head,
            ),
            {**WIDE, "missing": 15 / 800},
        ),
    )
    yield (
        "WAHR and FALSCH",
        (
            table(
                lambda i, a, b: f"{when(i)};{comma(f'{a:.3f}')};{'WAHR' if i // 30 % 2 else 'FALSCH'}",
                "Zeit;temp;Pumpe\n",
            ),
            {**WIDE, "channels": ["temp", "Pumpe"]},
        ),
    )
    yield (
        "each line in quotes",
        (
            '"time,temp,flow"\n' + table(lambda i, a, b: f'"{when(i)},{a:.3f},{b:.4f}"'),
            WIDE,
        ),
    )
    yield (
        "each line in quotes, its own doubled",
        (
            '"time,""temp"",""flow"""\n' + table(lambda i, a, b: f'"{when(i)},""{a:.3f}"",""{b:.4f}"""'),
            WIDE,
        ),
    )
    yield (
        "a true thin blank between thousands, the Swedish way",
        (
            table(
                lambda i, a, b: f"{when(i)};{a * 1000:,.1f};{comma(f'{b:.3f}')}".replace(",", "\u202f", 1).replace(
                    ".", ","
                ),
                head,
            ),
            {**WIDE, "first": 20_000},
        ),
    )
    yield (
        "two decimal signs in one file",
        (
            table(lambda i, a, b: f"{when(i)};{comma(f'{a:.3f}')};{b:.4f}", head),
            {**WIDE, "asked": ["decimal"]},
        ),
    )


def shapes() -> Iterator[tuple[str, Made]]:
    yield (
        "notes below, after an empty line",
        (
            table(
                lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f}",
                "time;temp;flow\n",
                "\nNotes: pump changed on Tuesday; calibrated\nAnn;;\n",
            ),
            WIDE,
        ),
    )
    yield (
        "merged headings over two lines",
        (
            table(
                lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f};{a + 1:.3f};{b + 1:.4f}",
                ";Line 1;;Line 2;\nTime;T [°C];p [bar];T [°C];p [bar]\n",
            ),
            {**WIDE, "channels": ["Line 1 T", "Line 1 p", "Line 2 T", "Line 2 p"], "units": ["°C", "bar", "°C", "bar"]},
        ),
    )
    yield (
        "two tables side by side, an empty column between",
        (
            table(lambda i, a, b: f"{when(i)};{a:.3f};;{when(i)};{b:.4f}", "Time;temp;;Time;flow\n"),
            WIDE,
        ),
    )
    yield (
        "two tables one below the other",
        (
            "Table 1\ntime;temp;flow\n"
            + table(lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f}")
            + "\nTable 2\nparameter;value\nserial;12\nowner;Ann\n",
            {**WIDE},
        ),
    )
    yield (
        "a line break in a heading",
        (
            table(lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f}", '"Date\nand time";"temp\n(°C)";"flow\n(l/min)"\n'),
            {**WIDE, "units": ["°C", "l/min"]},
        ),
    )
    yield (
        "rows with one separator more than the heading",
        (
            table(lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f};", "time;temp;flow\n"),
            WIDE,
        ),
    )
    yield (
        "a heading with one separator more than the rows",
        (
            table(lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f}", "time;temp;flow;\n"),
            WIDE,
        ),
    )
    yield (
        "a remark now and then in the last column",
        (
            table(
                lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f};{'filter changed' if i == 120 else ''}",
                "time;temp;flow;remark\n",
            ),
            WIDE,
        ),
    )
    yield (
        "an empty line between days",
        (
            table(
                lambda i, a, b: ("\n" * (i % 24 == 18 and i > 0)) + f"{when(60 * i)};{a:.3f};{b:.4f}",
                "time;temp;flow\n",
            ),
            {**WIDE, "step": 3600},
        ),
    )
    yield (
        "a sum after each day",
        (
            table(
                lambda i, a, b: f"{when(60 * i)};{a:.3f};{b:.4f}" + "\nTagessumme;480,1;72,0" * (i % 24 == 17),
                "time;temp;flow\n",
            ),
            {**WIDE, "step": 3600},
        ),
    )
    yield (
        "a table on a sheet that begins at C4",
        (
            ";;;;\n;;;;\n;;;;\n" + table(lambda i, a, b: f";;{when(i)};{a:.3f};{b:.4f}", ";;time;temp;flow\n"),
            WIDE,
        ),
    )
    yield (
        "an empty heading over the moments",
        (
            table(lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f}", ";temp;flow\n"),
            WIDE,
        ),
    )


def labels() -> Iterator[tuple[str, Made]]:
    for language, (name, usual, odd) in WORDS.items():
        yield (
            f"label, {language}",
            (
                table(
                    lambda i, a, b, u=usual, o=odd: f"{when(i)};{a:.3f};{b:.4f};{o if 300 <= i < 330 else u}",
                    f"time;temp;flow;{name}\n",
                ),
                {**WIDE, "label": name, "abnormal": 30},
            ),
        )
    yield (
        "three labels, a fault each",
        (
            table(
                lambda i, a, b: (
                    f"{when(i)};{a:.3f};{b:.4f};{int(300 <= i < 310)};{int(320 <= i < 330)};{int(350 <= i < 355)}"
                ),
                "time;temp;flow;fault_pump;fault_valve;fault_sensor\n",
            ),
            {**WIDE, "label_any": True},
        ),
    )
    yield (
        "a label that is empty where all is well",
        (
            table(
                lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f};{'bearing' if 300 <= i < 330 else ''}",
                "time;temp;flow;fault\n",
            ),
            {**WIDE, "label": "fault", "abnormal": 30},
        ),
    )
    yield (
        "classes by number, 0 is normal, without their name",
        (
            table(
                lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f};{0 if i < 300 else i // 30 % 3 + 1}",
                "time;temp;flow;class\n",
            ),
            {**WIDE, "label": "class", "abnormal": 100},
        ),
    )
