"""Styles as text and as files: what the page writes and reads."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from impasto.errors import StyleError
from impasto.share_code import checksum, decode, encode
from impasto.styles import Style, is_style, read_style

MODEL = "0123456789abcdef"
VECTOR = np.array([0.5, -1.25, 3.0], np.float32)


def test_a_code_byte_by_byte() -> None:
    """Largest 3.0: 0.5 / 3 * 32767 = 5461.2, -1.25 / 3 * 32767 = -13652.9; strength 80 %."""
    code = encode(VECTOR, 0.8, MODEL)
    data = base64.urlsafe_b64decode(code + "=" * (-len(code) % 4))
    expected = "01" + MODEL + "50" + "0003" + "40400000" + "1555" + "caab" + "7fff"
    assert data[:-4].hex() == expected
    assert int.from_bytes(data[-4:], "big") == checksum(data[:-4])
    vector, strength = decode(code, MODEL, 3)
    np.testing.assert_allclose(vector, [3 * 5461 / 32767, -3 * 13653 / 32767, 3.0], rtol=1e-6)
    assert strength == 0.8


def test_the_checksum_is_fnv_1a() -> None:
    """Test vectors of the algorithm's authors (isthe.com/chongo/tech/comp/fnv)."""
    assert (checksum(b""), checksum(b"a"), checksum(b"foobar")) == (0x811C9DC5, 0xE40C292C, 0xBF9CF968)


@pytest.mark.parametrize("strength", [-0.1, 2.56, float("nan")])
def test_a_strength_that_no_byte_holds_is_refused(strength: float) -> None:
    with pytest.raises(StyleError, match="a strength from 0 to 2.55, received"):
        encode(VECTOR, strength, MODEL)


def test_slips_of_copying_are_found() -> None:
    code = encode(VECTOR, 1.0, MODEL)
    for wrong in ("", code[:-1], code[:5] + "B" + code[6:], code + "A", "not base64!", "Ä" + code):
        with pytest.raises(StyleError, match="damaged"):
            decode(wrong, MODEL, 3)
    with pytest.raises(StyleError, match="another model"):
        decode(code, "f" * 16, 3)
    with pytest.raises(StyleError, match="damaged"):
        decode(code, MODEL, 4)


def test_a_style_goes_to_a_file_and_a_link_and_back(tmp_path: Path) -> None:
    style = Style(VECTOR, MODEL, 0.5, "Wellen 波", "fast")
    path = tmp_path / "waves.impasto-style.json"
    style.save(path)
    assert json.loads(path.read_text(encoding="utf-8")) == {
        "format": "impasto-style", "version": 1, "title": "Wellen 波", "model": f"fast {MODEL}", "code": style.code,
    }  # fmt: skip
    link = style.link("https://example.org/impasto/?lang=de#style=old")
    assert link == f"https://example.org/impasto/?lang=de#style={style.code}"
    for source in (path, str(path), link):
        assert is_style(source)
        found = read_style(source, MODEL, 3)
        np.testing.assert_allclose(found.embedding, VECTOR, atol=3 / 32767)
        assert found.strength == 0.5
    assert read_style(path, MODEL, 3).title == "Wellen 波"
    assert not is_style("waves.jpg") and not is_style(b"{}") and not is_style(VECTOR)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"expected a saved style \(impasto-style\), found no JSON"),
        ("[]", r"expected a saved style \(impasto-style\), found other JSON"),
        ('{"format": "impasto-style", "version": 2}', "expected a style file of version 1, found 2"),
        ('{"format": "impasto-style", "version": 1, "code": 1, "title": ""}', "expected the entries code and title"),
        ('{"format": "impasto-style", "version": 1, "code": "AAAA", "title": ""}', "the style is damaged"),
    ],
)
def test_a_file_that_is_no_style_is_named(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StyleError, match=message) as found:
        read_style(path, MODEL, 3)
    assert str(found.value).startswith(f"{path}: ")
    with pytest.raises(StyleError, match="missing.json: cannot be read: No such file"):
        read_style(tmp_path / "missing.json", MODEL, 3)
