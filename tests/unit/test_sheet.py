"""The report of a scored table: what it says is what was found, and it stands by itself."""

import datetime
import re
from html import unescape
from html.parser import HTMLParser

import numpy as np
import pytest

from ae_core import read_checkpoint
from ae_core.anomaly.findings import findings
from ae_core.anomaly.report import verdict, words
from ae_core.anomaly.sheet import report
from ae_core.anomaly.storage import DETECTION, load_detection
from ae_core.anomaly.thresholds import Rule
from ae_core.io import sheet
from ae_core.runs.folder import shipped_folder


@pytest.fixture(scope="module")
def example():
    checkpoint = read_checkpoint(shipped_folder("plant-nested"))
    return checkpoint, load_detection(checkpoint.folder / DETECTION)


class Balanced(HTMLParser):
    """Every element that is opened is closed, in its order."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.seen.append(tag)
        if tag not in ("meta",):
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.mark.parametrize("rule", [Rule(), Rule("robust", 4), Rule("rolling", 50)])
def test_the_report_says_what_was_found(example, rule):
    html = report(*example, rule, "Pump <1> & 2", datetime.date(2024, 5, 1))
    parser = Balanced()
    parser.feed(html)
    assert parser.open == []
    assert not re.search(r"(?:src|href|url)\s*[=(]|<script", html)  # it stands by itself
    text = unescape(html)
    made = findings(example[1], rule)
    assert "&lt;1&gt; &amp; 2" in html
    for said in (verdict(*example, rule), words(example[1], made, rule), "2024-05-01", str(rule)):
        assert said in text
    table = text.split("flagged stretch")[-1]
    peaks = sorted((each.peak for each in made.intervals), reverse=True)[:30]
    assert all(f"<td>{peak:.3g}</td>" in table for peak in peaks)
    assert ("Measured against" in text) == bool(made.figures)


def test_a_chart_keeps_peaks_and_gaps():
    values = np.zeros(100_000)
    values[50_123] = 7.0
    values[20_000:40_000] = np.nan
    html = sheet.chart([sheet.Line("a", values, "red")], ("0", "99,999"), "a & b", [(10, 20)])
    (path,) = re.findall(r'<path d="([^"]*)"', html)
    assert path.count("M") == 2
    tops = [float(y) for y in re.findall(r"[ML][\d.]+ ([\d.]+)", path)]
    assert min(tops) == 4.0  # the peak is there
    assert len(tops) <= 2 * sheet.POINTS
    assert 'class="s"' in html
    assert "a &amp; b" in html


@pytest.mark.parametrize("values", [np.full(5, np.nan), np.zeros(1), np.full(9, 3.0), np.array([-1.0, 0.0, 1e-9])])
def test_odd_lines_are_drawn(values):
    for logarithmic in (False, True):
        html = sheet.chart([sheet.Line("a", values, "red")], ("", ""), "a", logarithmic=logarithmic)
        assert "nan" not in html
