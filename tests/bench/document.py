"""The documents' table of measurements, written from the figures that are kept in figures.json."""

import contextlib
import json
import re
from pathlib import Path

DOCUMENT = Path(__file__).resolve().parents[2] / ".github/docs/measured.md"
KEPT = Path(__file__).with_name("figures.json")
BEGIN, END = "<!-- measured -->\n", "<!-- /measured -->"

# what | here | beside it; a name in braces is a figure, PART[NAME]
ROWS = """
dragging: new pictures a second | {drag[new_pictures_a_second]:.0f}, in {drag[fresh_share]:.0%} of the frames \
  | an empty page's frames come as fast: gap × {drag[frame_gap_to_empty_page]:.2f}
decode and draw, 1.1 million weights | {drag[decode_and_draw_ms]:.1f} ms median | the browser's frame has 16.7 ms
messages to the server while dragging, and on letting go | {drag[messages_while_dragging]:.0f} |
from letting go to the server's last word | {drag[rerun_ms]:.0f} ms \
  | a page with one word on it: {pages[hello_rerun_ms]:.0f} ms
the k slider, swept in 0.7 s \
  | {slider[compute_and_draw_ms]:.1f} ms a picture, PCA's beside it, \
  new in {slider[fresh_share]:.0%} of the frames with another k \
  | messages while it moves: {slider[messages_while_sweeping]:.0f}
opening a page, warm server | {opening} | a page with one word on it: {pages[hello_seconds]:.1f} s
running it again | {again} | {pages[hello_rerun_ms]:.0f} ms
the same, of the server's processor alone | {processor_ms}; Runs with 200 runs \
  {processor[runs_rerun_with_200]:.0f} ms; a release that is told {told_ms} | {processor[hello_rerun]:.0f} ms
an epoch of a 784-400-20 VAE on MNIST \
  | {training[ours_seconds]:.1f} s, held-out loss {training[ours_test_loss]:.1f} after 3 \
  | DataLoader and ToTensor: {training[textbook_seconds]:.1f} s, {training[textbook_test_loss]:.1f}; \
  × {training[times_faster]:.1f}. Its bare matrix products: {training[products_seconds]:.1f} s
a run's PCA, film, weights and state | quick look × {jobs[quick_into_a_run_folder_to_bare]:.2f} the time \
  | the same epochs, nothing kept
from pressing Train, quick look | {jobs[quick_seconds]:.0f} s, {jobs[quick_negative_elbo]:.1f} nats held out |
from pressing Train, good map | {jobs[good_seconds]:.0f} s, {jobs[good_negative_elbo]:.1f} nats held out \
  | the Keras example: 147 (training loss)
dragging while five tabs' runs are queued and trained \
  | {jobs[new_pictures_a_second]:.0f} pictures a second; from letting go {jobs[rerun_ms]:.0f} ms; \
  {jobs[runs_done]:.0f} of 5 done, {jobs[runs_at_work_while_dragging]:.0f} at work meanwhile |
100 tabs that come within 10 s, release, change pages, reload \
  | {load[errors]:.0f} errors in {load[reruns]:.0f} reruns and {load[loads]:.0f} loads; \
  rerun {load[rerun_p50_ms]:.0f} ms, p95 {load[rerun_p95_ms]:.0f} ms; load {load[load_p50_ms]:.0f} ms, \
  p95 {load[load_p95_ms]:.0f} ms; first visit with all scripts {load[open_p50_ms]:.0f} ms \
  | a page with one word on it: p95 {load[hello_rerun_p95_ms]:.0f}, {load[hello_load_p95_ms]:.0f}; \
  first visit {load[hello_open_p50_ms]:.0f} ms
the same with 30 tabs \
  | {load[fewer_errors]:.0f} errors; rerun {load[fewer_rerun_p50_ms]:.0f} ms, p95 {load[fewer_rerun_p95_ms]:.0f} ms; \
  load {load[fewer_load_p50_ms]:.0f} ms, p95 {load[fewer_load_p95_ms]:.0f} ms; \
  first visit {load[fewer_open_p50_ms]:.0f} ms |
memory of the server with these 100 tabs \
  | {load[memory_before_mb]:.0f} MB before, {load[memory_peak_mb]:.0f} at most, {load[memory_after_mb]:.0f} after; \
  idle after Explore {load[idle_explore_rss_mb]:.0f}, after all seven pages {load[idle_variants_rss_mb]:.0f} \
  | {load[hello_memory_before_mb]:.0f}, {load[hello_memory_peak_mb]:.0f}, {load[hello_memory_after_mb]:.0f} MB
500 tabs opened and closed: the last 300 add | {load[growth_of_the_last_300]:.1%} |
reading a spreadsheet's CSV of 11 columns | {rows[rows_read_a_second]:,.0f} rows a second \
  | × {rows[reading_to_pandas]:.2f} the time of pandas, which must be told delimiter, decimal sign and times
scoring rows, windows of 32 × 10 | {rows[rows_scored_a_second]:,.0f} rows a second \
  | × {rows[scoring_to_sklearn_pca]:.2f} the time of scikit-learn's PCA of the same windows
judging a flag with a key, {judging[rows]:,.0f} rows × 10 channels, {judging[flags]:,.0f} flags \
  | {judging[key_to_screen_ms]:.0f} ms until the frame that shows it is drawn, p95 \
  {judging[key_to_screen_ms_95]:.0f} ms; written by Python after {judging[key_to_written_ms]:.0f} ms |
opening the landing page, until a first-time visitor can make a lesson's first guess \
  | {lesson[warm_seconds]:.1f} s with {lesson[clicks]:.0f} click; on a server that has just started \
  {lesson[cold_seconds]:.1f} s \
  | a page with one word on it: {lesson[hello_warm_seconds]:.1f} and {lesson[hello_cold_seconds]:.1f} s
a 64-64-32-2 network that trains in the page \
  | {playground[steps_a_second]:.0f} steps and {playground[pictures_a_second]:.0f} pictures a second; \
  the first after {playground[first_picture_seconds]:.1f} s; four times slower, in a phone's window, \
  {playground[phone_steps_a_second]:.0f} and {playground[phone_pictures_a_second]:.0f} pictures, \
  {playground[phone_frames_a_second]:.0f} frames |
{playground[tabs]:.0f} tabs that train at once \
  | {playground[messages]:.0f} messages to and from the server; its processor: \
  {playground[server_share_of_training_tabs]:.2%} of a core \
  | the same tabs at rest: {playground[server_share_of_resting_tabs]:.2%}; \
  no tab: {playground[server_share_of_no_tab]:.2%}
its squared error after {playground[steps]:,.0f} steps | {playground[error]:.2f} \
  | torch's after as many: {playground[torch_error]:.2f}
2-D VAE, −ELBO on MNIST's test images | {quality[mnist-vae-2d −ELBO]:.1f} nats \
  | the Keras example: 147 (training loss)
20-D VAE, −ELBO | {quality[mnist-vae-20d −ELBO]:.1f} nats | pytorch/examples' recipe, 10 epochs: 104 to 106
30 numbers, squared error | {quality[mnist-deep-30d error]:.2f} \
  | Hinton & Salakhutdinov 2006: 3.00; PCA {quality[mnist-deep-30d PCA]:.2f}
2 / 8 / 32 numbers, squared error \
  | {quality[mnist-ae-2d error]:.1f} / {quality[mnist-deep-8d error]:.1f} / {quality[mnist-deep-32d error]:.1f} \
  | PCA {quality[mnist-ae-2d PCA]:.1f} / {quality[mnist-deep-8d PCA]:.1f} / {quality[mnist-deep-32d PCA]:.1f}
5 nearest neighbours on the 2-D map | {quality[mnist-vae-2d 5-NN]:.1%} \
  | on PCA's: {quality[mnist-vae-2d PCA 5-NN]:.1%}
one ordered model, k = 1, 2, 4 … 64, squared error | {nested} | PCA: {nested_pca}
"""


