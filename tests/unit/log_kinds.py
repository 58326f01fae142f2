"""Files as servers, laboratories and factories write them, made here: each with what is right."""

from collections.abc import Iterator

import numpy as np

from .made_formats import ROWS, Made, signals, table, when
from .trade_kinds import LONG, SECONDS, WIDE


def kinds() -> Iterator[tuple[str, tuple[bytes, dict]]]:
    """(name, (bytes, expected))"""
    for part in (servers, laboratories, factories):
        for name, (text, expect) in part():
            yield name, (text if isinstance(text, bytes) else text.encode(), expect)


def servers() -> Iterator[tuple[str, Made]]:
    yield (
        "sar: the heading now and then, averages at the end",
        (
            "Linux 5.15.0 (host) \t03/04/2024 \t_x86_64_\t(4 CPU)\n"
            + "".join(
                f"\n{when(10 * i):%I:%M:%S %p}     CPU     %user   %system     %idle\n" * (i % 40 == 0)
                + f"{when(10 * i + 10):%I:%M:%S %p}     all  {a:8.2f}  {b:8.2f}  {100 - a - b:8.2f}\n"
                for i, (a, b) in enumerate(zip(*signals(), strict=True))
                if i < 80
            )
            + "\nAverage:        all     20.00      3.00     77.00\n",
            {"rows": 80, "layout": "moments", "step": 600, "some": ["%user", "%system", "%idle"]},
        ),
    )
    yield (
        "vmstat: groups above the names, the moment last",
        (
            "procs -----------memory---------- ---swap-- -----io---- -system-- ------cpu----- -----timestamp-----\n"
            " r  b   swpd   free   buff  cache   si   so    bi    bo   in   cs us sy id wa st                 UTC\n"
            + table(
                lambda i, a, b: (
                    f" 1  0      0 {int(a * 1000)}  {int(b * 100)} 4000    0    0     5    {i % 7}  100  {200 + i % 9}"
                    f"  {int(a)}  {int(b)} 70  0  0 {when(i, 1):%Y-%m-%d %H:%M:%S}"
                )
            ),
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 1,
                "first_time": "2024-03-04T06:00",
                "some": ["free", "buff", "bo", "us"],
            },
        ),
    )
    yield (
        "dstat: who made it above, groups over the names",
        (
            '"Dstat 0.7.3 CSV output"\n"Author:","Dag <dag@example.org>",,,,"URL:","http://example.org/"\n"Host:'
            '","h",,,,"User:","u"\n'
            '"Cmdline:","dstat",,,,"Date:","04 Mar 2024 06:00:00 UTC"\n\n"epoch","total cpu usage",,"net/total",'
            '\n"epoch","usr","sys","recv","send"\n'
            + table(lambda i, a, b: f"{SECONDS[0] + i}.123,{a:.3f},{b:.3f},{a * 9:.3f},{b * 9:.3f}"),
            {"rows": ROWS, "layout": "moments", "step": 1, "first_time": "2024-03-04T06:00", "count": 4},
        ),
    )
    yield (
        "Windows' performance counters: the zone in the first heading, a blank first row",
        (
            '"(PDH-CSV 4.0) (W. Europe Standard Time)(-60)","\\\\HOST\\Processor(_Total)\\% Processor Time","'
            '\\\\HOST\\Memory\\Available MBytes"\n'
            + table(
                lambda i, a, b: (
                    f'"{when(i, 15):%m/%d/%Y %H:%M:%S}.123","{" " if i == 0 else f"{a:.12f}"}","{b * 1000:.0f}"'
                )
            ),
            {"rows": ROWS, "layout": "moments", "step": 15, "asked": ["day_first"], "count": 2},
        ),
    )
    yield (
        "nvidia-smi: units in the heading and in each cell",
        (
            table(
                lambda i, a, b: f"{when(i, 1):%Y/%m/%d %H:%M:%S}.000, {a:.0f} %, {b * 1000:.0f} MiB, {a * 3:.2f} W",
                "timestamp, utilization.gpu [%], memory.used [MiB], power.draw [W]\n",
            ),
            {
                "rows": ROWS,
                "layout": "moments",
                "step": 1,
                "first_time": "2024-03-04T06:00",
                "units": ["%", "MiB", "W"],
            },
        ),
    )
    yield (
        "HWiNFO: a comma at each end, Yes and No, the heading again at the end",
        (
            (head := 'Date,Time,"CPU [°C]","Core Clock [MHz]","Throttling [Yes/No]",\n')
            + table(
                lambda i, a, b: (
                    f"{when(i, 2).day}.{when(i, 2).month}.{when(i, 2).year},{when(i, 2).hour}:"
                    f"{when(i, 2).minute}:{when(i, 2).second}.5,{a:.1f},{b * 1000:.1f},"
                    f"{'Yes' if 50 < i < 60 else 'No'},"
                )
            )
            + head
            + ",,CPU,Core 0,Core 0,\n",
            {"rows": ROWS, "layout": "moments", "step": 2, "some": ["CPU", "Core Clock"]},
        ),
    )
    yield (
        "GPU-Z: blanks around each name and cell",
        (
            table(
                lambda i, a, b: f"{when(i, 1):%Y-%m-%d %H:%M:%S} , {a:8.1f} , {b:9.4f} , ",
                "        Date        , GPU Temperature [°C] , Fan Speed (%) [%] ,\n",
            ).encode("latin-1"),
            {"rows": ROWS, "layout": "moments", "step": 1, "count": 2, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "paths above the names",
        (
            ",/intelcpu/0/load/1,/intelcpu/0/temperature/4\nTime,CPU Core #1,CPU Package\n"
            + table(lambda i, a, b: f"{when(i, 1):%m/%d/%Y %H:%M:%S},{a:.4f},{b:.4f}"),
            {"rows": ROWS, "layout": "moments", "step": 1, "count": 2, "asked": ["day_first"]},
        ),
    )
    yield (
        "CloudWatch: ids and labels in lines of their own",
        (
            "Full label,CPUUtilization,NetworkIn\nId,m1,m2\nLabel,temp,flow\n"
            + table(lambda i, a, b: f"{when(5 * i):%Y/%m/%d %H:%M:%S},{a:.4f},{b:.4f}"),
            {"rows": ROWS, "layout": "moments", "step": 300, "count": 2, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "psql: lines and a count below",
        (
            "         ts          |  temp  |  flow  \n---------------------+--------+--------\n"
            + table(lambda i, a, b: f" {when(i)} | {a:.3f} | {b:.4f}")
            + "(400 rows)\n\n",
            WIDE,
        ),
    )
    yield (
        "MySQL: a frame of + and -",
        (
            (line := "+---------------------+--------+--------+\n")
            + "| ts                  | temp   | flow   |\n"
            + line
            + table(lambda i, a, b: f"| {when(i)} | {a:.3f} | {b:.4f} |")
            + line
            + "400 rows in set (0.00 sec)\n",
            WIDE,
        ),
    )
    yield (
        "Markdown",
        (
            "| time | temp | flow |\n|:-----|-----:|-----:|\n"
            + table(lambda i, a, b: f"| {when(i)} | {a:.3f} | {b:.4f} |"),
            WIDE,
        ),
    )
    yield (
        "Java's ZonedDateTime",
        (
            table(
                lambda i, a, b: f"{when(i):%Y-%m-%dT%H:%M:%S}+01:00[Europe/Paris],{a:.3f},{b:.4f}", "time,temp,flow\n"
            ),
            {**WIDE, "first_time": "2024-03-04T0"},
        ),
    )


def laboratories() -> Iterator[tuple[str, Made]]:
    yield (
        "BenchLink: UTF-16, channels listed above, a colon before the milliseconds",
        (
            (
                "\n".join(
                    [
                        "Name:\tConfig 1",
                        "Owner:\t",
                        "Acquisition Date:\t3/4/2024 6:00:00 AM",
                        "Total Channels:\t2",
                        "",
                        "Channel\tName\tFunction\tRange\tScale",
                        "101\ttemp\tTemp (Type K)\tAuto\tTRUE",
                        "102\tflow\tDC voltage\tAuto\tTRUE",
                        "",
                        "Scan\tTime\t101 <temp> (C)\t102 <flow> (VDC)",
                        "",
                    ]
                )
                + table(lambda i, a, b: f"{i + 1}\t{when(i, 10):%m/%d/%Y %H:%M:%S}:123\t{a:.4f}\t{b:.5f}")
            ).encode("utf-16"),
            {"rows": ROWS, "layout": "moments", "step": 10, "count": 2, "asked": ["day_first"]},
        ),
    )
    yield (
        "Gamry: a tab before each line, names and units",
        (
            "EXPLAIN\nTAG\tCHRONOA\nTITLE\tLABEL\tChrono\tTest\nDATE\tLABEL\t3/4/2024\tDate\nCURVE\tTABLE\t400\n"
            "\tPt\tT\tVf\tIm\n\t#\ts\tV vs. Ref.\tA\n"
            + table(lambda i, a, b: f"\t{i}\t{i * 0.5:.2f}\t{a:.5E}\t{b:.5E}"),
            {"rows": ROWS, "layout": "moments", "step": 0.5, "channels": ["Vf", "Im"], "units": ["V vs. Ref.", "A"]},
        ),
    )
    yield (
        "Arbin: point, test time, moment, step, cycle",
        (
            table(
                lambda i, a, b: (
                    f"{i + 1},{i * 10:.4f},{when(i, 10):%m/%d/%Y %H:%M:%S}.000,{1 + i // 100},1,{a:.5f},{b:.5f}"
                ),
                "Data_Point,Test_Time(s),Date_Time,Step_Index,Cycle_Index,Current(A),Voltage(V)\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 10, "some": ["Current", "Voltage"], "asked": ["day_first"]},
        ),
    )
    yield (
        "a chromatogram: sections, a rate, minutes",
        (
            "[Header]\nApplication Name\tLabSolutions\n\n[LC Chromatogram(Detector A-Ch1)]\nInterval(msec)\t500"
            "\n# of Points\t400\n"
            "Intensity Units\tmV\nR.Time (min)\tIntensity\n" + table(lambda i, a, b: f"{i / 120:.5f}\t{a * 100:.0f}"),
            {"rows": ROWS, "layout": "moments", "step": 0.5, "channels": ["Intensity"]},
        ),
    )
    yield (
        "a spectrum: settings, begin, wavelength and counts",
        (
            "Data from s1.txt Node\n\nDate: Mon Mar 04 06:00:00 CET 2024\nUser: a\nIntegration Time (sec): 1.0E-1\n"
            "Number of Pixels in Spectrum: 400\n>>>>>Begin Spectral Data<<<<<\n"
            + table(lambda i, a, b: f"{339.24 + i * 0.38 - i * i * 1e-5:.3f}\t{a * 100:.2f}"),
            {"rows": ROWS, "layout": "moments", "count": [1, 2]},
        ),
    )
    yield (
        "seismic: a heading line, six values a line",
        (
            "TIMESERIES IU_ANMO_00_BHZ_M, 402 samples, 20 sps, 2024-03-04T06:00:00.000000, SLIST, INTEGER, Counts\n"
            + "".join(
                "".join(f"{int(1000 * np.sin((6 * i + j) / 9)):12d}" for j in range(6)) + "\n" for i in range(67)
            ),
            {"rows": 402, "layout": "moments", "count": 1, "step": 0.05, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "strong motion: NPTS and DT above, five values a line",
        (
            "PEER NGA STRONG MOTION DATABASE RECORD\nTown, 3/4/2024, Station, 90\nACCELERATION TIME SERIES IN UN"
            "ITS OF G\n"
            "NPTS=    400, DT=   .0050 SEC,\n"
            + "".join("".join(f"{np.sin((5 * i + j) / 9):15.7E}" for j in range(5)) + "\n" for i in range(80)),
            {"rows": 400, "layout": "moments", "count": 1, "step": 0.005},
        ),
    )
    yield (
        "seismic: pairs of moment and value",
        (
            "TIMESERIES IU_ANMO_00_BHZ_M, 400 samples, 20 sps, 2024-03-04T06:00:00.000000, TSPAIR, INTEGER, Counts\n"
            + table(lambda i, a, b: f"{when(i, 0.05):%Y-%m-%dT%H:%M:%S.%f}  {int(a * 50)}"),
            {"rows": ROWS, "layout": "moments", "count": 1, "step": 0.05, "first_time": "2024-03-04T06:00"},
        ),
    )
    yield (
        "a balance: S S, the value, g",
        (
            table(lambda i, a, b: f"S S   {a:9.3f} g"),
            {"rows": ROWS, "layout": "moments", "count": 1, "first": 20},
        ),
    )
    yield (
        "a multimeter: reading, unit, moment",
        (
            table(
                lambda i, a, b: f"{i + 1},{a:.6E},Volt DC,{when(i, 1):%m/%d/%Y %I:%M:%S.000 %p}",
                "Index,Reading,Unit,Timestamp\n",
            ),
            {"rows": ROWS, "layout": "moments", "step": 1, "channels": ["Reading"], "first_time": "2024-03-04T06:00"},
        ),
    )


def factories() -> Iterator[tuple[str, Made]]:
    yield (
        "Kepware: _NAME, _VALUE, _TIMESTAMP",
        (
            "_NUMERICID,_NAME,_VALUE,_TIMESTAMP,_QUALITY\n"
            + table(lambda i, a, b: f"0,Line1.temp,{a:.3f},{when(i)}.123,192\n1,Line1.flow,{b:.4f},{when(i)}.123,192"),
            {**LONG, "channels": ["Line1.temp", "Line1.flow"]},
        ),
    )
    yield (
        "TwinCAT: a clock beside each channel",
        (
            "Name\ttemp\tName\tflow\nSampleTime[ms]\t10\tSampleTime[ms]\t10\nUnit\t°C\tUnit\tl/min\n\n"
            + table(lambda i, a, b: f"{i * 10}\t{a:.4f}\t{i * 10}\t{b:.4f}"),
            {"rows": ROWS, "layout": "moments", "step": 0.01, "channels": ["temp", "flow"]},
        ),
    )
    yield (
        "a table in HTML that calls itself xls",
        (
            "<html><body><table border=1><tr><th>Time</th><th>temp</th><th>flow</th></tr>\n"
            + table(lambda i, a, b: f"<tr><td>{when(i)}</td><td>{a:.3f}</td><td>{b:.4f}</td></tr>")
            + "</table></body></html>",
            WIDE,
        ),
    )
    yield (
        "bearings: hour, minute, second, microsecond, two axes",
        (
            table(
                lambda i, a, b: (
                    f"{when(0).hour},{39 + i // 300},{i // 5 % 60},"
                    f"{65664 + i % 5 * 200_000 if i % 5 < 4 else 865664},{a:.3f},{b:.3f}"
                )
            ),
            {"rows": ROWS, "doubtful_or": {"count": 2}},
        ),
    )
    yield (
        "SKAB: semicolons, two labels",
        (
            table(
                lambda i, a, b: f"{when(i, 1)};{a:.5f};{b:.5f};{float(300 <= i < 330)};{float(i in (300, 330))}",
                "datetime;temp;flow;anomaly;changepoint\n",
            ),
            {**WIDE, "step": 1, "label": "anomaly", "abnormal": 30},
        ),
    )
    yield (
        "AI4I: the failure and its five kinds",
        (
            "UDI,Product ID,Type,Air temperature [K],Rotational speed [rpm],Torque [Nm],Machine failure,TWF,HDF,"
            "PWF,OSF,RNF\n"
            + table(
                lambda i, a, b: (
                    f"{i + 1},{'LMH'[i % 3]}{14860 + i},{'LMH'[i % 3]},{a + 280:.1f},{1500 + 9 * b:.0f},{a * 2:.1f},"
                    f"{int(i % 40 == 7)},{int(i % 80 == 7)},{int(i % 80 == 47)},0,0,0"
                )
            ),
            {"rows": ROWS, "layout": "any", "label": "Machine failure", "abnormal": 10, "without": ["TWF", "HDF"]},
        ),
    )
    yield (
        "steel: tabs, no names, kinds of fault one-hot at the end",
        (
            "".join(
                "\t".join(
                    [
                        *(f"{v:.3f}" for v in np.random.default_rng(i).normal(size=8)),
                        *("1" if i % 3 == k else "0" for k in range(3)),
                    ]
                )
                + "\n"
                for i in range(300)
            ),
            {"rows": 300, "doubtful": True},
        ),
    )
    yield (
        "libsvm: class, then index:value",
        (
            "".join(
                f"{1 + i % 3} "
                + " ".join(f"{j + 1}:{v:.6f}" for j, v in enumerate(np.random.default_rng(i).normal(size=10)))
                + "\n"
                for i in range(200)
            ),
            {"rows": 200, "layout": "samples", "count": 10},
        ),
    )
    yield (
        "card payments: seconds that repeat, a quoted class",
        (
            '"Time","V1","V2","Amount","Class"\n'
            + table(lambda i, a, b: f'{i // 2},{a:.5f},{b:.5f},{a * b:.2f},"{int(i % 100 == 50)}"'),
            {"rows": ROWS, "layout": "any", "label": "Class", "abnormal": 4},
        ),
    )
    yield (
        "water quality: row names, NA, EVENT",
        (
            '"","Time","Tp","Cl","EVENT"\n'
            + table(
                lambda i, a, b: (
                    f'"{i + 1}",{when(i)},{"NA" if i % 60 == 3 else f"{a:.2f}"},{b:.3f},'
                    f"{'TRUE' if 200 <= i < 215 else 'FALSE'}"
                )
            ),
            {"rows": ROWS, "layout": "moments", "step": 60, "channels": ["Tp", "Cl"], "label": "EVENT", "abnormal": 15},
        ),
    )
    yield (
        "activity: seconds, a class, NaN, no names",
        (
            table(
                lambda i, a, b: (
                    f"{8.38 + i * 0.01:.2f} {(0, 1, 17, 0)[i // 100]} {'NaN' if i % 11 else 104} {a:.4f} {b:.5f}"
                    f" {a - b:.4f}"
                )
            ),
            {"rows": ROWS, "layout": "moments", "step": 0.01},
        ),
    )
