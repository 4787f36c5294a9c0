"""What an export format is: how its files are made, how they are run, and what its help says."""

from __future__ import annotations

import argparse
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from export.manifest import GraphEntry
from impasto.runtimes.protocol import Runtime

if TYPE_CHECKING:
    from models.stylizer import Stylizer


class Format(ABC):
    """One format, for one runtime. To add one: a subclass in a file of its own, and an object of it in export.registry.

    Attributes:
        name: In the manifest, and of the command.
        summary: One line: what it is, and for whom.
        runner: The runtime in which an export is proven, for people.
        precisions: How weights can be stored; the first is the default.
        help: Examples, and what the precisions mean.
    """

    name: ClassVar[str]
    summary: ClassVar[str]
    runner: ClassVar[str]
    precisions: ClassVar[tuple[str, ...]]
    help: ClassVar[str]

    @abstractmethod
    def convert(self, stylizer: Stylizer, folder: Path, precision: str) -> dict[str, GraphEntry]:
        """Writes every graph of an artefact into an empty folder; returns the manifest's entries by graph.

        Raises:
            ExportError: the networks cannot be converted.
        """

    @abstractmethod
    def load(self, folder: Path, **settings: Any) -> Runtime:
        """Loads an exported folder into the runtime.

        Raises:
            ExportError: the folder is no whole export of this format.
        """

    def add_arguments(self, add: Callable[..., Any]) -> None:  # noqa: B027  nothing, unless a format says so
        """Adds the format's own options to its command; `add` is the parser's `add_argument`."""

    def load_settings(self, options: argparse.Namespace) -> dict[str, Any]:
        """What `load` is given for these options.

        Raises:
            ExportError: something that running needs is missing; said before the conversion begins.
        """
        return {}
