"""`python -m train evaluate`: judge artefacts and folders of pictures side by side."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from datasets.opening import files_of, open_source
from impasto.files import prove_writable, refuse_inputs
from models.startup import load_backend_quietly
from train.evaluation_names import outputs, require_system, system_names


@dataclass(frozen=True)
class EvaluationConfig:
    """Judge stylised pictures: content and style losses per layer over a grid of photographs and paintings.

    Two networks judge: VGG16, on which training looks too, and Inception-v3, on which none does. A gain that only the
    first sees was painted for it.
    """

    systems: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """Artefacts (.keras), folders of pictures named CONTENT__STYLE.png, `optimise:STEPS` for each picture optimised."""
    content: str
    """Photographs that training did not see: a folder, `packed:PATH.npy` or any other source."""
    out: Path
    """Folder for losses.csv, summary.json, a contact sheet a system, and report.html."""
    unobserved: str = ""
    """Paintings that training did not see, written as --content."""
    observed: str = ""
    """Paintings that training did see."""
    contents: int = 8
    """Photographs in the grid."""
    styles: int = 8
    """Paintings of each kind in the grid."""
    size: int = 384
    """Side of the photographs, in pixels."""
    style_size: int = 256
    """Side of the paintings, in pixels: as the predictors see them and as the losses compare them."""
    strengths: tuple[float, ...] = (1.0,)
    """Strengths at which artefacts stylise; every one but 1 is judged as a system of its own, NAME@STRENGTH."""
    probes: int = 0
    """Pairs on which the border and flicker are probed, too."""
    vgg16_weights: str = "imagenet"
    """Weights of the first judge's network: a path, or `imagenet` (environment variable, cache, download)."""
    inception_v3_weights: str = "imagenet"
    """Weights of the second judge's network, which no training looks at; written likewise."""


def parse(arguments: list[str]) -> EvaluationConfig:
    return tyro.cli(EvaluationConfig, prog="python -m train evaluate", args=arguments)


def run(config: EvaluationConfig) -> Path:
    """Evaluates and writes the report; returns the path of its page.

    Raises:
        ValueError: no styles given, a source without enough pictures, an artefact that cannot be read.
    """
    if not (config.observed or config.unobserved):
        raise ValueError("evaluate needs paintings: pass --unobserved, --observed or both")
    for path in config.systems:
        require_system(str(path))
    # A report has pictures, too: one that lies among the photographs is none of them.
    source = open_source(config.content, role="content", leave_out=[config.out])
    kinds = {"unobserved": config.unobserved, "observed": config.observed}
    paintings = {kind: open_source(spec, role="style", leave_out=[config.out]) for kind, spec in kinds.items() if spec}
    names = [name for path in config.systems for name in system_names(str(path), config.strengths)]
    if len(set(names)) < len(names):
        raise ValueError(f"systems are told apart by their file names, which must differ. Received: {names}")
    read_files = [path for each in (source, *paintings.values()) for path in files_of(each)]
    refuse_inputs(outputs(config.out, names), [Path(path) for path in read_files])
    prove_writable(outputs(config.out, names))

    load_backend_quietly()
    from train.grid import evaluate, named_apart, pick, summarise
    from train.judge import Judge, SecondJudge
    from train.probes import probe
    from train.report import write_report
    from train.systems import FolderSystem, open_systems

    contents = named_apart(pick(source, config.contents, config.size))
    styles = named_apart(
        [one for kind, each in paintings.items() for one in pick(each, config.styles, config.style_size, kind)]
    )
    judge = Judge(config.vgg16_weights)
    judges = (judge, SecondJudge(config.inception_v3_weights))
    systems = [system for path in config.systems for system in open_systems(path, config.strengths, judge)]
    grid = [[(one.key, one.image) for one in pictures] for pictures in (contents, styles)]
    for system in systems:
        if isinstance(system, FolderSystem):
            system.require(*grid)
    rows, pictures = evaluate(systems, contents, styles, judges)
    summaries = summarise(rows)
    # Every photograph and every painting has its turn before a pair is a repetition of either.
    pairs = [(contents[index % len(contents)], styles[index % len(styles)]) for index in range(config.probes)]
    # A folder holds no pictures of moved photographs; strengths differ in little but the style.
    probed = [system for system in systems if not isinstance(system, FolderSystem) and "@" not in system.name]
    probes = probe(probed, pairs, judge) if pairs else []
    title = f"{', '.join(names)}: {len(contents)} photographs, {len(styles)} paintings, {config.size} px"
    page = write_report(config.out, rows, pictures, summaries, probes, contents, styles, title)
    for summary in summaries:
        for judged in judges:
            figures = {
                "content": summary.means[f"{judged.prefix}content"],
                "style sum": summary.means[f"{judged.prefix}style_sum"],
                "worst decile": summary.worst_deciles[f"{judged.prefix}worst_decile"],
            }
            told = "  ".join(f"{name} {value:.3f}" for name, value in figures.items())
            print(f"{summary.system:24} {summary.observed:11} {summary.pairs:5} pairs  {told}  by {judged.name}")
    for found in probes:
        print(f"{found.system:24} {found.pairs} pairs  border {found.border:.3f}  flicker {found.flicker:.4f}")
    return page
