"""Files as laboratories of physiology, sports watches and small loggers write them, made here: each with what i"
"s right."""

from collections.abc import Iterator

from .made_formats import ROWS, Made, table, when
from .real_kinds import comma

TWO = {"rows": ROWS, "layout": "moments"}


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for part in (physiology, loggers):
        for name, (text, expect) in part():
            yield name, (text if isinstance(text, bytes) else text.encode(), expect)


def physiology() -> Iterator[tuple[str, Made]]:
    yield (
        "LabChart: a word and = before each line above, the start as a spreadsheet's day",
        (
            table(
                lambda i, a, b: f"{i * 0.001:.3f}\t{a:.4f}\t{b:.4f}",
                "Interval=\t0.001 s\nExcelDateTime=\t4.5355250000000000e+04\t04/03/2024 06:00:00.000\nTimeFormat"
                "=\tStartOfBlock\n"
                "DateFormat=\t\nChannelTitle=\tECG\tBP\nRange=\t10.000 mV\t200.0 mmHg\n",
            ),
            {**TWO, "channels": ["ECG", "BP"], "step": 0.001},
        ),
    )
    yield (
        "AcqKnowledge: a line for each name and each unit, the number of rows below",
        (
            table(
                lambda i, a, b: f"{a:.4f}\t{b:.4f}\t",
                "rest.acq\n1 msec/sample\n2 channels\nECG\nmV\nRESP\nVolts\nCH1\tCH2\t\n400\t400\t\n",
            ),
            {**TWO, "channels": ["ECG", "RESP"], "units": ["mV", "Volts"], "step": 0.001},
        ),
    )
    yield (
        "OpenSignals: JSON in a remark",
        (
            table(
                lambda i, a, b: f"{i % 16}\t0\t{a * 20:.0f}\t{b * 90:.0f}\t",
                '# OpenSignals Text File Format\n# {"00:07": {"sampling rate": 100, "resolution": [4, 1, 10, 10], '
                '"column": ["nSeq", "I1", "A1", "A2"], "date": "2024-3-4", "time": "6:0:0.0"}}\n# EndOfHeader\n',
            ),
            {**TWO, "count": [2, 3, 4]},
        ),
    )
    yield (
        "a pulse oximeter: the time of day before the day",
        (
            table(
                lambda i, a, b: f"{when(i, 4):%H:%M:%S %d/%m/%Y},{a * 4.5:.0f},{b * 20:.0f},{i % 3}",
                "Time,Oxygen Level,Pulse Rate,Motion\n",
            ),
            {**TWO, "step": 4, "channels": ["Oxygen Level", "Pulse Rate", "Motion"]},
        ),
    )
    yield (
        "a heart-rate monitor's sections, one value a row",
        (
            "[Params]\nVersion=106\nMonitor=12\nDate=20240304\nStartTime=06:00:00.0\nInterval=1\n\n[Note]\n\n[HRData]\n"
            + table(lambda i, a, b: f"{a * 4:.0f}"),
            {**TWO, "count": 1},
        ),
    )
    yield (
        "EMG: a clock beside each sensor, of other rates",
        (
            table(
                lambda i, a, b: f"{i * 0.001:.4f},{a:.5f}," + (f"{i * 0.01:.4f},{b:.5f}" if i < 40 else ","),
                "X[s],EMG 1,X[s],ACC 1\n",
            ),
            {"rows": ROWS, "some": ["EMG 1"], "step": 0.001},
        ),
    )


def loggers() -> Iterator[tuple[str, Made]]:
    yield (
        "Netatmo: station above, seconds since 1970 and a moment with its zone in the heading",
        (
            table(
                lambda i, a, b: f'{1709532000 + 300 * i};"{when(5 * i):%Y/%m/%d %H:%M:%S}";{a:.1f};{b * 10:.0f}',
                'Name;Long;Lat;ModuleName;ModuleType\n"home";11.5;48.1;"outdoor";"NAModule1"\n'
                'Timestamp;"Timezone : Europe/Berlin";Temperature;Humidity\n',
            ),
            {**TWO, "step": 300, "channels": ["Temperature", "Humidity"]},
        ),
    )
    yield (
        "a power analyser: the day above, times of day with commas",
        (
            table(
                lambda i, a, b: f"{when(i, 1):%H:%M:%S},{a * 11:.1f},{b:.3f}".replace(",", ";").replace(".", ","),
                "Messgerät;UMG 604\nDatum;04.03.2024\nSeriennummer;4711\n\nUhrzeit;U L1 [V];I L1 [A]\n",
            ),
            {**TWO, "step": 1, "channels": ["U L1", "I L1"], "units": ["V", "A"]},
        ),
    )
    yield (
        "registers by number",
        (
            table(lambda i, a, b: f"{when(i)},{a * 100:.0f},{b * 1000:.0f}", "timestamp,40001,40003\n"),
            {**TWO, "step": 60, "channels": ["40001", "40003"]},
        ),
    )
    yield (
        "the clock put forward in spring, without a zone",
        (
            table(
                lambda i, a, b: f"31.03.2024 {(i // 4) + (i >= 8):02d}:{i % 4 * 15:02d};" + comma(f"{a:.3f};{b:.4f}"),
                "Zeit;temp;flow\n",
                rows=92,
            ),
            {"rows": 92, "layout": "moments", "step": 900, "first_time": "2024-03-31T00:00"},
        ),
    )
    yield (
        "a CNC's log: hours, minutes, seconds and milliseconds with colons, G-code beside",
        (
            table(
                lambda i, a, b: (
                    f"{when(i, 0.1):%H:%M:%S}:{i % 10 * 100:03d}\t{a:.3f}\t{b:.4f}\tN{i // 9 * 10} G01 X{i}"
                ),
                "Time\tSpindleLoad\tXLoad\tBlock\n",
            ),
            {**TWO, "step": 0.1, "channels": ["SpindleLoad", "XLoad"]},
        ),
    )
