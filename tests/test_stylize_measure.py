"""Every recipe's terms against an independent computation in NumPy, network included; tiles; graphs; gradients."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest

from models import loss_network
from models.layer_names import VGG_BLOCKS
from stylize.cookbook import RECIPES
from stylize.descent import lbfgs
from stylize.measure import Comparison, PictureLosses, Subject
from stylize.optimisation import _start, optimise
from stylize.recipes import Recipe, Weights
from stylize.tones import in_tones_of

MEANS = np.array([123.68, 116.779, 103.939])
PUBLISHED = ("gatys-vgg16", "gatys-vgg19", "keras-vgg19", "neural-style")
SIDES = (34, 48)


def vgg(losses: PictureLosses, picture: np.ndarray) -> dict[str, np.ndarray]:
    """Features `[C, h w]` by loops over kernels in NumPy, from a network's weights alone."""
    recipe = losses.recipe
    x = (picture.astype(np.float64) * 255 - MEANS)[..., ::-1]
    found = {}
    layers = [
        (block, f"relu{block}_{index}")
        for block, count in enumerate(VGG_BLOCKS[recipe.network], start=1)
        for index in range(1, count + 1)
    ]
    last = 1
    for block, name in layers:
        if name not in {layer.name for layer in losses.network.layers}:
            break
        if block > last:
            height, width, last = x.shape[0] // 2, x.shape[1] // 2, block
            cells = x[: height * 2, : width * 2].reshape(height, 2, width, 2, -1)
            x = cells.max(axis=(1, 3)) if recipe.pooling == "max" else cells.mean(axis=(1, 3))
        kernel, bias = losses.network.get_layer(name).get_weights()
        padded = np.pad(x, ((1, 1), (1, 1), (0, 0)), mode="reflect" if recipe.padding == "reflect" else "constant")
        height, width = x.shape[:2]
        x = sum(
            padded[row : row + height, column : column + width] @ kernel[row, column]
            for row in range(3)
            for column in range(3)
        )
        x = np.maximum(x + bias, 0)
        found[name] = x.reshape(-1, x.shape[2]).T
    return found


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).random((*SIDES, 3)).astype("f4")


def expected_terms(name: str, x: np.ndarray, c: np.ndarray, s: np.ndarray, losses: PictureLosses) -> dict[str, float]:
    """The terms as the write-ups have them: Gatys et al. 2016; Keras' example; neural-style's modules."""
    picture, photograph, painting = (vgg(losses, each) for each in (x, c, s))
    found = {}
    for layer in losses.recipe.content_layers:
        squares = (picture[layer] - photograph[layer]) ** 2
        found[f"content 0 {layer}"] = {
            "gatys": 0.5 * squares.sum(), "keras": squares.sum(), "neural-style": squares.mean()
        }[losses.recipe.loss]  # fmt: skip
    for layer in losses.recipe.style_layers:
        n, m = picture[layer].shape
        a, b = picture[layer] @ picture[layer].T, painting[layer] @ painting[layer].T
        found[f"style 0 {layer}"] = {
            "gatys": ((a - b) ** 2).sum() / (4 * n**2 * m**2),
            "keras": ((a - b) ** 2).sum() / (4 * 3**2 * (SIDES[0] * SIDES[1]) ** 2),
            "neural-style": ((a / (n * m) - b / (n * m)) ** 2).mean(),
        }[losses.recipe.loss]
    pixels = x.astype(np.float64) * 255
    down, across = np.diff(pixels, axis=0)[:, :-1] ** 2, np.diff(pixels, axis=1)[:-1] ** 2
    squared = (down + across).sum() / 2
    found["variation"] = ((down + across) ** 1.25).sum() if losses.recipe.loss == "keras" else squared
    return found


@pytest.fixture(scope="module", autouse=True)
def random_backbones() -> Iterator[None]:
    """Each kind of network with random weights, built once: VGG19's own weights are not everywhere."""
    keras.utils.set_random_seed(3)
    once = functools.lru_cache(loss_network.load_backbone)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loss_network, "load_backbone", once)
        yield


