"""Styles by number: a transformer whose embedding is 1 at a style's place, a predictor that knows them again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import ops

from impasto.strokes import as_float
from models import losses
from models.artefact import ArtefactError
from models.inference import style_heads
from models.loss_network import CONTENT_LAYER, STYLE_LAYERS, build_loss_network
from models.stylizer import Stylizer
from models.transformers import EMBEDDING_SIZE
from train.short_run import ShortRun

# Paintings are told apart well where another one is this share of the nearest two styles' distance away.
_SHARPNESS = 0.1


class Indexed:
    """A transformer of styles by number, with their names and what the arbitrary predictor said of each.

    Attributes:
        transformer: `[B, H, W, 3]` and a number `[B, 100]` -> `[B, H, W, 3]`; what is to be trained is trainable.
        names: Of the styles, in their order.
        origin: Name and checksum of the artefact that it began as.
    """

    def __init__(
        self, transformer: keras.Model, predictor: keras.Model | None, names: list[str], embeddings: np.ndarray,
        kept: int, origin: dict[str, Any],
    ) -> None:  # fmt: skip
        self.transformer, self._predictor = transformer, predictor
        self.names, self._embeddings, self.origin = names, embeddings, origin
        self._kept = style_heads(transformer).get_weights()[0][:kept]

    @classmethod
    def from_artefact(cls, start: Stylizer, paintings: dict[str, np.ndarray], *, keep: bool) -> Indexed:
        """The start for these paintings: every style's gammas and betas are what the start has for it.

        Args:
            start: An arbitrary model, or one that `save` wrote.
            paintings: `[h, w, 3]`, uint8 or in [0, 1], by name.
            keep: Keep the start's styles, and train nothing but the norms of the new ones.

        Raises:
            ArtefactError: `keep`, and the start is an arbitrary model.
            ValueError: more styles than an embedding has numbers, or two of one name.
        """
        before = start.card.get("styles") or []
        if keep and not before:
            raise ArtefactError("--add: expected --start to be an artefact of `train style`, found an arbitrary model")
        transformer = keras.models.clone_model(start.transformer)
        transformer.set_weights(start.transformer.get_weights())
        names = [style["name"] for style in before] if keep else []
        kept = len(names)
        if twice := sorted(set(names) & set(paintings)):
            raise ValueError(f"--add: {', '.join(twice)} is in --start already: name the painting's file otherwise")
        names += list(paintings)
        if len(names) > EMBEDDING_SIZE:
            raise ValueError(f"expected at most {EMBEDDING_SIZE} styles, received {len(names)}")
        found = np.stack([start.predict(picture) for picture in paintings.values()])
        heads = style_heads(transformer)
        kernel, bias = heads.get_weights()
        rows = np.zeros_like(kernel)
        rows[:kept] = kernel[:kept]
        rows[kept : len(names)] = found @ kernel + bias
        heads.set_weights([rows, np.zeros_like(bias)])
        base = _arbitrary_predictor(start) if before else start.predictor
        told = found if base is None else _embedded(base, [start.fitted(picture) for picture in paintings.values()])
        earlier = [style["embedding"] for style in before] if keep else []
        embeddings = np.concatenate([np.reshape(earlier, (-1, EMBEDDING_SIZE)), told]).astype(np.float32)
        if keep:
            for layer in transformer.layers:
                layer.trainable = layer is heads
        origin = {"name": start.card.get("name", ""), "checksum": start.card.get("checksum", "")}
        return cls(transformer, base, names, embeddings, kept, origin)

    def styles(self) -> list[dict[str, Any]]:
        """For the card: every style's name, and its vector in the arbitrary model's space."""
        pairs = zip(self.names, self._embeddings, strict=True)
        return [{"name": name, "embedding": [round(float(x), 5) for x in vector]} for name, vector in pairs]

    def save(self, path: Path, card: dict[str, Any]) -> dict[str, Any]:
        """Writes the artefact; returns its card."""
        return Stylizer(self.recogniser(), self.folded(), card).save(path)

    def folded(self) -> keras.Model:
        """The transformer, with the bias, which all styles would share, put into the rows of those that were trained.

        Rows that are kept had no gradient, but averaging weights rounds: they are put back.
        """
        heads = style_heads(self.transformer)
        kernel, bias = heads.get_weights()
        kernel[: len(self.names)] += bias
        kernel[: len(self._kept)] = self._kept
        heads.set_weights([kernel, np.zeros_like(bias)])
        return self.transformer

    def recogniser(self) -> keras.Model:
        """Model of a painting `[B, H, W, 3]` -> the number of its style `[B, 100]`, or a mixture of several."""
        style = keras.Input((None, None, 3), name="style")
        count = len(self.names)
        if self._predictor is None or count == 1:
            pooled = keras.layers.GlobalAveragePooling2D(name="mean")(style)
            layer = keras.layers.Dense(EMBEDDING_SIZE, name="embedding")
            model = keras.Model(style, layer(pooled), name="predictor")
            layer.set_weights([np.zeros((3, EMBEDDING_SIZE)), np.eye(1, EMBEDDING_SIZE)[0]])
            return model
        distances = np.square(self._embeddings[:, None] - self._embeddings[None]).sum(-1)
        nearest = distances[~np.eye(count, dtype=bool)].min()
        scale = max(_SHARPNESS * float(nearest), 1e-6)
        # Softmax of -|e - e_i|^2 / scale; what all styles share, |e|^2, drops out.
        which = keras.layers.Dense(count, activation="softmax", name="which")
        number = keras.layers.Dense(EMBEDDING_SIZE, use_bias=False, name="embedding")
        model = keras.Model(style, number(which(self._predictor(style))), name="predictor")
        which.set_weights([2 * self._embeddings.T / scale, -np.square(self._embeddings).sum(1) / scale])
        number.set_weights([np.eye(count, EMBEDDING_SIZE)])
        return model


def _arbitrary_predictor(start: Stylizer) -> keras.Model | None:
    """The predictor inside one that knows its styles; None in one of a single style."""
    return next((layer for layer in start.predictor.layers if isinstance(layer, keras.Model)), None)


def _embedded(predictor: keras.Model, paintings: Sequence[np.ndarray]) -> np.ndarray:
    pictures = [as_float(picture)[None] for picture in paintings]
    return np.concatenate([ops.convert_to_numpy(predictor(picture, training=False)) for picture in pictures])


class IndexedTrainer(keras.Model):
    """One step: pictures of a batch's photographs in the styles of its numbers, against targets that are given.

    A batch is a dict: `content` uint8 `[B, S, S, 3]`, `index` `[B, 100]`, `target` float16 `[B, h, w, C]` of
    relu3_3, and `gram_LAYER` `[B, C, C]`.
    """

    def __init__(self, transformer: keras.Model, settings: ShortRun) -> None:
        super().__init__(name="trainer")
        self.transformer = transformer
        self.settings = settings
        # In a list, so that Keras does not count the frozen network as ours.
        self._judges = (
            build_loss_network(
                weights=settings.vgg16_weights, pooling="max", padding="reflect", outputs=STYLE_LAYERS,
                dtype="mixed_bfloat16" if settings.mixed_precision else "float32",
            ),
        )  # fmt: skip
        names: Sequence[str] = ("content", *(f"style_{name}" for name in STYLE_LAYERS))
        self.term_trackers = [keras.metrics.Mean(name=name) for name in names]

    def grams(self, painting: np.ndarray) -> dict[str, np.ndarray]:
        """Gram matrices of a painting `[h, w, 3]` in [0, 1], by layer."""
        features = self._judges[0](painting[None], training=False)
        return {name: ops.convert_to_numpy(losses.gram_matrix(features[name]))[0] for name in STYLE_LAYERS}

    def content(self, square: np.ndarray) -> np.ndarray:
        """relu3_3 of a photograph, uint8 `[S, S, 3]`, as float16."""
        features = self._judges[0](square[None].astype(np.float32) / 255, training=False)[CONTENT_LAYER]
        return np.asarray(ops.convert_to_numpy(ops.cast(features, "float32"))[0], np.float16)

    def call(self, batch: dict[str, Any], training: bool = False) -> Any:
        content = ops.cast(batch["content"], "float32") / 255.0
        return self.transformer([content, batch["index"]], training=training)

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        features = self._judges[0](y_pred, training=False)
        targets = {name: x[f"gram_{name}"] for name in STYLE_LAYERS}
        styles = losses.style_losses(features, targets, balanced=True)
        terms = {"content": losses.content_loss(features[CONTENT_LAYER], x["target"], balanced=True)}
        terms |= {f"style_{name}": value for name, value in styles.items()}
        for tracker in self.term_trackers:
            tracker.update_state(terms[tracker.name])
        return self.total(x, terms, y_pred)

    def total(self, batch: dict[str, Any], terms: dict[str, Any], picture: Any) -> Any:
        """The scalar to lower, of the terms `[B]` of pictures `[B, S, S, 3]`."""
        settings = self.settings
        style = sum(terms[f"style_{name}"] for name in STYLE_LAYERS)
        total = settings.content_weight * terms["content"] + settings.style_weight * style
        return ops.mean(total + settings.total_variation_weight * losses.total_variation(picture))
