"""The command line of training: a preset, flags for every field, a workdir."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import tyro

from impasto import console
from models.startup import load_backend_quietly
from train import evaluate, fit, one_style, plot, presets, sliding
from train.config import Config, TeacherConfig
from train.machines import Machines
from train.supervisor import supervised

ALONE = Machines()

_COMMANDS: dict[str, tuple[str, dict[str, Any]]] = {
    "teacher": ("Train a style predictor and a transformer together on the perceptual loss.", presets.TEACHER),
    "distill": ("Distil a MobileNetV2 predictor, and optionally a transformer, from a teacher.", presets.DISTILL),
}

_HELP = """usage: python -m train {fit,targets,teacher,distill,style,sliders,evaluate,plot} ...

  fit [flags]               fit a predictor's embedding to the statistics of many paintings, in minutes: a good start
  targets PRESET [flags]    compute what the perceptual loss compares with, once, for faster steps
  teacher PRESET [flags]    train predictor and transformer together on the perceptual loss
  distill PRESET [flags]    distil a MobileNetV2 predictor (and optionally a transformer) from a teacher
  style [flags]             a network for one style, or for a few by number, from a shipped model, in minutes
  sliders [flags]           an experiment: loss weights that are moved when painting, for an artefact as it is
  evaluate [flags]          judge artefacts, side by side, on a grid of photographs and paintings
  plot WORKDIR... [flags]   draw the curves of runs as a PNG and a page: losses, gradients, rate, speed

PRESET is tiny (under a minute, no download), default or paper; for teacher also student (MobileNetV2), fine and
fine-large (Inception-v3, larger transformer) and together (what ships: that teacher and its student at once); for
distill also warm, predictor, pictures and tune (a student of a teacher that is done, stage by stage).
`python -m train teacher tiny --help` lists every flag.

examples:
  python -m train teacher tiny --workdir runs/tiny
  python -m train fit --style paintings/ --out runs/start.keras
  python -m train teacher student --workdir runs/student --model.start-from runs/start.keras \\
      --data.content photos/ --data.style paintings/
  python -m train teacher default --workdir runs/teacher --data.content photos/ --data.style paintings/
  python -m train distill default --workdir runs/student --distillation.teacher runs/teacher/teacher.keras \\
      --data.content photos/ --data.style paintings/
  python -m train teacher together --workdir runs/together --model.start-from runs/teacher/teacher.keras \\
      --student.start-from models/shipped/student.keras --data.content photos/ --data.style paintings/
  python -m train style --style waves.jpg --content photos/ --out runs/waves.keras
  python -m train plot runs/student runs/teacher --out curves.png

