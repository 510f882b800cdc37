"""The script that times an epoch, run on its own."""

import re

from pages.workshop.gpu.script import script
from tests.support.shown import printed


def test_the_script_prints_seconds_for_every_size_and_device(keras_has_the_digits):
    lines = printed(script([256, 512], ["cpu:0"]))
    found = [re.fullmatch(r"cpu:0 (\d+) pictures: ([\d.]+) s", line) for line in lines]
    assert [int(line[1]) for line in found] == [256, 512]
    assert all(float(line[2]) > 0 for line in found)
