"""From a batch of Pairs to the images that networks see; runs inside the (jitted) training step."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from keras import ops

from datasets.ops import Tensor, adjust_brightness, adjust_hue, adjust_saturation, crop_resize, flip, to_float


def chosen_pictures(batch: Mapping[str, Tensor], content: Tensor, style: Tensor) -> dict[str, Tensor]:
    """A batch of `IndexedPairs` with the pictures that it names.

    Args:
        batch: With `content_index` and `style_index` [B] in the place of `content` and `style`.
        content, style: uint8 [N, S, S, 3], all photographs and all paintings, where the step is computed.
    """
    photographs = ops.take(content, batch["content_index"], axis=0)
    paintings = ops.take(style, batch["style_index"], axis=0)
    same = ops.reshape(batch["identity"], (-1, 1, 1, 1)) > 0.5
    return {**batch, "content": photographs, "style": ops.where(same, photographs, paintings)}


def content_images(batch: Mapping[str, Tensor], size: int) -> Tensor:
    """Content photographs, float32 [B, size, size, 3] in [0, 1]: cropped, resized, mirrored if asked for."""
    images = crop_resize(to_float(batch["content"]), batch["content_box"], size)
    return flip(images, batch["content_flip"], ops.zeros_like(batch["content_flip"]))


def style_images(batch: Mapping[str, Tensor]) -> Tensor:
    """Style pictures, float32 [B, s, s, 3] in [0, 1], s being this batch's random style size.

    Augmented as in Ghiasi et al. 2017 (their training code): brightness, saturation, hue, flips, random
    window, and the whole batch at one random size. The window is cut and resized once, straight to s, before
    the colours are changed; the published order (colours, resize, crop, resize) interpolates twice. Identity
    items carry the content photograph and neutral settings, so they need no case of their own.
    """
    # The size travels as a shape, so that it is static on every backend that compiles.
    size: Any = ops.shape(batch["style_size"])[1]
    images = crop_resize(to_float(batch["style"]), batch["style_box"], size)
    colour = batch["style_colour"]
    images = adjust_brightness(images, colour[:, 0])
    images = adjust_saturation(images, colour[:, 1])
    images = adjust_hue(images, colour[:, 2])
    return flip(images, batch["style_flip"][:, 0], batch["style_flip"][:, 1])
