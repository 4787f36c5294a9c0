"""Layers by any of their names."""

from __future__ import annotations

import pytest

from models.layer_names import LayerNameError, canonical, keras_name, layer_names


@pytest.mark.parametrize("name", ["relu4_3", "block4_conv3", "conv4_3", "Block4_Conv3", " relu4_3 "])
def test_vgg_by_any_name(name: str) -> None:
    assert canonical("vgg16", name) == "relu4_3"


def test_inception_by_any_name() -> None:
    assert canonical("inception_v3", "mixed_4") == canonical("inception_v3", "mixed4") == "mixed4"
    assert canonical("inception_v3", "activation_94") == "activation_94"


def test_the_41st_activation_whatever_the_counter_says() -> None:
    """Keras counts on from network to network: the names of a second one in a session, in the order of its layers."""
    for before in (0, 94, 1000):
        built = [f"activation_{before + index}" if before + index else "activation" for index in range(94)]
        assert keras_name("inception_v3", "activation_41", built[::-1]) == f"activation_{before + 40}"
    assert keras_name("inception_v3", "mixed4", []) == "mixed4"
    assert keras_name("vgg19", "relu5_4", []) == "block5_conv4"


@pytest.mark.parametrize(
    ("network", "name", "nearest"),
    [
        ("vgg16", "relu4_4", "relu4_3"),
        ("vgg16", "block5_conf2", "relu5_2"),
        ("vgg16", "activation_41", "the nearest are"),
        ("inception_v3", "mixed11", "mixed10"),
        ("inception_v3", "activation_0", "activation_1"),
    ],
)
def test_a_wrong_name_lists_the_nearest(network: str, name: str, nearest: str) -> None:
    with pytest.raises(LayerNameError, match=f"{network} has no layer '{name}'; .*{nearest}"):
        canonical(network, name)


def test_counts() -> None:
    assert len(layer_names("vgg16")) == 13
    assert len(layer_names("vgg19")) == 16
    with pytest.raises(ValueError, match="network must be one of"):
        canonical("resnet", "relu1_1")
