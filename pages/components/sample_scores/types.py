"""What goes to the figure of scores and back; tests/js/write_types.py writes pages/components/types.d.ts from it."""

from typing import NotRequired, TypedDict


class SampleScoresMethod(TypedDict):
    """name: of the method; scores: base64 of float64 (N,), NaN for a sample without a value; auc_pr, auc_roc: of them,
    None where it is not known which samples are abnormal.
    """

    name: str
    scores: str
    auc_pr: float | None
    auc_roc: float | None


class SampleScoresData(TypedDict):
    """name: what the scores are of; quantile: of the held-out normal scores, the threshold; limits: of it.

    methods: the first is the one whose scores are shown; roles: base64, a byte a sample: 0 trained on, 1 held out and
    normal, 2 any other; chance: AUC-PR of one who guesses, None where it is not known which samples are abnormal.
    """

    name: str
    methods: list[SampleScoresMethod]
    roles: str
    quantile: float
    limits: list[float]
    chance: float | None
    revision: NotRequired[int]


class SampleScoresView(TypedDict):
    """Where the threshold was let go, as SampleScoresData has it."""

    quantile: float
