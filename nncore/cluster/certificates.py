"""Certificates for a cluster on several machines: `python -m nncore.cluster.certificates FOLDER`.

Writes `ca.pem`, `cert.pem` and `key.pem`, which scheduler, workers and app share: whoever has the key is one of them.
"""

from __future__ import annotations

import sys
from pathlib import Path


def write_certificates(folder: Path) -> list[Path]:
    """Make the three files in the folder, the key for its owner's eyes only; files that are there stay."""
    from distributed.security import Security

    folder.mkdir(parents=True, exist_ok=True)
    made = Security.temporary()
    contents = {"ca.pem": made.tls_ca_file, "cert.pem": made.tls_client_cert, "key.pem": made.tls_client_key}
    paths = [folder / name for name in contents]
    if not all(path.exists() for path in paths):
        for path, content in zip(paths, contents.values(), strict=True):
            path.touch(mode=0o600)
            path.write_text(content)
    return paths


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("expected one folder: python -m nncore.cluster.certificates FOLDER")
    for written in write_certificates(Path(sys.argv[1])):
        sys.stdout.write(f"{written}\n")
