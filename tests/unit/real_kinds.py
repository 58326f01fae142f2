"""Files of kinds that people meet every day, made here, each with what is right: beside those of `made_formats`."""

import json
from collections.abc import Callable, Iterator

from .made_formats import ROWS, Made, signals, table, when

MONTHS_ES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
TWO = {"rows": ROWS, "channels": ["temp", "flow"], "layout": "moments"}
MINUTES = {**TWO, "step": 60, "first_time": "2024-03-04T06:00"}


def comma(text: str) -> str:
    return text.replace(".", ",")


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for part in (spreadsheets, plants, instruments, weather, clocks, cells, lines, labels):
        for name, (text, expect) in part():
            yield name, (text if isinstance(text, bytes) else text.encode(), expect)


def stamped(cell: Callable[[int], str], name: str = "time", step: float = 60.0, sign: str = ",") -> str:
    return table(lambda i, a, b: f"{cell(i)}{sign}{a:.3f}{sign}{b:.4f}", f"{name}{sign}temp{sign}flow\n")


def spreadsheets() -> Iterator[tuple[str, Made]]:
    text = table(
        lambda i, a, b: f"{when(i):%d.%m.%Y %H:%M:%S};" + comma(f"{a:.3f};{b:.4f}"),
        "Zeitstempel;Temperatur;Durchfluss\n",
    )
    german = {**MINUTES, "channels": ["Temperatur", "Durchfluss"]}
    yield "Excel, German, Windows line ends and code page", (
        text.replace("Temperatur", "Temperatur [°C]").replace("\n", "\r\n").encode("cp1252"),
        {**german, "units": ["°C", ""]},
    )  # fmt: skip
    yield "Excel, UTF-8 with its mark", (b"\xef\xbb\xbf" + text.encode(), german)
    yield "Excel's Unicode text", (text.replace(";", "\t").encode("utf-16"), german)
    yield "Excel's sep= line", ("sep=;\r\n" + text.replace("\n", "\r\n"), german)
    yield "Excel, thousands in points", (
        table(lambda i, a, b: f"{when(i):%d.%m.%Y %H:%M};{f'{a * 1000:,.2f}'.translate({44: 46, 46: 44})};{comma(f'{b:.3f}')}", "Zeit;Leistung;flow\n"),
        {**TWO, "channels": ["Leistung", "flow"], "step": 60, "first": 20000},
    )  # fmt: skip
    yield "Excel's serial days", (
        stamped(lambda i: f"{45355.25 + i / 1440:.9f}", "Date"), {**MINUTES},
    )  # fmt: skip
    yield "Swiss thousands", (
        table(lambda i, a, b: f"{when(i):%d.%m.%Y %H:%M};{f'{a * 1000:,.1f}'.replace(',', chr(39))};{b:.3f}", "Zeit;temp;flow\n"),
        {**TWO, "step": 60, "first": 20000},
    )  # fmt: skip
    yield "French thousands and percent", (
        table(lambda i, a, b: comma(f"{when(i):%d/%m/%Y %H:%M};{a * 1000:,.1f}".replace(",", "\u202f") + f";{b * 10:.2f} %"), "Date;temp;flow\n"),
        {**TWO, "step": 60, "first": 20000, "units": ["", "%"]},
    )  # fmt: skip
    yield "pandas to_csv with an unnamed index", (
        table(lambda i, a, b: f"{i},{when(i)},{a:.3f},{b:.3f}", ",timestamp,temp,flow\n"), MINUTES,
    )  # fmt: skip
    yield "R's write.csv: quoted row names and NA", (
        table(lambda i, a, b: f'"{i + 1}","{when(i)}",{"NA" if i % 40 == 3 else f"{a:.3f}"},{b:.3f}', '"","time","temp","flow"\n'),
        {**MINUTES, "missing": 0.0125},
    )  # fmt: skip
    yield "MATLAB's writetable", (
        table(lambda i, a, b: f"{when(i):%d-%b-%Y %H:%M:%S},{'NaN' if i % 50 == 1 else f'{a:.3f}'},{b:.3f}", "Time,temp,flow\n"),
        {**MINUTES, "missing": 0.01},
    )  # fmt: skip
    yield "Excel's errors in cells", (
        table(lambda i, a, b: f"{when(i)};{('#N/A', '#DIV/0!', '#VALEUR!', '---')[i // 40 % 4] if i % 40 == 3 else f'{a:.3f}'};{b:.3f}", "time;temp;flow\n"),
        {**MINUTES, "missing": 0.0125},
    )  # fmt: skip


