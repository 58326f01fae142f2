"""What a detector does over time, as lines of NumPy that stand beside its ONNX file."""

import inspect

from ..base.outputs import OVER_TIME

_NEWEST = '''
    def over_time(raw, usual):
        """A score for each of the file's rows from raw (rows,), NaN where no window ends: over the root of a trailing
        median.
        """
        before = np.resize(usual, 1024)
        known = np.r_[before, np.nan_to_num(raw, nan=float(np.median(before)))]
        base = [np.median(known[at : at + 1024]) for at in range(0, len(raw), 16)]
        return raw / np.sqrt(0.1 + np.repeat(base, 16)[: len(raw)])


    def scores(raw, about):
        return over_time(raw, about["usual"])
'''
_MEAN = '''
    def over_time(raw, rows):
        """The mean of raw (rows,), NaN where no window ends, over the last rows; in one stretch without a gap."""
        there = np.isfinite(raw)
        total = np.convolve(np.where(there, raw, 0), np.ones(rows))[: len(raw)]
        count = np.convolve(there, np.ones(rows))[: len(raw)]
        return np.where(there, total / np.maximum(count, 1), np.nan)


    def scores(raw, about):
        if about["smoothing_rows"] == 1:
            return raw
        mean = over_time(raw, about["smoothing_rows"])
'''
_ENDS = {
    "error": "        return mean\n",
    "combined": '        return mean / about["limits"][0] + 0.25 * raw / about["limits"][1]\n',
}
_RUN = """


    if __name__ == "__main__":  # python over_time.py ROWS.npy, rows (N, C) in the order of about["names"], without NaN
        import onnxruntime

        folder = Path(__file__).parent
        about = json.loads((folder / "detector.json").read_text("utf-8"))
        rows = np.load(sys.argv[1]).astype(np.float64)
        windows = np.lib.stride_tricks.sliding_window_view(rows, about["window"], axis=0)
        raw, shares = onnxruntime.InferenceSession(folder / "detector.onnx").run(None, {"window": windows.copy()})
        score = scores(np.r_[np.full(about["window"] - 1, np.nan), raw], about)
        for row, value in enumerate(score):
            print(row, f"{value:.6g}", "abnormal" if value > about["threshold"] else "", sep=",")
"""


def program(score_type: str) -> str:
    """The program over_time.py for a kind of score."""
    body = _NEWEST if score_type == "newest" else _MEAN + _ENDS[score_type]
    head = f'"""{OVER_TIME}"""\n\nimport json\nimport sys\n'
    return f"{head}from pathlib import Path\n\nimport numpy as np\n\n\n{inspect.cleandoc(body + _RUN)}\n"
