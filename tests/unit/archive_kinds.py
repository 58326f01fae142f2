"""Files as databases answer, as oscilloscopes and inverters set their settings above the rows, and as old loggers and
archives write without a heading: made here, each with what is right.
"""

import datetime
import json
from collections.abc import Iterator

import numpy as np

from .made_formats import ROWS, Made, signals, table, when

SECONDS = [int(when(i).replace(tzinfo=datetime.UTC).timestamp()) for i in range(ROWS)]
WIDE = {"rows": ROWS, "layout": "moments", "step": 60, "first_time": "2024-03-04T06:00", "channels": ["temp", "flow"]}
LONG = {**WIDE, "layout": "long"}


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for part in (answers, pandas_json, settings, headless, words, classes):
        for name, (text, expect) in part():
            yield name, (text.encode(), expect)


def answers() -> Iterator[tuple[str, Made]]:
    temp, flow = (signal.tolist() for signal in signals())
    both = (("temp", temp), ("flow", flow))
    yield (
        "Prometheus' matrix",
        (
            json.dumps(
                {
                    "status": "success",
                    "data": {
                        "resultType": "matrix",
                        "result": [
                            {
                                "metric": {"__name__": name, "job": "plant"},
                                "values": [[t, str(v)] for t, v in zip(SECONDS, values, strict=True)],
                            }
                            for name, values in both
                        ],
                    },
                }
            ),
            LONG,
        ),
    )
    yield (
        "OpenTSDB's dps",
        (
            json.dumps(
                [
                    {"metric": name, "tags": {"host": "a"}, "dps": dict(zip(map(str, SECONDS), values, strict=True))}
                    for name, values in both
                ]
            ),
            LONG,
        ),
    )
    yield (
        "Graphite's datapoints, the value first, one null",
        (
            json.dumps(
                [
                    {
                        "target": name,
                        "datapoints": [
                            [None if i == 5 else v, t] for i, (t, v) in enumerate(zip(SECONDS, values, strict=True))
                        ],
                    }
                    for name, values in both
                ]
            ),
            {**LONG, "missing": 1 / ROWS},
        ),
    )
    rows = [[f"{when(i).isoformat()}Z", temp[i], flow[i]] for i in range(ROWS)]
    columns = ["time", "temp", "flow"]
    yield (
        "InfluxDB's answer",
        (json.dumps({"results": [{"series": [{"name": "plant", "columns": columns, "values": rows}]}]}), WIDE),
    )
    yield (
        "Elasticsearch's hits",
        (
            json.dumps(
                {
                    "took": 5,
                    "hits": {
                        "total": ROWS,
                        "hits": [
                            {"_id": str(i), "_source": dict(zip(["@timestamp", *columns[1:]], row, strict=True))}
                            for i, row in enumerate(rows)
                        ],
                    },
                }
            ),
            WIDE,
        ),
    )
    yield (
        "InfluxDB's line protocol",
        (
            table(lambda i, a, b: f"plant,host=a\\ b temp={a:.3f},flow={b:.4f} {SECONDS[i]}000000000", "# written\n"),
            LONG,
        ),
    )
    yield (
        "line protocol of one field, whole numbers",
        (table(lambda i, a, b: f"plant temp={round(1000 * a)}i {SECONDS[i]}"), {**WIDE, "channels": ["temp"]}),
    )
    yield (
        "a historian's tags, each value with its quality",
        (
            table(
                lambda i, a, b: (
                    f"T1,{when(i):%d-%b-%y %H:%M:%S},{a:.3f},Good\nF1,{when(i):%d-%b-%y %H:%M:%S},{b:.4f},Good"
                ),
                "Tag,Timestamp,Value,Quality\n",
            ),
            {**LONG, "channels": ["T1", "F1"]},
        ),
    )
    yield (
        "a long table with a label beside each value",
        (
            table(
                lambda i, a, b: (
                    f"{when(i)},temp,{a:.3f},{int(300 <= i < 320)}\n{when(i)},flow,{b:.4f},{int(310 <= i < 320)}"
                ),
                "time,sensor,value,is_anomaly\n",
            ),
            {**LONG, "label": "is_anomaly", "abnormal": 20},
        ),
    )


def pandas_json() -> Iterator[tuple[str, Made]]:
    temp, flow = (signal.tolist() for signal in signals())
    stamps = [1000 * second for second in SECONDS]
    by_column = {"temp": dict(zip(stamps, temp, strict=True)), "flow": dict(zip(stamps, flow, strict=True))}
    yield "pandas: columns of rows", (json.dumps(by_column), WIDE)
    by_row = {t: {"temp": a, "flow": b} for t, a, b in zip(stamps, temp, flow, strict=True)}
    yield "pandas: rows of columns", (json.dumps(by_row), WIDE)
    split = {
        "columns": ["temp", "flow"],
        "index": stamps,
        "data": [list(row) for row in zip(temp, flow, strict=True)],
    }
    yield "pandas: split", (json.dumps(split), WIDE)


