"""The three graphs of an export, as Keras models."""

from __future__ import annotations

from typing import TYPE_CHECKING

from export.manifest import GRAPHS, ExportError

if TYPE_CHECKING:
    import keras

    from models.stylizer import Stylizer


def networks(stylizer: Stylizer, *, as_convolution: bool, given: bool = True) -> dict[str, keras.Model]:
    """The graphs that every export holds, by name:

    predictor: style `[B, h, w, 3]` -> embedding `[B, 100]`. Once a painting.
    conditioning: embedding `[B, 100]` -> conditioning `[B, T]`. Once a style or blend of styles.
    transformer: content `[1, H, W, 3]`, conditioning `[1, T]` -> stylised `[1, H, W, 3]`, affine `[1, T]`; and,
        where `given`, also of given_affine `[1, T]` and given_share `[1]`, so that tiles can be painted.

    Pictures are in [0, 1]. Each model is named after its graph, since exported tensors are named after models.

    Args:
        stylizer: The artefact.
        as_convolution: How the transformer's norms are written; see `models.inference.whole_transformer`.
        given: Likewise, for what tiles are painted with. (TensorFlow.js feeds the nodes inside of the graph instead.)

    Raises:
        ExportError: Keras runs on another backend than TensorFlow, or a network computes in another type than
            float32.
    """
    import keras

    from models.inference import conditioning_network, whole_transformer

    if keras.backend.backend() != "tensorflow":
        raise ExportError(f"exporting needs KERAS_BACKEND=tensorflow, found {keras.backend.backend()!r}")
    for network in (stylizer.predictor, stylizer.transformer):
        if reduced := _compute_dtypes(network) - {"float32"}:
            raise ExportError(
                f"exports compute in float32, but the {network.name} of this artefact computes in "
                f"{', '.join(sorted(reduced))}: save it from float32 networks"
            )
    found = (
        stylizer.predictor,
        conditioning_network(stylizer.transformer),
        whole_transformer(stylizer.transformer, as_convolution=as_convolution, given=given),
    )
    return {name: _named(name, model) for name, model in zip(GRAPHS, found, strict=True)}


def own_names(model: keras.Model) -> dict[str, str]:
    """A graph's inputs for the manifest, where the exported file calls them as the model does."""
    return {tensor.name: tensor.name for tensor in model.inputs}


def _named(name: str, model: keras.Model) -> keras.Model:
    """The model with outputs by name, so that every exported signature has `GRAPHS`' names."""
    import keras

    outputs = GRAPHS[name][1]
    if isinstance(model.output, dict):
        return keras.Model(model.inputs, model.output, name=name)
    return keras.Model(model.inputs, dict(zip(outputs, model.outputs, strict=True)), name=name)


def _compute_dtypes(network: keras.Model) -> set[str]:
    dtypes: set[str] = set()
    for layer in network.layers:
        nested = getattr(layer, "layers", None)
        dtypes |= _compute_dtypes(layer) if nested else {layer.compute_dtype}
    return dtypes
