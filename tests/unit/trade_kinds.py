"""Files as cars, hospitals, and weather stations write them, made here: each with what is right."""

import datetime
import json
from collections.abc import Iterator

from .made_formats import ROWS, Made, signals, table, when

SECONDS = [int(when(i).replace(tzinfo=datetime.UTC).timestamp()) for i in range(ROWS)]
TWO = {"rows": ROWS, "layout": "moments", "channels": ["temp", "flow"]}
WIDE = {**TWO, "step": 60, "first_time": "2024-03-04T06:00"}
LONG = {**WIDE, "layout": "long"}


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for part in (cars, medicine, weather):
        for name, (text, expect) in part():
            yield name, (text if isinstance(text, bytes) else text.encode(), expect)


def cars() -> Iterator[tuple[str, Made]]:
    yield (
        "ETAS: names, types and units in three lines",
        (
            table(
                lambda i, a, b: f"{i / 100:.2f}\t{a:.3f}\t{b:.4f}",
                "ETASAsciiItemFile\trecord\tTab\tDecimal\nsampleCount\t400\ntime\ttemp\tflow\nf8\tf4\tf4\ns\tdeg"
                "C\tl/min\n",
            ),
            {**TWO, "step": 0.01, "units": ["degC", "l/min"]},
        ),
    )
    yield (
        "MoTeC: pairs above, quoted names and units",
        (
            table(
                lambda i, a, b: f'"{i / 50:.3f}","{a:.3f}","{b:.4f}"',
                '"Format","MoTeC CSV File",,,"Workbook",""\n"Venue","Spa",,,"Worksheet",""\n"Sample Rate","50.00'
                '0","Hz"\n'
                '"Duration","8.000","s"\n\n"Time","Oil Temp","Fuel Flow"\n"s","C","l/h"\n\n',
            ),
            {**TWO, "channels": ["Oil Temp", "Fuel Flow"], "step": 0.02, "units": ["C", "l/h"]},
        ),
    )
    yield (
        "VBOX: sections in brackets, HHMMSS.ss",
        (
            table(
                lambda i, a, b: f"009 {when(i, 0.1):%H%M%S}.{i % 10}0 {a:+09.3f} {b:+09.4f}",
                "File created on 04/03/2024 at 06:00:00\n\n[header]\nsatellites\ntime\ntemp\nflow\n\n[comments]\n"
                "Version 3\n\n[column names]\nsats time temp flow \n\n[data]\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 0.1, "includes": ["temp", "flow"]},
        ),
    )
    yield (
        "Car Scanner: seconds, PID, value, unit, a semicolon at the end",
        (
            '"SECONDS";"PID";"VALUE";"UNITS";\n'
            + table(lambda i, a, b: f'"{i}.0";"Coolant";"{a:.3f}";"C";\n"{i}.0";"Fuel";"{b:.4f}";"l/h";'),
            {"rows": ROWS, "layout": "long", "step": 1, "channels": ["Coolant", "Fuel"]},
        ),
    )
    yield (
        "CAN frames with a letter at the end of those that were injected",
        (
            table(
                lambda i, a, b: (
                    f"{SECONDS[0] + i * 0.01:.6f},0316,8,05,{int(a):02x},68,09,21,{int(10 * b):02x},00,6f,"
                    f"{'T' if 200 <= i < 220 else 'R'}"
                )
            ),
            {"rows": ROWS, "layout": "moments", "label_or_asked": 20},
        ),
    )
    yield (
        "phyphox: quoted names with exponents in them",
        (
            table(
                lambda i, a, b: f"{i * 0.01:.9E},{a:.9E},{b:.9E}",
                '"Time (s)","Linear Acceleration x (m/s^2)","Linear Acceleration y (m/s^2)"\n',
            ),
            {"rows": ROWS, "layout": "moments", "step": 0.01, "units": ["m/s^2", "m/s^2"]},
        ),
    )
    yield (
        "a drone's log: microseconds since it was switched on, x[0]",
        (
            table(lambda i, a, b: f"{81_234_567 + i * 4000},{a:.5f},{b:.5f}", "timestamp,gyro[0],gyro[1]\n"),
            {"rows": ROWS, "layout": "moments", "asked": ["time"], "channels": ["gyro[0]", "gyro[1]"]},
        ),
    )
    yield (
        "a phone's sensors: nanoseconds and seconds",
        (
            table(
                lambda i, a, b: (
                    f"{SECONDS[0]}{i * 10:03d}000000,{i * 0.01:.7f},{a:.5f},{b:.5f}"
                    if i < 100
                    else f"{SECONDS[0] + i // 100}{i * 10 % 1000:03d}000000,{i * 0.01:.7f},{a:.5f},{b:.5f}"
                ),
                "time,seconds_elapsed,z,y\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 0.01, "channels": ["z", "y"], "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "NMEA sentences of one kind",
        (
            table(
                lambda i, a, b: (
                    f"$GPGGA,{when(i, 1):%H%M%S}.00,48{a:.4f},N,011{b:.5f},E,1,08,0.9,{a:.1f},M,46.9,M,,*4{i % 10}"
                )
            ),
            {"rows": ROWS, "layout": "moments", "step": 1},
        ),
    )
    yield (
        "WISDM: user, activity, uptime in ns, a semicolon at the end",
        (
            table(
                lambda i, a, b: (
                    f"{33 + i // 200},{('Jogging', 'Walking')[i // 100 % 2]},{49105962326000 + i * 50_000_000},"
                    f"{a:.6f},{b:.6f},{a - b:.6f};"
                )
            ),
            {"rows": ROWS, "doubtful": True},
        ),
    )


def medicine() -> Iterator[tuple[str, Made]]:
    yield (
        "WFDB as text: names, units, seconds",
        (
            table(
                lambda i, a, b: f"{i / 360:12.3f}\t{a:8.3f}\t{b:8.3f}",
                "Elapsed time\t    MLII\t      V5\n   (seconds)\t    (mV)\t    (mV)\n",
            ),
            {"rows": ROWS, "layout": "moments", "channels": ["MLII", "V5"], "units": ["mV", "mV"], "step": 0.003},
        ),
    )
    yield (
        "WFDB as text: elapsed minutes in single quotes",
        (
            table(
                lambda i, a, b: f"'{i * 0.01 // 60:.0f}:{i * 0.01 % 60:06.3f}',{a:.3f},{b:.3f}",
                "'Elapsed time','MLII','V5'\n'mm:ss.mmm','mV','mV'\n",
            ),
            {"rows": ROWS, "layout": "moments", "channels": ["MLII", "V5"], "units": ["mV", "mV"], "step": 0.01},
        ),
    )
    yield (
        "a wristband: its start and its rate above the values",
        (
            f"{SECONDS[0]}.000000\n4.000000\n" + table(lambda i, a, b: f"{a:.6f}"),
            {"rows": ROWS, "layout": "moments", "count": 1, "step": 0.25, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "a wristband of three axes: start and rate in each column",
        (
            f"{SECONDS[0]}.000000, {SECONDS[0]}.000000, {SECONDS[0]}.000000\n32.000000, 32.000000, 32.000000\n"
            + table(lambda i, a, b: f"{a:.0f},{b * 9:.0f},{a - b:.0f}"),
            {"rows": ROWS, "layout": "moments", "count": 3, "step": 1 / 32, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "ActiGraph: lines of settings between dashes",
        (
            table(
                lambda i, a, b: f"{a:.3f},{b:.4f}",
                "------------ Data File Created By ActiGraph GT3X+ date format M/d/yyyy at 1 Hz -----------\n"
                "Serial Number: CLE123\nStart Time 06:00:00\nStart Date 3/4/2024\nEpoch Period (hh:mm:ss) 00:00:01\n"
                "Current Memory Address: 0\n--------------------------------------------------\nAxis1,Axis2\n",
            ),
            {"rows": ROWS, "layout": "moments", "channels": ["Axis1", "Axis2"]},
        ),
    )
    yield (
        "a glucose sensor: who it is above, words where it is out of range",
        (
            "Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Patient Info,Glucose Value (mg/dL),Transmitter Time\n"
            "1,,FirstName,Ann,,\n2,,LastName,Other,,\n"
            + table(
                lambda i, a, b: (
                    f"{i + 3},{when(5 * i):%Y-%m-%dT%H:%M:%S},EGV,,{'Low' if i in (7, 8) else round(a * 5)},{300 * i}"
                )
            ),
            {"layout": "moments", "some": ["Glucose Value"], "step": 300},
        ),
    )
    yield (
        "a watch's pulse: nested values in JSON, American dates of two digits",
        (
            json.dumps(
                [
                    {
                        "dateTime": f"{when(i):%m/%d/%y %H:%M:%S}",
                        "value": {"bpm": round(a * 4), "confidence": 2 + i % 2},
                    }
                    for i, a in enumerate(signals()[0])
                ]
            ),
            {"rows": ROWS, "layout": "moments", "step": 60, "asked": ["day_first"]},
        ),
    )
    yield (
        "a phone's health export: start, end, value, offset",
        (
            table(
                lambda i, a, b: (
                    f"HeartRate,Watch,count/min,{when(i)} +0100,{when(i)} +0100,{when(i)} +0100,{a * 4:.0f}"
                ),
                "type,sourceName,unit,creationDate,startDate,endDate,value\n",
            ),
            {"rows": ROWS, "step": 60, "count": 1, "layout": "any"},
        ),
    )
    yield (
        "EEG: times across in ms, a channel a row",
        (
            "\t"
            + "\t".join(f"{i * 4:.1f}" for i in range(ROWS))
            + "\n"
            + "".join(
                f"{name}\t" + "\t".join(f"{v:.4f}" for v in values) + "\n"
                for name, values in zip(("Fp1", "Fp2", "Cz", "Oz"), (*signals(), *signals(seed=1)), strict=True)
            ),
            {"rows": ROWS, "layout": "moments", "channels": ["Fp1", "Fp2", "Cz", "Oz"], "asked": ["layout"]},
        ),
    )
    yield (
        "annotations: onset, duration, what",
        (
            "Onset,Duration,Annotation\n"
            + "".join(f"{30 * i},30,Sleep stage {('W', '1', '2', 'R')[i // 7 % 4]}\n" for i in range(90)),
            {"doubtful": True},
        ),
    )


def weather() -> Iterator[tuple[str, Made]]:
    yield (
        "Davis: a heading of two lines, 6:00a and 6:00p",
        (
            table(
                lambda i, a, b: (
                    f"{when(15 * i):%m/%d/%y}\t{int(f'{when(15 * i):%I}'):>2}:{when(15 * i):%M}"
                    f"{'ap'[when(15 * i).hour > 11]}"
                    f"\t{a:.1f}\t{a + 1:.1f}\t{'---' if i % 50 == 9 else f'{b:.1f}'}"
                ),
                "\t\tTemp\tHi\tWind\nDate\tTime\tOut\tTemp\tSpeed\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 900, "first_time": "2024-03-04T06:00", "count": 3},
        ),
    )
    yield (
        "ASOS: M where nothing was measured, T for a trace",
        (
            table(
                lambda i, a, b: (
                    f"JFK,{when(i):%Y-%m-%d %H:%M},{'M' if i % 40 == 3 else f'{a:.2f}'},{b:.2f},"
                    f"{'T' if i % 30 == 5 else '0.00' if i % 9 else '0.01'}"
                ),
                "station,valid,tmpf,dwpf,p01i\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 60, "some": ["tmpf", "dwpf"], "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "GHCN: station, day, element, value, no heading",
        (
            table(
                lambda i, a, b: "\n".join(
                    f"USW00094728,{when(1440 * i):%Y%m%d},{name},{value:.0f},,,W,2400"
                    for name, value in (("TMAX", a * 10), ("TMIN", b * 10))
                )
            ),
            {"rows": ROWS, "layout": "long", "channels": ["TMAX", "TMIN"], "step": 86_400, "first_time": "2024-03-04"},
        ),
    )
    yield (
        "ISD lite: year, month, day, hour in fixed width, −9999",
        (
            table(
                lambda i, a, b: (
                    f"{when(60 * i):%Y %m %d %H}{a * 10:6.0f}{b * 10:6.0f}{10132 + a:6.0f}"
                    f"{-9999 if i % 30 == 4 else 90:6d}"
                )
            ),
            {"rows": ROWS, "layout": "moments", "step": 3600, "first_time": "2024-03-04T06:00", "count": 4},
        ),
    )
    yield (
        "a home weather station: the moment twice, units in brackets",
        (
            table(
                lambda i, a, b: f'"{when(5 * i):%Y-%m-%dT%H:%M:%S}-05:00","{when(5 * i)}","{a:.1f}","{b:.1f}"',
                '"Date","Simple Date","Outdoor Temperature (°F)","Wind Speed (mph)"\n',
            ),
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 300,
                "channels": ["Outdoor Temperature", "Wind Speed"],
                "units": ["°F", "mph"],
            },
        ),
    )
    yield (
        "BOM: product code, station, year, month, day, a quality of letters",
        (
            table(
                lambda i, a, b: (
                    f"IDCJAC0009,066062,{when(1440 * i):%Y,%m,%d},{'' if i % 50 == 7 else f'{b:.1f}'},"
                    f"{1 if i % 50 != 7 else ''},Y"
                ),
                "Product code,Bureau of Meteorology station number,Year,Month,Day,Rainfall amount (millimetres),"
                "Period over which rainfall was measured (days),Quality\n",
            ),
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 86_400,
                "first_time": "2024-03-04",
                "some": ["Rainfall amount"],
            },
        ),
    )
    yield (
        "KNMI: remarks, # before the names, hours 1 to 24",
        (
            "# SOURCE: KNMI\n# T  : Temperature (in 0.1 degrees Celsius)\n#\n# STN,YYYYMMDD,   HH,    T,   FH\n#\n"
            + table(
                lambda i, a, b: f"  260,{when(60 * i - 60 - 300):%Y%m%d},{(i % 24) + 1:5d},{a * 10:5.0f},{b * 10:5.0f}"
            ),
            {"rows": ROWS, "layout": "moments", "step": 3600, "some": ["T", "FH"]},
        ),
    )
    yield (
        "a date and a whole hour",
        (
            table(
                lambda i, a, b: f"{when(60 * i):%Y-%m-%d},{when(60 * i).hour},{a:.1f},{b:.1f}", "date,hour,temp,flow\n"
            ),
            {**WIDE, "step": 3600},
        ),
    )
    yield (
        "Japanese: when it was downloaded, place and quantity in lines of their own, quality beside",
        (
            table(
                lambda i, a, b: (
                    f"{when(60 * i).year}/{when(60 * i).month}/{when(60 * i).day} {when(60 * i).hour}:00:00,"
                    f"{a:.1f},8,1,{b:.1f},8,1"
                ),
                "ダウンロードした時刻:2024/03/25 10:00:00\n\n,東京,東京,東京,東京,東京,東京\n"
                "年月日時,気温(℃),気温(℃),気温(℃),風速(m/s),風速(m/s),風速(m/s)\n,,品質情報,均質番号,,品質情報,均質番号\n",
            ).encode("cp932"),
            {"rows": ROWS, "layout": "moments", "step": 3600, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "hourly columns of JSON, units beside",
        (
            json.dumps(
                {
                    "latitude": 52.5,
                    "longitude": 13.4,
                    "hourly_units": {"time": "iso8601", "temp": "°C", "flow": "km/h"},
                    "hourly": {
                        "time": [f"{when(60 * i):%Y-%m-%dT%H:%M}" for i in range(ROWS)],
                        "temp": signals()[0].tolist(),
                        "flow": signals()[1].tolist(),
                    },
                }
            ),
            {**WIDE, "step": 3600},
        ),
    )
