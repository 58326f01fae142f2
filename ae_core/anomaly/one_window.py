"""What a calibration makes of one window, as quickly as one row at a time needs it.

The figures are those of `NewestCalibration.phi` and `Calibration.phi`, of a single window and with all that does not
change from row to row computed once.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..base.errors import LatentError
from .calibration import Calibration
from .detector import FLOAT32
from .newest import DISTANCE_WEIGHT, MOVED_WEIGHT, NEAREST, TINY, NewestCalibration


class OneWindow:
    """A calibration for windows that come one at a time.

    Args:
        calibration: the network's or PCA's.
        rows: of a window, L.
        score_type: as `Scoring` has it.
    """

    def __init__(self, calibration: NewestCalibration | Calibration, rows: int, score_type: str):
        self.calibration, self.score_type, self.rows = calibration, score_type, rows
        if isinstance(calibration, NewestCalibration):
            self.bank = calibration.bank
            self.norms = np.square(self.bank).sum(1)
            self.nearest = min(NEAREST, len(self.bank))
            self.means = np.zeros((rows, 2))  # (L, 2): a window's rows times it are means over its quarter and half
            for part, count in enumerate((max(1, rows // 4), max(1, rows // 2))):
                self.means[rows - count :, part] = 1 / count

    def phi(self, x: NDArray, z: NDArray, x_hat: NDArray, moved: NDArray) -> NDArray:
        """Each channel's part of the raw score, (C,).

        Args:
            x: the window (C, L), scaled.
            z: its code (k,), float64.
            x_hat: how it is rebuilt, (C, L) float64.
            moved: (C,), as `WindowStats` has it.

        Raises:
            LatentError: where the model's floats overflow.
        """
        apart = x_hat - x
        squared = apart * apart
        energy = np.einsum("cl,cl->c", x_hat, x_hat) / self.rows + 1e-12
        total = float(energy.sum())
        if not max(float(squared.sum()) / self.rows, total, float(np.abs(z).max())) < FLOAT32[1]:  # nor NaN
            raise LatentError(
                "This model's reconstructions of these rows overflow: its files are damaged, train it again."
            )
        own: Any = self.calibration
        if not isinstance(own, NewestCalibration):
            return self._whole(own, squared, z, energy / total)
        errors = (squared @ self.means) / own.limits
        squares = np.einsum("cp,cp->c", errors, errors)
        z = z * own.scale
        distances = self.norms - 2 * (self.bank @ z) + z @ z
        least = np.partition(distances, self.nearest - 1)[: self.nearest]
        distance = DISTANCE_WEIGHT * float(np.sqrt(np.maximum(least, 0)).mean()) / own.distance_limit[0]
        phi: NDArray = errors.max(0).sum() * squares / max(squares.sum(), TINY) + distance * energy / total
        if most := float(moved.max()):
            phi += MOVED_WEIGHT * most * moved / max(float(moved.sum()), TINY)
        return phi

    def _whole(self, own: Calibration, squared: NDArray, z: NDArray, share: NDArray) -> NDArray:
        error: NDArray = squared.sum(1) / self.rows
        if self.score_type == "error":
            return error / len(error)
        apart = z - own.mean
        t2 = apart @ own.precision @ apart
        return error / own.channel / len(error) / own.limits[0] + (t2 / own.limits[1]) * share
