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
    from impasto.errors import ContractError as ContractError
    from impasto.errors import ImpastoError as ImpastoError
    from impasto.errors import ModelError as ModelError
    from impasto.errors import PictureError as PictureError
    from impasto.errors import StyleError as StyleError
    from impasto.library import Model as Model
    from impasto.library import models as models
    from impasto.painter import Painter as Painter
    from impasto.painter import load as load
    from impasto.styles import Style as Style

# Where each public name lives; nothing of it is imported before it is used.
_PLACES = {
    "ContractError": "impasto.errors",
    "ImpastoError": "impasto.errors",
    "Model": "impasto.library",
    "ModelError": "impasto.errors",
    "Painter": "impasto.painter",
    "PictureError": "impasto.errors",
    "Style": "impasto.styles",
    "StyleError": "impasto.errors",
    "load": "impasto.painter",
    "models": "impasto.library",
}

__all__ = [
    "ContractError",
    "ImpastoError",
    "Model",
    "ModelError",
    "Painter",
    "PictureError",
    "Style",
    "StyleError",
    "__version__",
    "load",
    "models",
]


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("impasto")
    if name in _PLACES:
        return getattr(importlib.import_module(_PLACES[name]), name)
    raise AttributeError(f"module 'impasto' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
