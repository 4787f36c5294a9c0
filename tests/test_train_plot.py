"""What a log line says of the steps, and the curves drawn from it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from train import watching
from train.cli import main
from train.curves import panels, read_runs, smoothed
from train.watching import Watch


def test_a_log_line_by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Steps of 2 pairs end at 10, 11 and 14 s; of the 4 s from the first on, data was waited for during one."""
    clock, waited = iter([10.0, 14.0, 15.0]), iter([5.0, 6.0, 6.0])
    monkeypatch.setattr(watching.time, "perf_counter", lambda: next(clock))
    watch = Watch(0, 9, 2, lambda: next(waited))
    for batch, norm in enumerate([1.0, 3.0, 8.0]):
        watch.on_train_batch_end(batch, {"loss": 0.5, "gradient/predictor": norm, "update/predictor": norm / 10})
    line = watch.line(3, {"loss": 0.4, "gradient/predictor": 8.0, "learning_rate": 1e-3})
    assert line == {
        "loss": 0.4,
        "learning_rate": 1e-3,
        "gradient/predictor": pytest.approx(4.0),
        "update/predictor": pytest.approx(0.4),
        "pairs_per_second": pytest.approx(2 * 2 / 4),
        "waiting": pytest.approx(0.25),
    }
    # The means start afresh, as the losses' do.
    watch.on_train_batch_end(3, {"gradient/predictor": 2.0})
    following = watch.line(4, {})
    assert following["gradient/predictor"] == 2.0 and following["pairs_per_second"] == pytest.approx(2.0)


def log(workdir: Path, batch: int, lines: int) -> Path:
    workdir.mkdir(parents=True)
    (workdir / "config.json").write_text(json.dumps({"data": {"batch_size": batch}}))
    steps = range(10, 10 * lines + 1, 10)
    entries = [
        {"step": step, "seconds": step * 3.6, "loss": 1 / step, "style_relu1_2": 0.25, "style_relu2_2": 0.5,
         "gradient/predictor": 2.0, "gradient/transformer": 0.1, **({"waiting": 0.01} if step > 10 else {})}
        for step in steps
    ]  # fmt: skip
    (workdir / "metrics.jsonl").write_text("\n".join(map(json.dumps, entries)) + '\n{"step": 99, "cut o')
    return workdir


def test_runs_are_read_and_sorted_into_panels(tmp_path: Path) -> None:
    workdirs = [log(tmp_path / "a" / "run", 4, 3), log(tmp_path / "b" / "run", 8, 2)]
    first, second = read_runs(workdirs, "pairs")
    # Equal folder names are told apart by their paths.
    assert [first.name, second.name] == [str(path) for path in workdirs]
    assert first.x.tolist() == [40, 80, 120] and second.x.tolist() == [80, 160]
    assert first.values["style"].tolist() == [0.75] * 3
    np.testing.assert_array_equal(first.values["waiting"], [np.nan, 0.01, 0.01])
    assert read_runs(workdirs[:1], "hours")[0].x.tolist() == pytest.approx([0.01, 0.02, 0.03])
    found = {panel.title: panel.curves for panel in panels([first, second])}
    assert list(found) == [
        "Loss", "Style loss, summed", "Style loss of each layer", "Norm of gradients", "Share of time waiting for data"
    ]  # fmt: skip
    assert found["Norm of gradients"] == {"gradient/predictor": "predictor", "gradient/transformer": "transformer"}


def test_smoothing_is_a_moving_mean_without_bias_at_the_ends_and_over_gaps() -> None:
    values = np.array([1.0, 2.0, np.nan, 4.0, 5.0])
    np.testing.assert_allclose(smoothed(values, 0.6), [1.5, 1.5, np.nan, 4.5, 4.5])
    np.testing.assert_array_equal(smoothed(values, 0.0), values)
    assert smoothed(np.array([7.0]), 1.0).tolist() == [7.0]


@pytest.fixture
def drawn(tmp_path: Path) -> Iterator[Path]:
    workdirs = [str(log(tmp_path / "quick & dirty", 4, 9)), str(log(tmp_path / "slow", 8, 5))]
    assert main(["plot", *workdirs, "--out", str(tmp_path / "out" / "both.png"), "--axis", "steps"]) == 0
    yield tmp_path / "out"


def test_plot_writes_a_picture_and_a_page_that_needs_nothing_else(drawn: Path) -> None:
    assert sorted(path.name for path in drawn.iterdir()) == ["both.html", "both.png"]
    with Image.open(drawn / "both.png") as picture:
        pixels = np.asarray(picture.convert("RGB"))
    assert pixels.shape[1] > 1500
    # Both runs' colours are there, on white.
    for colour in ([0, 0x72, 0xB2], [0xD5, 0x5E, 0]):
        assert (np.abs(pixels.astype(int) - colour).sum(-1) < 12).sum() > 200
    page = (drawn / "both.html").read_text()
    assert "<title>Training curves: quick &amp; dirty, slow</title>" in page
    assert "src=" not in page.split("<body>")[0].split("<script")[0] and 'src="http' not in page
    assert page.count('"legendgroup":"slow"') == 7  # one a curve


def test_plot_says_what_is_missing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "empty").mkdir()
    assert main(["plot", str(tmp_path / "empty")]) == 1
    assert "empty: expected the workdir of a run with at least one line in metrics.jsonl" in capsys.readouterr().err
    assert main(["plot", str(tmp_path / "empty"), str(tmp_path / "x")]) == 1
    assert "--out is needed: 2 runs" in capsys.readouterr().err
    workdir = log(tmp_path / "run", 4, 1)
    (workdir / "config.json").unlink()
    assert main(["plot", str(workdir)]) == 1
    assert "config.json: expected a run's config" in capsys.readouterr().err
    below = workdir / "metrics.jsonl" / "x.png"  # said first, before the logs are read
    assert main(["plot", str(workdir), "--out", str(below)]) == 1
    assert f"{below.parent}: the folder cannot be made" in capsys.readouterr().err
    longest = workdir / ("a" * 251 + ".png")  # the page's suffix has a letter more
    assert main(["plot", str(workdir), "--axis", "steps", "--out", str(longest)]) == 0
    assert {path.suffix for path in workdir.glob("a*")} == {".png", ".html"}
