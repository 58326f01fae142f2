"""Files as instruments, loggers and archives write them, made here: each with what a correct reader finds, and its
twin.
"""

import datetime
from collections.abc import Callable, Iterator

import numpy as np

ROWS = 400
START = datetime.datetime(2024, 3, 4, 6, 0, 0)
Made = tuple[str, dict]


def signals(rows: int = ROWS, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    t, generator = np.arange(rows), np.random.default_rng(seed)
    return (
        20 + np.sin(t / 9) + generator.normal(0, 0.1, rows),
        3 + 0.2 * np.cos(t / 13) + generator.normal(0, 0.02, rows),
    )


def when(i: int, step: float = 60.0) -> datetime.datetime:
    return START + datetime.timedelta(seconds=step * i)


def table(
    row: Callable[[int, float, float], str], head: str = "", foot: str = "", rows: int = ROWS, seed: int = 0
) -> str:
    a, b = signals(rows, seed)
    return head + "".join(row(i, a[i], b[i]) + "\n" for i in range(rows)) + foot


def beats(rows: int, length: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """(samples (rows, length), class 0 or 1 of each)."""
    generator, t = np.random.default_rng(seed), np.linspace(0, 1, length)
    kinds = (generator.random(rows) < 0.2).astype(int)
    bump = np.exp(-(((t[None] - 0.3 - 0.3 * kinds[:, None]) / 0.05) ** 2))
    return bump * generator.uniform(1, 3, (rows, 1)) + generator.normal(0, 0.02, (rows, length)), kinds


def made() -> Iterator[tuple[str, Made]]:
    """(name, (text, expected))"""
    yield from samples()
    yield from longs()
    yield from loggers()
    yield from archives()
    yield from oddities()


def samples() -> Iterator[tuple[str, Made]]:
    x, y = beats(200, 60)
    lines = [[f"{v:.5f}" for v in row] for row in x]
    expect = {"layout": "samples", "rows": 200}
    yield (
        "UCR, tabs, class first",
        ("".join("\t".join([str(k + 1), *row]) + "\n" for k, row in zip(y, lines, strict=True)), expect),
    )
    yield (
        "UCR of old, blanks, class first in exponents",
        (
            "".join(
                "   ".join(["", f"{k + 1:.7e}", *(f"{float(v): .7e}" for v in row)]) + "\n"
                for k, row in zip(y, lines, strict=True)
            ),
            expect,
        ),
    )
    head = ",".join([*(f"t{j}" for j in range(60)), "label"]) + "\n"
    yield (
        "beats with a heading",
        (
            head + "".join(",".join([*row, str(k)]) + "\n" for k, row in zip(y, lines, strict=True)),
            {**expect, "label": "label"},
        ),
    )
    head = ",".join(["id", *(f"{400 + 5 * j}" for j in range(60))]) + "\n"
    yield (
        "spectra with wavelengths",
        (head + "".join(",".join([f"S{i:03}", *row]) + "\n" for i, row in enumerate(lines)), expect),
    )
    pixels = np.clip(
        np.repeat(np.repeat(np.random.default_rng(1).random((150, 4, 4)), 4, 1), 4, 2) * 300 - 50, 0, 255
    ).astype(int)
    head = ",".join(["label", *(f"{i}x{j}" for i in range(1, 17) for j in range(1, 17))]) + "\n"
    yield (
        "pictures, label first",
        (
            head + "".join(",".join(map(str, [i % 10, *p.ravel()])) + "\n" for i, p in enumerate(pixels)),
            {"layout": "samples", "rows": 150},
        ),
    )
    generator = np.random.default_rng(2)
    kinds = generator.random(300) < 0.4
    patients = generator.normal(size=(300, 6)) + kinds[:, None]
    head = "id,diagnosis,radius,texture,smoothness,area,symmetry,compactness\n"
    body = "".join(
        f"{1000 + 7 * i},{'M' if k else 'B'},{','.join(f'{v:.3f}' for v in row)}\n"
        for i, (k, row) in enumerate(zip(kinds, patients, strict=True))
    )
    yield "patients", (head + body, {"layout": "samples", "rows": 300})
    # the twin: sensors side by side that are smooth in time
    t = np.arange(500)[:, None]
    many = 20 + 5 * np.arange(40) % 17 + np.sin(t / 30 + np.arange(40))
    yield (
        "twin: forty channels without time",
        (
            "".join(",".join(f"{v:.3f}" for v in row) + "\n" for row in many),
            {"layout": "moments", "rows": 500, "channels": [f"column {j + 1}" for j in range(40)]},
        ),
    )


def longs() -> Iterator[tuple[str, Made]]:
    a, b = signals()
    pairs = [(i, name, v) for i in range(ROWS) for name, v in (("temp", a[i]), ("flow", b[i]))]
    expect = {"layout": "long", "rows": ROWS, "channels": ["temp", "flow"], "step": 60}
    yield "tidy", ("time,sensor,value\n" + "".join(f"{when(i)},{n},{v:.3f}\n" for i, n, v in pairs), expect)
    blocks = sorted(pairs, key=lambda p: p[1])
    yield (
        "tidy, one sensor after the other",
        ("sensor_id;ts;reading\n" + "".join(f"{n};{when(i)};{v:.3f}\n" for i, n, v in blocks), expect),
    )
    yield (
        "panel of devices",
        (
            "device,time,temp,flow\n"
            + "".join(f"pump{d},{when(i)},{a[i] + d:.3f},{b[i]:.3f}\n" for d in range(3) for i in range(ROWS)),
            {"layout": "long", "channels": ["temp", "flow"], "step": 60},
        ),
    )
    yield (
        "twin: wind's direction in words",
        (
            "time,wind,temp\n"
            + "".join(f"{when(i)},{['N', 'NE', 'E', 'SE'][i // 7 % 4]},{a[i]:.3f}\n" for i in range(ROWS)),
            {"layout": "moments", "rows": ROWS, "channels": ["temp"], "step": 60},
        ),
    )
    head = "Tag;" + ";".join(f"{when(i):%d.%m.%Y %H:%M}" for i in range(100)) + "\n"
    yield (
        "times across, no units",
        (
            head
            + "temp;"
            + ";".join(f"{v:.2f}" for v in a[:100])
            + "\nflow;"
            + ";".join(f"{v:.2f}" for v in b[:100])
            + "\n",
            {"layout": "moments", "rows": 100, "channels": ["temp", "flow"], "step": 60},
        ),
    )


def half_day(i: int) -> str:
    return "a.m." if when(i, 600).hour < 12 else "p.m."


def comma(value: float, digits: int) -> str:
    return f"{value:.{digits}f}".replace(".", ",")


def loggers() -> Iterator[tuple[str, Made]]:
    two = {"rows": ROWS, "channels": ["temp", "flow"], "layout": "moments"}
    lvm = (
        "LabVIEW Measurement\t\nWriter_Version\t2\nReader_Version\t2\nSeparator\tTab\nDecimal_Separator\t.\n"
        "Multi_Headings\tNo\nX_Columns\tOne\n"
        "Time_Pref\tRelative\nDate\t2024/03/04\nTime\t06:00:00.5\n***End_of_Header***\t\nChannels\t2\nSamples\t400\t400\nDate\t2024/03/04\t2024/03/04\n"
        "Y_Unit_Label\tVolts\tVolts\nX_Dimension\tTime\tTime\nX0\t0\t0\nDelta_X\t0.001\t0.001\n***End_of_Header***\t\t\nX_Value\ttemp\tflow\tComment\n"
    )
    yield (
        "LabVIEW .lvm",
        (
            table(lambda i, a, b: f"{i / 1000:.6f}\t{a:.6f}\t{b:.6f}", lvm),
            {**two, "step": 0.001, "units": ["Volts", "Volts"]},
        ),
    )
    lecroy = (
        "LECROYWR64,1,Waveform\nSegments,1,SegmentSize,400\nSegment,TrigTime,TimeSinceSegment1\n"
        "#1,04-Mar-2024 06:00:00,0\nTime,Ampl\n"
    )
    yield (
        "LeCroy",
        (
            table(lambda i, a, b: f"{-1e-6 + i * 1e-8:.8e},{a:.5f}", lecroy),
            {"rows": ROWS, "channels": ["Ampl"], "step": 1e-8, "layout": "moments"},
        ),
    )
    pico = "Time\tChannel A\tChannel B\n(ms)\t(V)\t(mV)\n\n"
    yield (
        "PicoScope",
        (
            table(lambda i, a, b: f"{-1 + i * 0.01:.5f}\t{a:.4f}\t{b:.4f}", pico),
            {
                "rows": ROWS,
                "channels": ["Channel A", "Channel B"],
                "step": 1e-5,
                "units": ["V", "mV"],
                "layout": "moments",
            },
        ),
    )
    tek = ["Record Length,400", "Sample Interval,0.002", "Trigger Point,200", "Source,CH1", "Vertical Units,V"]
    text = table(lambda i, a, b: f"{tek[i] if i < len(tek) else ','},,{-0.4 + i * 0.002:.6f},{a:.5f}")
    yield "Tektronix", (text, {"rows": ROWS, "channels": ["CH1"], "step": 0.002, "layout": "moments"})
    yield "TOA5 without its first line", (
        table(lambda i, a, b: f'"{when(i)}",{900 + i},{a:.3f},{b:.3f}',
            '"TIMESTAMP","RECORD","temp","flow"\n"TS","RN","Deg C","l/min"\n"","","Avg","Smp"\n'),
        {**two, "step": 60, "units": ["Deg C", "l/min"]},
    )  # fmt: skip
    yield (
        "ThingSpeak",
        (
            table(lambda i, a, b: f"{when(i)} UTC,{i + 1},{a:.2f},{b:.2f}", "created_at,entry_id,temp,flow\n"),
            {**two, "step": 60},
        ),
    )
    yield "NDBC buoy", (
        table(lambda i, a, b: f"{when(i, 600):%Y %m %d %H %M}   {a:.1f}  {b:.2f}",
            "#YY  MM DD hh mm temp flow\n#yr  mo dy hr mn degC m/s\n"),
        {**two, "step": 600, "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield "a footer with means", (
        table(lambda i, a, b: f"{when(i)};{a:.2f};{b:.2f}", "time;temp;flow\n", "\nMean;20.0\nMin;18.0\nMax;22\n"),
            {**two, "step": 60},
    )  # fmt: skip
    yield "settings of the table's width above it", (
        table(lambda i, a, b: f"{when(i)};{a:.2f};{b:.2f}",
            "Device;X7;north\nSerial;1234;5\nInterval;60;s\n\ntime;temp;flow\n"), {**two, "step": 60},
    )  # fmt: skip
    yield (
        "half a last line",
        (table(lambda i, a, b: f"{when(i)},{a:.2f},{b:.2f}", "time,temp,flow\n") + "2024-03-0", {**two, "step": 60}),
    )
    yield "the heading again after a restart", (
        table(lambda i, a, b: ("time,temp,flow\n" if i in (150, 300) else "") + f"{when(i)},{a:.2f},{b:.2f}",
            "time,temp,flow\n"), {**two, "step": 60},
    )  # fmt: skip
    yield (
        "a heading shorter than the rows, all but one empty",
        (table(lambda i, a, b: f"{when(i)},{a:.2f},{b:.2f},,,", "time,temp,flow\n"), {**two, "step": 60}),
    )
    yield (
        "zero bytes in the middle",
        (
            table(lambda i, a, b: ("\0" * 500 if i == 200 else "") + f"{when(i)},{a:.2f},{b:.2f}", "time,temp,flow\n"),
            {**two, "step": 60},
        ),
    )
    yield (
        "key=value",
        (
            table(lambda i, a, b: f"t={i},temp={a:.2f},flow={b:.3f}"),
            {"rows": ROWS, "layout": "moments", "channels": ["temp", "flow"]},
        ),
    )
    yield (
        "a serial monitor without names",
        (
            table(lambda i, a, b: f"{when(i, 1):%H:%M:%S}.250 -> {a:.2f},{b:.2f}"),
            {"rows": ROWS, "layout": "moments", "step": 1, "channels": ["column 2", "column 3"]},
        ),
    )
    yield "Date, Time, a.m.", (
        table(
            lambda i, a, b: f"{when(i, 600):%d/%m/%Y;%I:%M:%S} {half_day(i)};{comma(a, 2)};{comma(b, 2)}",
            "Fecha;Hora;temp;flow\n",
        ),
        {**two, "step": 600},
    )  # fmt: skip


def archives() -> Iterator[tuple[str, Made]]:
    two = {"rows": ROWS, "channels": ["temp", "flow"], "layout": "moments"}
    fault = lambda i: 1 if 320 <= i < 345 else 0  # noqa: E731
    yield "HAI", (
        table(lambda i, a, b: f"{when(i, 1)};{a:.3f};{b:.3f};{fault(i)};{fault(i)};0",
            "time;temp;flow;attack;attack_P1;attack_P2\n"),
        {**two, "step": 1, "label": "attack", "abnormal": 25},
    )  # fmt: skip
    yield (
        "BATADAL",
        (
            table(
                lambda i, a, b: f"{when(i, 3600):%d/%m/%y %H},{a:.3f},{b:.3f},{1 if fault(i) else -999}",
                "DATETIME,temp,flow, ATT_FLAG\n",
            ),
            {**two, "step": 3600, "label": "ATT_FLAG", "abnormal": 25},
        ),
    )
    yield "UCI air quality", (
        table(
            lambda i, a, b: (
                f"{when(i, 3600):%d/%m/%Y;%H.%M.%S};{-200 if i % 50 == 7 else comma(a, 1)};{comma(b, 2)};;"
            ),
            "Date;Time;CO(GT);PT08.S1(CO);;\n",
            ";;;;;\n" * 30,
        ),
        {"rows": ROWS, "channels": ["CO(GT)", "PT08.S1(CO)"], "layout": "moments", "step": 3600, "missing": 0.01},
    )  # fmt: skip
    yield "SECOM", (
        table(lambda i, a, b: f"{when(i, 600):%d/%m/%Y %H:%M:%S},{a:.3f},{b:.3f},{1 if fault(i) else -1}",
            "Time,temp,flow,Pass/Fail\n"),
        {**two, "label": "Pass/Fail", "abnormal": 25},
    )  # fmt: skip
    yield "ENTSO-E", (
        table(
            lambda i, a, b: (
                f'"{when(i, 3600):%d.%m.%Y %H:%M} - {when(i + 1, 3600):%d.%m.%Y %H:%M}","{a:.2f}","{b:.2f}"'
            ),
            '"MTU (CET/CEST)","temp","flow"\n',
        ),
        {**two, "step": 3600},
    )  # fmt: skip
    yield (
        "DWD",
        (
            table(
                lambda i, a, b: (
                    f"  433;{when(i, 3600):%Y%m%d%H};    3;{a:6.1f};{-999 if i % 40 == 3 else round(b, 2)};eor"
                ),
                "STATIONS_ID;MESS_DATUM;QN_9;temp;flow;eor\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 3600, "some": ["temp", "flow"]},
        ),
    )
    yield (
        "money",
        (
            table(lambda i, a, b: f'{when(i)},"${1000 * a:,.2f}",{b:.3f}', "time,temp,flow\n"),
            {**two, "step": 60, "first": 20000},
        ),
    )
    yield (
        "hexadecimal ids",
        (
            table(
                lambda i, a, b: f"{when(i)},{(0x1E610 + 7919 * i) % 0xFFFFF:05x},{a:.2f},{b:.2f}", "time,id,temp,flow\n"
            ),
            {**two, "step": 60},
        ),
    )
    yield (
        "limits and footnotes",
        (
            table(
                lambda i, a, b: f"{when(i)};{'<' if i % 9 == 0 else ''}{a:.2f};{b:.3f}{'*' if i % 7 == 0 else ''}",
                "time;temp;flow\n",
            ),
            {**two, "step": 60, "missing": 0},
        ),
    )
    yield (
        "an index in tens",
        (
            table(lambda i, a, b: f"{10 * i},{a:.2f},{b:.2f}", "index,temp,flow\n"),
            {"rows": ROWS, "layout": "moments", "channels": ["temp", "flow"]},
        ),
    )
    yield (
        "a clock set back",
        (
            table(lambda i, a, b: f"{when(i if i < 200 else i - 60)},{a:.2f},{b:.2f}", "time,temp,flow\n"),
            {**two, "step": 60, "note": "set back"},
        ),
    )
    yield (
        "two clocks, no names",
        (
            table(lambda i, a, b: f"{1709532000 + i},{a:.2f},{b:.2f}"),
            {"rows": ROWS, "layout": "moments", "step": 1, "channels": ["column 2", "column 3"]},
        ),
    )


def oddities() -> Iterator[tuple[str, Made]]:
    two = {"rows": ROWS, "channels": ["temp", "flow"], "layout": "moments"}
    yield (
        "twin: a channel that holds 0 and 1",
        (table(lambda i, a, b: f"{when(i)},{a:.2f},{i // 40 % 2}", "time,temp,flow\n"), {**two, "label": None}),
    )
    yield (
        "twin: 999 often, a set value",
        (
            table(lambda i, a, b: f"{when(i)},{a:.2f},{999 if i // 50 % 2 else 0}", "time,temp,flow\n"),
            {**two, "missing": 0},
        ),
    )
    yield (
        "twin: whole numbers near today's seconds",
        (
            table(lambda i, a, b: f"{when(i)},{a:.2f},{1700000000 + int(50 * b)}", "time,temp,flow\n"),
            {**two, "step": 60},
        ),
    )
    yield (
        "twin: years as values",
        (table(lambda i, a, b: f"{when(i)},{a:.2f},{2000 + int(b)}", "time,temp,flow\n"), {**two, "step": 60}),
    )
    yield (
        "several rates",
        (
            table(lambda i, a, b: f"{when(i)},{a:.2f},{f'{b:.2f}' if i % 10 == 0 else ''}", "time,temp,flow\n"),
            {**two, "missing": 0.45},
        ),
    )
    yield (
        "SI prefixes",
        (
            table(
                lambda i, a, b: f"{when(i)},{f'{a * 50 / 1000:.3f} kW' if a > 20 else f'{a * 50:.0f} W'},{b:.3f}",
                "time,temp,flow\n",
            ),
            {**two, "missing": 0, "units": ["W", ""], "first": 1000},
        ),
    )
    yield (
        "heating, in French",
        (
            table(
                lambda i, a, b: (
                    f"{when(i):%d/%m/%Y %H:%M};{f'{a:.2f}'.replace('.', ',')};{'marche' if i // 30 % 2 else 'arrêt'}"
                ),
                "Horodatage;temp;flow\n",
            ),
            {**two, "step": 60},
        ),
    )
