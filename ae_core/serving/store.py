"""What a server keeps of its streams, in one file of SQLite: rows with their scores, and what the next ones need.

A request's rows and scores are one transaction, so a process that is killed at any moment has all of them or none. A
power cut may lose the last ones (`synchronous` is NORMAL): the sender is then told where to go on.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from ..base.errors import LatentError

TABLES = """
create table if not exists about (key text primary key, value text not null);
create table if not exists streams
    (name text primary key, next integer not null, state_row integer not null, state blob not null);
create table if not exists rows
    (stream text not null, row integer not null, given text not null, answer text not null, primary key (stream, row))
    without rowid;
"""


class Kept(NamedTuple):
    """A stream as it was kept.

    Attributes:
        next: the number of its next row.
        state: what the rows from `state_row` on need.
        given: the rows from `state_row` to `next`, as they were given.
    """

    next: int
    state_row: int
    state: bytes
    given: list[Any]


class Store:
    """A file that one server has for itself.

    Args:
        path: the file; made where it is not there.
        of: what tells the run and its threshold from others.

    Raises LatentError where the file is another run's, another server's at the moment, or none.
    """

    def __init__(self, path: Path, of: str):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=1, check_same_thread=False, isolation_level=None)
            self._db.execute("pragma locking_mode = exclusive")
            self._db.execute("pragma journal_mode = wal")
            self._db.execute("pragma synchronous = normal")
            self._db.executescript(TABLES)
            self._db.execute("insert or ignore into about values ('of', ?)", (of,))
            (kept,) = self._db.execute("select value from about where key = 'of'").fetchone()
        except sqlite3.OperationalError as error:
            why = f"{error}: another server may have it"
            raise LatentError(f"{path} cannot be used ({why}): give another --state.") from error
        except (sqlite3.DatabaseError, OSError) as error:
            raise LatentError(f"{path} cannot be used ({error}): give another --state.") from error
        if kept != of:
            self._db.close()
            raise LatentError(f"{path} belongs to another run or threshold: give another --state.")

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def streams(self) -> dict[str, int]:
        """The number of each stream's next row, by name."""
        return dict(self._db.execute("select name, next from streams order by name").fetchall())

    def stream(self, name: str) -> Kept | None:
        """A stream; None where there is none of that name."""
        row = self._db.execute("select next, state_row, state from streams where name = ?", (name,)).fetchone()
        if row is None:
            return None
        rows = self._db.execute("select given from rows where stream = ? and row >= ? order by row", (name, row[1]))
        following, state_row, state = row
        return Kept(following, state_row, state, [json.loads(given) for (given,) in rows])

    def next(self, name: str) -> int | None:
        """The number of a stream's next row; None where there is none of that name."""
        row = self._db.execute("select next from streams where name = ?", (name,)).fetchone()
        return None if row is None else int(row[0])

    def count(self) -> int:
        """How many streams there are."""
        return int(self._db.execute("select count(*) from streams").fetchone()[0])

    def answers(self, name: str, first: int, end: int) -> list[dict[str, Any]]:
        """What rows first to end (exclusive) were answered, those that are still kept."""
        query = "select answer from rows where stream = ? and row >= ? and row < ? order by row"
        return [json.loads(answer) for (answer,) in self._db.execute(query, (name, first, end))]

    def add(
        self, name: str, first: int, given: list[Any], answers: list[Any], state: tuple[int, bytes] | None, most: int
    ) -> None:
        """Keep further rows of a stream, and what the rows from a row on need where that is given. most: rows that are
        kept of a stream.
        """
        end = first + len(given)
        lines = (
            (name, first + at, json.dumps(one), json.dumps(other, ensure_ascii=False))
            for at, (one, other) in enumerate(zip(given, answers, strict=True))
        )
        with self._transaction():
            self._db.executemany("insert into rows values (?, ?, ?, ?)", lines)
            if state is not None:
                self._db.execute("insert or replace into streams values (?, ?, ?, ?)", (name, end, *state))
                self._db.execute("delete from rows where stream = ? and row < ?", (name, min(end - most, state[0])))
            else:
                self._db.execute("update streams set next = ? where name = ?", (end, name))

    def forget(self, name: str) -> bool:
        """Forget a stream; whether there was one."""
        with self._transaction():
            self._db.execute("delete from rows where stream = ?", (name,))
            return self._db.execute("delete from streams where name = ?", (name,)).rowcount > 0
