"""The losses by name, in words: what a command line can print without a network."""

from __future__ import annotations

LOSSES = {
    "balanced": "every layer's difference over the most that it can be: the weights fit every painting",
    "gatys": "half the sum of squares of features; plain Gram matrices over 4 N^2 M^2 (Gatys et al. 2016)",
    "neural-style": "mean squares of features, and of Gram matrices over C h w (Johnson 2015)",
    "keras": "sums of squares; Gram matrices over 4 x 9 x size^2; total variation to the power of 1.25",
}


def described() -> str:
    """One line a loss."""
    return "\n".join(f"  {name:<13} {what}" for name, what in LOSSES.items()) + "\n"
