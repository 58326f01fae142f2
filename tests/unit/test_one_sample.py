"""One more sample: numbers as people paste them become what the model would have read from the file."""

import io

import numpy as np
import pytest
from PIL import Image

from ae_core import LatentError
from ae_core.base.display import Display
from ae_core.data.samples.one import as_picture, brought, pasted

SIGNAL = Display("signals", channels=(("", "mV"),), centre=(10.0,), spread=(2.0,))
VALUES = np.array([8.0, 10.5, 12.0, 9.25], np.float32)
WANTED = ((VALUES - 10) / 2)[None]


@pytest.mark.parametrize(
    "text",
    [
        "8, 10.5, 12, 9.25",
        "8,10.5,12,9.25\n",
        "8\n10.5\n12\n9.25",
        "8;10,5;12;9,25",
        "8\t10.5\t12\t9.25",
        "[8 10.5 12 9.25]",
        "8 10,5 12 9,25",
    ],
)
def test_numbers_in_any_dress(text):
    (x,) = pasted(text, (1, 4), SIGNAL)
    np.testing.assert_allclose(x, WANTED, atol=1e-6)


def test_a_row_with_its_class_may_be_either_part_and_a_word_is_none():
    parts = pasted("1,8,10.5,12,9.25", (1, 4), SIGNAL)
    np.testing.assert_allclose(parts[1], WANTED, atol=1e-6)
    assert len(parts) == 2
    (x,) = pasted("8,10.5,12,9.25,benign", (1, 4), SIGNAL)
    np.testing.assert_allclose(x, WANTED, atol=1e-6)


def test_a_heading_above_and_a_missing_value():
    (x,) = pasted("a,b,c,d\n8,,12,9.25\n", (1, 4), SIGNAL)
    np.testing.assert_allclose(x[0], [-1, 0, 1, -0.375], atol=1e-6)  # on the line between its neighbours


def test_channels_in_lines_or_in_columns_each_with_its_own_scale():
    display = Display("signals", channels=(("a", ""), ("b", "")), centre=(0.0, 10.0), spread=(1.0, 10.0))
    x = np.array([[1, 2, 3], [10, 20, 30]], np.float32)
    for text in ("1,2,3\n10,20,30", "1,2,3:10,20,30", "1,10\n2,20\n3,30"):
        (found,) = pasted(text, (2, 3), display)
        np.testing.assert_allclose(found, [x[0], (x[1] - 10) / 10])


def test_a_file_of_text_or_an_array():
    file = io.BytesIO()
    np.save(file, VALUES)
    for data in (b"\xef\xbb\xbf8,10.5,12,9.25", file.getvalue()):
        np.testing.assert_allclose(brought(data, (1, 4), SIGNAL)[0], WANTED, atol=1e-6)


@pytest.mark.parametrize("text", ["", "1,2,3", "1,2,3,4,5,6", "one two three four", "1,2,x,4"])
def test_what_is_no_sample_is_one_sentence(text):
    with pytest.raises(LatentError, match="has 4 values") as error:
        pasted(text, (1, 4), SIGNAL)
    assert "\n" not in str(error.value)


def test_a_picture_is_made_as_those_of_a_zip():
    file = io.BytesIO()
    Image.new("RGB", (60, 40), (255, 0, 51)).save(file, "PNG")
    np.testing.assert_allclose(as_picture(file.getvalue(), (3, 8, 8))[:, 2, 2], [1, 0, 0.2])
    np.testing.assert_allclose(as_picture(file.getvalue(), (1, 8, 8))[0, 2, 2], 0.299 + 0.114 * 0.2, rtol=1e-5)
    with pytest.raises(LatentError, match="no picture"):
        as_picture(b"no", (1, 8, 8))