@pytest.mark.parametrize("name", PUBLISHED)
def test_every_term_is_what_the_write_up_says(name: str) -> None:
    recipe = replace(RECIPES[name].recipe, vgg_weights=None)
    losses = PictureLosses(recipe)
    x, c, s = noise(0), noise(1), noise(2)
    found = losses.parts(Subject([c], [1.0], [s], [1.0]), x)
    expected = expected_terms(name, x, c, s, losses)
    assert set(found) == set(expected)
    for term, (_, value) in found.items():
        assert value == pytest.approx(expected[term], rel=1e-4), term
    weights = {term: weight for term, (weight, _) in found.items()}
    by_hand = {
        "gatys-vgg16": (1.0, 2500.0, 0.0), "gatys-vgg19": (1.0, 2500.0, 0.0),
        "keras-vgg19": (0.025, 0.2, 1e-4), "neural-style": (5.0, 100.0, 1e-3),
    }[name]  # fmt: skip
    kinds = [next(weight for term, weight in weights.items() if term.startswith(kind)) for kind in ("c", "s", "v")]
    assert kinds == pytest.approx(by_hand)


def small(loss: str, **options: Any) -> PictureLosses:
    layers = {"content_layers": ("relu2_2",), "style_layers": ("relu1_1", "relu2_1"), "vgg_weights": None}
    return PictureLosses(Recipe(loss=loss, **{**layers, **options}))  # type: ignore[arg-type]


def test_gradients_are_finite_differences() -> None:
    """In float64, along the gradient itself: no kink of a rectifier lies within 1e-7 of it. Masks, two of each."""
    left = np.zeros(SIDES, "f4")
    left[:, :20] = 1
    subject = Subject([noise(1), noise(4)], [1.0, 2.0], [noise(2), noise(3)], [1.0, 3.0], [left, 1 - left])
    losses = small("gatys", precision="float64", weights=Weights(1.0, 1e4, 1.0))
    look, x = losses.look(subject, *SIDES), noise(0).astype(np.float64)
    _, gradient = look(x)
    direction = gradient / np.linalg.norm(gradient)
    slope = (look(x + 1e-6 * direction)[0] - look(x - 1e-6 * direction)[0]) / 2e-6
    assert slope == pytest.approx(np.linalg.norm(gradient), rel=1e-4)


def test_styles_are_mixed_by_their_shares() -> None:
    """A mixture of a painting with itself is that painting; one with a share of nothing is the other one."""
    losses, photo, painting = small("balanced"), noise(1), noise(2)

    def of(styles: list[np.ndarray], shares: list[float]) -> float:
        parts = losses.parts(Subject([photo], [1.0], styles, shares), noise(0)).values()
        return sum(weight * value for weight, value in parts)

    alone = of([painting], [1.0])
    assert of([painting, painting], [0.3, 0.7]) == pytest.approx(alone, rel=1e-5)
    assert of([painting, photo], [1.0, 0.0]) == pytest.approx(alone, rel=1e-5)


def test_a_style_counts_where_its_mask_is_white() -> None:
    """With the left half masked, what the right half looks like does not matter to the style's term."""
    losses = small("balanced", style_layers=("relu1_1",), weights=Weights(0.0, 1.0, 0.0))
    mask = np.zeros(SIDES, "f4")
    mask[:, :24] = 1
    subject = Subject([], [], [noise(2)], [1.0], [mask])
    picture, other = noise(0), noise(0)
    other[:, 30:] = 0
    found = [losses.parts(subject, each)["style 0 relu1_1"][1] for each in (picture, other)]
    assert found[0] == pytest.approx(found[1], rel=1e-6)
    features = vgg(losses, picture)["relu1_1"].reshape(64, *SIDES)[:, :, :24].reshape(64, -1)
    painting = vgg(losses, noise(2))["relu1_1"]
    a, b = features @ features.T / features.shape[1], painting @ painting.T / painting.shape[1]
    assert found[0] == pytest.approx(((a - b) ** 2).sum() / ((a**2).sum() + (b**2).sum()), rel=1e-4)


def test_tiles_are_the_whole() -> None:
    """Value and gradient of a picture in six tiles, whose sides no stride divides, to rounding."""
    losses = small("balanced", precision="float64")
    height, width = 77, 133
    pictures = [np.random.default_rng(seed).random((height, width, 3)) for seed in range(3)]
    mask = np.linspace(0, 1, width)[None].repeat(height, 0)
    subject = Subject([pictures[1]], [1.0], [pictures[2]], [1.0], [mask])
    whole, parts = (losses.look(subject, height, width, pixels)(pictures[0]) for pixels in (10**6, 64 * 64))
    assert parts[0] == pytest.approx(whole[0], rel=1e-10)
    np.testing.assert_allclose(parts[1], whole[1], atol=1e-10 * np.abs(whole[1]).max())


