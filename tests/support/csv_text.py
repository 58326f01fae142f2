"""Small tables as text."""

A = [[1.5, -20.25], [2.5, 30.75], [-3.25, 40.0], [4.125, 50.5]]


def lines(*rows: str) -> str:
    return "\n".join(rows) + "\n"


def table_of(values, delimiter=",", decimal=".", header="a,b"):
    rows = [delimiter.join(f"{v:.3f}".replace(".", decimal) for v in row) for row in values]
    return lines(*([delimiter.join(header.split(","))] if header else []), *rows)
