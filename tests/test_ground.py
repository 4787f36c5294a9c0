"""What holds for the whole repository: packaging, one-way imports, house rules, documents that are true."""

from __future__ import annotations

import ast
import configparser
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]

# What each room may import of ours.
ROOMS: dict[str, set[str]] = {
    "impasto": set(),
    "datasets": {"impasto"},
    "models": {"impasto"},
    "stylize": {"impasto", "models"},
    "train": {"impasto", "datasets", "models", "stylize"},
    "export": {"impasto", "models"},
}
HEAVY = {"tensorflow", "tensorflow_datasets", "tensorflowjs", "matplotlib", "jax", "keras"}
LONGEST = 400


@pytest.fixture(scope="module")
def config() -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string((ROOT / "setup.cfg").read_text())
    return parser


def sources(*folders: str) -> list[Path]:
    return sorted(
        path for folder in folders for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


def all_python() -> list[Path]:
    return sources(*ROOMS, "tests", "benchmarks")


def entry_points() -> list[str]:
    return [room for room in ROOMS if (ROOT / room / "__main__.py").is_file()]


def top_level(node: ast.AST) -> set[str]:
    """Top-level names of what an import statement imports; empty for any other node."""
    if isinstance(node, ast.Import):
        return {alias.name.partition(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module and not node.level:
        return {node.module.partition(".")[0]}
    return set()


def listed(block: str) -> list[str]:
    lines = (line.strip() for line in block.splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


# --- packaging ---


def test_impasto_alone_is_installed(config: configparser.ConfigParser) -> None:
    """An installed `datasets` would overwrite the other distribution of that name."""
    assert config["options"]["packages"] == "find:"
    assert listed(config["options.packages.find"]["include"]) == ["impasto", "impasto.*"]
    assert "py_modules" not in config["options"]


# Those that the checkout is set up on.
PYTHONS = ("3.11", "3.12")


def pinned(lines: Iterable[str], python: str) -> dict[str, str]:
    """The versions that lines pin for one Python, as lines of pip's requirements: `NAME==VERSION ; MARKER`."""
    found: dict[str, str] = {}
    for requirement in map(Requirement, lines):
        environment = {"python_version": python, "python_full_version": f"{python}.0"}
        if requirement.marker is None or requirement.marker.evaluate(environment):
            (part,) = requirement.specifier
            assert part.operator == "==" and canonical(requirement.name) not in found, requirement
            found[canonical(requirement.name)] = part.version
    return found


def locked_versions(python: str = PYTHONS[0]) -> dict[str, str]:
    lines = (line.partition("#")[0].strip() for line in (ROOT / "constraints.txt").read_text().splitlines())
    return pinned((line for line in lines if line), python)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("name", ["requirements.txt", "requirements-build.txt"])
def test_every_locked_version_has_its_hashes(name: str, python: str) -> None:
    """`make hashes` writes them anew after a change of constraints.txt."""
    lines = []
    for entry in re.split(r"\n(?=\S)", (ROOT / name).read_text()):
        if not entry.startswith("#"):
            line, *hashes = entry.split(" \\\n")
            lines.append(line)
            assert hashes and all(re.fullmatch(r" {4}--hash=sha256:[0-9a-f]{64}\n?", one) for one in hashes), line
    hashed, locked = pinned(lines, python), locked_versions(python)
    assert hashed == {package: locked[package] for package in hashed}
    assert name != "requirements.txt" or hashed.keys() == locked.keys()


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("extra", ["train", "export", "dev"])
def test_every_extra_is_pinned_as_in_the_constraints(
    config: configparser.ConfigParser, extra: str, python: str
) -> None:
    lines = [line for line in listed(config["options.extras_require"][extra]) if not line.startswith("impasto[")]
    locked = locked_versions(python)
    for name, version in pinned(lines, python).items():
        assert locked.get(name) == version, f"setup.cfg pins {name}=={version}"


def test_the_package_asks_for_ranges_that_hold_the_locked_versions(config: configparser.ConfigParser) -> None:
    """Pins would keep others from installing Impasto beside what they have."""
    for requirement in map(Requirement, listed(config["options"]["install_requires"])):
        assert {part.operator for part in requirement.specifier} == {">=", "<"}, requirement
        assert requirement.specifier.contains(locked_versions()[canonical(requirement.name)]), requirement


@pytest.mark.parametrize("python", ["3.10", "3.13", "3.14"])
@pytest.mark.parametrize(
    ("system", "machine", "litert"),
    [
        ("linux", "x86_64", True),
        ("linux", "aarch64", False),
        ("darwin", "arm64", True),
        ("darwin", "x86_64", False),
        ("win32", "AMD64", True),
        ("win32", "ARM64", False),
    ],
)
def test_every_machine_gets_one_runtime(
    config: configparser.ConfigParser, python: str, system: str, machine: str, litert: bool
) -> None:
    place = {"sys_platform": system, "platform_machine": machine, "python_version": python}
    needed = map(Requirement, listed(config["options"]["install_requires"]))
    found = {entry.name for entry in needed if entry.marker is None or entry.marker.evaluate(place)}
    expected = "ai-edge-litert" if litert and python != "3.14" else "onnxruntime"
    assert found == {"numpy", "pillow", "tqdm", expected}


def test_changelog_knows_the_version(config: configparser.ConfigParser) -> None:
    headings = re.findall(r"^## \[([^\]]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "Unreleased"
    assert config["metadata"]["version"] in headings


def test_licence_is_whole() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert text.lstrip().startswith("Apache License\n")
    assert "END OF TERMS AND CONDITIONS" in text
    assert "limitations under the License." in text


# --- house rules ---


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_says_what_it_is(room: str) -> None:
    tree = ast.parse((ROOT / room / "__init__.py").read_text())
    assert ast.get_docstring(tree), f"{room}/__init__.py has no docstring"


@pytest.mark.parametrize("room", ROOMS)
def test_imports_run_one_way(room: str) -> None:
    forbidden = set(ROOMS) - ROOMS[room] - {room}
    wrong = [
        f"{path.relative_to(ROOT)}:{node.lineno} imports {', '.join(sorted(found))}"
        for path in sources(room)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Import | ast.ImportFrom) and (found := top_level(node) & forbidden)
    ]
    assert not wrong


def test_pictures_are_opened_in_one_place() -> None:
    """The reader knows what is dangerous, turned, tagged and broken; a second one would not."""
    opening = {
        str(path.relative_to(ROOT))
        for path in sources(*ROOMS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr == "open" and ast.unparse(node.value) == "Image"
    }
    # The second looks at the header of what the reader has just read.
    assert opening == {"impasto/pictures/reading.py", "datasets/stored.py"}


def test_files_are_short_and_have_a_subject() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in all_python()}
    assert not {name: lines for name, lines in lengths.items() if lines > LONGEST}
    assert not [name for name in lengths if Path(name).stem in {"utils", "util", "helpers", "misc", "common"}]


def test_modules_have_docstrings_and_postponed_annotations() -> None:
    for path in all_python():
        tree = ast.parse(path.read_text())
        if len(tree.body) <= 1:
            continue  # a docstring and nothing else
        if path.parent.name != "tests":
            assert ast.get_docstring(tree), f"{path.relative_to(ROOT)} has no docstring"
        assert "annotations" in {
            alias.name
            for node in tree.body
            if isinstance(node, ast.ImportFrom) and node.module == "__future__"
            for alias in node.names
        }, f"{path.relative_to(ROOT)} lacks `from __future__ import annotations`"


def test_the_page_asks_no_other_host() -> None:
    """Apart from XML namespaces, this machine, and links that a visitor has to click."""
    pages = [path for path in (ROOT / "web_demo/src").rglob("*") if path.is_file()] + [ROOT / "web_demo/index.html"]
    assert len(pages) > 1
    for path in pages:
        text = re.sub(r"""<a\s[^>]*href=["'][^"']*["']""", "", path.read_text(encoding="utf-8"))
        hosts = set(re.findall(r"(?:https?|wss?):/+([\w.-]+)", text)) - {
            "www.w3.org",
            "localhost",
            "127.0.0.1",
        }
        assert not hosts, f"{path.relative_to(ROOT)} names {sorted(hosts)}"


# --- documents ---


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_commands_in_the_documents_exist(document: str) -> None:
    text = (ROOT / document).read_text()
    makefile = (ROOT / "Makefile").read_text()
    makefile += "".join((ROOT / name).read_text() for name in re.findall(r"^include (\S+)", makefile, re.MULTILINE))
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    named = set(re.findall(r"^\s*make ([a-z-]+)|`make ([a-z-]+)", text, re.MULTILINE))
    assert named, "no make command is named"
    assert {first or second for first, second in named} <= targets
    modules = set(re.findall(r"python -m (\w+(?:\.\w+)*)", text)) - {"pytest", "pip"}
    assert {name for name in modules if "." not in name} <= set(entry_points())
    assert all((ROOT / f"{name.replace('.', '/')}.py").is_file() for name in modules if "." in name)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"])
def test_links_in_the_documents_lead_somewhere(document: str) -> None:
    text = re.sub(r"<!--.*?-->", "", (ROOT / document).read_text(), flags=re.DOTALL)
    for target in re.findall(r"\]\(([^)#]+)", text):
        assert target.startswith("https://") or (ROOT / target).exists(), f"{document} links {target}"


@pytest.mark.parametrize("room", ["impasto", "datasets", "models", "stylize", "train", "export"])
def test_help_teaches_without_the_heavy_imports(room: str) -> None:
    """`--help` answers at once: it exits 0, names the command, and has not imported TensorFlow."""
    watch = (
        f"import runpy, sys\nsys.argv = ['{room}', '--help']\ncode = None\n"
        f"try:\n    runpy.run_module('{room}', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as end:\n    code = end.code\n"
        f"print('heavy:', sorted({HEAVY!r} & set(sys.modules)))\nsys.exit(code)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", watch],
        cwd=ROOT,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    assert f"usage: {'impasto' if room == 'impasto' else f'python -m {room}'}" in done.stdout
    assert "heavy: []" in done.stdout
