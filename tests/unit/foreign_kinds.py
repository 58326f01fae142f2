"""Files as programs in other countries and trades write them, made here, each with what is right: loggers, historians,
oscilloscopes, laboratories, data portals.
"""

from collections.abc import Iterator

from .made_formats import ROWS, Made, table, when
from .real_kinds import comma

MONTHS_FR = ("janv.", "févr.", "mars", "avr.", "mai", "juin")
TWO = {"rows": ROWS, "layout": "moments"}
MINUTES = {**TWO, "step": 60, "first_time": "2024-03-04T06:00"}


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for part in (languages, historians, laboratories, portals, shapes):
        for name, (text, expect) in part():
            yield name, (text if isinstance(text, bytes) else text.encode(), expect)


def languages() -> Iterator[tuple[str, Made]]:
    yield "French: title, blank line, units in a second line, latin-1", (
        table(
            lambda i, a, b: f"{when(i):%d/%m/%Y %H:%M};" + comma(f"{a:.3f};{b:.4f}"),
            "Relevé de la centrale;;\n;;\nHorodatage;Température;Débit\n;°C;m³/h\n",
        ).encode("latin-1"),
        {**MINUTES, "channels": ["Température", "Débit"], "units": ["°C", "m³/h"]},
    )  # fmt: skip
    yield (
        "French month names",
        (
            table(
                lambda i, a, b: (
                    f"{when(i).day} {MONTHS_FR[when(i).month - 1]} {when(i):%Y %H:%M};" + comma(f"{a:.3f};{b:.4f}")
                ),
                "Date;temp;débit\n",
            ),
            {**MINUTES, "channels": ["temp", "débit"]},
        ),
    )
    yield (
        "French hours: 06h00",
        (
            table(lambda i, a, b: f"{when(i):%d/%m/%Y;%Hh%M};" + comma(f"{a:.3f};{b:.4f}"), "Date;Heure;temp;flow\n"),
            {**MINUTES, "channels": ["temp", "flow"]},
        ),
    )
    yield (
        "Spanish: Fecha and Hora, footer with the mean",
        (
            table(
                lambda i, a, b: f"{when(i):%d/%m/%Y;%H:%M:%S};" + comma(f"{a:.3f};{b:.4f}"),
                "Fecha;Hora;Presión (bar);Caudal (l/min)\n",
                "Promedio;;20,01;3,00\nMáximo;;21,30;3,25\n",
            ),
            {**MINUTES, "channels": ["Presión", "Caudal"], "units": ["bar", "l/min"]},
        ),
    )
    yield (
        "Swedish: ISO with commas, UTF-16 BE with its mark",
        (
            b"\xfe\xff"
            + table(
                lambda i, a, b: f"{when(i):%Y-%m-%d %H:%M}\t" + comma(f"{a:.3f}\t{b:.4f}"),
                "Tidpunkt\tFramledning (°C)\tFlöde (l/s)\n",
            ).encode("utf-16-be"),
            {**MINUTES, "channels": ["Framledning", "Flöde"], "units": ["°C", "l/s"]},
        ),
    )
    yield "Swedish: SMHI, remarks to the right of the rows", (
        table(
            lambda i, a, b: (
                f"{when(i, 3600):%Y-%m-%d;%H:%M:%S};{a:.1f};G;;"
                + ("Kvalitetskontrollerade data" if i == 0 else "Tidsperiod = 2024" if i == 1 else "")
            ),
            "Stationsnamn;Stationsnummer;Mäthöjd (meter över marken)\nAbisko;188790;2.0\n\n"
            "Datum;Tid (UTC);Lufttemperatur;Kvalitet;;Tidsutsnitt:\n",
        ),
        {**TWO, "step": 3600, "channels": ["Lufttemperatur"], "first_time": "2024-03-04T06:00"},
    )  # fmt: skip
    yield (
        "Dutch: date and time, comma, quoted",
        (
            table(
                lambda i, a, b: f'"{when(i):%d-%m-%Y %H:%M}";"' + comma(f'{a:.3f}";"{b:.4f}"'),
                '"Datum/tijd";"Druk";"Debiet"\n',
            ),
            {**MINUTES, "channels": ["Druk", "Debiet"]},
        ),
    )
    yield (
        "Polish: non-breaking blanks in thousands",
        (
            table(
                lambda i, a, b: (
                    f"{when(i):%d.%m.%Y %H:%M};" + comma(f"{a * 1000:,.1f}".replace(",", "\xa0") + f";{b:.3f}")
                ),
                "Data;Moc;Przepływ\n",
            ),
            {**MINUTES, "channels": ["Moc", "Przepływ"], "first": 20000},
        ),
    )
    yield (
        "Italian: doubled BOM",
        (
            b"\xef\xbb\xbf\xef\xbb\xbf"
            + table(
                lambda i, a, b: f"{when(i):%d/%m/%Y %H.%M};" + comma(f"{a:.3f};{b:.4f}"), "Data e ora;T1;T2\n"
            ).encode(),
            {**MINUTES, "channels": ["T1", "T2"]},
        ),
    )
    yield (
        "Japanese: Shift-JIS with 年月日",
        (
            table(
                lambda i, a, b: f"{when(i):%Y}年{when(i).month}月{when(i).day}日 {when(i):%H:%M:%S},{a:.3f},{b:.4f}",
                "日時,温度,流量\n",
            ).encode("shift-jis"),
            {**MINUTES, "channels": ["温度", "流量"]},
        ),
    )


