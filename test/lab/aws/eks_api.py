"""The EKS API: which operation a request is, by the routes that botocore knows, and its answer."""

import dataclasses
import re
import urllib.parse

import botocore.session

import eks_access_calls
import eks_addon_calls
import eks_cluster_calls
import eks_nodegroup_calls
from eks_records import clusters, get_cluster
from settings import ApiError


@dataclasses.dataclass
class Request:
    """One call: variables of its path, its query (lists of values), its body."""

    region: str
    path: dict
    query: dict
    body: dict

    @property
    def cluster(self):
        return get_cluster(self.region, self.path["name"])

    def one(self, key):
        return (self.query.get(key) or [None])[0]


def answer(operation, request):
    if operation not in OPERATIONS:
        raise ApiError("InvalidAction", f"simulator: EKS operation {operation} is not simulated", 501)
    if "name" in request.path:
        get_cluster(request.region, request.path["name"])  # whatever is asked about it
    return OPERATIONS[operation](request)


# ---- tags, which every kind of thing has


def find_arn(request):
    wanted = request.path["resourceArn"]
    for c in clusters(request.region).values():
        for thing in [c, *c["_groups"].values(), *c["_addons"].values(), *c["_entries"].values()]:
            if wanted in (thing.get(k) for k in ("arn", "nodegroupArn", "addonArn", "accessEntryArn")):
                return thing
    raise ApiError("NotFoundException", "Resource was not found", 404)


def tag_resource(request):
    find_arn(request)["tags"].update(request.body["tags"])
    return {}


def untag_resource(request):
    tags = find_arn(request)["tags"]
    for key in request.query.get("tagKeys", []):
        tags.pop(key, None)
    return {}


OPERATIONS = {
    **eks_cluster_calls.OPERATIONS,
    **eks_nodegroup_calls.OPERATIONS,
    **eks_addon_calls.OPERATIONS,
    **eks_access_calls.OPERATIONS,
    "ListTagsForResource": lambda request: {"tags": find_arn(request)["tags"]},
    "TagResource": tag_resource,
    "UntagResource": untag_resource,
}


# ---- routes


def pattern_of(uri):
    """/clusters/{name}/addons as a regular expression; the ARN of a resource has slashes."""

    def group(match):
        return f"(?P<{match[1]}>{'.+' if match[1] == 'resourceArn' else '[^/]+'})"

    return re.compile("^" + re.sub(r"\{(\w+)\+?\}", group, uri.split("?")[0]) + "/?$")


def routes():
    model = botocore.session.get_session().get_service_model("eks")
    for name in model.operation_names:
        http = model.operation_model(name).http
        yield http["method"], pattern_of(http["requestUri"]), name


ROUTES = list(routes())


def match(method, path):
    """The operation that a request is, or None, and the variables of its path."""
    for wanted, pattern, name in ROUTES:
        found = pattern.match(path) if wanted == method else None
        if found:
            return name, {k: urllib.parse.unquote(x) for k, x in found.groupdict().items()}
    return None, {}
