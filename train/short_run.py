"""Settings that runs of minutes share: networks for one style, and sliders."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class ShortRun:
    """How long, on what, against which losses; a run of one kind gives its own defaults."""

    content: str
    """Photographs: a folder, `tfds:NAME`, `synthetic:COUNT:SIZE` or `packed:PATH.npy`; several joined by `+`."""
    out: Path
    """What to write (.keras)."""
    steps: int = 2000
    """Steps at most."""
    minutes: float = 10.0
    """Minutes at most. The learning rate falls over the steps or the minutes, whichever end first."""
    batch_size: int = 2
    """Photographs a step."""
    size: int = 256
    """Side of the square photographs in pixels, a multiple of 16."""
    photographs: int = 200
    """Squares of photographs whose targets are computed once and kept; 2 MB of memory each at 256 px."""
    content_weight: float = 1.0
    """Weight of the content loss at relu3_3."""
    style_weight: float = 1.0
    """Weight of the balanced style losses at relu1_2, relu2_2, relu3_3 and relu4_3."""
    total_variation_weight: float = 0.1
    """Weight of the total variation."""
    learning_rate: float = 1e-3
    """Peak learning rate."""
    vgg16_weights: str = "imagenet"
    """Weights of the loss network: a path, `imagenet` (environment variable, cache, download) or `random`."""
    mixed_precision: bool = True
    """Loss network in bfloat16, Gram matrices in float32."""
    seed: int = 0
    """Of the pictures, their squares and their order."""
