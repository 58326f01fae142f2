"""Planted faults, one at a time, each with the test files that must notice it.

    python -m tests.faults.faults [NAME …] [--whole] [--without] [--out FILE]

No test, and not collected as one: it runs some of them on a copy of this tree. `before.json` says what was caught
before the modules were moved and the tests cut; whoever moves or cuts runs it again, and nothing that was caught may be
missed. A snippet whose file was moved is found where it is now. Where it is not there any more (it is said), `what`
tells what to look for, and `old` and `new` are written anew; `tests` and `k` follow tests that get another name.

--whole runs the test files whole, also where a fault names the tests that suffice. --without runs the same tests
without any fault, and all must pass: otherwise "caught" means nothing.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
LIMIT = 300  # seconds for the tests of one fault
COMPONENTS = "pages/components"


@dataclass(frozen=True)
class Fault:
    """Replace `old`, which stands once in `file`, by `new`.

    tests: files that should notice; k: those in them that suffice, as pytest's -k.
    """

    name: str
    what: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]
    k: str = ""


FAULTS = (
    # ---- the core ----
    Fault(
        "kl-sign",
        "the log-variance enters the closed KL to N(0, I) with the wrong sign",
        "ae_core/sockets/penalty.py",
        "return -0.5 * (1 + logvar - mu.square()",
        "return -0.5 * (1 - logvar - mu.square()",
        ("tests/unit/test_autoencoder.py",),
        "closed_form",
    ),
    Fault(
        "windows-last",
        "the last window of a signal is never cut",
        "ae_core/data/csv/windows.py",
        "len(values) - length + 1, stride",
        "len(values) - length, stride",
        ("tests/unit/test_csv_windows.py",),
        "windows",
    ),
    Fault(
        "pca-uncentred",
        "PCA encodes without taking the mean away",
        "ae_core/pca.py",
        "(x.flatten(1) - self.mean) @",
        "x.flatten(1) @",
        ("tests/unit/test_pca.py",),
    ),
    Fault(
        "quantile-lower",
        "the quantile of the held-out scores is the next lower score instead of between two",
        "ae_core/anomaly/thresholds.py",
        "return float(np.quantile(held, share))",
        'return float(np.quantile(held, share, method="lower"))',
        ("tests/unit/test_anomaly.py",),
    ),
    Fault(
        "decimal-comma",
        "of 1.234,5 the first sign is taken for the decimal one, not the last",
        "ae_core/data/csv/cells.py",
        "votes[signs[-1]] += 1",
        "votes[signs[0]] += 1",
        ("tests/unit/test_csv.py", "tests/unit/test_csv_dialects.py"),
        "odd_files or dialect",
    ),
    Fault(
        "clock-back",
        "the hour that comes twice when clocks are put back is no cut: windows cross it",
        "ae_core/data/csv/resample.py",
        " | (between * forward < 0))",
        ")",
        ("tests/unit/test_csv_windows.py", "tests/unit/test_detector.py"),
        "filling or jump",
    ),
    Fault(
        "stretch-end",
        "a flagged stretch ends before its last row",
        "ae_core/anomaly/thresholds.py",
        "int(rows[a]), int(rows[b]) + 1",
        "int(rows[a]), int(rows[b])",
        ("tests/unit/test_anomaly.py",),
    ),
    Fault(
        "nested-cut",
        "nested dropout keeps a number too many",
        "ae_core/sockets/bottleneck.py",
        "torch.arange(size, device=h.device) < n_active)",
        "torch.arange(size, device=h.device) <= n_active)",
        ("tests/unit/test_autoencoder.py",),
        "ordered",
    ),
    Fault(
        "vus-buffer",
        "VUS-PR's borders reach the whole length to each side instead of half of it",
        "ae_core/anomaly/metrics.py",
        "half = length // 2",
        "half = length",
        ("tests/unit/test_ranking.py",),
    ),
    Fault(
        "resume-moments",
        "a resumed training starts with Adam's moments at 0",
        "ae_core/training/loop.py",
        "self.optimizer.state[name].copy_(value)",
        "self.optimizer.state[name].zero_()",
        ("tests/unit/test_training.py", "tests/net/test_folders.py"),
        "resumed or stopped_run",
    ),
    Fault(
        "zip-paths",
        "a part of a zip is taken whatever folders stand in its name",
        "ae_core/runs/archive.py",
        ' or len(folders) > 1 or {"", "..", "."}.intersection(folders)',
        "",
        ("tests/unit/test_archive.py",),
        "foreign_zip",
    ),
    # ---- the pages ----
    Fault(
        "link-overshoot",
        "a morph's t beyond its ends is refused where overshooting is on, and taken where it is off",
        "pages/sections/interpolate/link.py",
        "high=lambda overshoot: 1.5 if overshoot else 1.0",
        "high=lambda overshoot: 1.0 if overshoot else 1.5",
        ("tests/pages/test_interpolate.py", "tests/net/test_links.py"),
        "link",
    ),
    Fault(
        "click-lost",
        "the page hears of a run's end before the fragment has run: a click on Stop in that very run is lost",
        "pages/session/polling.py",
        """show()  # first: whatever was clicked in there would be lost with a run that ends before
        if busy() != (seconds is not None) or (seconds and period() != seconds):
            st.rerun()""",
        """if busy() != (seconds is not None) or (seconds and period() != seconds):
            st.rerun()
        show()""",
        ("tests/pages/test_pages.py",),
        "click",
    ),
    Fault(
        "owner-shared",
        "all browsers without a login have one and the same owner",
        "pages/session/identity.py",
        'f"browser\\n{_token()}"',
        '"browser"',
        ("tests/pages/test_private.py",),
        "not browsers and not cookies",
    ),
    Fault(
        "choice-unsaved",
        "a page forgets which model was chosen on it as soon as one looks at another page",
        "pages/ui/link/widgets.py",
        """label_visibility="collapsed", persist_state="session"
    )
    set_query_params({parameter""",
        """label_visibility="collapsed"
    )
    set_query_params({parameter""",
        ("tests/browser/test_browser.py",),
        "each_page_keeps",
    ),
    Fault(
        "wrong-data",
        "two models count as made of the same data whatever their data are",
        "pages/session/models.py",
        "return (a.config.data, a.config.source, a.shape) == (b.config.data, b.config.source, b.shape)",
        "return a.shape is not b.shape",
        ("tests/pages/test_pages.py",),
        "bad_link",
    ),
    # ---- the figures in the browser ----
    Fault(
        "layer-padding",
        "a transposed convolution forgets its padding between rows",
        f"{COMPONENTS}/runtime/layers.js",
        "h * SH - PH + kh",
        "h * SH + kh",
        ("tests/browser/test_browser.py",),
        "every_network",
    ),
    Fault(
        "half-floats",
        "a half-precision number's fraction is counted in 1023rds",
        f"{COMPONENTS}/runtime/bytes.js",
        "(1 + fraction / 1024)",
        "(1 + fraction / 1023)",
        ("tests/browser/test_browser.py",),
        "evaluator",
    ),
    Fault(
        "snap",
        "a place on the map is rounded to a tenth of the extent instead of a ten-thousandth",
        f"{COMPONENTS}/latent_pad/geometry.js",
        "(high[i] - low[i] || 1) / 10000",
        "(high[i] - low[i] || 1) / 10",
        ("tests/browser/test_browser.py",),
        "keys or picture_is_torchs or release",
    ),
    Fault(
        "arrow-keys",
        "the arrows up and down move the dot the wrong way",
        f"{COMPONENTS}/figure/keys.js",
        "ArrowUp: [0, 1], ArrowDown: [0, -1]",
        "ArrowUp: [0, -1], ArrowDown: [0, 1]",
        ("tests/browser/test_browser.py",),
        "test_keys",
    ),
    Fault(
        "slerp",
        "on the spherical path the length stays that of the first end",
        f"{COMPONENTS}/math/paths.js",
        "(1 - t) * lengths[0] + t * lengths[1]",
        "lengths[0]",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "threshold-merge",
        "flagged rows exactly a window apart become one stretch",
        f"{COMPONENTS}/signals/thresholds.js",
        "row - last.end < merge",
        "row - last.end <= merge",
        ("tests/browser/test_signals_view.py",),
        "flags_what",
    ),
    Fault(
        "histogram-drag",
        "a press in the histogram takes the threshold to a place counted from 0 instead of from the axis's lower end",
        f"{COMPONENTS}/canvas/log_scale.js",
        "Math.exp(this.low + fraction * (this.high - this.low))",
        "Math.exp(fraction * (this.high - this.low))",
        ("tests/browser/test_signals_view.py",),
        "distribution",
    ),
    Fault(
        "colour-scale",
        "a factor's colour scale ends at its extremes, so that one outlier takes it all",
        f"{COMPONENTS}/replay/colouring.js",
        "trimmedRange(values, LEFT_OUT)",
        "trimmedRange(values, 0)",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "release-unsent",
        "only the first release on a pad reaches the link",
        f"{COMPONENTS}/figure/lifecycle.js",
        "if (text === this.#sent.get(name)) return;",
        "if (this.#sent.has(name)) return;",
        ("tests/browser/test_browser.py",),
        "legend_and_backdrops or release",
    ),
    Fault(
        "corruption-mask",
        "what is masked becomes a middle grey instead of 0",
        f"{COMPONENTS}/math/noise.js",
        "uniform[i] < amount ? 0",
        "uniform[i] < amount ? 0.5",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "salt-alone",
        "salt and pepper is salt alone",
        f"{COMPONENTS}/math/noise.js",
        "uniform[i] < amount / 2 ? low",
        "uniform[i] < amount ? low",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "mask-turned",
        "masking keeps what it should hide, and hides the rest",
        f"{COMPONENTS}/math/noise.js",
        "uniform[i] < amount ? 0",
        "uniform[i] >= amount ? 0",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "scale-turned",
        "the lowest value of a scale has its brightest colour",
        f"{COMPONENTS}/canvas/scatter.js",
        "(value - low) / (high - low || 1)",
        "(high - value) / (high - low || 1)",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "difference-turned",
        "what is missing has the colour of what is too much",
        f"{COMPONENTS}/canvas/colours.js",
        "value < 0 ? missing : excess",
        "value > 0 ? missing : excess",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "geodesic-ends",
        "the geodesic that the server found is run through from B to A",
        f"{COMPONENTS}/morph/route.js",
        "return points && along(points);",
        "return points && along([...points].reverse());",
        ("tests/unit/test_js.py",),
        "torch",
    ),
    Fault(
        "geodesic-stale",
        "a geodesic that was found between other ends is drawn",
        f"{COMPONENTS}/morph/route.js",
        "String(found.a) === String(a.z) && String(found.b) === String(b.z) ? found.points : null",
        "found.points",
        ("tests/unit/test_js.py",),
        "torch",
    ),
)


# Faults that nothing noticed when the list was made: holes in the tests, kept so that whoever closes one can see it.
HOLES = (
    Fault(
        "daylight",
        "times with zones become the wall clock of a place that puts its clocks forward, instead of UTC",
        "ae_core/data/csv/times.py",
        'times = times.dt.tz_localize(None) if "%z" in form else times',
        'times = times.dt.tz_convert("Europe/Berlin").dt.tz_localize(None) if "%z" in form else times',
        ("tests/unit/test_csv.py",),
        "odd_files",
    ),
    Fault(
        "default-data",
        "a model's held-out samples are those of its source's defaults, not of the model's own settings",
        "pages/session/models.py",
        "return source(data, **dict(options)).load().x_test.clone()",
        "return source(data).load().x_test.clone()",
        (
            "tests/pages/test_pages.py",
            "tests/pages/test_interpolate.py",
            "tests/pages/test_variants_page.py",
            "tests/browser/test_vectors.py",
        ),
    ),
    Fault(
        "stop-no-callback",
        "Stop and Resume act after the button is drawn, not as callbacks: a rerun at that moment loses the click",
        "pages/sections/train/actions.py",
        "st.button(label, key=key, icon=icon, help=help, on_click=action, args=(folder,))",
        "st.button(label, key=key, icon=icon, help=help) and action(folder)",
        ("tests/browser/test_browser_train.py",),
        "stopped_and_resumed",
    ),
    Fault(
        "snap-coarse",
        "a place on the map is rounded to a hundredth of the extent instead of a ten-thousandth",
        f"{COMPONENTS}/latent_pad/geometry.js",
        "(high[i] - low[i] || 1) / 10000",
        "(high[i] - low[i] || 1) / 100",
        ("tests/browser/test_browser.py",),
        "keys or picture_is_torchs or release",
    ),
    Fault(
        "histogram-bin",
        "a score is counted in the nearest bar's edge instead of the bar that it lies in",
        f"{COMPONENTS}/canvas/log_scale.js",
        "Math.floor(this.fractionOf(values[i]) * bars)",
        "Math.round(this.fractionOf(values[i]) * bars)",
        ("tests/browser/test_signals_view.py",),
    ),
)


def copied(root: Path) -> None:
    """This tree as Git knows it, with what was changed and not committed, at `root`."""
    listed = subprocess.run(
        ["git", "ls-files", "-coz", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, root / name)


def place(fault: Fault, root: Path) -> Path:
    """The file with the fault's snippet: the one it names, or, where that was moved, the only one that has it.

    Raises ValueError without one.
    """

    def there(path: Path) -> int:
        return path.read_text("utf-8").count(fault.old) if path.is_file() else 0

    if there(root / fault.file) == 1:
        return root / fault.file
    sources = [path for part in ("ae_core", "pages") for path in (root / part).rglob(f"*{Path(fault.file).suffix}")]
    found = [path for path in sources if there(path)]
    if len(found) != 1 or there(found[0]) != 1:
        raise ValueError(f"its snippet stands in {len(found)} files, write it anew; look for: {fault.what}")
    return found[0]


def outcome(root: Path, tests: Sequence[str], k: str = "") -> str:
    """How these tests end in the tree at `root`: "passed", "failed: …", "nothing ran: …" or "too long"."""
    words = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", *tests, *(["-k", k] if k else [])]
    process = subprocess.Popen(
        words, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, start_new_session=True
    )
    try:
        out, _ = process.communicate(timeout=LIMIT)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)  # browsers and servers, too
        process.communicate()
        return "too long"
    last = next((line for line in reversed(out.splitlines()) if line.strip()), "without a word")
    if process.returncode == 0:
        skipped = "" if "passed" in out or "." in out.split("[")[0] else ", all skipped"
        return f"passed{skipped}"
    why = next((line for line in out.splitlines() if line.startswith(("FAILED", "ERROR"))), last)
    return f"failed: {why[:160]}" if process.returncode == 1 else f"nothing ran: {why[:160]}"


def verdict(ended: str) -> str:
    """A fault is caught where a test failed; one that hangs the tests is noticed, too."""
    return (
        "caught"
        if ended.startswith("failed") or ended == "too long"
        else "missed"
        if ended.startswith("passed")
        else "UNCLEAR"
    )


def main(argv: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        "python -m tests.faults.faults", description="Plant faults one at a time and see which tests notice."
    )
    parser.add_argument("names", nargs="*", help="which (default: all but HOLES)", metavar="NAME")
    parser.add_argument("--whole", action="store_true", help="run the test files whole")
    parser.add_argument("--without", action="store_true", help="run the tests without the fault: all must pass")
    parser.add_argument("--out", help="write the results there, as JSON", metavar="FILE")
    args = parser.parse_args(argv)
    chosen = [fault for fault in (*FAULTS, *HOLES) if fault.name in args.names] if args.names else list(FAULTS)
    if unknown := set(args.names) - {fault.name for fault in chosen}:
        parser.error(f"there is no fault {', '.join(sorted(unknown))}")
    results = {}
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        root = Path(folder)
        copied(root)
        for fault in chosen:
            began = time.monotonic()
            try:
                path = place(fault, root)
                before = path.read_text("utf-8")
                if not args.without:
                    path.write_text(before.replace(fault.old, fault.new), "utf-8")
                ended = outcome(root, fault.tests, "" if args.whole else fault.k)
                path.write_text(before, "utf-8")
            except ValueError as error:
                ended = f"not planted: {error}"
            result = ended if args.without else verdict(ended)
            results[fault.name] = {"result": result, "seconds": round(time.monotonic() - began), "how": ended}
            print(f"{fault.name:18} {result:8} {results[fault.name]['seconds']:4} s  {ended}", flush=True)
    if args.out:
        Path(args.out).write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    wrong = "passed" if args.without else "caught"
    return int(any(each["result"] != wrong for each in results.values()))


if __name__ == "__main__":
    sys.exit(main())
