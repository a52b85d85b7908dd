"""Two self-made certificates for localhost, each with its key, valid from 2020 to 2120: good for nothing but proofs."""

from __future__ import annotations

import ssl
from pathlib import Path

REAL = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgTROgzHLkWqdT2hm4
99VbgpHdMKbEG+c4kCtdShKwyE+hRANCAATctxJUuOBW3khsZonSq5IE/xWgeScB
nsaOjCuEVtlvlLwenK2Nfep72D5plz0ZL62/L3EAH+dZcfQGZpceLojD
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABNy3ElS44FbeSGxm
idKrkgT/FaB5JwGexo6MK4RW2W+UvB6crY196nvYPmmXPRkvrb8vcQAf51lx9AZm
lx4uiMOjXjBcMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
BTADAQH/MA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQUBg42cjBSHzi3bccp12Wq
5uPCUGkwCgYIKoZIzj0EAwIDSAAwRQIgOWdX2qzTcQJ05c+JTDdOQLj7gNghdESy
g4BxsVmVHhYCIQCiN2HNGByEqUvgnMza9gbAQoT3ylOIM1/VEbsML2ElCQ==
-----END CERTIFICATE-----
"""

FORGED = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg8v0C4tf1q65NogVg
EKlHRu11k1mGSVguAl+8Y9MgvpKhRANCAAQcGE4I2Sb2cfucjJjF7Kzaug+gj+cD
deGvCdoV/56h5wf6vufwMWtwKKJS1G/rK5sps9+R6/ecPydKzQDqsYSv
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBdzCCAR2gAwIBAgIBATAKBggqhkjOPQQDAjAUMRIwEAYDVQQDDAlsb2NhbGhv
c3QwIBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMM
CWxvY2FsaG9zdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBwYTgjZJvZx+5yM
mMXsrNq6D6CP5wN14a8J2hX/nqHnB/q+5/Axa3AoolLUb+srmymz35Hr95w/J0rN
AOqxhK+jXjBcMBoGA1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATAPBgNVHRMBAf8E
BTADAQH/MA4GA1UdDwEB/wQEAwIChDAdBgNVHQ4EFgQUTvwO6abuthPGqsb9c4wY
iHNsZcMwCgYIKoZIzj0EAwIDSAAwRQIhALERU7vPqlKEHBUDdoo4pubpkdwq74CQ
o8w95Tqh7pWnAiAJ17m1ZmqIr1Qo1U0/okjaPXDS30DvumaHq2Dzf4l3Zw==
-----END CERTIFICATE-----
"""


def server_context(certificate: str) -> ssl.SSLContext:
    """What a server needs to speak TLS with one of them; writes it into the working folder."""
    Path("server.pem").write_text(certificate)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain("server.pem")
    return context