A workdir identifies a run: the same command resumes it, wherever the same pictures lie; more --optim.steps prolong it.
Ctrl-C saves and stops. Several machines train one run by the same command with --machines.index 0,
1, ... on each (docs/machines.md)."""


def main(arguments: list[str]) -> int:
    """Runs the command line; returns the exit code."""
    console.prepare()
    command = arguments[0] if arguments else "--help"
    if command in ("-h", "--help"):
        print(_HELP)
        return 0 if arguments else 2
    if command == "evaluate":
        evaluation = evaluate.parse(arguments[1:])
        return _reporting_errors(lambda: _print(evaluate.run(evaluation)))
    if command == "plot":
        drawing = plot.parse(arguments[1:])
        # Needs no backend, which takes seconds to load.
        return console.run(lambda: _print(plot.run(drawing)), "stopped")
    if command == "fit":
        fitting = fit.parse(arguments[1:])
        return _reporting_errors(lambda: _print(fit.run(fitting)))
    if command == "targets":
        return _reporting_errors(_targets_of(arguments[1:]))
    if command == "style":
        one = one_style.parse(arguments[1:])
        return _reporting_errors(lambda: _print(one_style.run(one)))
    if command == "sliders":
        slid = sliding.parse(arguments[1:])
        return _reporting_errors(lambda: _print(sliding.run(slid)))
    if command not in _COMMANDS:
        known = "fit, targets, teacher, distill, style, sliders, evaluate or plot"
        print(f"error: expected {known}, received {command!r}", file=sys.stderr)
        return 2
    run, workdir, machines = _parse(command, arguments[1:])

    def act() -> int:
        return _reporting_errors(lambda: _train(run, workdir, machines))

    return supervised(act) if machines.elsewhere else act()


def _parse(command: str, arguments: list[str]) -> tuple[Config, Path, Machines]:
    description, named = _COMMANDS[command]
    return tyro.extras.subcommand_cli_from_dict(
        {name: _with_workdir(default) for name, default in named.items()},
        prog=f"python -m train {command}",
        description=description,
        args=arguments,
    )


def _targets_of(arguments: list[str]) -> Callable[[], int]:
    """Parses the command line of `targets`; returns what it asks for."""
    config, out, variants = tyro.extras.subcommand_cli_from_dict(
        {name: _with_targets_folder(default) for name, default in presets.TEACHER.items()},
        prog="python -m train targets",
        description="Compute what the perceptual loss compares with, once, for --data.targets of the same preset.",
        args=arguments,
    )

    def compute() -> int:
        from train.config import validate
        from train.places import prove_targets

        validate(config)
        prove_targets(out)
        load_backend_quietly()
        from train.data import open_sources
        from train.targets import compute_targets

        compute_targets(config, *open_sources(config.data, config.run.seed), out, variants)
        return _print(out)

    return compute


def _with_targets_folder(default: TeacherConfig) -> Callable[..., tuple[TeacherConfig, Path, int]]:
    def run(config: TeacherConfig = default, *, out: Path, variants: int = 3) -> tuple[TeacherConfig, Path, int]:
        return config, out, variants

    run.__annotations__ = {
        "config": Annotated[type(default), tyro.conf.arg(name="")],
        "out": Annotated[Path, tyro.conf.arg(help="Folder of the targets; run the same command again to go on.")],
        "variants": Annotated[int, tyro.conf.arg(help="Windows, sizes and colours of every picture.")],
        "return": tuple[TeacherConfig, Path, int],
    }
    run.__doc__ = "Targets of one preset's pictures and loss network; fields of --model and --optim change nothing."
    return run


def _with_workdir(default: Config) -> Callable[..., tuple[Config, Path, Machines]]:
    """A function whose signature is the command line of one preset."""

    def run(config: Config = default, *, workdir: Path, machines: Machines = ALONE) -> tuple[Config, Path, Machines]:
        return config, workdir, machines

    # An empty name: `--data.batch-size`, not `--config.data.batch-size`.
    run.__annotations__ = {
        "config": Annotated[type(default), tyro.conf.arg(name="")],
        "workdir": Annotated[Path, tyro.conf.arg(help="Folder of the run; run the same command again to resume it.")],
        "machines": Machines,
        "return": tuple[Config, Path, Machines],
    }
    run.__doc__ = type(default).__doc__
    return run


def _train(config: Config, workdir: Path, machines: Machines) -> int:
    from train.config import validate
    from train.machines import joined
    from train.places import prove_workdir

    # Before the others are waited for.
    validate(config)
    if machines.index == 0:  # who alone writes
        prove_workdir(workdir, config)
    load_backend_quietly()
    import keras

    machines.validate(keras.backend.backend())
    with joined(machines) as crew:
        from train.loop import train

        result = train(config, workdir, crew)
    if crew.first:
        print(f"step {result.step}: {result.artefact}")
    # 130 is the shell's code for a run ended by Ctrl-C.
    return 0 if result.finished else 130


def _print(path: Path) -> int:
    print(path)
    return 0


def _reporting_errors(action: Callable[[], int]) -> int:
    return console.run(action, "stopped", (RuntimeError,))
