"""Files as meters and their portals write them, made here: each with what is right."""

from collections.abc import Iterator

import numpy as np

from .made_formats import ROWS, Made, table, when
from .real_kinds import comma


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for name, (text, expect) in meters():
        yield name, (text if isinstance(text, bytes) else text.encode(), expect)


def meters() -> Iterator[tuple[str, Made]]:
    yield (
        "Fronius: the units' line says how dates are written",
        (
            table(
                lambda i, a, b: f"{when(5 * i):%d.%m.%Y %H:%M};" + comma(f"{a:.2f};{b:.2f}"),
                "Datum und Uhrzeit;Energie | Symo;Leistung | Symo\n[dd.MM.yyyy HH:mm];[Wh];[W]\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 300, "first_time": "2024-03-04T06:00", "units": ["Wh", "W"]},
        ),
    )
    yield (
        "Green Button: address above, start and end, dollars",
        (
            table(
                lambda i, a, b: (
                    f"Electric usage,{when(15 * i):%Y-%m-%d},{when(15 * i):%H:%M},{when(15 * i + 14):%H:%M},"
                    f"{b:.2f},kWh,${a / 100:.2f},"
                ),
                'Name,ANN OTHER\nAddress,"1 MAIN ST, TOWN CA 94000"\nAccount Number,1234567890\nService,Service 1\n\n'
                "TYPE,DATE,START TIME,END TIME,USAGE,UNITS,COST,NOTES\n",
            ),
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 900,
                "first_time": "2024-03-04T06:00",
                "some": ["USAGE", "COST"],
            },
        ),
    )
    yield (
        "Linky: a table of one row above",
        (
            "Identifiant PRM;Type de donnees;Date de debut;Date de fin;Grandeur physique;Unite;Pas en minutes\n"
            "12345678901234;Courbe de charge;04/03/2024;20/03/2024;Energie active;W;30\nHorodate;Valeur\n"
            + table(lambda i, a, b: f"{when(30 * i):%Y-%m-%dT%H:%M:%S}+01:00;{a * 50:.0f}"),
            {"rows": ROWS, "layout": "moments", "step": 1800, "channels": ["Valeur"]},
        ),
    )
    yield (
        "Fluvius: from and to in four columns, registers below each other",
        (
            "\ufeffVan (datum);Van (tijdstip);Tot (datum);Tot (tijdstip);EAN-code;Register;Volume;Eenheid;Valida"
            "tiestatus\n"
            + table(
                lambda i, a, b: "\n".join(
                    f'{when(15 * i):%d-%m-%Y;%H:%M:%S};{when(15 * i + 15):%d-%m-%Y;%H:%M:%S};="54144886000000000'
                    f'1";{name};'
                    f"{comma(f'{value:.3f}')};kWh;Gevalideerd"
                    for name, value in (("Afname Dag", a), ("Injectie Dag", b))
                )
            ),
            {
                "rows": ROWS,
                "layout": "long",
                "step": 900,
                "channels": ["Afname Dag", "Injectie Dag"],
                "first_time": "2024-03-04T06:00",
            },
        ),
    )
    yield (
        "Swedish: a day and the hour 00-01",
        (
            table(
                lambda i, a, b: (
                    f"{when(60 * i):%Y-%m-%d};{when(60 * i):%H}-{(when(60 * i).hour + 1) % 24:02d};" + comma(f"{a:.2f}")
                ),
                "Datum;Timme;Förbrukning (kWh)\n",
            ),
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 3600,
                "first_time": "2024-03-04T06:00",
                "channels": ["Förbrukning"],
                "units": ["kWh"],
            },
        ),
    )
    yield (
        "Nord Pool: 00 - 01 beside the day",
        (
            table(
                lambda i, a, b: (
                    f"{when(60 * i):%d-%m-%Y};{when(60 * i):%H} - {(when(60 * i).hour + 1) % 24:02d};"
                    + comma(f"{a:.2f};{b:.2f}")
                ),
                ";Hours;SE3;SE4\n",
            ),
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 3600,
                "first_time": "2024-03-04T06:00",
                "channels": ["SE3", "SE4"],
            },
        ),
    )
    yield (
        "a market operator: a letter says what a line is",
        (
            "C,NEMP.WORLD,DISPATCHIS,AEMO,PUBLIC,2024/03/04,06:00:05,1\nI,DISPATCH,PRICE,1,SETTLEMENTDATE,REGION"
            "ID,RRP,DEMAND\n"
            + table(lambda i, a, b: f'D,DISPATCH,PRICE,1,"{when(5 * i):%Y/%m/%d %H:%M:%S}",NSW1,{a:.2f},{b:.3f}')
            + "C,END OF REPORT,402\n",
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 300,
                "first_time": "2024-03-04T06:00",
                "includes": ["RRP", "DEMAND"],
            },
        ),
    )
    yield (
        "a day a row, its quarters across",
        (
            "Date,"
            + ",".join(f"{h:02d}:{m:02d}" for h in range(24) for m in (0, 15, 30, 45))
            + "\n"
            + "".join(
                f"{when(1440 * d):%d/%m/%Y}," + ",".join(f"{20 + np.sin(j / 9) + d % 7:.2f}" for j in range(96)) + "\n"
                for d in range(30)
            ),
            {"asked": ["layout"], "rows": 2880, "layout": "moments", "step": 900, "count": 1},
        ),
    )
