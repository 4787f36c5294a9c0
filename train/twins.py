"""Copies of a run's networks that one worker may run without the others."""

from __future__ import annotations

import keras
from keras import ops


class Twins:
    """Both networks again, with variables of this process alone.

    The networks that are trained lie on the devices of all workers once `fit` runs; a picture that only one worker
    draws with them would wait for the others for ever.

    Args:
        networks: Predictor and transformer.
    """

    def __init__(self, networks: tuple[keras.Model, keras.Model]) -> None:
        self._origins = networks
        predictor, transformer = networks
        self.networks = keras.models.clone_model(predictor), keras.models.clone_model(transformer)

    def follow(self, optimizer: keras.Optimizer) -> None:
        """Takes the weights over, the averaged ones where the optimiser has any."""
        averaged = {}
        if optimizer.use_ema:
            pairs = zip(optimizer._trainable_variables, optimizer._model_variables_moving_average, strict=True)
            averaged = {id(variable): average for variable, average in pairs}
        for origin, twin in zip(self._origins, self.networks, strict=True):
            values = [averaged.get(id(variable), variable) for variable in origin.weights]
            twin.set_weights([ops.convert_to_numpy(value) for value in values])
