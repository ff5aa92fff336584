"""Reading content files: what is wrong with them is collected, not raised one by one."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in the content: the file, the entry (or line) in it, and what is wrong."""

    file: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.file}: {self.where}: {self.what}" if self.where else f"{self.file}: {self.what}"


class ContentError(Exception):
    """The content has mistakes; ``problems`` lists them all."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


class Reader:
    """Reads files under ``root`` and adds what is wrong to ``problems``."""

    def __init__(self, root: Path, problems: list[Problem] | None = None) -> None:
        self.root = root
        self.problems: list[Problem] = [] if problems is None else problems

    def _problem(self, file: Path | str, where: str, what: str) -> None:
        name = str(file.relative_to(self.root)) if isinstance(file, Path) else file
        self.problems.append(Problem(name, where, what))

    def _toml(self, path: Path) -> dict[str, Any]:
        try:
            return tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            self._problem(path, "", "is missing")
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            self._problem(path, "", f"is not TOML: {error}")
        return {}

    def _valid(self, adapter: TypeAdapter[T], row: Any, file: Path, where: str) -> T | None:
        try:
            return adapter.validate_python(row)
        except ValidationError as error:
            for detail in error.errors():
                place = ".".join(str(part) for part in detail["loc"])
                self._problem(file, where, f"{place}: {detail['msg']}" if place else detail["msg"])
        return None

    def _rows(self, path: Path, table: dict[str, Any], key: str, adapter: TypeAdapter[T], **more: Any) -> Iterator[T]:
        """The valid rows of ``[[key]]``; unknown tables beside it are problems too."""
        for number, row in enumerate(self._tables(path, table, key), 1):
            where = str(row.get("id") or row.get("code") or row.get("row") or f"{key} {number}")
            if (valid := self._valid(adapter, {**row, **more}, path, where)) is not None:
                yield valid
        for stray in table:
            self._problem(path, stray, "unknown key")

    def _tables(self, path: Path, table: dict[str, Any], key: str) -> list[dict[str, Any]]:
        rows = table.pop(key, [])
        if isinstance(rows, list) and all(isinstance(row, dict) for row in rows):
            return rows
        self._problem(path, key, f"needs [[{key}]] tables")
        return []

    def _csv(self, path: Path, columns: tuple[str, ...], adapter: TypeAdapter[T]) -> Iterator[tuple[str, T]]:
        """Each valid row with its place ("line 7"). The head names some of ``columns``; an empty cell is no value."""
        for place, row in self._csv_rows(path, columns):
            if (valid := self._valid(adapter, row, path, place)) is not None:
                yield place, valid

    def _csv_rows(self, path: Path, columns: tuple[str, ...]) -> Iterator[tuple[str, dict[str, str]]]:
        try:
            lines = csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline=""), strict=True)
            head = next(lines, [])
            if not head or set(head) - set(columns) or len(set(head)) < len(head):
                self._problem(path, "line 1", f"the columns must be of {', '.join(columns)}, each once")
                return
            for cells in lines:
                place = f"line {lines.line_num}"
                if len(cells) == len(head):
                    yield place, {name: cell for name, cell in zip(head, cells, strict=True) if cell.strip()}
                elif cells:
                    self._problem(path, place, f"has {len(cells)} cells, not {len(head)}")
        except FileNotFoundError:
            self._problem(path, "", "is missing")
        except (csv.Error, UnicodeDecodeError) as error:
            self._problem(path, "", f"is not CSV in UTF-8: {error}")
