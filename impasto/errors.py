"""What can go wrong, as one family: every error that Impasto raises on purpose is an `ImpastoError`."""

from __future__ import annotations


class ImpastoError(Exception):
    """Base of Impasto's own errors. The message is one sentence: what was expected, and what came."""


class ContractError(ImpastoError, ValueError):
    """A `preprocessing` block is not one that this version understands."""


class ModelError(ImpastoError, ValueError):
    """A model is missing, damaged, or of another kind than expected; or its runtime is not installed."""


class StyleError(ImpastoError, ValueError):
    """A saved style is damaged, of another version, or belongs to another model."""
