"""A signal's own period as the benchmark TSB-AD takes it, for the buffer of its VUS-PR."""

import numpy as np

FIRST_ROWS = 20_000  # that are looked at
SHORTEST, LONGEST, ELSE = 3, 300, 125  # lags of a peak behind the third that count; the buffer where none does
LAGS = 400


def period_buffer(values: np.ndarray) -> int:
    """The lag, in rows, of the highest peak in the autocorrelation of a channel (rows,), or 125 where that is not
    6 to 303 rows.

    As the benchmark's authors have it (Liu & Paparrizos 2024): of the first 20,000 rows, lags up to 400, the first
    three left out.
    """
    values = np.asarray(values, float)[:FIRST_ROWS]
    centred = values - values.mean() if len(values) else values
    if len(centred) < 2 or not np.any(centred):
        return ELSE
    size = 1 << (2 * len(centred) - 1).bit_length()
    power = np.abs(np.fft.rfft(centred, size)) ** 2
    correlation = np.fft.irfft(power, size)[: min(LAGS, len(centred) - 1) + 1]
    correlation = (correlation / correlation[0])[3:]
    inner = correlation[1:-1]
    peaks = 1 + np.flatnonzero((inner > correlation[:-2]) & (inner > correlation[2:]))
    if not len(peaks):
        return ELSE
    best = int(peaks[correlation[peaks].argmax()])
    return best + 3 if SHORTEST <= best <= LONGEST else ELSE