def historians() -> Iterator[tuple[str, Made]]:
    yield (
        "PI: I/O Timeout and Bad Input",
        (
            table(
                lambda i, a, b: (
                    f"{when(i):%d-%b-%y %H:%M:%S},"
                    f"{'I/O Timeout' if 50 <= i < 56 else f'{a:.3f}'},{'Bad Input' if i % 80 == 9 else f'{b:.3f}'}"
                ),
                "Timestamp,TI101.PV,FI102.PV\n",
            ),
            {**MINUTES, "channels": ["TI101.PV", "FI102.PV"], "missing": 11 / 800},
        ),
    )
    yield (
        "Wonderware: tags across, DateTime with 7 digits",
        (
            table(
                lambda i, a, b: f"{when(i)}.0000000,{a:.3f},{'(null)' if i % 50 == 4 else f'{b:.4f}'}",
                "DateTime,Reactor_001.ReactTemp,Reactor_001.Flow\n",
            ),
            {**MINUTES, "channels": ["Reactor_001.ReactTemp", "Reactor_001.Flow"], "missing": 0.01},
        ),
    )
    yield (
        "OPC: value and quality pairs",
        (
            table(
                lambda i, a, b: f"{when(i)},{a:.3f},192,{b:.4f},{192 if i % 60 else 24}",
                "TimeStamp,Plant.T1,Plant.T1 Quality,Plant.F1,Plant.F1 Quality\n",
            ),
            {**MINUTES, "includes": ["Plant.T1", "Plant.F1"]},
        ),
    )
    yield (
        "long: tag, time, value, quality",
        (
            "TagName;DateTime;Value;QualityDetail\n"
            + "".join(
                table(lambda i, a, b, n=n, k=k: f"{n};{when(i):%d.%m.%Y %H:%M:%S};{comma(f'{(a, b)[k]:.3f}')};192")
                for k, n in enumerate(("TT_101", "FT_202"))
            ),
            {"rows": ROWS, "layout": "long", "step": 60, "channels": ["TT_101", "FT_202"]},
        ),
    )
    yield (
        "Rockwell FactoryTalk: date, time, millitm, value",
        (
            table(
                lambda i, a, b: f"{when(i):%m/%d/%Y},{when(i):%H:%M:%S},{i * 37 % 1000},{a:.3f},{b:.4f}",
                '"Date","Time","Millitm","Tank\\Level","Tank\\Flow"\n',
            ),
            {**TWO, "step": 60, "includes": ["Tank\\Level", "Tank\\Flow"]},
        ),
    )
    yield "Beckhoff: FILETIME in 100 ns", (
        table(
            lambda i, a, b: "{0}\t{1:.3f}\t{0}\t{2:.4f}".format(133540056000000000 + i * 600_000_000, a, b),
            "Name\tMAIN.fTemp\tName\tMAIN.fFlow\n",
        ),
        {**MINUTES, "channels": ["MAIN.fTemp", "MAIN.fFlow"]},
    )  # fmt: skip
    yield (
        "Prometheus / Grafana: epoch ms under Time, series with braces",
        (
            table(
                lambda i, a, b: f"{1709532000000 + i * 15000},{a:.3f},{b:.4f}",
                '"Time","cpu{host=""a"",mode=""idle""}","cpu{host=""b"",mode=""idle""}"\n',
            ),
            {**TWO, "step": 15, "first_time": "2024-03-04T06:00", "count": 2},
        ),
    )
    yield (
        "alarm words: 1 (OK) beside the value",
        (
            table(
                lambda i, a, b: f"{when(i)};{a:.3f};{b:.4f};{'Alarm' if 300 <= i < 320 else 'Normal'}",
                "Zeit;T;p;Zustand\n",
            ),
            {**MINUTES, "channels": ["T", "p"], "label": "Zustand", "abnormal": 20},
        ),
    )


