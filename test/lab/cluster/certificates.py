"""Certificates and kubeconfigs of a cluster, made with openssl."""

import base64
import json
import secrets

from paths import sh

KEY = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")


def new_ca(pki, name):
    if (pki / f"{name}.crt").exists():
        return
    files = ("-keyout", pki / f"{name}.key", "-out", pki / f"{name}.crt")
    usage = "keyUsage=critical,digitalSignature,keyCertSign,cRLSign"
    extensions = ("-addext", "basicConstraints=critical,CA:TRUE", "-addext", usage)
    sh("openssl", "req", "-x509", *KEY, "-days", "3650", "-subj", "/CN=kubernetes", *files, *extensions)


def new_cert(pki, name, subject, names=(), ca="ca"):
    if (pki / f"{name}.crt").exists():
        return
    key, csr, part, ext = (pki / f"{name}.{x}" for x in ("key", "csr", "part", "ext"))
    ext.write_text(
        "keyUsage=critical,digitalSignature,keyEncipherment\nextendedKeyUsage=clientAuth,serverAuth\n"
        "authorityKeyIdentifier=keyid\n" + (f"subjectAltName={','.join(names)}\n" if names else "")
    )
    sh("openssl", "req", *KEY, "-subj", subject, "-keyout", key, "-out", csr)
    # A random serial number: nodes start at once, and a file that counts is written by all of them.
    signer = ("-CA", pki / f"{ca}.crt", "-CAkey", pki / f"{ca}.key", "-set_serial", f"0x{secrets.token_hex(8)}")
    sh("openssl", "x509", "-req", "-days", "3650", "-in", csr, *signer, "-extfile", ext, "-out", part)
    part.rename(pki / f"{name}.crt")
    ext.unlink()
    csr.unlink()


def b64(path):
    return base64.b64encode(path.read_bytes()).decode()


def kubeconfig(path, name, server, pki, cert):
    user = {"client-certificate-data": b64(pki / f"{cert}.crt"), "client-key-data": b64(pki / f"{cert}.key")}
    cluster = {"server": server, "certificate-authority-data": b64(pki / "ca.crt")}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": name,
        "clusters": [{"name": name, "cluster": cluster}],
        "users": [{"name": name, "user": user}],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
    }
    path.write_text(json.dumps(config, indent=1))
    path.chmod(0o600)
    return path
