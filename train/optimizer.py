"""The optimiser of a run, built from its config."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import keras
from keras import ops

from train.config import OptimConfig
from train.schedule import Rate

_MUON_MOMENTUM = 0.95


def build_optimizer(
    config: OptimConfig,
    parts: dict[str, Sequence[keras.Variable]],
    rate: Rate | float | None = None,
    student_rate: float = 1.0,
) -> keras.Optimizer:
    """Adam on a linear warm-up and a cosine, clipped by global norm, with averaged weights.

    Args:
        config: As of a run.
        parts: The trained variables of `predictor`, `transformer` and whatever else learns; the optimiser knows them by
            what they are, whatever their order, and `signals` tells of each part.
        rate: The learning rate over the steps, or one number, to be set from step to step; the config's by default.
        student_rate: The share of it at which the part `student_predictor` moves.
    """
    return _AdamByPart(
        rate or Rate(config),
        parts=parts,
        shares={"predictor": config.predictor_rate, "student_predictor": student_rate},
        muon=config.muon,
        global_clipnorm=config.clip_norm or None,
        use_ema=config.ema_momentum > 0,
        ema_momentum=config.ema_momentum or 0.99,
    )


@contextmanager
def averaged_weights(optimizer: keras.Optimizer) -> Iterator[None]:
    """Puts the averaged weights in place of the trained ones inside the block, and these back exactly.

    Keras 3.15's SwapEMAWeights does not put them back after a prediction, and rounds on TensorFlow.
    """
    if not optimizer.use_ema:
        yield
        return
    variables, averages = optimizer._trainable_variables, optimizer._model_variables_moving_average
    trained = [ops.convert_to_numpy(variable).copy() for variable in variables]
    try:
        for variable, average in zip(variables, averages, strict=True):
            # A copy: on JAX both would hold one array, which a prediction gives away and so deletes.
            variable.assign(ops.copy(average))
        yield
    finally:
        for variable, value in zip(variables, trained, strict=True):
            variable.assign(value)


class _AdamByPart(keras.optimizers.Adam):
    """Adam whose predictors move at a share of the learning rate, and which tells what each step did.

    With `muon`, the dense convolutions of the rest are moved by Muon (Jordan et al. 2024,
    https://kellerjordan.github.io/posts/muon): the momentum as a matrix `[kh kw Cin, Cout]`, its singular values made
    equal. Steps have the root mean square of Adam's (Liu et al. 2025, arXiv 2502.16982, section 2.2), so that one
    learning rate serves both. Depthwise kernels, biases, the style heads and the layer of the picture stay with Adam.
    Keras has a Muon of its own, which leaves four-dimensional kernels out.

    Attributes:
        signals: Of the step traced last, as tensors of its graph (train.trainers hands them on): `gradient/PART`, the
            norm before clipping; `update/PART`, the norm of the step over that of the weights; `learning_rate`.
    """

    def __init__(
        self, rate: Any, *, parts: dict[str, Sequence[keras.Variable]], shares: dict[str, float], muon: bool,
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(rate, name="adam", **kwargs)
        self._names = {id(variable): part for part, variables in parts.items() for variable in variables}
        self._parts: list[str] = []
        self._shares = shares
        self._muon = muon
        self.signals: dict[str, Any] = {}

    def build(self, variables: Sequence[keras.Variable]) -> None:
        unknown = [variable.path for variable in variables if id(variable) not in self._names]
        if unknown:
            raise ValueError(f"the optimiser was given variables of no part: {', '.join(unknown[:3])}")
        super().build(variables)
        self._parts = [self._names[id(variable)] for variable in self._trainable_variables]

    def apply(self, grads: Any, trainable_variables: Any = None) -> None:
        grads = list(grads)
        variables = self._trainable_variables if trainable_variables is None else list(trainable_variables)
        parts = [self._parts[self._get_variable_index(variable)] for variable in variables]
        before = [ops.copy(variable) for variable in variables]
        rate = self._get_current_learning_rate()
        super().apply(grads, trainable_variables)
        signals = {"learning_rate": ops.cast(rate, "float32")}
        for part in dict.fromkeys(parts):
            own = [index for index, name in enumerate(parts) if name == part]
            steps = [ops.convert_to_tensor(variables[index]) - before[index] for index in own]
            signals[f"gradient/{part}"] = _norm([grads[index] for index in own if grads[index] is not None])
            signals[f"update/{part}"] = _norm(steps) / ops.maximum(_norm([before[index] for index in own]), 1e-12)
        self.signals = signals

    def update_step(self, gradient: Any, variable: Any, learning_rate: Any) -> None:
        index = self._get_variable_index(variable)
        if self._parts[index] in self._shares:
            super().update_step(gradient, variable, learning_rate * self._shares[self._parts[index]])
        elif self._muon and _is_dense_convolution(variable.shape):
            momentum = self._momentums[index]
            self.assign(momentum, _MUON_MOMENTUM * momentum + gradient)
            step = orthogonalised(gradient + _MUON_MOMENTUM * momentum)
            self.assign_sub(variable, step * ops.cast(learning_rate, step.dtype))
        else:
            super().update_step(gradient, variable, learning_rate)


def _norm(tensors: Sequence[Any]) -> Any:
    """The Euclidean norm of all numbers of several tensors, as one float32."""
    squares = [ops.sum(ops.square(ops.cast(tensor, "float32"))) for tensor in tensors]
    return ops.sqrt(sum(squares, ops.zeros((), "float32")))


def _is_dense_convolution(shape: tuple[int, ...]) -> bool:
    """Not a depthwise kernel, nor one with so few outputs that it has no directions to balance."""
    return len(shape) == 4 and shape[2] > 1 and shape[3] > 4


def orthogonalised(kernel: Any) -> Any:
    """A kernel `[kh, kw, Cin, Cout]` with the singular values of its matrix near one, times 0.2 sqrt(longer side).

    Five steps of the quintic Newton-Schulz iteration of Muon, which brings them to 0.7 to 1.2.
    """
    *window, outputs = kernel.shape
    matrix = ops.reshape(kernel, (-1, outputs))
    long = max(matrix.shape)
    tall = matrix.shape[0] > outputs
    x = ops.transpose(matrix) if tall else matrix
    x = x / (ops.norm(x) + 1e-7)
    for _ in range(5):
        square = x @ ops.transpose(x)
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    x = ops.transpose(x) if tall else x
    return 0.2 * long**0.5 * ops.reshape(x, (*window, outputs))