def table(figures: dict[str, dict[str, float]]) -> str:
    """The table in Markdown; a row whose part was not measured is left out."""
    pages, quality = figures.get("pages", {}), figures.get("quality", {})
    sizes = [name for name in quality if re.fullmatch(r"nested k=\d+", name)]
    joined = {
        "opening": ", ".join(
            f"{name.removesuffix('_seconds')} {value:.1f} s"
            for name, value in pages.items()
            if re.fullmatch(r"(?!hello).+_seconds", name)
        ),
        "again": ", ".join(
            f"{name.removesuffix('_rerun_ms')} {value:.0f} ms"
            for name, value in pages.items()
            if re.fullmatch(r"(?!hello).+_rerun_ms", name)
        ),
        "processor_ms": _milliseconds(figures, "_rerun"),
        "told_ms": _milliseconds(figures, "_release"),
        "nested": " · ".join(f"{quality[name]:.1f}" for name in sizes),
        "nested_pca": " · ".join(f"{quality[name + ' PCA']:.1f}" for name in sizes),
    }
    lines = ["| what | here | beside it |", "|---|---|---|"]
    for row in re.sub(r" +", " ", ROWS).strip().splitlines():
        with contextlib.suppress(KeyError):
            what, here, beside = row.format(**figures, **{name: text for name, text in joined.items() if text}).split(
                "|"
            )
            lines.append(f"| {what.strip()} | {here.strip()} | {beside.strip()} |")
    return "\n".join(lines) + "\n"


def _milliseconds(figures: dict[str, dict[str, float]], end: str) -> str:
    """Each page's processor time."""
    return ", ".join(
        f"{name.removesuffix(end)} {value:.0f} ms"
        for name, value in figures.get("processor", {}).items()
        if name.endswith(end) and not name.startswith("hello")
    )


def with_table(document: str, figures: dict[str, dict[str, float]]) -> str:
    """The document with its table written anew."""
    before, _, rest = document.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{table(figures)}{END}{after}"


def write(figures: dict[str, dict[str, float]], whole: bool = True) -> None:
    """Keep figures by their part, and write the document's table from all that are kept.

    whole: whether they are all that their parts have; else the others of these parts stay as they were.
    """
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    for part, found in figures.items():
        rounded = {name: float(f"{value:.4g}") for name, value in found.items()}
        kept[part] = rounded if whole else kept.get(part, {}) | rounded
    KEPT.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", "utf-8")
    DOCUMENT.write_text(with_table(DOCUMENT.read_text("utf-8"), kept), "utf-8")
