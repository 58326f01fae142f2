"""What was judged of the table that a run learned from, for rows that come one at a time: the same threshold and the
same scores as for a file, but that nobody has judged these rows.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ...base.errors import LatentError
from ...data.csv.source import Csv
from ...runs.checkpoint import Checkpoint
from ..detector import Detector
from ..online import Level, ScoredRow
from ..report import JUDGED_COLUMNS
from ..similar import unusual_in, unusual_rows
from ..storage import DETECTION, load_detection
from ..thresholds import Rule
from .consequences import Consequences, Said, consequences, said_points
from .events import Events
from .log import Judged
from .usual import SMOOTHED, noise_of, quietened

THRESHOLD = "judged.threshold"  # in what the next rows need


class Heard(NamedTuple):
    """What was judged, for the rows to come.

    Attributes:
        rule: the threshold that the judgements propose.
        said: points of what was called normal, and a fault, as `said_points` gives them.
        noise: of the table that was judged, as `noise_of` gives it.
    """

    rule: Rule
    said: Said
    noise: float


def heard(checkpoint: Checkpoint, events: Events, rule: Rule, known: Judged, key: str) -> tuple[Heard, Consequences]:
    """What events of a run's own table come to, for rows that come. Raises LatentError.

    events: of that table; known: what was judged with the run before; key: of the table in it.
    """
    if not events.here:
        raise LatentError("No event lies within the table that the run learned from: give the events of that.")
    detection = load_detection(checkpoint.folder / DETECTION)
    features = unusual_in(checkpoint.folder, Csv(**checkpoint.config.source))
    usual = known.usual(key)
    follows = consequences(detection, features, events.here, rule, known.kinds, usual)
    said = said_points(features, detection.window, events.here, usual)
    return Heard(follows.proposal.rule, said, noise_of(said.newest)), follows


class LiveJudged:
    """Follows what is unusual about rows that come.

    Args:
        detector: a run's.
        heard: what was judged with it.

    Attributes:
        ring: (n, k + C) of the last rows, n the newest quarter of a window.
    """

    def __init__(self, detector: Detector, heard: Heard):
        self.detector, self.heard = detector, heard
        rows = max(1, detector.preprocessing.window // SMOOTHED)
        self.ring = np.full((rows, heard.said.newest.shape[1]), np.nan)

    def factor(self, row: int, values: NDArray, newest: tuple[NDArray, NDArray] | None) -> float:
        """What a row's score is multiplied by, 0..1.

        values: (C,); newest: the code (k,) of the window that ends with it, and how that rebuilds it (C,), scaled; None
        where none ends.
        """
        at = row % len(self.ring)
        if newest is None:
            self.ring[at] = np.nan
            return 1.0
        z, x_hat = newest
        self.ring[at] = unusual_rows(self.detector, values[None], z[None], x_hat[None])[0]
        back = self.ring[np.isfinite(self.ring).all(1)]
        if not np.isfinite(self.ring[at]).all():
            return 1.0
        said = self.heard.said
        return float(quietened(back.mean(0)[None], said.normal, said.faults, self.heard.noise)[0])


class JudgedScores:
    """The scores of rows that come, by what was judged: they stand beside those without.

    Args:
        detector: a run's.
        heard: what was judged with it.
    """

    def __init__(self, detector: Detector, heard: Heard):
        self._judged, self._level = LiveJudged(detector, heard), Level(detector, heard.rule)

    def next(self, scored: ScoredRow, values: NDArray, newest: tuple[NDArray, NDArray] | None) -> dict[str, float]:
        """Score, threshold and flag of a row, by the names that files have for them; NaN where it has no score.

        values, newest: as `LiveJudged.factor` takes them.
        """
        score = scored.score * self._judged.factor(scored.row, values, newest)
        threshold = self._level.next(scored.row, score)
        return dict(zip(JUDGED_COLUMNS, (score, threshold, float(score > threshold)), strict=True))

    def state(self) -> dict[str, NDArray]:
        """What the next rows need of those before, by name."""
        threshold = np.array([self._level.now])
        return {"judged.ring": self._judged.ring, "judged.scores": self._level.scores, THRESHOLD: threshold}

    def restore(self, state: Mapping[str, NDArray]) -> None:
        """Go on from what `state` gave. Raises KeyError, ValueError where that is another run's."""
        for name, ring in (("judged.ring", self._judged.ring), ("judged.scores", self._level.scores)):
            ring[:] = state[name].reshape(ring.shape)
        self._level.now = float(state[THRESHOLD][0])
