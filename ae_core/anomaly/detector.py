"""A trained autoencoder as a detector: every row of a table gets a score, and PCA of the same windows stands beside it.

A row's score looks at the window of rows that ends with it, and at nothing after it: the same row gets the same score
however long the file is.
Two things can be odd about a window (Jackson & Mudholkar 1979; Yue & Qin 2001): what the network cannot rebuild (Q, the
squared error, each channel in units of its usual one) and where its code lies (T², the squared Mahalanobis distance
from the normal codes). Each is divided by its 99th
percentile on normal windows, and the two are added: φ. The score is φ's mean over the last `memory` rows, plus a
quarter of φ itself, each again over
its 99th percentile: a lasting shift adds up, and a blow counts at once.
"""

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from ..base.errors import LatentError
from ..base.files import read_json, replace, write_json
from ..base.options import check, knobs
from ..data.csv.source import (
    SCORING_KNOBS,
    Csv,
    Prepared,
    Scoring,
    Table,
    breaks,
    direction,
    filled,
    joined,
    scale,
    span,
)
from ..model.autoencoder import Autoencoder
from ..pca import PCA
from ..sockets.bottleneck import Ordered

ROWS = 2048  # scored at a time; always as many, so that a row's floats do not depend on how many follow
USUAL = 0.99  # share of the normal windows whose Q, T² and φ count as less than 1
FLOAT32 = (-3e38, 3e38)
QUICK = 0.25  # weight of the newest row beside the memory
MOST_POINTS = 5000  # windows on the map
NOWHERE = np.empty(0)  # the map of a detection that has none
LEAST = 1e-4  # of a channel's variance: an error below it is rounding


class Look(NamedTuple):
    """What a model makes of the window that ends with each row, NaN where there is none.

    error: (rows, C) mean squared error of each channel, in its spreads²; z: (rows, k); share: (rows, C) of what is
    rebuilt, how much of its distance from the normal centre is each channel's, sums to 1; last: (rows, C) the row
    itself as it is rebuilt, scaled.
    """

    error: np.ndarray
    z: np.ndarray
    share: np.ndarray
    last: np.ndarray


@dataclass(frozen=True)
class Gauge:
    """What is usual for a model: (C,) squared error of each channel; mean (k,) and precision (k, k) of the codes; the
    99th percentiles of Q and T², and of φ's average and φ itself.
    """

    channel: np.ndarray
    middle: np.ndarray
    precision: np.ndarray
    limits: np.ndarray
    pace: np.ndarray

    def parts(self, look: Look, scoring: Scoring, fresh: np.ndarray, waiting: np.ndarray) -> np.ndarray:
        """Each channel's part of the score, (rows, C). fresh, waiting: as `Detector.looks` gives them.

        A row that waits for its first whole window keeps the last score before; where there is none yet, it takes the
        first one.
        """
        return held_over(self.averaged(self.phi(look, scoring), scoring, fresh), waiting)

    def averaged(self, phi: np.ndarray, scoring: Scoring, fresh: np.ndarray) -> np.ndarray:
        """The parts of the score of all windows' oddness (rows, C), NaN where no window ends."""
        if scoring.memory == 1:
            return phi
        slow = trailing_mean(phi, scoring.memory, fresh)
        return slow if scoring.kind == "error" else slow / self.pace[0] + QUICK * phi / self.pace[1]

    def phi(self, look: Look, scoring: Scoring) -> np.ndarray:
        """Each channel's part of one window's oddness, (rows, C)."""
        if scoring.kind == "error":
            return look.error / np.float64(look.error.shape[1])
        q, t = self.odd(look)
        return q / self.limits[0] + (t / self.limits[1])[:, None] * look.share

    def odd(self, look: Look) -> tuple[np.ndarray, np.ndarray]:
        """Q by channel (rows, C), and T² (rows,)."""
        apart = look.z - self.middle
        return look.error / self.channel / look.error.shape[1], np.einsum("nk,kl,nl->n", apart, self.precision, apart)

    @classmethod
    def of(cls, look: Look, healthy: np.ndarray, fresh: np.ndarray, scoring: Scoring) -> "Gauge":
        """Learned from the windows of normal rows; healthy: bool (rows,), those that count."""
        fine = healthy & np.isfinite(look.z).all(1)
        z, k = look.z[fine].astype(np.float64), look.z.shape[1]
        cov = np.atleast_2d(np.cov(z.T)) if len(z) > 1 else np.eye(k)
        precision = np.linalg.inv(cov + 1e-3 * max(float(np.trace(cov)) / k, 1e-12) * np.eye(k))
        bare = cls(
            np.maximum(look.error[fine].mean(0, dtype=np.float64), LEAST), z.mean(0), precision, np.ones(2), np.ones(2)
        )
        q, t = bare.odd(look)
        bare = dataclasses.replace(bare, limits=np.array([_usual(q.sum(1)[fine]), _usual(t[fine])]))
        phi = bare.phi(look, scoring)
        return dataclasses.replace(
            bare,
            pace=np.array([_usual(part.sum(1)[fine]) for part in (trailing_mean(phi, scoring.memory, fresh), phi)]),
        )


