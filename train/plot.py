"""`python -m train plot`: the curves of one or more runs, as a PNG and as one HTML page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Annotated, Literal

import tyro

from impasto.files import prove_writable, replacing
from impasto.pictures.names import ended
from train.curves import Axis, Panel, Run, panels, read_runs, smoothed

_COLUMNS = 3
# Okabe and Ito's colours, which most colour-blind people tell apart; a part or layer is told by its dashes.
_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
# Matplotlib's name, Plotly's, and how a title shows it.
_DASHES: tuple[tuple[Literal["-", "--", ":", "-."], str, str], ...] = (
    ("-", "solid", "—"),
    ("--", "dash", "– –"),
    (":", "dot", "· · ·"),
    ("-.", "dashdot", "– ·"),
)


@dataclass(frozen=True)
class PlotConfig:
    """Draw the curves of runs: losses, gradients, updates, rate, speed. A run that goes on may be drawn at any time."""

    workdirs: Annotated[tuple[Path, ...], tyro.conf.Positional]
    """Workdirs of runs, drawn together."""
    out: Path | None = None
    """PNG to write, and beside it the page, OUT.html; by default curves.png in the one workdir."""
    axis: Axis = "pairs"
    """What runs along: pairs seen (runs of any batch size compare), steps, or hours."""
    smooth: float = 0.05
    """Width of the moving mean, as a share of a run; the log's own values stay visible behind it. 0 turns it off."""


def parse(arguments: list[str]) -> PlotConfig:
    return tyro.cli(PlotConfig, prog="python -m train plot", args=arguments)


def run(config: PlotConfig) -> Path:
    """Draws and writes both files; returns the page's path.

    Raises:
        ValueError: a workdir without a log; no --out for several; a name that does not end in .png.
    """
    if config.out is None and len(config.workdirs) > 1:
        raise ValueError(f"--out is needed: {len(config.workdirs)} runs are drawn together, in no run's own folder")
    out = config.out or config.workdirs[0] / "curves.png"
    if out.suffix != ".png":
        raise ValueError(f"--out must end in .png. Received: {out}")
    if not 0 <= config.smooth <= 1:
        raise ValueError(f"--smooth must lie in [0, 1]. Received: {config.smooth}")
    page = out.with_name(ended(out.stem, ".html"))
    prove_writable([out, page])
    runs = read_runs(config.workdirs, config.axis)
    diagrams = panels(runs)
    with replacing(out) as draft:
        _draw_png(draft, runs, diagrams, config)
    with replacing(page) as draft:
        draft.write_text(_page(runs, diagrams, config), encoding="utf-8")
    return page


def _draw_png(path: Path, runs: Sequence[Run], diagrams: Sequence[Panel], config: PlotConfig) -> None:
    # Not pyplot, which keeps figures and looks for a screen.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.lines import Line2D

    rows = -(-len(diagrams) // _COLUMNS)
    figure = Figure(figsize=(5.2 * _COLUMNS, 3.2 * rows + 0.6), layout="constrained")
    FigureCanvasAgg(figure)
    grid = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for axes, panel in zip(grid, diagrams, strict=False):
        for number, each in enumerate(runs):
            colour = _COLOURS[number % len(_COLOURS)]
            for dash, key in enumerate(panel.curves):
                if key not in each.values:
                    continue
                line = _DASHES[dash % len(_DASHES)][0]
                if config.smooth:
                    axes.plot(each.x, each.values[key], color=colour, alpha=0.25, linewidth=0.8)
                mean = smoothed(each.values[key], config.smooth)
                # A run that has logged once is a dot.
                axes.plot(each.x, mean, line, color=colour, linewidth=1.6, marker="o" if len(each.x) == 1 else None)
        axes.set_title(panel.title, fontsize=11)
        axes.set_yscale("log" if panel.logarithmic else "linear")
        axes.set_xlabel(config.axis)
        axes.grid(alpha=0.25)
        if len(panel.curves) > 1:
            keys = [
                Line2D([], [], color="#555", linestyle=_DASHES[i % len(_DASHES)][0]) for i in range(len(panel.curves))
            ]
            axes.legend(keys, list(panel.curves.values()), fontsize=8)
    for axes in grid[len(diagrams) :]:
        axes.set_axis_off()
    handles = [Line2D([], [], color=_COLOURS[i % len(_COLOURS)], linewidth=3) for i in range(len(runs))]
    figure.legend(handles, [each.name for each in runs], loc="outside upper center", ncols=4, frameon=False)
    figure.savefig(path, dpi=110, format="png")


def _page(runs: Sequence[Run], diagrams: Sequence[Panel], config: PlotConfig) -> str:
    """One HTML page that holds all it needs: curves to zoom into, runs to switch off, values where one points."""
    from plotly.graph_objects import Scatter
    from plotly.subplots import make_subplots

    rows = -(-len(diagrams) // _COLUMNS)
    titles = [_page_title(panel) for panel in diagrams]
    figure = make_subplots(rows, _COLUMNS, subplot_titles=titles, vertical_spacing=0.28 / rows)
    for place, panel in enumerate(diagrams):
        row, column = place // _COLUMNS + 1, place % _COLUMNS + 1
        for number, each in enumerate(runs):
            for dash, (key, label) in enumerate(panel.curves.items()):
                if key not in each.values:
                    continue
                style = {
                    "color": _COLOURS[number % len(_COLOURS)],
                    "dash": _DASHES[dash % len(_DASHES)][1],
                    "width": 1.8,
                }
                curve = Scatter(
                    x=each.x.tolist(),
                    y=smoothed(each.values[key], config.smooth).tolist(),
                    name=each.name,
                    legendgroup=each.name,
                    showlegend=place == 0 and dash == 0,
                    line=style,
                    mode="lines" if len(each.x) > 1 else "markers",
                    hovertemplate=f"{each.name} {label}<br>%{{x:,}} {config.axis}: %{{y:.4g}}<extra></extra>",
                )
                figure.add_trace(curve, row=row, col=column)
        kind = "log" if panel.logarithmic else "linear"
        figure.update_yaxes(type=kind, exponentformat="power", row=row, col=column)
        figure.update_xaxes(title_text=config.axis, row=row, col=column)
    title = "Training curves: " + ", ".join(each.name for each in runs)
    height = 300 * rows + 170
    # Below the title, clear of the buttons at the right.
    legend = {"orientation": "h", "yref": "container", "y": 1 - 66 / height, "yanchor": "top", "x": 0}
    margin = {"t": 120, "b": 60, "l": 60, "r": 30}
    figure.update_layout(title=title, height=height, template="plotly_white", legend=legend, margin=margin)
    page: str = figure.to_html(include_plotlyjs=True, full_html=True, config={"displaylogo": False, "responsive": True})
    return page.replace("<head>", f"<head><title>{escape(title)}</title>", 1)


def _page_title(panel: Panel) -> str:
    """A diagram's title, and below it which dashes are which of its curves."""
    if len(panel.curves) == 1:
        return panel.title
    dashes = [f"{_DASHES[i % len(_DASHES)][2]} {label}" for i, label in enumerate(panel.curves.values())]
    return f"{panel.title}<br><sup>{'&nbsp;&nbsp;&nbsp;'.join(dashes)}</sup>"
