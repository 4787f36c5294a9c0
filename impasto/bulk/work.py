"""Work in numbered parts that any number of processes do, and that goes on where it was cut off.

What is to be done lies in files beside the result, one a part; a part that is done has a file that says what came of
it. All are written whole or not at all, so that at any moment the folder tells what is left.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from impasto.bulk.places import Place
from impasto.console import shown


class Work:
    """The parts of one piece of work, in the hidden folder `name` of a place.

    Can be pickled.

    Args:
        place: Where the results go.
        name: Of the folder, `.impasto-corpus` for one.
    """

    def __init__(self, place: Place, name: str) -> None:
        self.place, self.name = place, name
        self._turn = ""

    @property
    def drafts(self) -> str:
        """The folder of what is unfinished."""
        return f"{self.name}/drafts"

    def begun(self) -> dict[str, Any] | None:
        """What `begin` was given when this work was begun, and `parts`, their number; None where it was not."""
        if not self.place.exists(f"{self.name}/plan.json"):
            return None
        found: dict[str, Any] = json.loads(self.place.read(f"{self.name}/plan.json"))
        self._turn = found["turn"]
        return found

    def refuse_taken(self, names: Iterable[str]) -> None:
        """Raises ValueError where something of these names is there already, which this work did not make."""
        for name in names:
            if self.place.exists(name):
                raise ValueError(
                    f"{shown(self.place.path(name))} is there already, and not from this command: choose another folder"
                )

    def begin(self, plan: dict[str, Any], parts: Iterable[Any]) -> dict[str, Any]:
        """Notes what is to be done, in the place of what was done before; returns the plan with the number of parts.

        Args:
            plan: What the same command must ask for, to go on with it.
            parts: What each is to do, as JSON holds it; read one after the other.
        """
        before = self._turn
        # Other folders than before: cut off in here, the plan of before holds.
        self._turn = "b" if before == "a" else "a"
        self._empty(self._turn)
        count = 0
        for count, part in enumerate(parts, start=1):
            self._write(f"{self._turn}/parts/{count - 1:06d}.json", part)
        made = {**plan, "parts": count, "turn": self._turn}
        self._write("plan.json", made)
        if before:
            self._empty(before)
        return made

    def part(self, number: int) -> Any:
        """What a part is to do."""
        return json.loads(self.place.read(f"{self.name}/{self._turn}/parts/{number:06d}.json"))

    def finish(self, number: int, result: Any) -> None:
        """Notes that a part is done, and what came of it."""
        self._write(f"{self._turn}/done/{number:06d}.json", result)

    def done(self) -> set[int]:
        """The parts that are done."""
        names = self.place.names(f"{self.name}/{self._turn}/done")
        return {int(name[:6]) for name in names if name.endswith(".json")}

    def result(self, number: int) -> Any:
        """What came of a part that is done."""
        return json.loads(self.place.read(f"{self.name}/{self._turn}/done/{number:06d}.json"))

    def results(self) -> Iterator[Any]:
        """What came of the parts that are done, in their order."""
        return map(self.result, sorted(self.done()))

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        """One command at a time: holds a lock where the place is on this machine, and removes what killed ones left.

        Raises:
            BusyError: another process works here.
        """
        if not self.place.is_local:
            yield
            return
        from impasto.lock import exclusive

        with exclusive(Path(self.place.path(f"{self.name}/lock")), self.place.root):
            self.place.clear(self.drafts)
            yield
            self.place.clear(self.drafts)

    def _empty(self, turn: str) -> None:
        for folder in ("parts", "done", ""):
            self.place.clear(f"{self.name}/{turn}/{folder}".rstrip("/"))

    def _write(self, name: str, content: Any) -> None:
        text = json.dumps(content, ensure_ascii=True)  # names of any bytes, too
        self.place.write(f"{self.name}/{name}", text.encode("ascii"), self.drafts)


def refuse_another(before: dict[str, Any], now: dict[str, Any], where: str, what: str) -> None:
    """Raises ValueError where work was begun with other settings than the command has now; names them."""
    changed = [key for key in now if before.get(key) != now[key]]
    if changed:
        told = ", ".join(f"{key.replace('_', '-')} {before.get(key)!r} (now {now[key]!r})" for key in changed)
        raise ValueError(
            f"{shown(where)}: {what} was begun with {told[:600]}; repeat the command that it was begun with, or choose "
            "another folder"
        )