def laboratories() -> Iterator[tuple[str, Made]]:
    yield (
        "LeCroy: segments above",
        (
            "LECROYWR104Xi,12345,Waveform\nSegments,1,SegmentSize,400\nSegment,TrigTime,TimeSinceSegment1\n"
            "#1,04-Mar-2024 06:00:00,0\nTime,Ampl\n" + table(lambda i, a, b: f"{i * 2e-6 - 4e-4:.6e},{a:.5f}"),
            {**TWO, "step": 2e-6, "channels": ["Ampl"]},
        ),
    )
    yield (
        "PicoScope: units in the second line in brackets",
        (
            "Time,Channel A,Channel B\n(ms),(mV),(V)\n\n"
            + table(lambda i, a, b: f"{i * 0.5 - 100:.8f},{a:.6f},{b:.6f}"),
            {**TWO, "step": 0.0005, "channels": ["Channel A", "Channel B"], "units": ["mV", "V"]},
        ),
    )
    yield (
        "Siglent: record length above",
        (
            "Record Length,Analog:400\nSample Interval,0.0000010000\nVertical Units,CH1:V CH2:V\n"
            "Vertical Scale,CH1:1.00 CH2:2.00\nSecond,Volt,Volt\n"
            + table(lambda i, a, b: f"{i * 1e-6 - 2e-4:+.10f},{a:+.6f},{b:+.6f}"),
            {**TWO, "step": 1e-6, "count": 2},
        ),
    )
    yield (
        "Tektronix: settings beside the rows",
        (
            table(
                lambda i, a, b: (
                    (
                        ("Record Length,4.0e+02,", "Sample Interval,4.0e-06,", "Trigger Point,2.0e+02,", "Source,CH1,")[
                            i
                        ]
                        if i < 4
                        else ",,"
                    )
                    + f"{i * 4e-6:.7f},{a:.5f},"
                )
            ),
            {**TWO, "step": 4e-6, "count": 1},
        ),
    )
    yield (
        "HBM catman: units line, tabs, comma",
        (
            "HBM_CATMAN_DATAFILE\tV5.4\nDatum:\t04.03.2024\n\nZeit\tKraft\tWeg\ns\tkN\tmm\n"
            + table(lambda i, a, b: comma(f"{i * 0.02:.3f}\t{a:.4f}\t{b:.4f}")),
            {**TWO, "step": 0.02, "channels": ["Kraft", "Weg"], "units": ["kN", "mm"]},
        ),
    )
    yield (
        "Instron: results above a quoted table",
        (
            '"Results Table 1"\n"Maximum Load","21.3","kN"\n\n"Time","Extension","Load"\n"(sec)","(mm)","(kN)"\n'
            + table(lambda i, a, b: f'"{i * 0.1:.4f}","{a:.5f}","{b:.5f}"'),
            {**TWO, "step": 0.1, "channels": ["Extension", "Load"], "units": ["mm", "kN"]},
        ),
    )
    yield (
        "EC-Lab: header lines counted",
        (
            "EC-Lab ASCII FILE\nNb header lines : 5 \n\nRun on channel : 3\n"
            "time/s\tEwe/V\tI/mA\n" + table(lambda i, a, b: f"{i * 10:.6E}\t{a:.6E}\t{b:.6E}"),
            {**TWO, "step": 10, "channels": ["Ewe/V", "I/mA"], "units": ["V", "mA"]},
        ),
    )
    yield (
        "SciDAVis / Origin: long names, units, comments",
        (
            "Time\tForce\tPath\ns\tN\tmm\nrun 1\tsensor A\tsensor B\n"
            + table(lambda i, a, b: f"{i * 0.25:.2f}\t{a:.4f}\t{b:.4f}"),
            {**TWO, "step": 0.25, "channels": ["Force", "Path"], "units": ["N", "mm"]},
        ),
    )
    yield "Almemo: B: date once, then times", (
        table(lambda i, a, b: f"{when(i):%d.%m.%y};{when(i):%H:%M:%S};" + comma(f"+{a:08.2f};+{b:06.2f}"),
            "DATUM:;ZEIT:;M00: °C;M01: %H\n"),
        {**MINUTES, "count": 2},
    )  # fmt: skip
    yield (
        "Elitech: serial, values with units",
        (
            "Model:,RC-4HC\nSerial:,EFG123\n\nNo.,Time,Temperature(°C),Humidity(%RH)\n"
            + table(lambda i, a, b: f"{i + 1},{when(i):%Y-%m-%d %H:%M:%S},{a:.1f},{b * 10:.1f}"),
            {**MINUTES, "channels": ["Temperature", "Humidity"], "units": ["°C", "%RH"]},
        ),
    )
    yield (
        "Fluke 289: sample, start, duration",
        (
            table(
                lambda i, a, b: f'{i + 1},"{when(i):%m/%d/%Y %I:%M:%S %p}",60.0,{a:.3f} V DC,{b:.4f} V DC',
                "Reading,Start Time,Duration,Average,Max\n",
            ),
            {**MINUTES, "includes": ["Average", "Max"]},
        ),
    )


