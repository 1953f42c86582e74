"""One request to AWS: what it asks for, how long it is held, and its line in the journal."""

import io
import re
import time
import urllib.parse

from moto.cloudformation import models as cfm
from moto.iam.models import get_account_id_from

import eks_api
from eks_records import clusters, place_of
from settings import T0, sec

CALLS, SEEN_REGIONS = [], set()
HELD = {  # what eksctl asks again and again
    ("cloudformation", "DescribeStacks"),
    ("eks", "DescribeCluster"),
    ("eks", "DescribeAddon"),
    ("eks", "DescribeNodegroup"),
    ("eks", "DescribeUpdate"),
}
JOURNALLED = ("StackName", "RoleName", "PolicyArn", "VpcId")  # parameters that the journal keeps


class Call:
    """One request to AWS: what it asks for, and its line in the journal."""

    def __init__(self, env):
        raw = env.get("RAW_URI") or env.get("REQUEST_URI") or env["PATH_INFO"]
        self.path = urllib.parse.urlsplit(raw).path if raw.startswith(("http", "/")) else raw
        self.query = urllib.parse.parse_qs(env.get("QUERY_STRING", ""), keep_blank_values=True)
        self.method, self.began = env["REQUEST_METHOD"], time.time()
        length = env.get("CONTENT_LENGTH") or "0"
        self.body = env["wsgi.input"].read(int(length)) if length.isdigit() else b""
        env["wsgi.input"] = io.BytesIO(self.body)
        self.params, self.variables = {}, {}

    def understand(self, env):
        """Service, operation and parameters, from the signature and the protocol's own place for them."""
        self.akid, self.region, self.service = self.credentials(env)
        target = env.get("HTTP_X_AMZ_TARGET")
        if target:
            self.protocol, self.operation = "json", target.split(".")[-1]
        elif self.service == "eks":
            operation, self.variables = eks_api.match(self.method, self.path)
            self.protocol, self.operation = "rest-json", operation or "?"
        else:
            self.protocol = "ec2" if self.service == "ec2" else "query"
            form = b"Action=" in self.body[:100000]
            text = self.body.decode("utf-8", "replace")
            found = urllib.parse.parse_qs(text, keep_blank_values=True) if form else self.query
            self.params = {k: x[0] for k, x in found.items()}
            self.operation = self.params.get("Action", "?")
        self.record(env)

    def credentials(self, env):
        signed = re.search(r"Credential=([^/]+)/\d+/([^/]+)/([^/]+)/", env.get("HTTP_AUTHORIZATION", ""))
        if signed:
            return signed.groups()
        parts = (self.query.get("X-Amz-Credential") or [""])[0].split("/")
        return (parts[0], parts[2], parts[3]) if len(parts) > 4 else ("", "us-east-1", "?")

    def record(self, env):
        self.line = {
            "n": len(CALLS),
            "t": round(self.began - T0, 3),
            "at": self.began,
            "service": self.service,
            "operation": self.operation,
            "region": self.region,
            "akid": self.akid,
            "ua": env.get("HTTP_USER_AGENT", "")[:60],
            "status": None,
            "ms": None,
        }
        attempt = re.match(r"attempt=(\d+)", env.get("HTTP_AMZ_SDK_REQUEST", ""))
        if attempt and attempt[1] != "1":
            self.line["attempt"] = int(attempt[1])
        named = {k: self.params[k] for k in JOURNALLED if self.params.get(k)}
        if self.variables or named:
            self.line["params"] = self.variables or named
        CALLS.append(self.line)
        SEEN_REGIONS.add(self.region)

    def done(self, status):
        self.line["status"] = status
        self.line["ms"] = round((time.time() - self.began) * 1000, 1)

    def busy(self):
        """Is what this call asks about still being made, changed or deleted?"""
        account = get_account_id_from(self.akid)
        if self.service == "cloudformation":
            name = self.params.get("StackName")
            stacks = list(cfm.cloudformation_backends[account][self.region].stacks.values())
            return any(s.status.endswith("_IN_PROGRESS") for s in stacks if name in (s.name, s.stack_id))
        c = clusters(place_of(account, self.region)).get(self.variables.get("name"))
        kinds = {
            "DescribeAddon": ("_addons", "addonName"),
            "DescribeNodegroup": ("_groups", "nodegroupName"),
            "DescribeUpdate": ("_updates", "updateId"),
        }
        if not c or self.operation not in kinds:
            return False
        key, variable = kinds[self.operation]
        thing = c[key].get(self.variables.get(variable))
        return bool(thing) and thing["status"] in ("CREATING", "DELETING", "UPDATING", "InProgress")

    def hold(self):
        if (self.service, self.operation) in HELD:
            end = self.began + sec("SIM_HOLD_SECONDS")
            while time.time() < end and self.busy():
                time.sleep(0.05)
