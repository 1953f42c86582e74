#!/usr/bin/env python3
"""The simulated AWS: moto plus an EKS service, asynchronous CloudFormation and fault knobs, on loopback only.

simulator.py --port 5000 --oidc-port 443 --state-dir DIR
"""

import argparse
import http.server
import ssl
import threading
import time
import warnings

warnings.filterwarnings("ignore")

from settings import CFG, ISSUER, T0, URLS, log  # noqa: E402  (sets what moto reads when it is imported)

from moto.moto_server.werkzeug_app import (  # noqa: E402
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import make_server  # noqa: E402

import cfn_eks  # noqa: E402,F401  (this and the next two change moto when imported)
import lb_gaps  # noqa: E402,F401
import moto_gaps  # noqa: E402,F401
import cfn_network  # noqa: E402,F401  (after moto_gaps)
from front import Front  # noqa: E402
from oidc import Oidc, make_certificates  # noqa: E402


class Handler(MotoRequestHandler):
    """Says nothing, and keeps the path as it was sent: ARNs in it are encoded."""

    protocol_version = "HTTP/1.1"
    # Head and body are sent at once: Go's client, on a busy machine, may close a connection between the two, and asks again.
    wbufsize = 1 << 20

    def log(self, *_, **__):
        pass

    def make_environ(self):
        environ = super().make_environ()
        environ["RAW_URI"] = self.path
        return environ


def main():
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--port", type=int, default=5000)
    ap.add_argument("--oidc-port", type=int, default=443)
    ap.add_argument("--state-dir", required=True)
    args = ap.parse_args()
    host = "127.0.0.1"
    port = "" if args.oidc_port == 443 else f":{args.oidc_port}"
    URLS.update(sim=f"http://{host}:{args.port}", oidc=f"https://{ISSUER}{port}")
    certificate, key = make_certificates(args.state_dir)
    issuer = http.server.ThreadingHTTPServer((ISSUER, args.oidc_port), Oidc)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    issuer.socket = tls.wrap_socket(issuer.socket, server_side=True)
    threading.Thread(target=issuer.serve_forever, daemon=True).start()
    front = Front(DomainDispatcherApplication(create_backend_app))
    server = make_server(host, args.port, front, True, request_handler=Handler)
    log(f"simulator {URLS} ready after {time.time() - T0:.1f} s, clusters by {CFG['LAB_CLUSTER_CMD']}")
    server.serve_forever()


if __name__ == "__main__":
    main()
