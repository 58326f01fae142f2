"""Uploaded pictures: digits end up as MNIST's are; what is no digit ends in one sentence."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw

from ae_core import LatentError
from ae_core.io.images import as_digit, enlarged, read_picture


def file(image: Image.Image, kind="PNG") -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind)
    return buffer.getvalue()


def seven(size=(300, 200), paper="white", ink="black", mode="RGB") -> Image.Image:
    image = Image.new(mode, size, paper)
    ImageDraw.Draw(image).line([(60, 40), (140, 40), (90, 160)], fill=ink, width=14)
    return image


@pytest.mark.parametrize(
    "image",
    [
        seven(),
        seven(paper="black", ink="white"),
        seven(paper="#dde", ink="#225"),
        seven(paper=(0, 0, 0, 0), ink="black", mode="RGBA"),
        seven(size=(1500, 900)),
        seven().convert("L"),
        seven().convert("P"),
    ],
)
def test_a_digit_is_bright_centred_and_20_pixels_tall(image):
    digit = as_digit(read_picture(file(image)), (28, 28))
    assert digit.shape == (28, 28)
    assert 0 <= digit.min() <= digit.max() <= 1
    assert digit.max() > 0.8
    rows = np.nonzero(digit.max(1) > 0.2)[0]
    assert 18 <= rows[-1] - rows[0] + 1 <= 21
    weights = digit / digit.sum()
    centre = [(weights.sum(1 - axis) * (np.arange(28) + 0.5)).sum() for axis in (0, 1)]
    np.testing.assert_allclose(centre, 14, atol=0.75)


def test_jpeg_and_small_models():
    assert as_digit(read_picture(file(seven(), "JPEG")), (8, 8)).shape == (8, 8)


def test_small_digits_grow(digits):
    grown = enlarged(digits.x_test[0, 0].numpy(), (28, 28))
    assert grown.shape == (28, 28)
    assert grown.max() > 0.7


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "no picture"),
        (b"hello", "no picture"),
        (file(seven())[:300], "no picture"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "no picture"),
        (file(Image.new("1", (10_000, 10_000))), "too many"),
        (file(Image.new("RGB", (50, 50), "white")), "blank"),
        (file(Image.new("RGBA", (50, 50), (0, 0, 0, 0))), "blank"),
        (file(Image.new("L", (1, 1))), "blank"),
        (bytes(21 << 20), "MB"),
    ],
)
def test_what_is_no_digit_is_one_sentence(content, says):
    with pytest.raises(LatentError, match=says) as error:
        as_digit(read_picture(content), (28, 28))
    assert "\n" not in str(error.value)
