"""A recipe from its name and from the flags that were given beside it."""

from __future__ import annotations

import argparse
from dataclasses import replace

from stylize.arguments import check_weights
from stylize.cookbook import RECIPES
from stylize.recipes import Recipe, with_weights

# What means nothing to a recipe, and why.
_IDLE = {
    "texture": (("content_color", "content_weight", "content_layers"), "looks at no photograph"),
    "reconstruct": (
        ("animate", "every", "resume", "masks", "keep_color", "content_color", "style_weight"),
        "makes a contact sheet",
    ),
}


def chosen(options: argparse.Namespace) -> Recipe:
    """The recipe that the flags of `stylize optimise` ask for.

    Raises:
        ValueError: a flag that has no meaning beside the others.
    """
    recipe = _overridden(RECIPES[options.recipe].recipe, options)
    _refuse_idle(options, recipe)
    return recipe


def _refuse_idle(options: argparse.Namespace, recipe: Recipe) -> None:
    """Raises ValueError for a flag that the recipe would pass over in silence."""
    flags, why = _IDLE.get(options.recipe, ((), ""))
    for flag in flags:
        if getattr(options, flag):
            name = flag.replace("_", "-")
            raise ValueError(f"--{name} means nothing to --recipe {options.recipe}, which {why}")
    if options.recipe == "texture" and recipe.start == "content":
        raise ValueError("--start content: --recipe texture looks at no photograph to start from")


def _overridden(recipe: Recipe, options: argparse.Namespace) -> Recipe:
    """The recipe with whatever was given beside its name."""
    names = (
        "network", "vgg_weights", "pooling", "padding", "precision", "loss", "optimizer", "rate", "steps", "scales",
        "style_scale", "start", "seed", "size", "corrections", "normalise_gradients", "content_color",
    )  # fmt: skip
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    if given.get("start") == "painted" and options.scales is None:
        given["scales"] = 1  # a painted picture has its strokes; small sizes would take them away
    if options.optimizer == "adam":
        given["evaluations"] = None
    for kind in ("content", "style"):
        layers = getattr(options, f"{kind}_layers")
        if layers is None:
            continue
        weights = [weight for _, weight in layers if weight is not None]
        if weights:
            if len(weights) < len(layers):
                raise ValueError(f"--{kind}-layers: expected a weight for every layer or for none")
            check_weights(f"--{kind}-layers", weights)
        given[f"{kind}_layers"] = tuple(name for name, _ in layers)
        given[f"{kind}_layer_weights"] = tuple(weights) or None
    if "loss" in given and given["loss"] != recipe.loss:
        recipe = replace(recipe, weights=None)
    recipe = with_weights(replace(recipe, **given), options.content_weight, options.style_weight, options.tv_weight)
    if recipe.normalise_gradients and (recipe.optimizer, recipe.loss) != ("adam", "neural-style"):
        raise ValueError(
            "--normalise-gradients belongs to --loss neural-style and --optimizer adam: L-BFGS' line search needs the "
            "gradient of what it lowers"
        )
    for flag, owner in (("rate", "adam"), ("corrections", "lbfgs")):
        if getattr(options, flag) is not None and recipe.optimizer != owner:
            raise ValueError(f"--{flag} belongs to --optimizer {owner}, and this recipe's is {recipe.optimizer}")
    return recipe
