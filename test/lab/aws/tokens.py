"""The Kubernetes authentication webhook: accepts EKS tokens, which are k8s-aws-v1.<presigned STS GetCallerIdentity>."""

import base64
import datetime
import time
import urllib.parse

from faults import take_fault
from settings import ACCOUNT

PREFIX = "k8s-aws-v1."
LIFETIME = 15 * 60  # seconds, as EKS


def token_review(review):
    """Answers a TokenReview."""
    try:
        key = access_key(review.get("spec", {}).get("token", ""))
        status = {"authenticated": True, "user": administrator(key)}
    except Exception as e:
        status = {"authenticated": False, "error": str(e)}
    version = review.get("apiVersion", "authentication.k8s.io/v1")
    return {"apiVersion": version, "kind": "TokenReview", "metadata": {}, "status": status}


def access_key(token):
    """The access key that a valid token is signed with."""
    if not token.startswith(PREFIX):
        raise ValueError("not an EKS token")
    text = token.removeprefix(PREFIX)
    url = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    q = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)
    if q.get("Action") != ["GetCallerIdentity"] or "x-k8s-aws-id" not in q.get("X-Amz-SignedHeaders", [""])[0]:
        raise ValueError("not a signed GetCallerIdentity")
    signed = datetime.datetime.strptime(q["X-Amz-Date"][0] + "+0000", "%Y%m%dT%H%M%SZ%z")
    if time.time() > signed.timestamp() + LIFETIME:
        raise ValueError("token expired")
    key = q["X-Amz-Credential"][0].split("/")[0]
    if take_fault(["token-denied"], akid=key):
        raise ValueError("denied by fault")
    return key


def administrator(key):
    return {
        "username": "kubernetes-admin",
        "uid": f"aws-iam-authenticator:{ACCOUNT}:{key}",
        "groups": ["system:masters", "system:authenticated"],
        "extra": {"accessKeyId": [key], "arn": [f"arn:aws:iam::{ACCOUNT}:user/moto"]},
    }