GAUGE = tuple(f.name for f in dataclasses.fields(Gauge))


def held_over(parts: np.ndarray, waiting: np.ndarray, before: np.ndarray | None = None) -> np.ndarray:
    """parts (rows, C), those of waiting rows from the last row before that has some, or else `before` (C,), or else
    from the first row that has.
    """
    parts, at, scored = parts.copy(), np.flatnonzero(waiting), np.flatnonzero(np.isfinite(parts).all(1))
    last = np.searchsorted(scored, at) - 1
    if len(scored):
        parts[at] = parts[scored[np.maximum(last, 0)]]
    if before is not None:
        parts[at[last < 0]] = before
    return parts


def _usual(values: np.ndarray) -> float:
    return max(float(np.quantile(values, USUAL)), 1e-12)


def trailing_mean(values: np.ndarray, rows: int, fresh: np.ndarray) -> np.ndarray:
    """The mean of each row of values (N, C) and up to rows − 1 before it, none from before the last `fresh` one; NaN
    rows stay NaN and count for nothing.
    """
    known = np.isfinite(values).all(1)
    at = np.arange(len(values))
    left = np.minimum(at - np.maximum.accumulate(np.where(fresh, at, 0)) + 1, rows)  # rows that are still to be added
    # Sums over 1, 2, 4, … rows, put together: the difference of two running sums would forget everything after one wild
    # value.
    doubled = np.concatenate([np.where(known[:, None], values, 0.0), known[:, None]], 1)
    total, size = np.zeros_like(doubled), 1
    end = at.copy()
    while size <= rows:
        take = np.flatnonzero(left & size)
        total[take] += doubled[end[take]]
        end[take] -= size
        doubled[size:] += doubled[:-size].copy()
        size *= 2
    return np.where(known[:, None], total[:, :-1] / np.maximum(total[:, -1:], 1), np.nan)


@dataclass(frozen=True)
class Detection:
    """What a detector says of a table, row by row.

    time: datetime64[ns] (rows,) or None; step: seconds. values, x_hat, pca_hat: (rows, C) in the channels' units, NaN
    where there is none; the latter two are what the network and PCA make of each row as it comes in. parts, pca_parts:
    (rows, C) ≥ 0, each channel's part of the scores; score, pca_score: (rows,), NaN where not scored. normal, held:
    first row, row after the last, of the normal stretch and of its held-out part; (0, 0) where the table is another
    one. held_score, pca_held: the scores of the run's own held-out normal rows. window: rows; kept: numbers of the
    code, and of PCA's, that are used.
    at, z, cluster: (M,), (M, 2), (M,) windows on the map, by their first rows.
    """

    names: tuple[str, ...]
    units: tuple[str, ...]
    time: np.ndarray | None
    step: float | None
    values: np.ndarray
    x_hat: np.ndarray
    pca_hat: np.ndarray
    parts: np.ndarray
    pca_parts: np.ndarray
    score: np.ndarray
    pca_score: np.ndarray
    label: np.ndarray | None
    normal: tuple[int, int]
    held: tuple[int, int]
    held_score: np.ndarray
    pca_held: np.ndarray
    window: int
    kept: int
    at: np.ndarray
    z: np.ndarray
    cluster: np.ndarray


class Past(NamedTuple):
    """What the scores of a file's next rows need of those before them.

    table: the last of them, or, while none has a score, all of them. phi: the oddness of their windows (rows, C), the
    network's and PCA's, and
    fresh: (rows,) as `Detector.looks` gives it, both empty while none has a score; parts: (C,) of the last score, the
    network's and PCA's.
    windows: how many there were; forward: the file's `direction`.
    """

    table: Table
    phi: tuple[np.ndarray, ...]
    fresh: np.ndarray
    parts: tuple[np.ndarray | None, ...] = (None, None)
    windows: int = 0
    forward: float | None = None


