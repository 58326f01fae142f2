"""Ways to write a moment, and label columns: each is read, or a doubt is named; twins are not taken for them."""

import datetime as D

import numpy as np
import pytest

from ae_core.data.csv.reading import read_table

START = D.datetime(2024, 3, 4, 6, 0, 0)
base = START
FRENCH = ["janv", "févr", "mars", "avr", "mai", "juin", "juil", "août", "sept", "oct", "nov", "déc"]
SPANISH = ["ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic"]
es = SPANISH
ROWS = 300


def column(write, step, name):
    """A table with one column of moments."""
    generator, rows = np.random.default_rng(0), [f"{name};temp;flow"]
    for i in range(ROWS):
        moment = START + D.timedelta(seconds=step * i)
        cell = write(moment, i) if callable(write) else moment.strftime(write)
        rows.append(f"{cell};{20 + np.sin(i / 9) + generator.normal() / 9:.3f};{3 + generator.normal() / 9:.3f}")
    return ("\n".join(rows) + "\n").encode()


# name: (how a cell is written, the step in seconds, the heading)
ONE = {
    "iso UTC": (lambda t, i: t.strftime("%Y-%m-%d %H:%M:%S UTC"), 60, "created_at"),
    "iso GMT": (lambda t, i: t.strftime("%Y-%m-%d %H:%M:%S GMT"), 60, "time"),
    "go": (lambda t, i: t.strftime("%Y-%m-%d %H:%M:%S +0000 UTC"), 60, "time"),
    "+0100": (lambda t, i: t.strftime("%Y-%m-%dT%H:%M:%S+0100"), 60, "time"),
    "CET": (lambda t, i: t.strftime("%Y-%m-%d %H:%M:%S CET"), 60, "time"),
    "9 digits": (lambda t, i: t.strftime("%Y-%m-%d %H:%M:%S.123456789"), 60, "time"),
    "matlab text": ("%d-%b-%Y %H:%M:%S", 60, "time"),
    "dd-Mon-yy": ("%d-%b-%y %H:%M:%S", 60, "time"),
    "Mon d, yyyy": (
        lambda t, i: t.strftime("%b ") + f"{t.day}, {t.year} {t.strftime('%I:%M %p').lstrip('0')}",
        60,
        "time",
    ),
    "dd mm yyyy": ("%d %m %Y %H:%M", 600, "Date/Time"),
    "dots": ("%d.%m.%Y %H.%M.%S", 60, "time"),
    "underscore": ("%Y-%m-%d_%H-%M-%S", 60, "time"),
    "14 digits": ("%Y%m%d%H%M%S", 60, "time"),
    "12 digits": ("%Y%m%d%H%M", 60, "time"),
    "10 digits": ("%Y%m%d%H", 3600, "MESS_DATUM"),
    "compact T": ("%Y%m%dT%H%M%S", 60, "time"),
    "a.m.": (
        lambda t, i: (
            f"{t.month}/{t.day}/{t.year} {t.strftime('%I:%M:%S').lstrip('0')} {'a.m.' if t.hour < 12 else 'p.m.'}"
        ),
        600,
        "time",
    ),
    "a. m.": (
        lambda t, i: (
            f"{t.day}/{t.month}/{t.year} {t.strftime('%I:%M:%S').lstrip('0')} {'a. m.' if t.hour < 12 else 'p. m.'}"
        ),
        6000,
        "time",
    ),
    "interval": (
        lambda t, i: t.strftime("%d.%m.%Y %H:%M - ") + (t + D.timedelta(hours=1)).strftime("%d.%m.%Y %H:%M"),
        3600,
        "MTU (CET/CEST)",
    ),
    "interval /": (
        lambda t, i: t.strftime("%Y-%m-%dT%H:%MZ/") + (t + D.timedelta(hours=1)).strftime("%Y-%m-%dT%H:%MZ"),
        3600,
        "interval",
    ),
    "interval slashes": (
        lambda t, i: t.strftime("%d/%m/%Y %H:%M:%S - ") + (t + D.timedelta(hours=1)).strftime("%d/%m/%Y %H:%M:%S"),
        3600,
        "MTU",
    ),
    "ctime": ("%a %b %d %H:%M:%S %Y", 60, "time"),
    "ctime pad": (lambda t, i: t.strftime("%a %b ") + f"{t.day:2} " + t.strftime("%H:%M:%S %Y"), 60, "time"),
    "timedelta": (lambda t, i: f"0 days 00:{i // 120:02}:{i // 2 % 60:02}.{5 * (i % 2)}", 0.5, "time"),
    "excel spoiled": (lambda t, i: f"{i // 120:02}:{i // 2 % 60:02}.{5 * (i % 2)}", 0.5, "time"),
    "datenum": (lambda t, i: f"{739315.25 + i / 1440:.6f}", 60, "Time"),
    "excel serial": (lambda t, i: f"{45355.25 + i / 1440:.6f}", 60, "Date"),
    "julian": (lambda t, i: f"{2460373.75 + i / 1440:.6f}", 60, "JD"),
    "mjd": (lambda t, i: f"{60373.25 + i / 1440:.6f}", 60, "MJD"),
    "1904": (lambda t, i: f"{3792376800 + i:.3f}", 1, "time"),
    "decimal year": (lambda t, i: f"{2024 + i * 3600 / 366 / 86400:.8f}", 3600, "decimal_year"),
    "doy": ("%Y-%j %H:%M", 60, "time"),
    "japanese excel": (lambda t, i: f"{t.year}/{t.month}/{t.day} {t.hour}:{t.minute:02}", 60, "日時"),
    "czech": (lambda t, i: f"{t.day}. {t.month}. {t.year} {t.hour}:{t.minute:02}", 600, "time"),
    "spanish months": (lambda t, i: f"{es[i % 12]}-{24 + i // 12:02}", 2629746, "fecha"),
    "german months": (
        lambda t, i: (
            t.strftime("%d. ")
            + ["Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"][t.month - 1]
            + t.strftime(" %Y %H:%M")
        ),
        3600,
        "Datum",
    ),
    "french": (
        lambda t, i: f"{t.day} {FRENCH[t.month - 1]}. {t.year} {t:%H:%M}".replace("mars.", "mars"),
        3600,
        "Horodatage",
    ),
    "HH:MM:SS:mmm": (lambda t, i: t.strftime("%H:%M:%S:") + f"{i % 2 * 500:03}", 0.5, "time", base),
    "dd/mm/yy HH": ("%d/%m/%y %H", 3600, "time"),
    "yy/mm/dd": ("%y/%m/%d %H:%M:%S", 600, "time"),
    "epoch s": (lambda t, i: f"{1709532000 + 60 * i}", 60, "timestamp"),
    "epoch ms": (lambda t, i: f"{1709532000000 + 60000 * i}", 60, "ts"),
    "epoch us": (lambda t, i: f"{1709532000000000 + 60000000 * i}", 60, "ts"),
    "epoch ns": (lambda t, i: f"{1709532000000000000 + 60000000000 * i}", 60, "time"),
    "epoch float": (lambda t, i: f"{1709532000 + 0.25 * i:.3f}", 0.25, "time"),
    "filetime": (lambda t, i: f"{133540056000000000 + 600000000 * i}", 60, "FileTime"),
    "ticks": (lambda t, i: f"{638451288000000000 + 600000000 * i}", 60, "Ticks"),
    "chinese": (lambda t, i: f"{t.year}年{t.month}月{t.day}日 {t:%H:%M:%S}", 60, "时间"),
    "rfc2822": ("%a, %d %b %Y %H:%M:%S GMT", 60, "time"),
    "db2": ("%Y-%m-%d-%H.%M.%S.000000", 60, "time"),
    "sas": (lambda t, i: t.strftime("%d%b%Y:%H:%M:%S").upper(), 60, "time"),
    "java zoned": ("%Y-%m-%dT%H:%M:%S+01:00[Europe/Berlin]", 60, "time"),
    "12h": ("%m/%d/%Y %I:%M:%S %p", 6000, "time"),
    "m/d/yyyy h:mm": (lambda t, i: f"{t.month}/{t.day}/{t.year} {t.hour}:{t.minute:02}", 6000, "time"),
    "clock only": ("%H:%M:%S", 60, "time"),
    "clock AM": ("%I:%M:%S %p", 60, "time"),
    "iso week?": ("%Y-%m-%d", 86400, "week"),
    "dd.mm.": ("%d.%m.%Y", 86400, "Datum"),
    "repeated seconds": (
        lambda t, i: (base + D.timedelta(seconds=i // 10)).strftime("%Y-%m-%d %H:%M:%S"),
        None,
        "time",
    ),
    "once falling": (
        lambda t, i: (base + D.timedelta(seconds=60 * i - (3600 if i > 150 else 0))).strftime("%Y-%m-%d %H:%M:%S"),
        60,
        "time",
    ),
    "apache": ("%d/%b/%Y:%H:%M:%S +0000", 60, "time"),
    "unix date": ("%a %b %d %H:%M:%S CET %Y", 60, "time"),
}
for nm in [
    "timestamps",
    "DateTime",
    "datetime_utc",
    "recorded_at",
    "Date/Time",
    "TMSTAMP",
    "X",
    "elapsed_time",
    "t_ms",
    "Time_s",
    "Sekunden",
    "Tijdstip",
    "时间",
    "Millis",
    "micros",
    "frame",
    "Elapsed Time (s)",
    "time_sec",
    "sec",
    "t",
    "x-axis",
    "second",
    "Timestamp (ms)",
    "Zeit [s]",
    "seconds_elapsed",
    "Time(s)",
]:
    u = {"t_ms": 1e-3, "Millis": 1e-3, "micros": 1e-6, "Timestamp (ms)": 1e-3}.get(nm, 1)
    ONE["0.0,0.5 " + nm] = (lambda t, i: f"{0.5 * i:.1f}", 0.5 * u, nm)


@pytest.mark.parametrize("name", ONE)
def test_a_moment_in_one_cell(name):
    write, step, heading = ONE[name][:3]
    table = read_table(column(write, step or 1, heading))
    assert table.names == ("temp", "flow")
    assert len(table.about.time_columns) == 1
    assert step is None or table.step == pytest.approx(step, rel=0.03)
    if table.about.clock == "calendar" and name not in ("spanish months", "decimal year", "iso week?"):
        assert str(table.time[0])[:16] in ("2024-03-04T06:00", "2024-03-04T05:00", "2024-03-04T00:00")


# name: (headings, how the cells are written, the step)
TWO = {
    "AM/PM .000": (
        "Date;Time",
        lambda t: (
            f"{t.month}/{t.day}/{t.year};{t.strftime('%I:%M:%S').lstrip('0')}.000 {'AM' if t.hour < 12 else 'PM'}"
        ),
        600,
    ),
    "dots": ("Date;Time", lambda t: t.strftime("%d/%m/%Y;%H.%M.%S"), 3600),
    "HHMM": ("Date;Time", lambda t: t.strftime("%Y-%m-%d;") + f"{t.hour * 100 + t.minute}", 600),
    "HHMM0": ("Date;HHMM", lambda t: t.strftime("%m/%d/%Y;%H%M"), 600),
    ",mmm": ("Date;Time", lambda t: t.strftime("%Y-%m-%d;%H:%M:%S,250"), 60),
    "plain": ("Datum;Uhrzeit", lambda t: t.strftime("%d.%m.%Y;%H:%M:%S"), 60),
    "hour": ("Date;Hour", lambda t: t.strftime("%Y-%m-%d;") + str(t.hour), 3600),
    "hour1-24": (
        "Date;Hour",
        lambda t: (t - D.timedelta(hours=1)).strftime("%Y-%m-%d;") + str((t - D.timedelta(hours=1)).hour + 1),
        3600,
    ),
    "ymd+clock": ("Date;Time", lambda t: t.strftime("%Y%m%d;%H:%M:%S"), 60),
    "ymd+HHMMSS": ("Date;Time", lambda t: t.strftime("%Y%m%d;%H%M%S"), 60),
    "y m d h": ("Year;Month;Day;Hour", lambda t: f"{t.year};{t.month};{t.day};{t.hour}", 3600),
    "y m d h m": (
        "YEAR;MO;DY;HR;MIN".replace("DY", "DAY"),
        lambda t: f"{t.year};{t.month};{t.day};{t.hour};{t.minute}",
        600,
    ),
    "doy hhmm": ("Year;DOY;HHMM", lambda t: f"{t.year};{t.timetuple().tm_yday};{t.hour * 100 + t.minute}", 600),
    "#YY": ("#YY;MM;DD;hh;mm", lambda t: t.strftime("%Y;%m;%d;%H;%M"), 600),
    "clock first": ("Time;Date", lambda t: t.strftime("%H:%M:%S;%Y-%m-%d"), 60),
    "12h": ("date;time", lambda t: t.strftime("%m/%d/%y;%I:%M %p"), 600),
    "date + ms": ("Date;Time;Millisecond", lambda t: t.strftime("%Y-%m-%d;%H:%M:%S;500"), 60),
    "two-digit": ("DATE;TIME", lambda t: t.strftime("%y-%m-%d;%H:%M"), 600),
}


@pytest.mark.parametrize("name", TWO)
def test_a_moment_in_several_cells(name):
    heading, write, step = TWO[name]
    rows = [heading + ";temp;flow"]
    rows += [
        write(START + D.timedelta(seconds=step * i)) + f";{20 + i % 7 / 9:.2f};{3 + i % 11 / 9:.2f}" for i in range(400)
    ]
    table = read_table(("\n".join(rows) + "\n").encode())
    assert (table.names, table.step) == (("temp", "flow"), step)
    assert str(table.time[0])[:16] == "2024-03-04T06:00"


FAULT = np.zeros(400, bool)
FAULT[320:345] = True
A = FAULT


def labelled(name, value):
    generator, rows = np.random.default_rng(0), [f"time,temp,flow,{name}"]
    for i in range(400):
        moment = f"2024-03-04 {6 + i // 60:02}:{i % 60:02}:00"
        rows.append(f"{moment},{20 + generator.normal():.2f},{3 + generator.normal():.2f},{value(i)}")
    return ("\n".join(rows) + "\n").encode()


def two(normal, fault):
    return lambda i: fault if FAULT[i] else normal


# heading, and what tells apart those that are called alike: the values
L = {
    "machine_status": lambda i: "BROKEN" if i == 320 else "RECOVERING" if A[i] else "NORMAL",
    "Normal/Attack": lambda i: ("A ttack" if i % 2 else "Attack") if A[i] else "Normal",
    '"Attack LABLE (1:No Attack, -1:Attack)"': two(1, -1),
    "ATT_FLAG": two(0, 1),
    "ATT_FLAG ": two(-999, 1),
    "class#12": two(1, 2),
    "faultNumber": two(0, 5),
    "attack": two(0, 1),
    "anomaly_label": two(0, 1),
    "fault_type": two("none", "leak"),
    "status#words": two("OK", "NOK"),
    "Pass/Fail": two(-1, 1),
    "y": two(0, 1),
    "Outlier_label": two("n", "o"),
    "Störung": two("nein", "ja"),
    "class#10": two(1, 0),
    "Machine failure": two(0, 1),
    "attack_label": two(0, 1),
    "Label": two("BENIGN", "DDoS"),
    "label#multi": lambda i: [1, 2, 3, 4][i % 4] if A[i] else 0,
    "Fehler": two(0, 1),
    "is_anomaly": two("False", "True"),
    "anomaly#-1": two(1, -1),
    "target": two(0, 1),
    "fault": lambda i: "" if not A[i] else "bearing",
    "condition": two("normal", "faulty"),
    "Label#NA": two("Normal", "Anomaly"),
    "GT": two(0, 1),
    "event": two(0, 1),
    "labels": two("0.0", "1.0"),
    "outlier#yes": two("no", "yes"),
    "defekt": two("FALSCH", "WAHR"),
    "status#0": two(0, 1),
    "alarm": two(0, 1),
    "异常": two(0, 1),
    "state#fault": two("Normal operation", "Fault A"),
    "quality": two("good", "bad"),
    "is_fault": two("N", "Y"),
    "failure_type": two("No Failure", "Heat Dissipation Failure"),
    "Anomaly": two(0, 1),
    "category": two("healthy", "inner race"),
}


@pytest.mark.parametrize("name", L)
def test_a_label_column(name):
    table = read_table(labelled(name.split("#")[0], L[name]))
    assert table.label is not None
    np.testing.assert_array_equal(table.label, FAULT)
    assert table.names == ("temp", "flow")


rng = np.random.default_rng(1)
T = {
    "valve": two(0, 1),
    "pump_status": two(0, 1),
    "mode": lambda i: i // 100,
    "door open": two(0, 1),
    "class_temp": lambda i: 20 + i % 7,
    "level": lambda i: i % 3,
    "setpoint": two(0, 1),
    "target_temp": two(20, 22),
    "label_pos": lambda i: f"{rng.normal():.3f}",
    "alarm_limit": lambda i: 5,
    "state": lambda i: i // 50 % 3,
    "status": lambda i: 0,
    "y": lambda i: f"{rng.normal():.2f}",
    "target": lambda i: f"{rng.normal():.2f}",
}


@pytest.mark.parametrize("name", T)
def test_no_label(name):
    table = read_table(labelled(name, T[name]))
    assert table.label is None
    assert name in table.names


@pytest.mark.parametrize("heading", ["mode of pump", "valve", "pump status"])
def test_a_person_says_which_values_are_normal(heading):
    data = labelled(heading, two("run", "halt"))
    table = read_table(data, label=heading, normal_values="run")
    np.testing.assert_array_equal(table.label, FAULT)
    assert not [doubt for doubt in table.about.doubts if doubt.what == "label"]