def test_no_graph_is_built_between_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python runs the measure while a graph is built, and not when it is used."""
    built, whole = [], Comparison.parts

    def counting(self: Comparison, sums: dict[str, Any]) -> dict[str, tuple[float, Any]]:
        built.append(1)
        return whole(self, sums)

    monkeypatch.setattr(Comparison, "parts", counting)
    losses = small("balanced", content_layers=("relu1_1",), style_layers=("relu1_1",))
    look = losses.look(Subject([noise(1)], [1.0], [noise(2)], [1.0]), *SIDES)
    counts: list[int] = []
    lbfgs(look, noise(0), 4, lambda *told: counts.append(len(built)))
    assert counts and set(counts) == {counts[0]}


def test_normalised_gradients_have_length_one() -> None:
    """neural-style's option, at relu1_1 where the gradient by the features can be followed by hand."""
    import tensorflow as tf

    losses = small(
        "neural-style", normalise_gradients=True, content_layers=("relu1_1",), style_layers=("relu1_2",),
        precision="float64", optimizer="adam",
    )  # fmt: skip
    compared = Comparison(losses, Subject([noise(1)], [1.0], [noise(2)], [1.0]), *SIDES)
    from stylize.localised import tiles

    (tile,) = tiles(*SIDES, max(SIDES), 0)
    features, seen = losses.network(losses.tensor(noise(0))), compared.seen(tile)
    for term in ("content 0 relu1_1", "style 0 relu1_2"):
        with tf.GradientTape() as tape:
            tape.watch(features)
            value = compared.parts(compared.sums(features, seen))[term][1]
        gradient = tape.gradient(value, features[term.split()[-1]])
        assert float(tf.reduce_sum(tf.abs(gradient))) == pytest.approx(1, rel=1e-5)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "total", "style"),
    [
        ("gatys-vgg16", 10, 10),
        ("keras-vgg19", 10, 10),
        ("neural-style", 10, 10),
        ("texture", 10, 10),
        ("reconstruct", 10, None),
        ("ink", 10, 10),
        # This one starts from the photograph, whose content loss is 0: the total ends at what the content has
        # come to cost, less of it on larger pictures than on this one (docs/gallery).
        ("impasto", 6, 10),
    ],
)
def test_recipes_lower_their_loss_tenfold(
    name: str, total: float, style: float | None, starting_weights: dict[str, Path], photo: np.ndarray,
    painting: np.ndarray,
) -> None:  # fmt: skip
    """From the recipe's own start, by its own optimiser, in a hundred steps; a real pair, VGG16 in VGG19's place."""
    named = RECIPES[name]
    recipe = replace(named.recipe, network="vgg16", vgg_weights=starting_weights["vgg16"], scales=1, steps=100)
    if name == "reconstruct":
        recipe = replace(recipe, content_layers=("relu3_2",), style_layers=())
    contents = [photo] if named.content else []
    size = photo.shape[0], photo.shape[1]
    made: list[tuple[float, np.ndarray]] = []
    paintings = [lambda _: painting] if named.style else []
    optimise(
        contents, [1.0] * len(contents), paintings, [1.0] * len(paintings), recipe,
        lambda step, value, picture: made.append((value, picture)), size=size,
    )  # fmt: skip
    compared = [in_tones_of(photo, [painting], [1.0], None)] if recipe.content_color == "tones" else contents
    subject = Subject(compared, [1.0] * len(contents), [painting] * len(paintings), [1.0] * len(paintings))
    losses = PictureLosses(recipe)
    first, last = (
        losses.parts(subject, each) for each in (_start(photo if contents else None, None, size, recipe), made[-1][1])
    )

    def summed(parts: dict[str, tuple[float, float]], kind: str) -> float:
        return sum(weight * value for term, (weight, value) in parts.items() if term.startswith(kind))

    assert summed(last, "") == pytest.approx(made[-1][0], rel=0.1)
    assert summed(last, "") < summed(first, "") / total
    if style is not None:
        assert summed(last, "style") < summed(first, "style") / style
