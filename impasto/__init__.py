"""Impasto paints any photograph in the style of any painting, without TensorFlow and without a network connection.

    import impasto

    painter = impasto.load()
    painter.paint("cat.jpg", "waves.jpg").save("out.png")

Importing this is quick: NumPy, Pillow and the runtime are imported when they are first needed.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from impasto.errors import ImpastoError as ImpastoError

# Where each public name lives; nothing of it is imported before it is used.
_PLACES = {
    "ImpastoError": "impasto.errors",
}

__all__ = ["ImpastoError", "__version__"]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("impasto")
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'impasto' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
