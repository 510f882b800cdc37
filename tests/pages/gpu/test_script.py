"""The script that times an epoch, run in a process of its own."""

import os
import re
import subprocess
import sys

from pages.workshop.gpu.script import timing_script


def printed_by(script, folder):
    (folder / "script.py").write_text(script)
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3", "MPLBACKEND": "agg"}
    done = subprocess.run(
        [sys.executable, "script.py"], cwd=folder, capture_output=True, text=True, timeout=300, env=environment
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_timing_prints_seconds_for_every_size_and_device(mnist, tmp_path):
    script = timing_script([256, 512], ["cpu:0"])
    digits = "keras.datasets.mnist.load_data()"
    assert digits in script
    local = script.replace(digits, "digits()").replace(
        "import keras\n", "import keras\nfrom nncore.data.dataset import mnist\n"
        "def digits():\n    return (mnist().x_train, mnist().y_train), None\n", 1
    )  # fmt: skip
    found = re.findall(r"cpu:0 (\d+) pictures: ([\d.]+) s", printed_by(local, tmp_path))
    assert [int(pictures) for pictures, _ in found] == [256, 512]
    assert all(float(seconds) > 0 for _, seconds in found)
