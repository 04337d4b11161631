"""What a TLS server accepts, by raw ClientHellos: versions, cipher suites, groups, features; and its certificate.

No cryptography is needed for asking, so what is seen is more than a modern library still speaks. How the number of
connections is kept small is told in `_enumerate` and `_accepted`.
"""

from pytest_etsi.probes._net import lenient_context
from pytest_etsi.probes.tls._ask import hello
from pytest_etsi.probes.tls._certificate import certificate_facts
from pytest_etsi.probes.tls._enumerate import enumerate_dtls, enumerate_tls
from pytest_etsi.probes.tls._model import (
    VERSIONS,
    Certificate,
    HelloAnswer,
    TlsFeatures,
    TlsObservation,
    Trust,
)
from pytest_etsi.probes.tls._starttls import STARTTLS
from pytest_etsi.probes.tls._trust import trusted_by

__all__ = [
    "STARTTLS",
    "VERSIONS",
    "Certificate",
    "HelloAnswer",
    "TlsFeatures",
    "TlsObservation",
    "Trust",
    "certificate_facts",
    "enumerate_dtls",
    "enumerate_tls",
    "hello",
    "lenient_context",
    "trusted_by",
]
