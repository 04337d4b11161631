"""The command line: `pytest-etsi`."""
