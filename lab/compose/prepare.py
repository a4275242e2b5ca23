"""What docker-compose.yml needs before Kubernetes starts: an authority, a certificate of the AWS stand-in by it, and one manifest.

The manifest holds Holdfast's own objects, the authority for its Jobs, and the webhook that tells pods where to get credentials. k3s
applies what lies in its folder of manifests. What has been made before is kept.
"""

from __future__ import annotations

import argparse
import base64
import datetime
import ipaddress
from pathlib import Path

import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

WEBHOOK = Path("/opt/holdfast/aws/pod-identity-webhook.yaml")
DAYS = 3650

# As pods find the stand-in, and as this machine does.
NAMES = [
    x509.IPAddress(ipaddress.ip_address("10.95.0.1")),
    x509.IPAddress(ipaddress.ip_address("127.0.0.1")),
    x509.DNSName("localhost"),
]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--certificates", type=Path, required=True, help="folder of authority and certificate")
    parser.add_argument("--manifest", type=Path, required=True, help="file for all objects")
    parser.add_argument("objects", type=Path, nargs="+", help="YAML files with objects that are put first")
    arguments = parser.parse_args()
    authority = ensure_certificates(arguments.certificates)
    documents = [document for file in arguments.objects for document in yaml.safe_load_all(file.read_text())]
    documents += [authority_for_jobs(authority), webhook(authority)]
    replace(arguments.manifest, yaml.safe_dump_all(documents, sort_keys=False).encode())


def ensure_certificates(folder: Path) -> str:
    """Makes ca.crt, server.crt and server.key, unless they are there, and gives the authority's certificate, PEM."""
    authority_file = folder / "ca.crt"
    # Written last: with it, all are there. The authority's key is needed by nobody again, and kept nowhere.
    if not authority_file.exists():
        key, server_key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
        authority = sign_authority(key)
        server = sign_server(server_key, authority, key)
        replace(folder / "server.key", private(server_key), mode=0o600)
        replace(folder / "server.crt", server.public_bytes(serialization.Encoding.PEM))
        replace(authority_file, authority.public_bytes(serialization.Encoding.PEM))
    return authority_file.read_text()


def sign_authority(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = named("holdfast compose authority")
    usage = x509.KeyUsage(
        digital_signature=False,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=True,
        crl_sign=True,
        encipher_only=False,
        decipher_only=False,
    )
    builder = begun(name, name, key).add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(usage, critical=True)
    # Go and Python tell an authority by it from another one of the same name.
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return builder.add_extension(identifier, critical=False).sign(key, hashes.SHA256())


def sign_server(
    key: ec.EllipticCurvePrivateKey, authority: x509.Certificate, authority_key: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    builder = begun(named("aws"), authority.subject, key)
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=True)
    return builder.add_extension(x509.SubjectAlternativeName(NAMES), critical=False).sign(authority_key, hashes.SHA256())


def begun(subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
    builder = builder.serial_number(x509.random_serial_number())
    # The clock of the machine that looks at it may be behind.
    return builder.not_valid_before(now - datetime.timedelta(days=1)).not_valid_after(now + datetime.timedelta(days=DAYS))


def named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def private(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def authority_for_jobs(authority: str) -> dict[str, object]:
    metadata = {"name": "holdfast-ca", "namespace": "holdfast"}
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata, "data": {"ca.crt": authority}}


def webhook(authority: str) -> dict[str, object]:
    configuration = yaml.safe_load(WEBHOOK.read_text())
    for entry in configuration["webhooks"]:
        entry["clientConfig"]["caBundle"] = base64.b64encode(authority.encode()).decode()
    return configuration


def replace(file: Path, content: bytes, mode: int = 0o644) -> None:
    """Whole or not at all: k3s looks at its folder while this is written, and takes a name that ends in .yaml."""
    part = file.with_name(f"{file.name}.part")
    part.touch(mode=mode)
    part.write_bytes(content)
    part.rename(file)


if __name__ == "__main__":
    main()
