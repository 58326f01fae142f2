"""One run on the screen, while it is made and afterwards: how it stands, its film, its curves and what stands out."""

import base64
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import streamlit as st
import torch

from ae_core import Config, LatentError, read_checkpoint
from ae_core.jobs import queue as jobs
from ae_core.latent.payload import pack_snapshots
from ae_core.runs.folder import BUSY, Checkpoint, read_config, read_json
from ae_core.training import snapshots
from ae_core.training.diagnosis import remarks

from ...components.channel import send_snapshots
from ...components.replay import replay
from ...session.models import slides
from ...session.polling import follow
from ...ui.charts import chart, legend
from ...ui.markdown import plain, show_error
from ...ui.url_state import put

CHUNK = 8  # epochs in a block of bytes


class Film:
    """The snapshots of a run as the `replay` component takes them; grows with the run."""

    def __init__(self, folder: Path):
        self.checkpoint: Checkpoint = read_checkpoint(folder)
        self.samples = {name: part.numpy() for name, part in snapshots.read(folder).items()}
        self.planes: dict[int, np.ndarray] = {}
        self.pictures: dict[int, np.ndarray] = {}
        self.packed: dict[tuple[int, ...], bytes] = {}
        self.lock = threading.Lock()

    def grow(self) -> list[bytes]:
        """Read what is new; the epochs in blocks of bytes."""
        with self.lock:
            there = snapshots.epochs(self.checkpoint.folder)
            for epoch in [e for e in there if e not in self.planes]:
                try:
                    found = snapshots.read(self.checkpoint.folder, epoch)
                except LatentError:  # thinned away, or damaged: the film has a gap there
                    continue
                if not self.fits(found):
                    continue
                earlier = max((e for e in self.planes if e < epoch), default=None)
                (self.planes[epoch],) = snapshots.maps([found["z"].float().numpy()], self.planes.get(earlier))
                self.pictures[epoch] = found["x_hat"].float().numpy()
            for epoch in [e for e in self.planes if e not in there]:
                del self.planes[epoch], self.pictures[epoch]
            epochs = sorted(self.planes)
            blocks = [tuple(epochs[i : i + CHUNK]) for i in range(0, len(epochs), CHUNK)]
            self.packed = {block: self.packed.get(block) or self._pack(n, block) for n, block in enumerate(blocks)}
            return list(self.packed.values())

    def fits(self, found: dict[str, torch.Tensor]) -> bool:
        """Whether a snapshot is of these samples and this model."""
        kept = next((len(self.samples[name]) for name in ("y", "factors") if name in self.samples), None)
        count = next((len(plane) for plane in self.planes.values()), kept or len(found["z"]))
        return found["z"].shape == (count, self.checkpoint.config.k) and found["x_hat"].shape == self.samples["x"].shape

    def _pack(self, number: int, block: tuple[int, ...]) -> bytes:
        planes, pictures = (np.stack([part[e] for e in block]) for part in (self.planes, self.pictures))
        return pack_snapshots(self.checkpoint.name, number, list(block), planes, pictures)

    def data(self, state: dict[str, Any], epoch: int | None) -> dict[str, Any]:
        """What does not change from epoch to epoch, for `replay`."""
        checkpoint, samples = self.checkpoint, self.samples
        config, y, factors = checkpoint.config, samples.get("y"), samples.get("factors")
        bounded = len(checkpoint.shape) == 3 and checkpoint.range == (0.0, 1.0)
        x = samples["x"].astype(np.float32)
        many = config.k > 2
        return {
            "run": checkpoint.name,
            "title": f"{len(next(iter(self.planes.values()))):,} held-out samples" if self.planes else "",
            "epochs_total": config.epochs,
            "chunks": len(self.packed),
            "live": state["state"] in BUSY,
            "k": config.k,
            "map_title": f"the two directions in which the {config.k} numbers vary most" if many else "",
            "axes": ["direction 1", "direction 2"] if many else ["z1", "z2" if config.k == 2 else ""],
            "gaussian": checkpoint.config.row.bottleneck.gaussian,
            "classes": list(checkpoint.classes) if y is not None and checkpoint.classes else None,
            "labels": _text(y.astype("u1")) if y is not None and checkpoint.classes else None,
            "factors": [
                {"name": name, "unit": unit, "values": _text(factors[:, i].astype("<f4"))}
                for i, (name, unit) in enumerate(checkpoint.factor_names)
            ]
            if factors is not None
            else None,
            "inputs": _text((x.clip(0, 1) * 255).round().astype("u1") if bounded else x.astype("<f4")),
            "inputs_shape": list(x.shape),
            "range": list(checkpoint.range) if checkpoint.range else None,
            "epoch": epoch,
            "revision": 0,
        }


