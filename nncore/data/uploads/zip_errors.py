"""The exceptions that reading a damaged zip file can raise; .npz and .keras files are zip files."""

import zipfile
import zlib

DAMAGES = (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError, RuntimeError)
"""RuntimeError is raised for an encrypted file and for a compression that Python does not know."""
