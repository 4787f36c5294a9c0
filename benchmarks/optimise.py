"""What an iteration of `stylize optimise` takes over a bare forward and backward pass of its network.

    python -m benchmarks.optimise --size 512 --recipes gatys-vgg16 neural-style --network vgg16

Bare is the network alone, up to the deepest layer, with the sum of its outputs' means as the function. Looks and bare
passes are timed by turns, so that what else the machine does falls on both; the medians are compared. What L-BFGS
itself adds is timed on steps of the real descent, as what is left of them without their looks.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from models.startup import load_backend_quietly


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--recipes", nargs="+", default=["gatys-vgg16", "keras-vgg19", "neural-style", "impasto"])
    parser.add_argument("--network", default="vgg16")
    parser.add_argument("--repeats", type=int, default=7)
    parser.add_argument(
        "--clock", choices=("wall", "cpu"), default="wall", help="cpu: seconds of all threads, on a busy machine"
    )
    options = parser.parse_args()
    clock = time.perf_counter if options.clock == "wall" else time.process_time
    load_backend_quietly()
    print("| recipe | bare, s | look, s | L-BFGS a look, s | iteration / bare |\n|---|---|---|---|---|")
    for name in options.recipes:
        bare, look, rest = measured(name, options.network, options.size, options.repeats, clock)
        print(f"| {name} | {bare:.3f} | {look:.3f} | {rest:.3f} | {(look + rest) / bare:.3f} |", flush=True)


def measured(
    name: str, network: str, size: int, repeats: int, clock: Callable[[], float]
) -> tuple[float, float, float]:
    """Seconds of a bare pass, of a look, and of what L-BFGS adds to a look; medians."""
    from keras import ops

    from stylize.cookbook import RECIPES
    from stylize.descent import lbfgs, value_and_gradient
    from stylize.measure import PictureLosses, Subject

    rng = np.random.default_rng(0)
    picture, photograph, painting = (rng.random((size, size, 3)).astype("f4") for _ in range(3))
    recipe = replace(RECIPES[name].recipe, network=network, vgg_weights=None)
    losses = PictureLosses(recipe)
    look = losses.look(Subject([photograph], [1.0], [painting], [1.0]), size, size)
    bare = value_and_gradient(lambda x: sum(ops.mean(value) for value in losses.network(x, training=False).values()))
    times: dict[str, list[float]] = {"bare": [], "look": []}
    for _ in range(repeats + 1):
        for what, function in (("bare", bare), ("look", look)):
            began = clock()
            function(picture)
            times[what].append(clock() - began)
    looking: list[float] = []

    def timed(x: np.ndarray) -> tuple[float, np.ndarray]:
        began = clock()
        found = look(x)
        looking.append(clock() - began)
        return found

    began = clock()
    lbfgs(timed, picture, repeats, lambda *told: None, bounded=recipe.bounded, corrections=recipe.corrections)
    rest = (clock() - began - sum(looking)) / len(looking)
    # The first pass of each builds its graph.
    return float(np.median(times["bare"][1:])), float(np.median(times["look"][1:])), rest


if __name__ == "__main__":
    main()
