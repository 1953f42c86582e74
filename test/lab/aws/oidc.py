"""The OpenID Connect issuer of the simulated clusters: https on loopback, with a private CA."""

import datetime
import http.server
import ipaddress
import json
import pathlib

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from settings import ISSUER, URLS


def make_certificates(state):
    """The issuer's certificate and key; the CA is lab-ca.pem beside them, for those who are to trust it."""
    state = pathlib.Path(state)
    state.mkdir(parents=True, exist_ok=True)
    ca_file, crt_file, key_file = (state / name for name in ("lab-ca.pem", "issuer.crt", "issuer.key"))
    if not all(f.exists() for f in (ca_file, crt_file, key_file)):
        ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
        ca_name, name = named("karmada-eks lab CA"), named(ISSUER)
        ca = signed(ca_name, ca_name, ca_key, ca_key, x509.BasicConstraints(True, None), True)
        addresses = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(ISSUER))])
        crt = signed(name, ca_name, key, ca_key, addresses, False)
        ca_file.write_bytes(ca.public_bytes(Encoding.PEM))
        crt_file.write_bytes(crt.public_bytes(Encoding.PEM) + ca.public_bytes(Encoding.PEM))
        key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return crt_file, key_file


def named(name):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])


def signed(name, issuer, key, issuer_key, extension, critical):
    today = datetime.datetime.now(datetime.timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(today - datetime.timedelta(days=1))
        .not_valid_after(today + datetime.timedelta(days=3650))
        .add_extension(extension, critical)
        .sign(issuer_key, hashes.SHA256())
    )


class Oidc(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        issuer = URLS["oidc"] + self.path.split("/.well")[0]
        body = json.dumps({"issuer": issuer, "jwks_uri": f"{issuer}/keys", "keys": []}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass
