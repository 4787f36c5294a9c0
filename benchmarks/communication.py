"""`python -m benchmarks.communication`: what the devices of a run say to each other in a step, and how long that takes.

The step of a preset is compiled for several devices of this machine's processor, and the collective operations in what
XLA made of it are counted, byte by byte: what is sent is read from the program, not supposed. What that means for more
devices is computed: by a ring, each of N devices sends 2 (N - 1) / N of the bytes (Patarasuk and Yuan 2009); hosts of
eight devices add up among themselves first, so that the network carries 2 (H - 1) / H of them a host.
"""

from __future__ import annotations

import argparse
import os
import re
from collections import Counter
from dataclasses import replace
from typing import Any

_DEVICES_A_HOST = 8
# Of one message between two hosts, in seconds: a data centre's Ethernet.
_LATENCY = 20e-6
_BYTES = {"f64": 8, "f32": 4, "s32": 4, "u32": 4, "f16": 2, "bf16": 2, "s8": 1, "u8": 1, "pred": 1}
_COLLECTIVE = re.compile(
    r" = (?P<shapes>.*?) (?P<kind>all-reduce|all-gather|reduce-scatter|all-to-all|collective-permute)(?:-start)?\("
)
_SHAPE = re.compile(r"(?P<type>[a-z]+\d*)\[(?P<sides>[\d,]*)\]")


def collectives(program: str) -> Counter[str]:
    """Bytes by kind of collective operation, of a compiled program's text."""
    found: Counter[str] = Counter()
    for match in _COLLECTIVE.finditer(program):
        for shape in _SHAPE.finditer(match["shapes"]):
            size = _BYTES[shape["type"]]
            for side in filter(None, shape["sides"].split(",")):
                size *= int(side)
            found[match["kind"]] += size
    return found


def compiled_step(preset: str, devices: int) -> tuple[str, int]:
    """The program of one training step over `devices` devices, and how many weights it learns."""
    import jax
    import keras

    from datasets.pairs import Pairs
    from train.data import open_sources, pair_spec
    from train.machines import LOCAL, Machines, joined
    from train.networks import build_trainer
    from train.optimizer import build_optimizer
    from train.presets import TEACHER

    config = TEACHER[preset]
    # Pictures are small here, which shortens compiling: what is sent must not depend on their size.
    data = replace(
        config.data, content="synthetic:16:64", style="synthetic:16:64", batch_size=devices, content_size=64,
        canvas=64, style_size=(64, 65),
    )  # fmt: skip
    config = replace(
        config, data=data, model=replace(config.model, predictor_weights="random"),
        loss=replace(config.loss, vgg16_weights="random"), optim=replace(config.optim, whiten=False),
    )  # fmt: skip
    _, trainer = build_trainer(config)
    trainer.compile(optimizer=build_optimizer(config.optim, trainer.parts), jit_compile=True)
    trainer.optimizer.build(trainer.trainable_variables)
    batch: Any = Pairs(*open_sources(data, 0), pair_spec(data, 0)).batch(0)
    with joined(Machines(LOCAL)) as crew:
        crew.spread([*trainer.learning_variables, *trainer.optimizer.variables], [])
        with crew.together():
            distribution = keras.distribution.distribution()
            placed = {
                name: jax.device_put(values, distribution.get_data_layout(values.shape).backend_layout)
                for name, values in batch.items()
            }
            trainer._symbolic_build(data_batch=(placed,))
            groups = (trainer.trainable_variables, trainer.non_trainable_variables, trainer.optimizer.variables)
            state = tuple([variable.value for variable in group] for group in (*groups, trainer.metrics_variables))
            places = tuple([value.sharding for value in group] for group in state)
            step = jax.jit(trainer.train_step, donate_argnums=0, out_shardings=(None, places))
            program = step.lower(state, (placed,)).compile().as_text()
    return program, sum(int(variable.value.size) for variable in trainer.trainable_variables)


def table(size: int) -> list[str]:
    """Rows of a Markdown table: devices, bytes that each sends, and milliseconds on networks of three speeds."""
    rows = ["| devices | hosts | each sends, MB | a host sends, MB | 10 Gb/s | 100 Gb/s | 400 Gb/s |", "|---|---|---|---|---|---|---|"]  # fmt: skip # noqa: E501
    for devices in (8, 16, 64, 256, 1024):
        hosts = max(devices // _DEVICES_A_HOST, 1)
        each, host = (2 * (count - 1) / count * size for count in (devices, hosts))
        waits = 2 * (hosts - 1) * _LATENCY
        times = " | ".join(f"{1e3 * (host * 8 / (1e9 * speed) + waits):.1f} ms" for speed in (10, 100, 400))
        rows.append(f"| {devices} | {hosts} | {each / 1e6:.1f} | {host / 1e6:.1f} | {times} |")
    return rows


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.communication", description=__doc__)
    parser.add_argument("--preset", default="student", help="of `python -m train teacher`")
    parser.add_argument("--devices", type=int, default=8, help="that the step is compiled for")
    options = parser.parse_args()
    os.environ["KERAS_BACKEND"], os.environ["JAX_PLATFORMS"] = "jax", "cpu"
    flags = f"--xla_force_host_platform_device_count={options.devices} --xla_backend_optimization_level=0"
    os.environ["XLA_FLAGS"] = f"{os.environ.get('XLA_FLAGS', '')} {flags}"
    program, weights = compiled_step(options.preset, options.devices)
    found = collectives(program)
    print(f"{options.preset}: {weights:,} weights learn; in a step of {options.devices} devices:")
    for kind, size in found.most_common():
        print(f"  {kind}: {size / 1e6:.3f} MB")
    print("\n".join(table(sum(found.values()))))


if __name__ == "__main__":
    main()
