"""Seconds a training step takes, and what the machine's convolutions reach, in whatever backend Keras runs on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np

from benchmarks.training.work import convolutions
from datasets.pairs import Pairs
from train.config import TeacherConfig
from train.data import open_sources, pair_spec
from train.networks import build_trainer
from train.optimizer import build_optimizer
from train.packed_targets import CHANNELS, GRAM_LENGTH, STORED

# Steps that compile and warm up, not measured.
_WARM_UP = 2


def convolution_rate(side: int, batch: int, dtype: str, repeats: int) -> float:
    """FLOP a second (two a multiply-accumulate) of eight dense 3x3 convolutions of 256 channels at a quarter of `side`.

    Args:
        side: Of the pictures, in pixels.
        batch: Pictures at a time.
        dtype: "float32" or "mixed_bfloat16".
        repeats: Times it is measured; the fastest counts: whatever else the machine does only slows.
    """
    picture = keras.Input((side, side, 3))
    x = keras.layers.Conv2D(256, 4, strides=4, dtype=dtype)(picture)
    for _ in range(8):
        x = keras.layers.Conv2D(256, 3, padding="same", use_bias=False, dtype=dtype)(x)
    network = keras.Model(picture, keras.layers.GlobalAveragePooling2D(dtype="float32")(x))
    network.compile(jit_compile=keras.backend.backend() != "tensorflow")
    pictures = np.random.default_rng(0).random((batch, side, side, 3), np.float32)
    seconds = []
    for _ in range(_WARM_UP + repeats):
        start = time.perf_counter()
        network.predict_on_batch(pictures)
        seconds.append(time.perf_counter() - start)
    return 2 * batch * convolutions(network, side) / min(seconds[_WARM_UP:])


def step_seconds(config: TeacherConfig, style_size: int, *, stored: bool, repeats: int) -> list[float]:
    """Seconds of each of `repeats` whole steps on one batch of generated pictures that lies in memory.

    Args:
        config: Its networks start at random, which costs the same.
        style_size: Side of the paintings in pixels.
        stored: With targets that the batch carries, as `--data.targets` gives them.
    """
    data = replace(
        config.data, content="synthetic:64:288", style="synthetic:64:288", style_size=(style_size, style_size + 1)
    )
    config = replace(
        config,
        data=data,
        model=replace(config.model, predictor_weights="random", start_from="", predictor_from=""),
        loss=replace(config.loss, vgg16_weights="random"),
        optim=replace(config.optim, whiten=False),
    )
    batch: dict[str, Any] = Pairs(*open_sources(data, 0), pair_spec(data, 0)).batch(0)
    if stored:
        batch |= _targets(data.batch_size, data.content_size)
    _, trainer = build_trainer(config)
    trainer.compile(
        optimizer=build_optimizer(config.optim, trainer.parts), jit_compile=keras.backend.backend() != "tensorflow"
    )
    trainer.optimizer.build(trainer.trainable_variables)
    clock = _Clock()
    steps = _WARM_UP + repeats
    trainer.fit(_again(batch, steps), steps_per_epoch=steps, shuffle=False, verbose=0, callbacks=[clock])
    return clock.seconds[_WARM_UP:]


class _Clock(keras.callbacks.Callback):
    """Seconds from the end of one step to the end of the next; reading a loss waits for the step."""

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        self.seconds: list[float] = []
        self._last = time.perf_counter()

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        float((logs or {})["loss"])
        now = time.perf_counter()
        self.seconds.append(now - self._last)
        self._last = now


def _again(batch: dict[str, Any], steps: int) -> Any:
    def generate() -> Iterator[tuple[dict[str, Any]]]:
        for _ in range(steps):
            yield (batch,)

    if keras.backend.backend() != "tensorflow":
        return generate()
    import tensorflow as tf

    return tf.data.Dataset.from_tensors(batch).repeat(steps)


def _targets(batch: int, content_size: int) -> dict[str, np.ndarray]:
    rng, side = np.random.default_rng(1), content_size // 4
    return {
        "content_target": rng.random((batch, side, side, CHANNELS["relu3_3"]), np.float32).astype(np.float16),
        "content_target_scale": np.ones(batch, np.float32),
        STORED: rng.random((batch, GRAM_LENGTH), np.float32).astype(np.float16),
        f"{STORED}_scale": np.ones((batch, 4), np.float32),
    }