@dataclass(frozen=True)
class Detector:
    """A model, PCA beside it, and what is usual for both. names … bridge: of the table that it was fitted on."""

    model: Autoencoder
    pca: PCA
    names: tuple[str, ...]
    units: tuple[str, ...]
    centre: np.ndarray
    spread: np.ndarray
    window: int
    step: float | None
    bridge: int
    kept: int | None  # numbers of the code that are used, where it can be cut
    scoring: Scoring
    gauges: tuple[Gauge, ...] = ()  # the network's, PCA's
    held_score: np.ndarray = dataclasses.field(default_factory=lambda: np.empty(0))
    pca_held: np.ndarray = dataclasses.field(default_factory=lambda: np.empty(0))
    normal: tuple[int, int] = (0, 0)
    held: tuple[int, int] = (0, 0)

    @classmethod
    def fit(cls, model: Autoencoder, ready: Prepared, bridge: int, scoring: Scoring | None = None) -> "Detector":
        """Learn what is usual from the training part of the normal stretch, and keep the scores of its held-out part.

        model: trained on the windows of `ready`; bridge: as its table was prepared with.
        """
        scoring, table, (first, last) = scoring or Scoring(), ready.table, ready.normal
        x = torch.from_numpy(np.ascontiguousarray(ready.windows(ready.train, healthy=True)[0]))
        most = max(1, min(model.k, x[0].numel() - 1))
        pca = PCA(x, most)
        ordered = isinstance(model.bottleneck, Ordered)
        kept = min(most, int((pca.explained() < scoring.variance).sum()) + 1) if ordered else None
        pca.k = kept or most
        pca.components, pca.variance = pca.components[: pca.k].contiguous(), pca.variance[: pca.k]
        bare = cls(
            model,
            pca,
            table.names,
            table.units,
            ready.centre,
            ready.spread,
            ready.window,
            table.step,
            bridge,
            kept,
            scoring,
        )
        looks, fresh, waiting = bare.looks(table.rows(slice(first, last)))
        rows, usual = np.arange(last - first), np.isfinite(looks[0].z).all(1)
        if table.label is not None:
            usual &= ~table.label[first:last]
        # Of the whole normal stretch: the network was trained on its first part, and what it does to rows that it never
        # saw is as usual.
        gauges = tuple(Gauge.of(look, usual, fresh, scoring) for look in looks)
        usual &= rows >= ready.test[0] - first
        held = [
            gauge.parts(look, scoring, fresh, waiting).sum(1)[usual] for gauge, look in zip(gauges, looks, strict=True)
        ]
        return dataclasses.replace(
            bare, gauges=gauges, held_score=held[0], pca_held=held[1], normal=ready.normal, held=ready.test
        )

    def looks(
        self,
        table: Table,
        progress: Callable[[float], None] = lambda share: None,
        since: int = 0,
        past: int = 0,
        forward: float | None = None,
    ) -> tuple[tuple[Look, Look], np.ndarray, np.ndarray]:
        """(what the network and PCA make of each row's window; fresh: bool (rows,), a row that follows on none;
        waiting: bool (rows,), one with fewer rows before it, since the last gap, than a window has).

        since: the first row that is looked at; past: how many whole windows the file had before it; forward: as
        `breaks` takes it.
        """
        rows, channels = table.values.shape
        values, last, fresh = self._trail(table, forward)
        found = tuple(
            Look(*(np.full((rows, n), np.nan, np.float32) for n in (channels, k, channels, channels)))
            for k in (self.kept or self.model.k, self.pca.k)
        )
        begun = np.maximum.accumulate(np.where(fresh, np.arange(rows), 0))
        there = ~np.isnan(values[np.arange(rows)[:, None].clip(max=last), np.arange(channels)]).any(1)
        whole = np.arange(rows) - begun >= self.window - 1
        known = np.flatnonzero(there & whole)
        known = known[known >= since]
        back = np.arange(self.window - 1, -1, -1)
        for start in range(
            -(past % ROWS), len(known), ROWS
        ):  # a window has the same place in its block, and so the same floats, in pieces as in one go
            at = known[max(start, 0) : start + ROWS]
            if not len(at):
                break
            block = slice(max(-start, 0), max(-start, 0) + len(at))
            index = at[:, None] - back
            x = np.stack([values[np.minimum(index, last[at, c][:, None]), c] for c in range(channels)], 1)
            padded = torch.zeros(ROWS, *x.shape[1:])
            padded[block] = torch.from_numpy(x)
            for look, part in zip(found, (self._network, self._linear), strict=True):
                z, x_hat = (t[block].numpy().astype(np.float64) for t in part(padded))
                error, energy = np.square(x_hat - x).mean(2), np.square(x_hat).mean(2) + 1e-12
                if not np.max([error.max(), energy.sum(1).max(), np.abs(z).max()]) < FLOAT32[1]:  # nor NaN
                    raise LatentError(
                        "This model rebuilds these rows as numbers too large to compare: its files are damaged, train it again."
                    )
                look.error[at], look.z[at], look.last[at] = error, z, x_hat[:, :, -1]
                look.share[at] = energy / energy.sum(1, keepdims=True)
            progress(min(1.0, (start + ROWS) / len(known)))
        return found, fresh, there & ~whole

    @torch.no_grad()
    def _network(self, x: Tensor) -> tuple[Tensor, Tensor]:
        z = self.model.encode(x)
        return z[:, : self.kept], self.model.decode(z, k=self.kept)

    def _linear(self, x: Tensor) -> tuple[Tensor, Tensor]:
        z = self.pca.encode(x)
        return z, self.pca.decode(z)

    def _trail(self, table: Table, forward: float | None = None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(values (rows, C) float32, scaled, short gaps bridged; for each row the last one up to it at which each
        channel had a value, (rows, C); fresh (rows,)). A gap is bridged only for the windows that end behind it:
        before, nobody knows how long it will be.
        """
        rows = np.arange(len(table))
        table = dataclasses.replace(
            table, step=self.step
        )  # not the file's own: its median is another one in a longer file
        fresh = breaks(table, self.bridge, forward)
        fresh[:1] = True
        there = np.isfinite(table.values)
        last = np.maximum.accumulate(np.where(there, rows[:, None], -1), 0)
        lost = (last < 0) | (rows[:, None] - last > self.bridge)
        last = np.where(lost, rows[:, None], last)
        values = scale(filled(table, self.bridge).values, self.centre, self.spread)
        gone = lost.any(1)
        fresh |= np.r_[False, gone[:-1]]
        return values, last, fresh

    def score(self, table: Table, progress: Callable[[float], None] = lambda share: None) -> Detection:
        """Every row of a table with these channels. Raises LatentError where one is missing."""
        table = self.matched(table)
        looks, fresh, waiting = self.looks(table, progress)
        if not np.isfinite(looks[0].z).any():
            raise self.no_window(table)
        parts = [
            gauge.parts(look, self.scoring, fresh, waiting) for gauge, look in zip(self.gauges, looks, strict=True)
        ]
        ends = np.flatnonzero(np.isfinite(looks[0].z).all(1))[:: max(1, len(table) // MOST_POINTS)][:MOST_POINTS]
        z = looks[0].z[ends]
        return self._detection(table, looks, parts, ends - self.window + 1, plane(z), clusters(z))

    def score_next(self, table: Table, past: Past | None = None) -> tuple[Detection, Past]:
        """(the scores, without a map, of the rows of a file that follow on `past`, None at its beginning; what goes
        before the next ones).

        They are those that `score` gives for the whole file. While no row has a score the detection is of no rows, and
        the first one after that is of all. Raises LatentError where a channel is missing.
        """
        table = self.matched(table)
        past = past or Past(table.rows(slice(0)), (np.empty((0, len(self.names))),) * 2, np.empty(0, bool))
        done, table = len(past.fresh), joined([past.table, table])
        forward = past.forward or direction(table)
        looks, fresh, waiting = self.looks(table, since=done, past=past.windows, forward=forward)
        ends = np.flatnonzero(np.isfinite(looks[0].z).all(1))
        if not len(ends) and past.parts[0] is None:
            return self._detection(
                table.rows(slice(0)),
                [Look(*(part[:0] for part in look)) for look in looks],
                [part[:0] for part in past.phi],
            ), past._replace(table=table)
        fresh[:done] = past.fresh
        phi = tuple(
            np.concatenate([old, gauge.phi(look, self.scoring)[done:]])
            for gauge, look, old in zip(self.gauges, looks, past.phi, strict=True)
        )
        new = slice(done, None)
        each = [gauge.averaged(part, self.scoring, fresh)[new] for gauge, part in zip(self.gauges, phi, strict=True)]
        parts = [held_over(part, waiting[new], last) for part, last in zip(each, past.parts, strict=True)]
        found = self._detection(table.rows(new), [Look(*(part[new] for part in look)) for look in looks], parts)
        last = past.parts if not len(ends) else tuple(part[ends[-1] - done] for part in parts)
        # As far back as a window, the gap before it, and the memory reach.
        tail = slice(-max(self.window + self.bridge + 2, self.scoring.memory), None)
        return found, Past(
            table.rows(tail), tuple(part[tail] for part in phi), fresh[tail], last, past.windows + len(ends), forward
        )

    def no_window(self, table: Table) -> LatentError:
        """Why no row of a table has a score."""
        if self.step and table.step and table.step > (max(self.bridge, 1) + 0.5) * self.step:
            return LatentError(
                f"The run was trained on a row every {span(self.step)} and the file has one every {span(table.step)}, so that no rows follow on each other: "
                "give a file that is sampled as finely, or train a run on this one."
            )
        return LatentError(
            f"No {self.window} rows of the file follow on each other without a gap, and a window needs as many: give a longer file."
        )

    def _detection(
        self,
        table: Table,
        looks: Sequence[Look],
        parts: Sequence[np.ndarray],
        at: np.ndarray = NOWHERE,
        z: np.ndarray = NOWHERE,
        cluster: np.ndarray = NOWHERE,
    ) -> Detection:
        x_hat, pca_hat = (
            np.where(self.spread > 0, look.last * self.spread + self.centre, self.centre) for look in looks
        )
        return Detection(
            names=self.names,
            units=self.units,
            time=table.time,
            step=self.step or table.step,
            values=np.clip(table.values, *FLOAT32).astype(np.float32),
            x_hat=x_hat.astype(np.float32),
            pca_hat=pca_hat.astype(np.float32),
            parts=parts[0],
            pca_parts=parts[1],
            score=parts[0].sum(1),
            pca_score=parts[1].sum(1),
            label=table.label,
            normal=self.normal,
            held=self.held,
            held_score=self.held_score,
            pca_held=self.pca_held,
            window=self.window,
            kept=self.pca.k,
            at=at,
            z=z,
            cluster=cluster,
        )

    def matched(self, table: Table) -> Table:
        """The table with this detector's channels, by name and in its order. Raises LatentError where one is missing."""
        missing = [name for name in self.names if name not in table.names]
        if missing:
            raise LatentError(
                f"The file has no channel {missing[0][:40]!r}, which the run was trained on; it has {', '.join(table.names)[:200]}."
            )
        order = [table.names.index(name) for name in self.names]
        return dataclasses.replace(
            table, names=self.names, units=tuple(table.units[i] for i in order), values=table.values[:, order]
        )

    def save(self, folder: Path) -> None:
        """Write detector.json and detector.safetensors beside the run's weights."""
        about = {
            "names": list(self.names),
            "units": list(self.units),
            "window": self.window,
            "step": self.step,
            "bridge": self.bridge,
            "kept": self.kept,
        }
        about |= {"scoring": dataclasses.asdict(self.scoring), "normal": list(self.normal), "held": list(self.held)}
        arrays = {
            "centre": self.centre,
            "spread": self.spread,
            "held_score": self.held_score,
            "pca_held": self.pca_held,
        }
        for side, gauge in zip(("network", "pca"), self.gauges, strict=True):
            arrays |= {f"{side}.{name}": getattr(gauge, name) for name in GAUGE}
        tensors = {name: torch.from_numpy(np.ascontiguousarray(a, np.float64)) for name, a in arrays.items()} | {
            f"fit.{n}": t for n, t in self.pca.tensors().items()
        }
        replace(folder / "detector.safetensors", lambda p: save_file(tensors, p))
        write_json(folder / "detector.json", about)

    @classmethod
    def load(cls, folder: Path, model: Autoencoder) -> "Detector":
        """What `save` wrote, for the run's model. Raises LatentError where it is missing or does not fit."""
        if not (folder / "detector.json").is_file():
            raise LatentError(
                f"{folder.name} cannot score signals: it was not trained on a table. Choose another run, or train one on the Signals page."
            )
        try:
            about, tensors = read_json(folder / "detector.json"), load_file(folder / "detector.safetensors")
            arrays = {name: tensor.numpy() for name, tensor in tensors.items() if not name.startswith("fit.")}
            pca = PCA.from_tensors(
                {name[4:]: tensor for name, tensor in tensors.items() if name.startswith("fit.")}, model.shape
            )
            gauges = tuple(Gauge(*(arrays[f"{side}.{name}"] for name in GAUGE)) for side in ("network", "pca"))
            scoring = Scoring(
                *(check(name, about["scoring"][part], knobs(Csv)[name]) for part, name in SCORING_KNOBS.items())
            )
            step = None if about["step"] is None else float(about["step"])
            kept = None if about["kept"] is None else int(about["kept"])
            names, units = (tuple(map(str, about[key])) for key in ("names", "units"))
            normal, held = (tuple(map(int, about[key])) for key in ("normal", "held"))
            window, bridge, channels = int(about["window"]), int(about["bridge"]), len(names)
            wanted = {
                "centre": (channels,),
                "spread": (channels,),
                "held_score": arrays["held_score"].shape[:1],
                "pca_held": arrays["pca_held"].shape[:1],
            }
            for side, k in (("network", kept or model.k), ("pca", pca.k)):
                wanted |= {
                    f"{side}.{name}": shape
                    for name, shape in zip(GAUGE, ((channels,), (k,), (k, k), (2,), (2,)), strict=True)
                }
            fits = (
                model.shape == (channels, window) and len(units) == channels and (kept is None or 0 < kept <= model.k)
            )
            fits &= {name: a.shape for name, a in arrays.items()} == wanted and all(
                a.dtype == np.float64 and np.isfinite(a).all() for a in arrays.values()
            )
            fits &= all(
                (part > 0).all() for gauge in gauges for part in (gauge.channel, gauge.limits, gauge.pace)
            ) and bool((arrays["spread"] >= 0).all())
            fits &= len(normal) == len(held) == 2 and bridge >= 0 and (step is None or 0 < step < np.inf)
            if not fits:
                raise ValueError
            scores = (arrays["held_score"], arrays["pca_held"])
            return cls(
                model,
                pca,
                names,
                units,
                arrays["centre"],
                arrays["spread"],
                window,
                step,
                bridge,
                kept,
                scoring,
                gauges,
                *scores,
                normal,
                held,
            )
        except (
            OSError,
            KeyError,
            TypeError,
            ValueError,
            AttributeError,
            ArithmeticError,
            RuntimeError,
            MemoryError,
            SafetensorError,
        ) as error:
            raise LatentError(f"What {folder.name} knows of its signals is damaged: train it again.") from error


def unscored(table: Table, normal: tuple[int, int], window: int) -> Detection:
    """A table as it stands before anything is trained on it: the signals, and no score anywhere."""
    none = np.full(table.values.shape, np.nan, np.float32)
    no_scores, values = np.full(len(table), np.nan), table.values.astype(np.float32)
    about = {"names": table.names, "units": table.units, "time": table.time, "step": table.step, "label": table.label}
    empty = {
        "held_score": np.empty(0),
        "pca_held": np.empty(0),
        "at": np.empty(0, int),
        "z": np.empty((0, 2)),
        "cluster": np.empty(0, int),
    }
    parts = {
        "x_hat": none,
        "pca_hat": none,
        "parts": none,
        "pca_parts": none,
        "score": no_scores,
        "pca_score": no_scores,
    }
    return Detection(**about, **empty, **parts, values=values, normal=normal, held=(0, 0), window=window, kept=0)


def plane(z: np.ndarray) -> np.ndarray:
    """Codes (M, k) as places on a map, (M, 2): the two directions in which they vary most, or themselves."""
    if z.shape[1] == 1:
        return np.concatenate([z, np.zeros_like(z)], 1)
    if z.shape[1] == 2 or len(z) < 3:
        return z[:, :2]
    return PCA(torch.from_numpy(z).float(), 2).encode(torch.from_numpy(z).float()).numpy()


def clusters(z: np.ndarray, most: int = 6) -> np.ndarray:
    """(M,) k-means clusters of codes (M, k), of as many, 2 to `most`, as the silhouette (Rousseeuw 1987) of 1,000 of
    them proposes.
    """
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    most = min(most, len(np.unique(z, axis=0)))
    if most < 2 or len(z) < 10 * most:
        return np.zeros(len(z), int)
    z = (z - z.mean(0)) / np.maximum(z.std(0), 1e-12)
    fitted = [KMeans(n, n_init=2, random_state=0).fit(z) for n in range(2, most + 1)]
    some = np.random.default_rng(0).permutation(len(z))[:1000]
    fine = [len(np.unique(f.labels_[some])) > 1 for f in fitted]
    if not any(fine):
        return np.zeros(len(z), int)
    return max(
        (f for f, ok in zip(fitted, fine, strict=True) if ok), key=lambda f: silhouette_score(z[some], f.labels_[some])
    ).labels_.astype(int)
