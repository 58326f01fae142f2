"""Weka's ARFF: @relation, @attribute lines with names and kinds, @data, rows with commas."""

import csv
import re

from .marks import Marks, plain_text


def read(lines: list[str], text: bytes) -> Marks | None:
    if not any(line.strip().lower().startswith("@relation") for line in lines[:100]):
        return None
    names, body, started = [], [], False
    for line in text.decode(errors="replace").split("\n"):
        plain = line.strip()
        if not plain or plain.startswith("%"):
            continue
        match = re.match(r"@attribute\s+('[^']*'|\"[^\"]*\"|\S+)", plain, re.IGNORECASE)
        if match:
            names.append(match[1].strip("'\""))
        elif plain.lower().startswith("@data"):
            started = True
        elif started and not plain.startswith("{"):
            body.append(plain)
    if not names or not body:
        return None
    return Marks("Weka's ARFF", plain_text([names, *csv.reader(body, quotechar="'", skipinitialspace=True)]))