def settings() -> Iterator[tuple[str, Made]]:
    yield (
        "Siglent: a setting a line, some of them numbers",
        (
            table(
                lambda i, a, b: f"{-2e-4 + i * 1e-6:.9f},{a:.5f}",
                "Record Length,Analog:400\nSample Interval,0.000001\nVertical Units,V\nVertical Scale,1\n"
                "Horizontal Units,s\nModel Number,SDS\nSource,CH1\nSecond,Volt\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 1e-6, "channels": ["CH1"], "units": ["Volt"]},
        ),
    )
    yield (
        "an inverter's heading: serial numbers, types, kinds and units in lines of their own",
        (
            table(
                lambda i, a, b: f"{when(i):%d/%m/%Y %H:%M:%S};{a:.2f};{b:.2f}".replace(".", ","),
                "sep=;\nVersion CSV1|Tool SE|Delimiter semicolon\n\n;SN: 12;SN: 13\n;temp;flow\n;12;13\n;Pac;Pac\n"
                ";Spot;Spot\ndd/MM/yyyy HH:mm:ss;kW;kW\n",
            ),
            {**WIDE, "units": ["kW", "kW"]},
        ),
    )
    yield (
        "spreadsheet days with too few digits",
        (table(lambda i, a, b: f"{45355.25 + i / 1440:.6f},{a:.3f},{b:.4f}", "DateTime,temp,flow\n"), WIDE),
    )
    yield (
        "names in a comment, dates in one number among them",
        (
            table(lambda i, a, b: f"  {when(1440 * i):%Y%m%d},{a:7.3f},{b:7.4f}", "# from\n# YYYYMMDD,  temp,  flow\n"),
            {**WIDE, "step": 86_400, "first_time": "2024-03-04"},
        ),
    )
    yield (
        "two digits each of year, month and day",
        (table(lambda i, a, b: f"{when(i):%y%m%d,%H%M%S},{a:.3f},{b:.4f}", "YYMMDD,HHMMSS,temp,flow\n"), WIDE),
    )


def headless() -> Iterator[tuple[str, Made]]:
    two = {**WIDE, "count": 2}
    del two["channels"]
    yield (
        "an array of an old logger: its number, year, day of the year, HHMM",
        (
            table(
                lambda i, a, b: (
                    f"101,{when(i):%Y},{when(i).timetuple().tm_yday},{when(i):%H%M},{a:.3f},{b:.4f}".replace(",0", ",")
                )
            ),
            {**two, "count": 3},
        ),
    )
    yield "year, month, day, hour and minute", (table(lambda i, a, b: f"{when(i):%Y %m %d %H %M} {a:.3f} {b:.4f}"), two)
    yield (
        "year, month and day",
        (
            table(lambda i, a, b: f"{when(1440 * i):%Y;%m;%d};{a:.3f};{b:.4f}"),
            {**two, "step": 86_400, "first_time": "2024-03-04"},
        ),
    )
    temp, _ = signals()
    one = {"rows": ROWS, "layout": "moments", "count": 1}
    yield "a signal on one line", (" ".join(f"{value:.7e}" for value in temp), one)
    yield "a signal on one line, with commas", (",".join(f"{value:.3f}" for value in temp) + "\n", one)
    yield (
        "a log without a word before its values",
        (table(lambda i, a, b: f"{when(i):%Y-%m-%dT%H:%M:%SZ} temp={a:.3f} flow={b:.4f}"), WIDE),
    )


def words() -> Iterator[tuple[str, Made]]:
    yield (
        "Chinese: before or after noon, then the time",
        (
            table(
                lambda i, a, b: (
                    f"{when(i).year}/{when(i).month}/{when(i).day} {'上午' if when(i).hour < 12 else '下午'} "
                    f"{when(i):%I:%M:%S},{a:.3f},{b:.4f}"
                ),
                "时间,temp,flow\n",
            ),
            WIDE,
        ),
    )
    yield (
        "a web server's moments",
        (
            table(lambda i, a, b: f"[{when(i):%d/%b/%Y:%H:%M:%S} +0000],{a:.3f},{b:.4f}", "when,temp,flow\n"),
            WIDE,
        ),
    )
    yield (
        "4th March 2024",
        (
            table(lambda i, a, b: f"{when(i).day}th March 2024 {when(i):%H:%M},{a:.3f},{b:.4f}", "date,temp,flow\n"),
            WIDE,
        ),
    )
    yield (
        "the date once a day",
        (
            table(
                lambda i, a, b: (
                    f"{when(5 * i):%d.%m.%Y}" * (i == 0 or when(5 * i).day != when(5 * i - 5).day)
                    + f",{when(5 * i):%H:%M},{a:.3f},{b:.4f}"
                ),
                "Date,Time,temp,flow\n",
            ),
            {**WIDE, "step": 300},
        ),
    )


def classes() -> Iterator[tuple[str, Made]]:
    draw = np.random.default_rng(0)
    kinds = ("setosa", "versicolor", "virginica")
    flowers = "".join(
        ",".join(f"{value:.1f}" for value in draw.normal([5 + i // 50, 3, 1 + 2 * (i // 50)], 0.3))
        + f",{kinds[i // 50]}\n"
        for i in range(150)
    )
    yield "samples sorted by their class", (flowers, {"rows": 150, "layout": "samples", "asked": ["layout"]})
    heading = "label," + ",".join(f"pixel{j}" for j in range(64)) + "\n"
    rows = "".join(
        f"{i % 10}," + ",".join(str(value) for value in draw.integers(0, 256, 64)) + "\n" for i in range(100)
    )
    yield "pixels by number", (heading + rows, {"rows": 100, "layout": "samples"})
