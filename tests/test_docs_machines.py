"""The files of docs/machines/: Kubernetes' own schemas, the shell, and flags that the command line knows."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from train.cli import _parse

FOLDER = Path(__file__).parents[1] / "docs" / "machines"


def manifests() -> list[dict[str, Any]]:
    return list(yaml.safe_load_all((FOLDER / "kubernetes.yaml").read_text(encoding="utf-8")))


def test_kubernetes_takes_the_manifests() -> None:
    for manifest in manifests():
        kubernetes_validate.validate(manifest, "1.32", strict=True)
        kubernetes_validate.validate(manifest, "1.37", strict=True)
    broken = manifests()[1]
    broken["spec"]["completionsMode"] = "Indexed"
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(broken, "1.37", strict=True)


def test_the_service_leads_to_the_job() -> None:
    service, job = manifests()
    name = job["metadata"]["name"]
    pod = job["spec"]["template"]["spec"]
    assert service["spec"]["selector"] == {"job-name": name} and pod["subdomain"] == service["metadata"]["name"]
    arguments = pod["containers"][0]["args"][0]
    port = service["spec"]["ports"][0]["port"]
    assert f"--machines.coordinator {name}-0.{pod['subdomain']}:{port}" in arguments
    assert f"--machines.count {job['spec']['completions']} " in arguments


@pytest.mark.parametrize("name", ["slurm.sbatch", "kubernetes.yaml"])
def test_the_command_line_knows_every_flag(name: str) -> None:
    text = (FOLDER / name).read_text(encoding="utf-8")
    if name == "kubernetes.yaml":
        text = manifests()[1]["spec"]["template"]["spec"]["containers"][0]["args"][0]
    subprocess.run(["bash", "-n", "-c", text], check=True)
    (command,) = re.findall(r"python -m train (.*?)(?:\n\S|\n*\Z)", text.replace("\\\n", " "), re.S)
    kind, *flags = command.replace('"$JOB_COMPLETION_INDEX"', "3").split()
    config, _, machines = _parse(kind, flags)
    assert machines.elsewhere and config.data.on_device
    machines.validate("jax")
    workers = 16 if machines.coordinator == "slurm" else machines.count
    assert config.data.batch_size % workers == 0
