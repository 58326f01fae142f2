"""Scores of samples, with a threshold that follows the pointer and what it says of the samples."""

from ..register import component
from .types import SampleScoresData, SampleScoresView

_mount = component("sample_scores", __file__)


def sample_scores(data: SampleScoresData, key: str) -> SampleScoresView | None:
    """Show a histogram of the scores in `data`, its threshold, and how well network and PCA tell with it.

    Returns where the threshold was last let go; None before.
    """
    return _mount(data=data, key=key, on_threshold_change=lambda: None, default={"threshold": None}).threshold
