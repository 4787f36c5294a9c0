"""A whole run: from a config and a workdir to a trained artefact, resumable at any step."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import keras

from datasets.indexed_pairs import IndexedPairs
from impasto.files import refuse_inputs
from impasto.lock import exclusive
from impasto.pictures.writing import write
from models.artefact import ArtefactError, read_card
from train import checkpoints, resuming
from train.callbacks import Periodic, ProgressBar, StopOnNonFinite, StopOnSignal
from train.card import training_card
from train.config import Config, DistillConfig, validate
from train.data import open_pairs, open_preview, stream
from train.lineage import lineage
from train.metrics import MetricsLog
from train.networks import Networks, build_trainer, save_artefact
from train.optimizer import averaged_weights, build_optimizer
from train.previews import Preview
from train.schedule import Rate
from train.watching import Watch


@dataclass(frozen=True)
class Result:
    """How a run ended: steps done, whether these are all, and the artefact with the averaged weights."""

    step: int
    finished: bool
    artefact: Path


def train(config: Config, workdir: str | Path) -> Result:
    """Trains until the config's last step, or until Ctrl-C; the same call goes on where the last one stopped.

    The workdir identifies the run. It receives `config.json`, `run.json`, `metrics.jsonl`, `tensorboard/`, `pictures/`,
    `checkpoints/` and, at the end, `teacher.keras` or `student.keras`. What may change from call to call is told in
    train/resuming.py; more steps prolong a run.

    Raises:
        ConfigError: impossible values, or a workdir that holds another run; names the field.
        BusyError: another process trains in this workdir; names it.
        NonFiniteError: names the step; the last good checkpoint is kept.
        StartingWeightsError, ArtefactError, CheckpointError, ValueError: something a run needs is not as it should be.
    """
    workdir = Path(workdir)
    validate(config)
    refuse_inputs([_artefact(workdir, config)], [Path(path) for path in _read_artefacts(config)])
    with exclusive(workdir / ".lock", f"the workdir {workdir}"):
        return _train(config, workdir)


def _train(config: Config, workdir: Path) -> Result:
    keras.utils.set_random_seed(config.run.seed)

    # Data first: a mistyped path must not cost the time it takes to build networks.
    pairs = open_pairs(config.data, config.run.seed, config.loss)
    preview = open_preview(config.data) if config.run.picture_every else None
    legs = resuming.claim(workdir, config, pairs, lambda: lineage(asdict(config)))
    begun = bool(checkpoints.existing(workdir / "checkpoints"))
    networks, trainer = build_trainer(config, None if begun else pairs.style, restored=begun)
    rate = Rate(config.optim)
    if isinstance(pairs, IndexedPairs):
        trainer.keep_pictures(**pairs.arrays)
    trainer.compile(
        optimizer=build_optimizer(config.optim, trainer.parts, rate),
        # XLA's convolutions on the CPU are several times slower than TensorFlow's own.
        jit_compile=keras.backend.backend() != "tensorflow",
        steps_per_execution=config.run.steps_per_execution,
    )
    trainer.optimizer.build(trainer.trainable_variables)
    state = [*networks[0].variables, *networks[1].variables, *trainer.optimizer.variables]

    steps = config.optim.steps
    start = checkpoints.restore_latest(workdir / "checkpoints", state)
    rate.plan(resuming.prolong(workdir, config, legs, start))
    artefact = _artefact(workdir, config)
    if start >= steps and _step_of(artefact) == start:
        print(f"{workdir}: all {steps} steps are done; {artefact} is the result")
        return Result(start, True, artefact)
    if start:
        print(f"{workdir}: resuming after step {start} of {steps}")

    log = MetricsLog(workdir, start)

    def save_checkpoint(step: int, logs: dict[str, float]) -> None:
        checkpoints.save(workdir / "checkpoints", step, state, config.run.keep_checkpoints)

    stop = StopOnSignal(start, steps, save_checkpoint)
    progress = ProgressBar(start, steps, config.data.batch_size, config.run.steps_per_execution)
    watch = Watch(start, steps, config.data.batch_size, lambda: pairs.waited)
    callbacks = [
        StopOnNonFinite(start, 1, steps),
        progress,
        watch,
        Periodic(start, config.run.checkpoint_every, steps, save_checkpoint),
        stop,
        Periodic(
            start,
            config.run.log_every,
            steps,
            lambda step, logs: log.write(step, watch.line(step, logs)),
            reset_metrics=True,
        ),
    ]
    if preview:
        draw = _picture_drawer(preview, networks, trainer, log, workdir)
        callbacks.append(Periodic(start, config.run.picture_every, steps, draw))
    with log:
        if start < steps:
            batches = stream(pairs, start, steps, config.data.workers)
            with stop, progress:
                trainer.fit(batches, steps_per_epoch=steps - start, shuffle=False, verbose=0, callbacks=callbacks)
        elif config.optim.ema_momentum:
            trainer.optimizer.finalize_variable_values(trainer.trainable_variables)

    # `fit` has put the averaged weights in place of the trained ones: those are what is saved here.
    save_artefact(artefact, networks, training_card(config, workdir, stop.done, pairs.skipped))
    return Result(stop.done, stop.done >= steps, artefact)


def _artefact(workdir: Path, config: Config) -> Path:
    """Where the result lies."""
    return workdir / ("student.keras" if isinstance(config, DistillConfig) else "teacher.keras")


def _read_artefacts(config: Config) -> list[str]:
    """The artefacts that a run starts and learns from: none of them may lie where its own will."""
    paths = [config.model.start_from, config.model.predictor_from]
    if isinstance(config, DistillConfig):
        paths += [config.distillation.teacher, config.distillation.painter]
    return [path for path in paths if path]


def _step_of(artefact: Path) -> int:
    """The step whose weights an artefact holds; -1 where there is none that can be read.

    A run that was stopped, resumed to its end, and killed before it wrote its artefact still has that of the stop.
    """
    try:
        return int(read_card(artefact)["provenance"]["steps"])
    except (ArtefactError, KeyError, TypeError, ValueError):
        return -1


def _picture_drawer(
    preview: Preview, networks: Networks, trainer: keras.Model, log: MetricsLog, workdir: Path
) -> Callable[[int, dict[str, float]], None]:
    """Draws the picture grid with the averaged weights, the ones that would be saved now."""

    def draw(step: int, logs: dict[str, float]) -> None:
        with averaged_weights(trainer.optimizer):
            picture = preview.draw(*networks)
        write(workdir / "pictures" / f"step-{step:08d}.png", picture)
        log.write_picture(step, "preview", picture)

    return draw
