"""What leaves the program: ONNX files, and what stands beside them."""

import importlib.util


def has_onnx() -> bool:
    """Whether ONNX files can be written: an extra, which need not be there."""
    return importlib.util.find_spec("onnx") is not None
