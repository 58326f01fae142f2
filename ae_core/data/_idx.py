"""MNIST and its look-alikes through torchvision, with a download that reports progress and can be cut off.

Files that are here already are read without it: it brings torch's compiler along, 85 MB in every process that reads
digits. Its Linux wheel
is compiled against CUDA: beside a CPU-only torch its compiled operators do not load and `import torchvision` raises
"operator torchvision::nms does not exist". Its datasets are pure Python, so the two operators are declared, and only
where the plain import fails.
"""

from __future__ import annotations

import gzip
import inspect
import os
import shutil
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from ..base.errors import LatentError
from . import Dataset, Progress, data_folder

if TYPE_CHECKING:
    import torch
    from torch import Tensor
else:
    from ..base.lazy import torch

_libraries: list[torch.library.Library] = []  # kept alive: a torch library's definitions go with it


def _torchvision() -> Any:
    try:
        import torchvision
    except RuntimeError:
        library = torch.library.Library("torchvision", "DEF")
        library.define("nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        library.define("qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        _libraries.append(library)
        import torchvision
    return torchvision


FILES = tuple(f"{half}-{part}-ubyte" for half in ("train", "t10k") for part in ("images-idx3", "labels-idx1"))


def idx_here(kind: str) -> bool:
    """Whether the four files of `kind` are in the data folder."""
    return all(
        os.path.exists(data_folder() / kind / "raw" / file) for file in FILES
    )  # a folder that may not be read has none


def _fetch(kind: Any, folder: Path, progress: Progress | None) -> None:
    """Download what is missing. Each file appears only when it is whole and its checksum is right."""
    check_md5 = _torchvision().datasets.utils.check_md5
    folder.mkdir(parents=True, exist_ok=True)
    for archive, md5 in kind.resources:
        target = folder / archive.removesuffix(".gz")
        if target.exists():
            continue
        part = folder / f"{archive}.{os.getpid()}.part"
        whole = part.with_suffix(".whole")
        try:
            for attempt, mirror in enumerate(kind.mirrors):
                try:
                    with urllib.request.urlopen(mirror + archive, timeout=20) as answer, part.open("wb") as file:
                        total, done = int(answer.headers.get("Content-Length") or 0), 0
                        while block := answer.read(1 << 16):
                            file.write(block)
                            done += len(block)
                            if progress:
                                progress(archive, done, total)
                    if not check_md5(part, md5):
                        raise OSError(f"{archive} arrived damaged")
                    break
                except OSError:
                    if attempt == len(kind.mirrors) - 1:
                        raise
            with gzip.open(part) as packed, whole.open("wb") as file:
                shutil.copyfileobj(packed, file)
            whole.rename(target)
        finally:
            part.unlink(missing_ok=True)
            whole.unlink(missing_ok=True)


def load_idx(name: str, kind: str, classes: tuple[str, ...], progress: Progress | None) -> Dataset:
    """The dataset that torchvision calls `kind` as a `Dataset` of (N, 1, 28, 28) grey levels in 0..1."""
    root = data_folder()
    raw = root / kind / "raw"
    if not idx_here(kind):
        try:
            _fetch(getattr(_torchvision().datasets, kind), raw, progress)
        except OSError as error:
            reason = getattr(error, "reason", None) or error
            raise LatentError(
                f"{kind} is not under {root}/ and could not be downloaded ({reason}): put its files into {raw}/, "
                "set LATENT_DATA to a folder that has them, or use the data that is always here, digits or sinusoids."
            ) from error
    try:
        x, y, x_test, y_test = (_read(raw / file) for file in FILES)
        if [tuple(p.shape) for p in (x, y, x_test, y_test)] != [(60000, 28, 28), (60000,), (10000, 28, 28), (10000,)]:
            raise ValueError(f"{tuple(x.shape)} and {tuple(x_test.shape)} instead of 60,000 and 10,000 images")
    except (ValueError, OSError) as error:
        raise LatentError(
            f"The files in {raw}/ cannot be read as {kind} ({error}): delete them, and they are fetched again."
        ) from error
    x, x_test = (p.unsqueeze(1).to(torch.float32).div_(255) for p in (x, x_test))
    return Dataset(name, x, x_test, (0.0, 1.0), y.long(), y_test.long(), classes)


def _read(path: Path) -> Tensor:
    """An idx file of bytes, uint8: 0, 0, 8, the number of dimensions, each as four bytes with the highest first, then
    the values. ValueError where it is none.
    """
    values = np.fromfile(path, np.uint8)
    if values[:3].tolist() != [0, 0, 8]:
        raise ValueError(f"{path.name} does not begin as an idx file of bytes does")
    start = 4 + 4 * int(values[3:4].sum())
    return torch.from_numpy(values[start:].reshape(values[4:start].view(">u4").tolist()))


def idx_script(kind: str) -> str:
    """Lines of plain Python that do what `load_idx` does, but for its checks. torchvision is asked for a download alone
    (see above).
    """
    return inspect.cleandoc(f"""
        import os

        import numpy as np

        folder = os.environ.get("LATENT_DATA") or "data"
        if not os.path.isdir(f"{{folder}}/{kind}/raw"):
            from torchvision.datasets import {kind}

            {kind}(folder, download=True)


        def images(half):
            \"\"\"(N, 1, 28, 28), 0..1: the file has 16 bytes of header, then a byte for each pixel.\"\"\"
            pixels = np.fromfile(f"{{folder}}/{kind}/raw/{{half}}-images-idx3-ubyte", np.uint8)[16:]
            return torch.tensor(pixels, dtype=torch.float32).view(-1, 1, 28, 28) / 255


        x_train, x_test = images("train"), images("t10k")
    """)


def idx_script_labels(kind: str) -> str:
    """Lines that follow those of `idx_script` and read the classes."""
    return inspect.cleandoc(f"""
        files = (f"{{folder}}/{kind}/raw/{{half}}-labels-idx1-ubyte" for half in ("train", "t10k"))
        y_train, y_test = (torch.tensor(np.fromfile(file, np.uint8)[8:], dtype=torch.int64) for file in files)
    """)
