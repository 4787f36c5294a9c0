"""What one step computes, for the teacher and for distillation, as `keras.Model`s that `fit` drives on any backend.

A batch is the dict of `datasets.pairs.Pairs.batch`: uint8 pictures and the drawn crops, flips and colours. Cropping and
augmenting happen here, inside the compiled step, so that the host only gathers bytes.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import ops

from datasets.ops import crop_resize
from datasets.preprocessing import chosen_pictures, content_images, style_images
from train.callbacks import STOP
from train.config import DistillationConfig, StudentConfig
from train.packed_targets import STORED, stored_targets
from train.perceptual import PerceptualLoss


class _Trainer(keras.Model):
    """Holds the networks that learn and one running mean a loss term.

    Subclasses define `_terms`: from the batch's pictures to the scalar to minimise and the named terms to log.
    """

    def __init__(self, networks: tuple[keras.Model, keras.Model], content_size: int, term_names: list[str]) -> None:
        super().__init__(name="trainer")
        self.predictor, self.transformer = networks
        self.content_size = content_size
        self.term_trackers = [keras.metrics.Mean(name=name) for name in term_names]
        self._kept: list[Any] = []

    def call(self, batch: dict[str, Any], training: bool = False) -> dict[str, Any]:
        """Preprocesses a batch and runs both networks: pictures in [0, 1], `embedding`, `stylised`."""
        batch = self._with_pictures(batch)
        content = content_images(batch, self.content_size)
        style = style_images(batch)
        vectors = self.embed(style, training)
        stylised = self.paint(content, vectors["embedding"], training)
        return {"content": content, "style": style, **vectors, "stylised": stylised}

    def embed(self, style: Any, training: bool) -> dict[str, Any]:
        """`[B, h, w, 3]` in [0, 1] -> `embedding` `[B, 100]`, with which is painted, and what else a loss looks at."""
        return {"embedding": self.predictor(style, training=training)}

    def keep_pictures(self, content: np.ndarray, style: np.ndarray) -> None:
        """Copies all pictures, uint8 `[N, S, S, 3]`, to where steps are computed; batches may then name them by number.

        As variables and not as constants of the compiled step, which would hold a copy of them.
        """
        self._kept = []
        for name, pictures in (("content", content), ("style", style)):
            kept = self.add_weight(
                shape=pictures.shape, dtype="uint8", initializer="zeros", trainable=False, name=f"all_{name}"
            )
            kept.assign(pictures)
            self._kept.append(kept)

    def _with_pictures(self, batch: dict[str, Any]) -> dict[str, Any]:
        return chosen_pictures(batch, *self._kept) if "content_index" in batch else batch

    def compute_loss(
        self, x: Any = None, y: Any = None, y_pred: Any = None, sample_weight: Any = None, training: bool = True
    ) -> Any:
        loss, terms = self._terms(x, y_pred)
        for tracker in self.term_trackers:
            tracker.update_state(terms[tracker.name])
        return loss

    @property
    def results(self) -> dict[str, tuple[keras.Model, keras.Model]]:
        """What a run is for, by the names of artefacts: predictor and transformer of each."""
        raise NotImplementedError

    @property
    def kept_pictures(self) -> list[Any]:
        """The variables of `keep_pictures`."""
        return self._kept

    @property
    def learning_variables(self) -> list[Any]:
        """All variables that a step reads or writes, but for the pictures and the optimiser's own."""
        kept = {id(variable) for variable in self._kept}
        return [variable for variable in [*self.variables, *self.metrics_variables] if id(variable) not in kept]

    @property
    def parts(self) -> dict[str, list[Any]]:
        """The trained variables of each network that learns."""
        networks = {"predictor": self.predictor, "transformer": self.transformer}
        return {name: network.trainable_variables for name, network in networks.items() if network.trainable_variables}

    def train_step(self, *arguments: Any) -> Any:
        """Keras' own step of the backend at hand, with the optimiser's signals among the logs."""
        result = super().train_step(*arguments)
        batch, _, _ = keras.utils.unpack_x_y_sample_weight(arguments[-1])
        signals = dict(self.optimizer.signals)
        if STOP in batch:  # of all workers' parts: one signal stops them all
            signals[STOP] = ops.max(batch[STOP])
        if isinstance(result, tuple):  # JAX: the logs, and the state that the step leaves
            return {**result[0], **signals}, *result[1:]
        return {**result, **signals}

    def paint(self, content: Any, embedding: Any, training: bool) -> Any:
        """`[B, H, W, 3]` in [0, 1] and `[B, 100]` -> the pictures that are judged, `[B, H, W, 3]` in [0, 1]."""
        painted = [
            painter([content[rows], embedding[rows]], training=training) for painter, rows in self.painters(embedding)
        ]
        return painted[0] if len(painted) == 1 else ops.concatenate(painted)

    def painters(self, embedding: Any) -> list[tuple[keras.Model, slice]]:
        """The transformers that paint from `[B, 100]`, each with the rows of the batch that are its own."""
        return [(self.transformer, slice(None))]

    def _terms(self, batch: dict[str, Any], pictures: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        raise NotImplementedError

    def _perceptual_terms(
        self, loss: PerceptualLoss, batch: dict[str, Any], pictures: dict[str, Any]
    ) -> dict[str, Any]:
        known = stored_targets(batch) if STORED in batch else None
        content, stylised = pictures["content"], pictures["stylised"]
        if loss.config.shift:
            content, stylised = (self._window(images, batch, loss.config.shift) for images in (content, stylised))
        terms = loss.terms(content, pictures["style"], stylised, batch["identity"], known)
        if loss.config.consistency_weight:
            terms["consistency"] = self._consistency(batch, pictures, loss.config.consistency_every)
        return terms

    def _consistency(self, batch: dict[str, Any], pictures: dict[str, Any], every: int) -> Any:
        """Mean difference between the pictures of moved photographs and the moved pictures, of every so many-th pair.

        A still picture that is moved a little stands for two frames of a video; no flow has to be known.
        """
        differences = []
        for painter, rows in self.painters(pictures["embedding"]):
            own = slice(rows.start, rows.stop, every)
            box, size = batch["warp_box"][own], self.content_size
            again = painter(
                [crop_resize(pictures["content"][own], box, size), pictures["embedding"][own]], training=True
            )
            moved = crop_resize(pictures["stylised"][own], box, size)
            differences.append(ops.mean(ops.abs(again - moved), axis=(1, 2, 3)))
        return ops.mean(ops.concatenate(differences))

    def _window(self, images: Any, batch: dict[str, Any], room: int) -> Any:
        """`[B, S, S, 3]` -> the window `[B, S - room, S - room, 3]` at the batch's place."""
        place = ops.cast(ops.round(batch["shift"][0] * room), "int32")
        shape = ops.shape(images)
        side = self.content_size - room
        start = ops.concatenate([ops.zeros(1, "int32"), place, ops.zeros(1, "int32")])
        return ops.slice(images, start, (shape[0], side, side, 3))


class TeacherTrainer(_Trainer):
    """Predictor and transformer learn together from the perceptual loss."""

    def __init__(
        self, networks: tuple[keras.Model, keras.Model], content_size: int, perceptual: PerceptualLoss
    ) -> None:
        super().__init__(networks, content_size, perceptual.term_names)
        self.perceptual = perceptual

    @property
    def results(self) -> dict[str, tuple[keras.Model, keras.Model]]:
        return {"teacher": (self.predictor, self.transformer)}

    def _terms(self, batch: dict[str, Any], pictures: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        terms = self._perceptual_terms(self.perceptual, batch, pictures)
        return self.perceptual.total(terms), terms


class TeacherAndStudent(TeacherTrainer):
    """A student learns beside the teacher: its predictor the vectors, its transformer to paint from them.

    The batch is shared out by rows, which are in no order. The first are painted by the teacher's transformer with the
    teacher's vectors, the next by the same with the student's, the last by the student's transformer with these:
    there is one style space, which both transformers understand. Departure from the published order (a student is
    distilled from a teacher that is done): one run, and the loss network looks at every pair once.

    Args:
        networks, content_size, perceptual: As of the teacher's.
        student: Predictor and transformer of the student.
        shares: How a batch is shared out, and what the vectors weigh.
    """

    def __init__(
        self,
        networks: tuple[keras.Model, keras.Model],
        content_size: int,
        perceptual: PerceptualLoss,
        student: tuple[keras.Model, keras.Model],
        shares: StudentConfig,
    ) -> None:
        super().__init__(networks, content_size, perceptual)
        self.student_predictor, self.student_transformer = student
        self.shares = shares
        self.term_trackers.append(keras.metrics.Mean(name="vector"))

    @property
    def parts(self) -> dict[str, list[Any]]:
        student = {"student_predictor": self.student_predictor, "student_transformer": self.student_transformer}
        found = {name: network.trainable_variables for name, network in student.items()}
        return super().parts | {name: variables for name, variables in found.items() if variables}

    @property
    def results(self) -> dict[str, tuple[keras.Model, keras.Model]]:
        return {
            **super().results,
            "student-large": (self.student_predictor, self.transformer),
            "student": (self.student_predictor, self.student_transformer),
        }

    def embed(self, style: Any, training: bool) -> dict[str, Any]:
        taught = self.predictor(style, training=training)
        learnt = self.student_predictor(style, training=training)
        alone, _ = self._rows(taught)
        return {"taught": taught, "learnt": learnt, "embedding": ops.concatenate([taught[:alone], learnt[alone:]])}

    def painters(self, embedding: Any) -> list[tuple[keras.Model, slice]]:
        own = self._rows(embedding)[1]
        return [(self.transformer, slice(own)), (self.student_transformer, slice(own, None))]

    def _rows(self, embedding: Any) -> tuple[int, int]:
        """The row from which on vectors are the student's, and the one from which on its transformer paints."""
        alone, vectors, _ = self.shares.rows(embedding.shape[0])
        return alone, alone + vectors

    def _terms(self, batch: dict[str, Any], pictures: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        loss, terms = super()._terms(batch, pictures)
        terms["vector"] = vector_loss(pictures["learnt"], ops.stop_gradient(pictures["taught"]))
        return loss + self.shares.vector_weight * terms["vector"], terms


class FrozenTeacher:
    """The networks a student learns from; a plain class, so that Keras does not count them as the student's."""

    def __init__(self, predictor: keras.Model, transformer: keras.Model) -> None:
        self._predictor = predictor
        self._transformer = transformer

    def embedding(self, style: Any) -> Any:
        """`[B, h, w, 3]` in [0, 1] -> `[B, 100]`."""
        return ops.stop_gradient(self._predictor(style, training=False))

    def picture(self, content: Any, embedding: Any) -> Any:
        """`[B, H, W, 3]` in [0, 1] and `[B, 100]` -> `[B, H, W, 3]` in [0, 1]."""
        return ops.stop_gradient(self._transformer([content, embedding], training=False))


class DistillationTrainer(_Trainer):
    """A student learns the teacher's embeddings, and optionally its pictures and the perceptual loss.

    Departure from the published distillation (mean squared difference of the vectors): the squared distance is divided
    by the spread of the teacher's embeddings in the batch, so that one weight fits every teacher.

    Args:
        networks: The student's predictor and transformer.
        weights: Weights of the three parts.
        teacher: Whose embeddings to learn.
        painter: Whose pictures to learn, painted with its own embeddings; None for the teacher's.
        perceptual: Needed where `weights.perceptual_weight` is positive.
    """

    def __init__(
        self,
        networks: tuple[keras.Model, keras.Model],
        content_size: int,
        weights: DistillationConfig,
        teacher: FrozenTeacher,
        perceptual: PerceptualLoss | None,
        painter: FrozenTeacher | None = None,
    ) -> None:
        names = ["vector"] if weights.tune_predictor else []
        if weights.picture_weight:
            names.append("picture")
        if perceptual is not None:
            names += perceptual.term_names
        super().__init__(networks, content_size, names)
        self.weights_of_parts = weights
        self.teacher = teacher
        self.painter = painter or teacher
        self.perceptual = perceptual

    @property
    def results(self) -> dict[str, tuple[keras.Model, keras.Model]]:
        return {"student": (self.predictor, self.transformer)}

    def call(self, batch: dict[str, Any], training: bool = False) -> dict[str, Any]:
        weights = self.weights_of_parts
        if not training or weights.picture_weight or weights.perceptual_weight:
            return super().call(batch, training=training)
        # Only the embedding is judged: the transformer, most of the cost, stays out of the step.
        style = style_images(self._with_pictures(batch))
        return {"style": style, **self.embed(style, training)}

    def _terms(self, batch: dict[str, Any], pictures: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
        weights, perceptual = self.weights_of_parts, self.perceptual
        terms: dict[str, Any] = {}
        loss = ops.zeros(())
        if weights.tune_predictor:
            terms["vector"] = vector_loss(pictures["embedding"], self.teacher.embedding(pictures["style"]))
            loss += weights.vector_weight * terms["vector"]
        if weights.picture_weight:
            picture = self.painter.picture(pictures["content"], self.painter.embedding(pictures["style"]))
            terms["picture"] = ops.mean(ops.abs(pictures["stylised"] - picture))
            loss += weights.picture_weight * terms["picture"]
        if perceptual is not None:
            parts = self._perceptual_terms(perceptual, batch, pictures)
            terms |= parts
            loss += weights.perceptual_weight * perceptual.total(parts)
        return loss, terms


def vector_loss(embedding: Any, target: Any) -> Any:
    """Mean squared distance of two `[B, E]` over the mean squared distance of the targets from their mean.

    1 is what a student that always says the batch's mean would score; 0 is the teacher itself.
    """
    spread = ops.mean(ops.square(target - ops.mean(target, axis=0, keepdims=True)))
    return ops.mean(ops.square(embedding - target)) / ops.maximum(spread, 1e-6)
