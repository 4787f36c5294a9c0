"""Checkpoints: atomic, pruned, and a damaged or foreign one is told from a good one."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest

from train import checkpoints


def variables(*values: float, size: int = 3) -> list[keras.Variable]:
    return [keras.Variable(np.full(size, value, np.float32), name=f"v{index}") for index, value in enumerate(values)]


def test_restores_what_was_saved(tmp_path: Path) -> None:
    checkpoints.save(tmp_path, 7, variables(1.5, -2.0), keep=2)
    fresh = variables(0.0, 0.0)
    assert checkpoints.restore_latest(tmp_path, fresh) == 7
    np.testing.assert_array_equal(fresh[0], np.full(3, 1.5))
    np.testing.assert_array_equal(fresh[1], np.full(3, -2.0))


def test_keeps_the_newest_and_leaves_no_draft(tmp_path: Path) -> None:
    for step in (1, 2, 3):
        checkpoints.save(tmp_path, step, variables(step), keep=2)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["checkpoint-00000002.npz", "checkpoint-00000003.npz"]


def test_nothing_saved_is_step_zero(tmp_path: Path) -> None:
    assert checkpoints.restore_latest(tmp_path, variables(1.0)) == 0


def test_a_truncated_checkpoint_falls_back_to_the_one_before(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    checkpoints.save(tmp_path, 1, variables(1.0), keep=2)
    newest = checkpoints.save(tmp_path, 2, variables(2.0), keep=2)
    newest.write_bytes(newest.read_bytes()[:100])
    fresh = variables(0.0)
    assert checkpoints.restore_latest(tmp_path, fresh) == 1
    assert "checkpoint-00000002.npz cannot be read" in capsys.readouterr().out
    newest.write_bytes(b"")
    (tmp_path / "checkpoint-00000001.npz").write_bytes(b"PK")
    with pytest.raises(checkpoints.CheckpointError, match="none of the 2 checkpoints"):
        checkpoints.restore_latest(tmp_path, fresh)


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_what_is_not_finite_is_never_saved(tmp_path: Path, value: float) -> None:
    """The last variable stands for an optimiser's slot: it poisons the weights at the next step."""
    checkpoints.save(tmp_path, 1, variables(1.0, 2.0), keep=1)
    with pytest.raises(checkpoints.NonFiniteError, match=r"step 2: 1 of 2 variables are not finite, first 00001:v1"):
        checkpoints.save(tmp_path, 2, variables(1.0, value), keep=1)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-00000001.npz"]


def test_resuming_passes_over_what_is_not_finite_and_what_is_damaged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for step in (1, 2, 3):
        checkpoints.save(tmp_path, step, variables(step, step), keep=3)
    # As an earlier version wrote it: every array whole, one number in one of them NaN.
    with np.load(tmp_path / "checkpoint-00000002.npz") as file:
        arrays = dict(file)
    arrays["00001:v1"][1] = np.nan
    np.savez(tmp_path / "checkpoint-00000002.npz", **arrays)
    newest = tmp_path / "checkpoint-00000003.npz"
    damaged = bytearray(newest.read_bytes())
    damaged[len(damaged) // 4] ^= 0xFF
    newest.write_bytes(damaged)
    fresh = variables(0.0, 0.0)
    assert checkpoints.restore_latest(tmp_path, fresh) == 1
    np.testing.assert_array_equal(fresh[1], np.full(3, 1.0))
    said = capsys.readouterr().out
    assert "checkpoint-00000003.npz cannot be read" in said
    assert "checkpoint-00000002.npz holds values that are not finite, first in 00001:v1" in said
    # The next save keeps the good ones, not the bad ones with higher numbers.
    checkpoints.save(tmp_path, 2, variables(5.0, 5.0), keep=2)
    assert [path.name for path in checkpoints.existing(tmp_path)] == [
        "checkpoint-00000001.npz",
        "checkpoint-00000002.npz",
    ]


def test_a_checkpoint_of_other_networks_is_refused(tmp_path: Path) -> None:
    checkpoints.save(tmp_path, 1, variables(1.0, size=3), keep=1)
    with pytest.raises(checkpoints.CheckpointError, match=r"1 of 1 arrays differ.*expected \(4,\), found \(3,\)"):
        checkpoints.restore_latest(tmp_path, variables(1.0, size=4))


def test_an_interrupted_save_leaves_the_old_checkpoint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkpoints.save(tmp_path, 1, variables(1.0), keep=2)

    def broken(*args: object, **kwargs: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoints.np.lib.format, "write_array", broken)
    with pytest.raises(OSError, match="No space left"):
        checkpoints.save(tmp_path, 2, variables(2.0), keep=2)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-00000001.npz"]