def _text(values: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(values).tobytes()).decode()


@st.cache_resource(max_entries=24, show_spinner=False)
def _film(folder: str, begun: int) -> Film:
    return Film(Path(folder))


def film(folder: Path) -> Film | None:
    """The run's film, or None while there is none."""
    begun = folder / "snapshots" / "samples.safetensors"
    try:
        return _film(str(folder), begun.stat().st_mtime_ns)
    except (OSError, LatentError):
        return None


def watch(folder: Path, epoch: int | None = None, shipped: bool = False) -> None:
    """Show a run, again and again while it is at work; when it has ended the page hears of it."""
    follow([folder], lambda: look(folder, jobs.status(folder), epoch, shipped))


def look(folder: Path, state: dict[str, Any], epoch: int | None, shipped: bool) -> None:
    """The run as it stands now."""
    head(folder, state, shipped)
    found, lines = film(folder), jobs.lines(folder)
    with st.container(key="film"):
        blocks = found.grow() if found else []
        if found and (blocks or state["state"] in BUSY):
            key = f"replay-{folder.name}-{'shipped' if shipped else 'run'}"
            view = replay(found.data(state, epoch), key=key)
            for number, block in enumerate(blocks):
                send_snapshots(folder.name, number, block)
            if view:
                put({"epoch": str(view["epoch"]) if view.get("epoch") else ""})
        elif state["state"] in BUSY:
            st.container(height=420, border=True).caption(
                plain(state["message"]) or "A worker is getting the data ready …"
            )
    try:
        config, about = read_config(folder), read_json(folder / "config.json")
    except LatentError as error:
        show_error(error)
        return
    for remark in remarks(config, about, lines, ended=state["state"] not in BUSY):
        (st.error if remark.grave else st.warning)(
            remark.text, icon=":material/report:" if remark.grave else ":material/info:"
        )
    if lines:
        curves(config, lines)


WORDS = {
    "queued": "waiting",
    "running": "training",
    "measuring": "trained; the final figures are being measured",
    "stopped": "stopped",
    "done": "done",
    "failed": "failed",
    "dead": "broken off",
}


def head(folder: Path, state: dict[str, Any], shipped: bool) -> None:
    """Name, progress and what can be done about it."""
    name, now = folder.name, state["state"]
    words = [f"**{plain(name)}**", "ships with the program" if shipped else WORDS.get(now, now)]
    if now == "queued":
        words[-1] = f"waiting, number {jobs.position(folder)} in the queue"
    if state["epochs"] and now != "queued":
        words.append(
            f"epoch {min(state['epoch'] + (now == 'running' and 'step' in state), state['epochs'])} of {state['epochs']}"
        )
    if now == "running" and "step" in state:
        words += [
            f"batch {state['step']:,} of {state['steps']:,}",
            f"{state['rate']:,.0f} samples/s",
            f"{duration(state['left'])} left",
        ]
    # Resume takes the very place of Stop: a button that comes or goes beside it would push it away from under the
    # pointer.
    with st.container(horizontal=True, vertical_alignment="center", key="run-head"):
        st.markdown(" · ".join(words), width="stretch")
        others = st.container(horizontal=True, vertical_alignment="center", width="content", key="run-others")
        if now in ("queued", "running"):
            stop(folder)
        elif now not in BUSY and not shipped:
            with others:
                what_else(folder, now)
            resume(folder, now)
    if now in BUSY:
        share = (state["epoch"] + state.get("step", 0) / max(1, state.get("steps", 1)) * (now == "running")) / max(
            1, state["epochs"]
        )
        st.progress(min(1.0, share))
    if state["message"] and now not in BUSY:
        (st.error if now in ("failed", "dead") else st.info)(plain(state["message"]))


def what_else(folder: Path, now: str) -> None:
    """What can be done with a run that is not at work, but to go on."""
    if (folder / "codes.npz").exists():
        pages_with(folder)
    elif now != "done" and (folder / "weights.safetensors").exists():
        help_text = "Codes and figures from the last epoch's weights, so that the other pages can show it."
        if st.button("Measure as it is", key="run-finish", help=help_text):
            try:
                with st.spinner("A worker is measuring …"):
                    jobs.finish(folder).result()
            except LatentError as error:
                show_error(error)
            else:
                st.rerun()