def plants() -> Iterator[tuple[str, Made]]:
    yield "a SCADA trend: title, tags, units row, quality columns", (
        table(
            lambda i, a, b: f"{when(i):%Y-%m-%d %H:%M:%S};{comma(f'{a:.3f}')};Good;{comma(f'{b:.3f}')};Good",
            "Trend export;;;;\nFrom;2024-03-04 06:00;to;2024-03-04 12:40;\n\nTimestamp;PT_101.PV;Quality;FT_204.PV;Quality\n;bar;;m3/h;\n",
        ),
        {**MINUTES, "channels": ["PT_101.PV", "FT_204.PV"]},
    )  # fmt: skip
    yield "Siemens: time in ms beside a time string", (
        table(
            lambda i, a, b: f'"{when(i):%d.%m.%Y %H:%M:%S}";{comma(f"{a:.4f}")};{comma(f"{b:.4f}")};{comma(f"{(45355.25 + i / 1440) * 1e6:.3f}")}',
            '"TimeString";"temp";"flow";"Time_ms"\n',
        ),
        MINUTES,
    )  # fmt: skip
    yield "Ignition: t_stamp in ms", (
        table(lambda i, a, b: f'"{int(1709532000000 + 60000 * i)}","{a:.3f}","{b:.3f}"', '"t_stamp","temp","flow"\n'), MINUTES,
    )  # fmt: skip
    yield "a historian's Bad and No Data", (
        table(lambda i, a, b: f"{when(i):%d-%b-%y %H:%M:%S},{('Bad', 'No Data', 'I/O Timeout', 'Pt Created')[i // 50 % 4] if i % 50 == 9 else f'{a:.3f}'},{b:.3f}", "Time,temp,flow\n"),
        {**MINUTES, "missing": 0.01},
    )  # fmt: skip
    yield "smart meter: quarter hours, from and to, kWh", (
        table(
            lambda i, a, b: f"{when(i, 900):%d.%m.%Y};{when(i, 900):%H:%M};{when(i + 1, 900):%H:%M};" + comma(f"{a:.3f};{b:.3f}"),
            "Datum;von;bis;Bezug [kWh];Einspeisung [kWh]\n",
        ),
        {**TWO, "channels": ["Bezug", "Einspeisung"], "step": 900, "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield "smart meter: a reading that only rises beside the power", (
        table(lambda i, a, b: f"{when(i)};{12000 + i * 0.35:.2f};{a * 50:.1f};{b:.3f}", "time;meter reading kWh;power;flow\n"),
        {**TWO, "channels": ["power", "flow"], "step": 60},
    )  # fmt: skip
    yield "PLC log: words for states", (
        table(lambda i, a, b: f"{when(i)};{a:.3f};{'RUN' if i // 30 % 3 else 'STOP'};{'TRUE' if i // 50 % 2 else 'FALSE'}", "time;temp;pump;valve\n"),
        {"rows": ROWS, "layout": "moments", "channels": ["temp", "pump", "valve"], "step": 60},
    )  # fmt: skip
    a, b = signals()
    records = [{"ts": f"{when(i).isoformat()}Z", "temp": round(a[i], 3), "flow": round(b[i], 4)} for i in range(ROWS)]
    yield "JSON lines", ("".join(json.dumps(record) + "\n" for record in records), MINUTES)
    yield "a JSON array of records", (json.dumps(records), MINUTES)
    yield "JSON lines, one key nested", (
        "".join(json.dumps({"ts": r["ts"], "data": {"temp": r["temp"], "flow": r["flow"]}}) + "\n" for r in records),
        {"rows": ROWS, "layout": "moments", "step": 60},
    )  # fmt: skip


def instruments() -> Iterator[tuple[str, Made]]:
    yield "Arduino: names before each value", (
        table(lambda i, a, b: f"Temp:{a:.2f},Flow:{b:.3f}"), {"rows": ROWS, "layout": "moments", "channels": ["Temp", "Flow"]},
    )  # fmt: skip
    yield "Arduino with milliseconds and a greeting", (
        "Booting...\nSensor OK\n" + table(lambda i, a, b: f"{1200 + 50 * i}\t{a:.2f}\t{b:.3f}", "millis\ttemp\tflow\n"),
        {**TWO, "step": 0.05},
    )  # fmt: skip
    yield "Serial monitor's time stamps", (
        table(lambda i, a, b: f"{when(i, 1):%H:%M:%S}.{i % 1000:03} -> temp={a:.2f} flow={b:.3f}"), {**TWO, "step": 1},
    )  # fmt: skip
    yield "Fluke: header block and quoted cells", (
        table(
            lambda i, a, b: f'"{i + 1}","{when(i, 1):%m/%d/%Y %I:%M:%S %p}","{a:.3f} °C","{b:.4f} °C"',
            '"Fluke 289"\n"Serial","98760012"\n"Start","03/04/2024"\n\n"Reading","Time","Sample","Max"\n',
        ),
        {**TWO, "channels": ["Sample", "Max"], "step": 1, "units": ["°C", "°C"]},
    )  # fmt: skip
    yield "Testo: semicolons, id, names with units", (
        table(
            lambda i, a, b: f"{i + 1};{when(i):%d.%m.%Y};{when(i):%H:%M:%S};" + comma(f"{a:.1f};{b:.1f}"),
            "Id;Datum;Zeit;1 [°C] Luft;2 [%] Feuchte\n",
        ),
        {**MINUTES, "channels": ["1 Luft", "2 Feuchte"], "loose": True},
    )  # fmt: skip
    yield "Yokogawa: tags, units, then rows", (
        table(
            lambda i, a, b: f"{when(i, 1):%Y/%m/%d},{when(i, 1):%H:%M:%S},0,{a:.2f},{b:.2f}",
            "Model,DX1000,,,\nTag,,,temp,flow\nUnit,,,C,l/min\nDate,Time,sub-sec,CH001,CH002\n",
        ),
        {"rows": ROWS, "layout": "moments", "step": 1, "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield "Keysight BenchVue", (
        table(
            lambda i, a, b: f"{i + 1},{when(i, 3600):%m/%d/%Y %H:%M:%S}.000,{a:.6E},{b:.6E}",
            "BenchVue Data Logger\nInstrument,34972A,MY123\nSweep #,Time,Chan 101 (VDC),Chan 102 (VDC)\n",
        ),
        {"rows": ROWS, "layout": "moments", "count": 2, "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield "TDMS as text: channel and group above the columns", (
        table(lambda i, a, b: f"{i * 0.001:.3f}\t{a:.5f}\t{b:.5f}", "Group\tGroup\tGroup\nTime\ttemp\tflow\ns\tV\tV\n"),
        {**TWO, "step": 0.001, "units": ["V", "V"]},
    )  # fmt: skip
    yield "OBD: GPS time with a zone, dashes where nothing came", (
        table(
            lambda i, a, b: f"{when(i, 1):%a %b %d %H:%M:%S} GMT+01:00 {when(i, 1):%Y},{a:.2f},{'-' if i % 10 == 3 else f'{b:.3f}'}",
            "GPS Time, temp, flow\n",
        ),
        {**TWO, "step": 1, "missing": 0.05},
    )  # fmt: skip
    yield "Garmin: seconds with a Z, empty cells", (
        table(lambda i, a, b: f"{when(i, 1).isoformat()}Z,{a:.2f},{'' if i % 20 == 3 else f'{b:.3f}'}", "timestamp,heart_rate,altitude\n"),
        {**TWO, "channels": ["heart_rate", "altitude"], "step": 1, "missing": 0.025},
    )  # fmt: skip
    yield "syslog-like lines", (
        table(lambda i, a, b: f"{when(i):%b %d %H:%M:%S} host sensord[412]: temp={a:.2f} flow={b:.3f}"),
        {"rows": ROWS, "layout": "moments", "some": ["temp", "flow"], "step": 60},
    )  # fmt: skip


def weather() -> Iterator[tuple[str, Made]]:
    yield "DWD: ten minutes, blanks before numbers", (
        table(lambda i, a, b: f"       44;{when(i, 600):%Y%m%d%H%M};    3;{a:6.1f};{-999 if i % 50 == 4 else round(b, 1):6};eor", "STATIONS_ID;MESS_DATUM;  QN;TT_10;FF_10;eor\n"),
        {"rows": ROWS, "layout": "moments", "step": 600, "some": ["TT_10", "FF_10"], "first_time": "2024-03-04T06:00", "missing": 0.01},
    )  # fmt: skip
    yield "NOAA: 9999 where nothing was measured", (
        table(lambda i, a, b: f"{when(i, 3600):%Y-%m-%dT%H:%M:%S},{9999 if i % 50 == 4 else f'{a:.1f}'},{b:.1f}", '"DATE","temp","flow"\n'),
        {**TWO, "step": 3600, "missing": 0.01},
    )  # fmt: skip
    yield "a weather station: comments, day of year, HHMM", (
        table(
            lambda i, a, b: f"101,{when(i, 600).year},{when(i, 600):%j},{when(i, 600).hour * 100 + when(i, 600).minute},{a:.2f},{b:.2f}",
            "# station 7\n# columns follow\nid,year,doy,hhmm,temp,flow\n",
        ),
        {**TWO, "step": 600, "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield "year month day hour as columns", (
        table(lambda i, a, b: f"{when(i, 3600):%Y  %m %d  %H}  {a:6.2f}  {b:6.3f}", "yyyy mm dd hh temp flow\n"),
        {**TWO, "step": 3600, "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield "Open-Meteo: place above, units in brackets", (
        table(
            lambda i, a, b: f"{when(i, 3600):%Y-%m-%dT%H:%M},{a:.1f},{b:.2f}",
            "latitude,longitude,elevation,utc_offset_seconds,timezone,timezone_abbreviation\n52.5,13.4,38.0,0,GMT,GMT\n\n"
            "time,temperature_2m (°C),wind (km/h)\n",
        ),
        {"rows": ROWS, "layout": "moments", "step": 3600, "channels": ["temperature_2m", "wind"], "units": ["°C", "km/h"]},
    )  # fmt: skip


def clocks() -> Iterator[tuple[str, Made]]:
    yield (
        "ISO weeks",
        (stamped(lambda i: f"{when(i, 86400):%G-W%V-%u}", "week"), {**TWO, "step": 86400, "first_time": "2024-03-04"}),
    )
    yield "12 hours in Spanish", (
        stamped(lambda i: f"{when(i):%d/%m/%Y %I:%M:%S} {'a. m.' if when(i).hour < 12 else 'p. m.'}", "Fecha", sign=";"), {**TWO, "step": 60},
    )  # fmt: skip
    yield "Spanish month names", (
        stamped(lambda i: f"{when(i, 3600).day}-{MONTHS_ES[when(i, 3600).month - 1]}-{when(i, 3600):%Y %H:%M}", "Fecha", sign=";"), {**TWO, "step": 3600},
    )  # fmt: skip
    for name, scale in (("s", 1), ("ms", 1000), ("us", 10**6), ("ns", 10**9)):
        yield f"epoch in {name}", (stamped(lambda i, k=scale: str((1709532000 + 60 * i) * k), "timestamp"), MINUTES)
    yield (
        "epoch seconds with fractions",
        (stamped(lambda i: f"{1709532000 + i / 4:.3f}", "ts"), {**TWO, "step": 0.25, "first_time": "2024-03-04T06:00"}),
    )
    yield "date and time in two columns, American", (
        table(lambda i, a, b: f"{when(i, 3600):%m/%d/%Y},{when(i, 3600):%I:%M:%S %p},{a:.2f},{b:.2f}", "Date,Time,temp,flow\n"),
        {**TWO, "step": 3600, "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield "comma before the milliseconds", (
        stamped(lambda i: f"{when(i):%Y-%m-%d %H:%M:%S},{i % 1000:03}".replace("\n", ""), "asctime", sign=";"), {**TWO, "step": 60, "loose": True},
    )  # fmt: skip
    yield "newest first", (
        "time,temp,flow\n" + "".join(reversed(stamped(lambda i: f"{when(i)}").splitlines(keepends=True)[1:])), {**TWO, "step": 60},
    )  # fmt: skip
    yield "hours since the start", (stamped(lambda i: f"{i / 60:.5f}", "t [h]"), {**TWO, "step": 60})
    yield "RFC 2822", (stamped(lambda i: f'"{when(i):%a, %d %b %Y %H:%M:%S} +0000"', "Date"), MINUTES)
    yield "two-digit years, day last", (stamped(lambda i: f"{when(i):%y/%m/%d %H:%M}", "time"), {**TWO, "step": 60})


def cells() -> Iterator[tuple[str, Made]]:
    yield "duplicate headings", (
        table(lambda i, a, b: f"{when(i)},{a:.3f},{b:.3f}", "time,value,value\n"), {"rows": ROWS, "layout": "moments", "count": 2, "step": 60},
    )  # fmt: skip
    yield (
        "-- for nothing",
        (
            table(lambda i, a, b: f"{when(i)},{'--' if i % 40 == 7 else f'{a:.2f}'},{b:.2f}", "time,temp,flow\n"),
            {**MINUTES, "missing": 0.0125},
        ),
    )
    yield "degrees and units in each cell", (
        table(lambda i, a, b: f"{when(i)};{a:.2f} °C;{b:.3f} m³/h", "time;temp;flow\n"), {**MINUTES, "units": ["°C", "m³/h"]},
    )  # fmt: skip
    yield (
        "Fortran's D exponents",
        (
            table(lambda i, a, b: f"{when(i)};" + f"{a:.6e};{b:.6e}".replace("e", "D"), "time;temp;flow\n"),
            {**MINUTES, "first": 20},
        ),
    )
    yield (
        "a true minus sign",
        (
            table(lambda i, a, b: f"{when(i)};{'−' if a < 20 else ''}{abs(a - 20):.3f};{b:.3f}", "time;temp;flow\n"),
            {**MINUTES, "missing": 0},
        ),
    )
    yield "1e-3 and signs", (table(lambda i, a, b: f"{when(i)};{a - 20:+.3e};{b:+.3f}", "time;temp;flow\n"), MINUTES)
    yield (
        "INF and overflow",
        (
            table(
                lambda i, a, b: (
                    f"{when(i)};{('INF', '-INF', '+OVER', 'OL')[i // 40 % 4] if i % 40 == 9 else f'{a:.3f}'};{b:.3f}"
                ),
                "time;temp;flow\n",
            ),
            {**MINUTES, "missing": 0.0125},
        ),
    )
    yield (
        "commas in quoted names",
        (
            table(lambda i, a, b: f"{when(i)},{a:.3f},{b:.3f}", 'time,"temp, inlet","flow, main"\n'),
            {**MINUTES, "channels": ["temp, inlet", "flow, main"]},
        ),
    )


def lines() -> Iterator[tuple[str, Made]]:
    plain = lambda i, a, b: f"{when(i)},{a:.3f},{b:.3f}"  # noqa: E731
    yield (
        "comments between rows",
        (
            table(
                lambda i, a, b: ("# checked\n" if i in (90, 250) else "") + plain(i, a, b),
                "# logger 3\n#\ntime,temp,flow\n",
            ),
            MINUTES,
        ),
    )
    yield "the heading in a comment", (table(lambda i, a, b: plain(i, a, b), "# time,temp,flow\n"), MINUTES)
    yield "the heading and its units again mid-file", (
        table(lambda i, a, b: ("time,temp,flow\n,C,l\n" if i in (0, 200) else "") + plain(i, a, b)), {**MINUTES, "units": ["C", "l"]},
    )  # fmt: skip
    yield (
        "empty lines between rows",
        (table(lambda i, a, b: plain(i, a, b) + ("\n" if i % 50 == 0 else ""), "time,temp,flow\n"), MINUTES),
    )
    yield "every line empty after it", (table(lambda i, a, b: plain(i, a, b) + "\n", "time,temp,flow\n\n"), MINUTES)
    yield (
        "a footer of text",
        (table(plain, "time,temp,flow\n", "\nEnd of report\nGenerated by X on 2024-03-05\n"), MINUTES),
    )
    yield (
        "a units row below",
        (table(plain, "time,temp,flow\n[-],[°C],[l/min]\n"), {**MINUTES, "units": ["°C", "l/min"]}),
    )
    yield "pipes with borders", (
        "+------+\n| time | temp | flow |\n+------+\n" + table(lambda i, a, b: f"| {when(i)} | {a:.3f} | {b:.3f} |"), MINUTES,
    )  # fmt: skip
    yield "two blanks between columns, names with one", (
        table(lambda i, a, b: f"{when(i):%Y-%m-%d  %H:%M:%S}  {a:8.3f}  {b:8.3f}", "date        time      temp in   flow out\n"),
        {"rows": ROWS, "layout": "moments", "count": 2, "step": 60},
    )  # fmt: skip
    yield "carriage returns alone", (table(plain, "time,temp,flow\n").replace("\n", "\r"), MINUTES)


def labels() -> Iterator[tuple[str, Made]]:
    for name, good, bad in (
        ("alarm", "OFF", "ON"),
        ("fault", "false", "true"),
        ("anomaly", "FALSE", "TRUE"),
        ("Zustand", "i.O.", "n.i.O."),
        ("defect", "no", "yes"),
        ("Estado", "Normal", "Falla"),
        ("is_anomaly", "0.0", "1.0"),
        ("condition", "healthy", "bearing fault"),
    ):
        text = table(
            lambda i, a, b, g=good, f=bad: f"{when(i)},{a:.3f},{b:.3f},{f if 320 <= i < 340 else g}",
            f"time,temp,flow,{name}\n",
        )
        yield f"label {name}: {bad}", (text, {**MINUTES, "label": name, "abnormal": 20})
