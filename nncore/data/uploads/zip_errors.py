"""What reading a damaged zip file can raise; an .npz and a `.keras` file are such."""

import zipfile
import zlib

DAMAGES = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError)
"""RuntimeError is an encrypted file, and one in a compression that Python does not know."""