def button(label: str, key: str, icon: str, does: Callable[[Path], None], folder: Path, about: str) -> None:
    """A button that takes the place of another at once, and does what it says whatever else runs again at that moment."""
    # A widget in another's place pushes it aside, and is pushed back when the run ends: not so where each has a block
    # of its own.
    with st.container(width="content", key=f"{key}-place"):
        # A callback comes before anything is drawn: a part of the page that ends the run cannot cut the click off.
        st.button(label, key=key, icon=icon, help=about, on_click=does, args=(folder,))


def stop(folder: Path) -> None:
    """A button that stops a run; most have ended by the time that the page is drawn again."""
    button(
        "Stop",
        "run-stop",
        ":material/stop_circle:",
        stop_now,
        folder,
        "Ends after the step that is being made; it can be resumed.",
    )


def stop_now(folder: Path) -> None:
    jobs.stop(folder)
    jobs.wait([folder], 1)


def resume(folder: Path, now: str) -> None:
    """A button with which a run that is not at work goes on, where it is not done."""
    if now == "done":
        return
    button("Resume", "run-resume", ":material/play_arrow:", resume_now, folder, "Goes on from its last epoch.")
    refused, why = st.session_state.get("run-refused", (None, ""))
    if refused == folder:
        show_error(why)


def resume_now(folder: Path) -> None:
    st.session_state.pop("run-refused", None)
    try:
        jobs.resume(folder)
    except LatentError as error:
        st.session_state["run-refused"] = folder, str(error)


def pages_with(folder: Path) -> None:
    """Links that show this model on the other pages."""
    try:
        config = read_config(folder)
    except LatentError:
        return
    st.page_link(
        "pages/explore.py", label="Explore it", icon=":material/open_in_new:", query_params={"model": folder.name}
    )
    st.page_link(
        "pages/interpolate.py", label="Interpolate", icon=":material/open_in_new:", query_params={"model": folder.name}
    )
    if slides(config):
        st.page_link(
            "pages/bottleneck.py",
            label="In Bottleneck",
            icon=":material/open_in_new:",
            query_params={"model": folder.name},
        )
    if (folder / "detector.json").is_file():
        st.page_link(
            "pages/signals.py", label="In Signals", icon=":material/open_in_new:", query_params={"run": folder.name}
        )


def curves(config: Config, lines: list[dict[str, float]]) -> None:
    """Losses over the epochs, training and held out; their parts apart; the squared error beside PCA's."""
    epoch = alt.X(
        "x:Q", title="epoch", scale=alt.Scale(domain=[0, config.epochs]), axis=alt.Axis(grid=False, tickMinStep=1)
    )
    panels = [("loss", "train_loss", "test_loss")]
    panels += [(name, f"train_{name}", f"test_{name}") for name in ("reconstruction", "kl") if "test_kl" in lines[-1]]
    charts: list[tuple[str, list[tuple[str, float, float]]]] = []
    for title, train, test in panels:
        points = [
            (who, line["epoch"], line[key])
            for who, key in (("training", train), ("held out", test))
            for line in lines
            if key in line
        ]
        charts.append((TITLES.get(title, title), points))
    if "squared_error" in lines[-1]:
        pairs = (("held out", "squared_error"), ("PCA", "pca_squared_error"))
        charts.append(
            ("squared error", [(who, line["epoch"], line[key]) for who, key in pairs for line in lines if key in line])
        )
    legend(["training", "held out", "PCA"])
    for column, (title, points) in zip(st.columns(len(charts)), charts, strict=True):
        with column:
            chart(
                points,
                epoch,
                alt.Y("y:Q", title=None, scale=alt.Scale(zero=False)),
                dots=len(lines) == 1,
                height=200,
                legend=False,
                title=title,
            )
    unit = "nats" if "test_kl" in lines[-1] else "summed over a sample's values"
    st.caption(
        f"Each is the mean over samples ({unit}); training: while the weights change, held out: after the epoch, on data never trained on. "
        f"Squared error: of the first held-out samples, rebuilt from {config.k} number{'s' * (config.k > 1)} by the network and by PCA."
    )


TITLES = {"loss": "loss (what is minimised)", "kl": "KL"}


def duration(seconds: float) -> str:
    """In words that fit the size: 12 s, 3 min, 2.5 h."""
    if seconds < 90:
        return f"{max(1, seconds):.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