def portals() -> Iterator[tuple[str, Made]]:
    yield (
        "USGS: tabs, # remarks, widths below the names",
        (
            "# Data provided for site 01646500\n# agency_cd  ...\n#\nagency_cd\tsite_no\tdatetime\ttz_cd\t69928_00060\t"
            "69928_00060_cd\n5s\t15s\t20d\t6s\t14n\t10s\n"
            + table(lambda i, a, b: f"USGS\t01646500\t{when(i, 900):%Y-%m-%d %H:%M}\tEST\t{a * 100:.0f}\tP"),
            {**TWO, "step": 900, "channels": ["69928_00060"]},
        ),
    )
    yield (
        "NOAA tides: blanks after commas, flags",
        (
            table(
                lambda i, a, b: f"{when(i, 360):%Y-%m-%d %H:%M},{b:.3f},{b / 100:.3f},0,0,0,0,v",
                "Date Time, Water Level, Sigma, O or I (for verified), F, R, L, Quality \n",
            ),
            {**TWO, "step": 360, "includes": ["Water Level", "Sigma"]},
        ),
    )
    yield (
        "SMARD: from, to, points for thousands, hyphens for nothing",
        (
            "\ufeff"
            + table(
                lambda i, a, b: (
                    f"{when(i, 900):%d.%m.%Y %H:%M};{when(i + 1, 900):%d.%m.%Y %H:%M};"
                    f"{'-' if i % 100 == 50 else f'{a * 100:,.2f}'.translate({44: 46, 46: 44})};{comma(f'{b:.2f}')}"
                ),
                "Datum von;Datum bis;Wind Onshore [MWh] Originalauflösungen;Photovoltaik [MWh] Originalauflösungen\n",
            ),
            {**TWO, "step": 900, "count": 2, "first": 2000, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "renewables.ninja: JSON remarks and two times",
        (
            '# Renewables.ninja Wind,,,\n# {"params": {"lat": 56, "lon": 9}},,,\n'
            + table(
                lambda i, a, b: (
                    f"{when(i, 3600):%Y-%m-%d %H:%M},{when(i + 1, 3600):%Y-%m-%d %H:%M},{a * 50:.1f},{b:.3f}"
                ),
                "time,local_time,electricity,wind_speed\n",
            ),
            {**TWO, "step": 3600, "channels": ["electricity", "wind_speed"]},
        ),
    )
    yield (
        "PVGIS: place above, YYYYMMDD:HHMM, footer",
        (
            "Latitude (decimal degrees):\t45.0\nLongitude (decimal degrees):\t8.0\nElevation (m):\t250\n\n\n"
            + table(lambda i, a, b: f"{when(i, 3600):%Y%m%d:%H10},{a * 10:.1f},{b:.2f},0.0", "time,G(i),T2m,Int\n")
            + "\nG(i): Global irradiance on the inclined plane (W/m2)\nT2m: 2-m air temperature (degree Celsius)\n\n"
            "PVGIS (c) European Union, 2001-2024\n",
            {**TWO, "step": 3600, "includes": ["G(i)", "T2m"]},
        ),
    )
    yield (
        "NASA POWER: -BEGIN HEADER-, year, month, day, hour, -999",
        (
            "-BEGIN HEADER-\nNASA/POWER Hourly\nThe value for missing source data is: -999\nT2M  Temperature (C)\n"
            "-END HEADER-\n"
            + table(
                lambda i, a, b: (
                    f"{when(i, 3600):%Y},{when(i, 3600).month},{when(i, 3600).day},{when(i, 3600).hour},"
                    f"{'-999.0' if i % 100 == 7 else f'{a:.2f}'},{b:.2f}"
                ),
                "YEAR,MO,DY,HR,T2M,WS10M\n",
            ),
            {**TWO, "step": 3600, "channels": ["T2M", "WS10M"], "missing": 0.005},
        ),
    )
    yield (
        "Home energy: cumulative kWh, export by hour, total line",
        (
            table(
                lambda i, a, b: f"{when(i, 3600):%d/%m/%Y %H:%M};{comma(f'{i * 2 + b:.2f}')};{comma(f'{b:.3f}')}",
                "Date/heure;Index (kWh);Puissance (kW)\n",
                "Total;;1200,00\n",
            ),
            {**TWO, "step": 3600, "includes": ["Puissance"]},
        ),
    )


def shapes() -> Iterator[tuple[str, Made]]:
    yield "duplicate headings told apart by the line above", (
        table(lambda i, a, b: f"{when(i)},{a:.3f},{b:.4f},{b + 1:.4f},{a + 2:.3f}",
            ",Pump 1,,Pump 2,\nTime,Temp,Flow,Temp,Flow\n"),
        {**MINUTES, "count": 4},
    )  # fmt: skip
    yield "wide: a column a sensor, epoch s with decimals, unsorted in places", (
        table(
            lambda i, a, b: f"{1709532000 + (i + {0: 1, 1: -1}.get(i % 50, 0)) * 0.5:.3f},{a:.3f},{b:.4f}",
            "ts,s1,s2\n",
        ),
        {**TWO, "step": 0.5, "channels": ["s1", "s2"]},
    )  # fmt: skip
    yield (
        "long: epoch ms, device, metric, value, unit",
        (
            "ts,device,metric,value,unit\n"
            + table(
                lambda i, a, b: (
                    f"{1709532000000 + i * 1000},d1,temp,{a:.3f},C\n{1709532000000 + i * 1000},d1,flow,{b:.4f},l/s"
                )
            ),
            {"rows": ROWS, "layout": "long", "step": 1, "count": 2},
        ),
    )
    yield (
        "MQTT log: time, topic, payload",
        (
            table(
                lambda i, a, b: f"{when(i)} plant/press/temp {a:.2f}\n{when(i)} plant/press/flow {b:.3f}",
            ),
            {"rows": ROWS, "layout": "long", "step": 60, "count": 2},
        ),
    )
    yield (
        "sensor status words between the numbers: OL, Err, Fault",
        (
            table(
                lambda i, a, b: (
                    f"{when(i)},{('OL', 'Err', 'Fault', 'No')[i // 40 % 4] if i % 40 == 11 else f'{a:.3f}'},{b:.4f}"
                ),
                "time,temp,flow\n",
            ),
            {**MINUTES, "channels": ["temp", "flow"], "missing": 0.0125},
        ),
    )
    yield (
        "dots of the thousands twice: 1.234.567,8",
        (
            table(
                lambda i, a, b: (
                    f"{when(i):%d.%m.%Y %H:%M};{f'{a * 1e5:,.1f}'.translate({44: 46, 46: 44})};{comma(f'{b:.3f}')}"
                ),
                "Zeit;Zählwert;Druck\n",
            ),
            {**MINUTES, "channels": ["Zählwert", "Druck"], "first": 2e6},
        ),
    )
    yield (
        "a row name for each line, then END OF DATA",
        (
            table(lambda i, a, b: f"DATA,{when(i)},{a:.3f},{b:.4f}", "HEAD,time,temp,flow\n", "END OF DATA\n"),
            {**MINUTES, "channels": ["temp", "flow"]},
        ),
    )
    yield (
        "units in the names after an underscore or in <>",
        (
            table(lambda i, a, b: f"{when(i)},{a:.3f},{b:.4f}", "time,Temp <°C>,Druck in bar\n"),
            {**MINUTES, "channels": ["Temp <°C>", "Druck in bar"], "units": ["°C", "bar"]},
        ),
    )
