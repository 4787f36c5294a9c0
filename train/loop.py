"""A whole run: from a config and a workdir to a trained artefact, resumable at any step."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import keras
import numpy as np

from datasets.indexed_pairs import IndexedPairs
from impasto.files import refuse_inputs
from impasto.lock import exclusive
from impasto.pictures.writing import write
from models.artefact import ArtefactError, read_card
from train import checkpoints, resuming
from train.callbacks import Periodic, ProgressBar, StopOnNonFinite, StopOnSignal
from train.card import card_of, training_card
from train.config import Config, TeacherConfig, validate
from train.data import open_pairs, open_preview, stream
from train.lineage import lineage
from train.machines import Crew
from train.metrics import MetricsLog
from train.networks import build_trainer, save_artefact
from train.optimizer import averaged_weights, build_optimizer
from train.places import CHECKPOINTS, PICTURES, artefact, artefacts
from train.schedule import Leg, Rate
from train.twins import Twins
from train.watching import Watch


@dataclass(frozen=True)
class Result:
    """How a run ended: steps done, whether these are all, and the artefact with the averaged weights."""

    step: int
    finished: bool
    artefact: Path


def train(config: Config, workdir: str | Path, crew: Crew | None = None) -> Result:
    """Trains until the config's last step, or until Ctrl-C; the same call goes on where the last one stopped.

    The workdir identifies the run. It receives `config.json`, `run.json`, `metrics.jsonl`, `tensorboard/`, `pictures/`,
    `checkpoints/` and, at the end, `teacher.keras` or `student.keras`. What may change from call to call is told in
    train/resuming.py; more steps prolong a run.

    Args:
        config, workdir: Of the run.
        crew: The workers that train it together (train/machines.py); only the first reads and writes the workdir.

    Raises:
        ConfigError: impossible values, or a workdir that holds another run; names the field.
        BusyError: another process trains in this workdir; names it.
        NonFiniteError: names the step; the last good checkpoint is kept.
        LostWorkerError: another worker has gone; the last checkpoint is kept.
        StartingWeightsError, ArtefactError, CheckpointError, ValueError: something a run needs is not as it should be.
    """
    workdir, crew = Path(workdir), crew or Crew()
    validate(config)
    refuse_inputs(artefacts(workdir, config), [Path(path) for path in _read_artefacts(config)])
    with ExitStack() as held:
        lock = exclusive(workdir / ".lock", f"the workdir {workdir}")
        crew.tell(lambda: held.enter_context(lock))
        return _train(config, workdir, crew)


def _train(config: Config, workdir: Path, crew: Crew) -> Result:
    keras.utils.set_random_seed(config.run.seed)
    crew.require_shares(config.data.batch_size)

    # Data first: a mistyped path must not cost the time it takes to build networks.
    own = [workdir / PICTURES]
    pairs = open_pairs(config.data, config.run.seed, config.loss, (crew.index, crew.count), own)
    preview = open_preview(config.data, own) if config.run.picture_every and crew.first else None
    if crew.many:
        crew.agree(resuming.decisive(config, pairs))
    claim = partial(resuming.claim, workdir, config, pairs, lambda: lineage(asdict(config)))
    legs = [Leg(*leg) for leg in crew.tell(claim)]
    begun = crew.tell(lambda: bool(checkpoints.existing(workdir / CHECKPOINTS)))
    networks, trainer = build_trainer(config, None if begun else pairs.style, restored=begun)
    rate = Rate(config.optim)
    student_rate = config.student.predictor_rate if isinstance(config, TeacherConfig) else 1.0
    if isinstance(pairs, IndexedPairs):
        trainer.keep_pictures(**pairs.arrays)
    trainer.compile(
        optimizer=build_optimizer(config.optim, trainer.parts, rate, student_rate),
        # XLA's convolutions on the CPU are several times slower than TensorFlow's own.
        jit_compile=keras.backend.backend() != "tensorflow",
        steps_per_execution=config.run.steps_per_execution,
    )
    trainer.optimizer.build(trainer.trainable_variables)
    state = [*_trained(trainer), *trainer.optimizer.variables]

    steps = config.optim.steps
    start = crew.tell(lambda: checkpoints.restore_latest(workdir / CHECKPOINTS, state))
    rate.plan([Leg(*leg) for leg in crew.tell(lambda: resuming.prolong(workdir, config, legs, start))])
    result = artefact(workdir, config)
    if crew.tell(lambda: start >= steps and _step_of(result) == start):
        _say(crew, f"{workdir}: all {steps} steps are done; {result} is the result")
        return Result(start, True, result)
    if start:
        _say(crew, f"{workdir}: resuming after step {start} of {steps}")
    twins = Twins(networks) if preview and crew.many else None
    crew.spread([*state, *trainer.learning_variables], trainer.kept_pictures)

    log = MetricsLog(workdir, start) if crew.first else None

    def save_checkpoint(step: int, logs: dict[str, float]) -> None:
        if crew.first:
            checkpoints.save(workdir / CHECKPOINTS, step, state, config.run.keep_checkpoints)

    def write_line(step: int, logs: dict[str, float]) -> None:
        if log:
            log.write(step, watch.line(step, logs))

    def draw() -> np.ndarray:
        assert preview is not None
        if twins is None:
            with averaged_weights(trainer.optimizer):
                return preview.draw(*networks)
        with crew.apart():
            twins.follow(trainer.optimizer)
            return preview.draw(*twins.networks)

    stop = StopOnSignal(start, steps, save_checkpoint, together=crew.many)
    progress = ProgressBar(start, steps, config.data.batch_size, config.run.steps_per_execution, shown=crew.first)
    watch = Watch(start, steps, config.data.batch_size, lambda: pairs.waited)
    callbacks = [
        StopOnNonFinite(start, 1, steps),
        progress,
        watch,
        Periodic(start, config.run.checkpoint_every, steps, save_checkpoint),
        stop,
        Periodic(start, config.run.log_every, steps, write_line, reset_metrics=True),
    ]
    if preview and log:
        callbacks.append(Periodic(start, config.run.picture_every, steps, _picture_writer(draw, log, workdir)))
    with ExitStack() as open_files:
        if log:
            open_files.enter_context(log)
        if start < steps:
            batches = stream(pairs, start, steps, config.data.workers, stop.flag if crew.many else None)
            with stop, progress, crew.together():
                trainer.fit(batches, steps_per_epoch=steps - start, shuffle=False, verbose=0, callbacks=callbacks)
        elif config.optim.ema_momentum:
            trainer.optimizer.finalize_variable_values(trainer.trainable_variables)

    # `fit` has put the averaged weights in place of the trained ones: those are what is saved here.
    if crew.first:
        card = training_card(config, workdir, stop.done, pairs.skipped)
        for path in artefacts(workdir, config):
            save_artefact(path, trainer.results[path.stem], card_of(card, path.stem, config))
    return Result(stop.done, stop.done >= steps, result)


def _trained(trainer: keras.Model) -> list[keras.Variable]:
    """The variables of all networks that a run results in, each once."""
    networks = {id(network): network for pair in trainer.results.values() for network in pair}
    return [variable for network in networks.values() for variable in network.variables]


def _say(crew: Crew, text: str) -> None:
    if crew.first:
        print(text)


def _read_artefacts(config: Config) -> list[str]:
    """The artefacts that a run starts and learns from: none of them may lie where its own will."""
    paths = [config.model.start_from, config.model.predictor_from]
    if isinstance(config, TeacherConfig):
        paths.append(config.student.start_from)
    else:
        paths += [config.distillation.teacher, config.distillation.painter]
    return [path for path in paths if path]


def _step_of(path: Path) -> int:
    """The step whose weights an artefact holds; -1 where there is none that can be read.

    A run that was stopped, resumed to its end, and killed before it wrote its artefact still has that of the stop.
    """
    try:
        return int(read_card(path)["provenance"]["steps"])
    except (ArtefactError, KeyError, TypeError, ValueError):
        return -1


def _picture_writer(
    draw: Callable[[], np.ndarray], log: MetricsLog, workdir: Path
) -> Callable[[int, dict[str, float]], None]:
    """Writes the picture grid of the averaged weights, the ones that would be saved now."""

    def write_picture(step: int, logs: dict[str, float]) -> None:
        picture = draw()
        write(workdir / PICTURES / f"step-{step:08d}.png", picture)
        log.write_picture(step, "preview", picture)

    return write_picture
