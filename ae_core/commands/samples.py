"""What the commands say of a person's own samples."""

from ..data import source
from ..data.samples.source import Samples, with_missing_said
from ..model.config import Config


def say(config: Config) -> None:
    """Print what was found in a file of samples, before anything trains on it. Raises LatentError."""
    origin = source(config.data, **config.source)
    if isinstance(origin, Samples):
        print("\n".join(sentences(origin)))


def sentences(origin: Samples) -> list[str]:
    """What was found in a file of samples: notes, the split, near-duplicates across it. Raises LatentError."""
    collection = origin.collection()
    ready = origin.prepare(collection)
    lines = [f"{origin.file}: {len(collection):,} samples"]
    lines += [f"  {note.text}" for note in with_missing_said(collection).notes]
    whole = "groups are kept whole" if collection.groups else "of each class" if collection.classes else "at random"
    lines.append(f"  {len(ready.train):,} to train on, {len(ready.test):,} held out, {whole}.")
    return [*lines, *(f"  {line}" for line in [ready.duplicates()] if line)]
