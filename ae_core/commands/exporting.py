"""python -m ae_core export: a run in the forms that other programs take."""

import argparse
from pathlib import Path

from ..base.errors import LatentError
from ..base.outputs import check_folder
from ..runs.checkpoint import read_checkpoint


def export(args: argparse.Namespace) -> None:
    """Write a run's files of the kinds that were asked for. Raises LatentError."""
    if not args.onnx:
        raise LatentError("Say what is written: --onnx.")
    from ..export.onnx import export_onnx

    checkpoint = read_checkpoint(args.name)
    out = Path(args.out or f"{checkpoint.name}-onnx")
    check_folder(out)
    for path in export_onnx(checkpoint, out, args.k):
        print(path)
