"""The virtual camera: a device with its web site, cloud service, UART and bench, in a process of its own.

It is run, never imported, by whoever wants to test something against it::

    python -m pytest_etsi.virtual values --state DIR     # addresses, ports and secrets, without starting
    python -m pytest_etsi.virtual camera --state DIR     # runs until SIGTERM or the end of standard input
    python -m pytest_etsi.virtual flaws                  # the weaknesses it can be given

It needs the extra ``virtual`` and imports nothing of the tester, so that a mistake in one cannot hide a
mistake in the other.
"""
