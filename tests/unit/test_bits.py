"""Bytes: rounding against its own bound, files against what they decode to."""

import numpy as np
import pytest

from ae_core.io.compression import code_bytes, jpeg, png, rounded_codes


@pytest.mark.parametrize("bits", [1, 3, 8])
def test_rounding_stays_within_half_a_step(bits):
    z = np.random.default_rng(0).uniform(-3, 3, (500, 4))
    spread = np.array([1.0, 2.0, 0.5, 1.0])
    found = rounded_codes(z * spread, bits, spread)
    half = 3 * spread / 2**bits
    assert (np.abs(found - z * spread) <= half + 1e-12).all()
    assert all(len(np.unique(column)) <= 2**bits for column in found.T)


def test_bytes_are_counted():
    assert [code_bytes(8, 8), code_bytes(3, 4), code_bytes(64, 1)] == [8, 2, 8]


def test_files_decode_to_the_picture(digits):
    image = np.kron(digits.x_test[0, 0].numpy(), np.ones((4, 4)))
    whole = png(image)
    assert whole.error < 32 * 32 * (0.5 / 255) ** 2 + 1e-9
    assert whole.header < whole.size
    loose, tight = jpeg(image, 20.0), jpeg(image, 0.5)
    assert loose.error <= 20
    assert tight.error <= 0.5
    assert loose.size < tight.size
    assert jpeg(image, 0.0).error < 0.1
