"""What the lab's own programs ask of the simulator, at /_lab/: the journal, faults, settings, what exists."""

import fnmatch
import json
import traceback

import cloud_calls
import inventory
from call import CALLS, SEEN_REGIONS
from eks_records import REGIONS, RLOCK, hand_over, public
from faults import FAULTS, FLOCK
from settings import CFG, ApiError
from tokens import token_review


def control(call, start):
    status, out = 200, None
    try:
        body = json.loads(call.body) if call.body.strip() else {}
        name = call.path.removeprefix("/_lab/")
        if name.startswith("cloud/"):
            out = cloud_calls.call(name.split("/")[1], body)
        elif name in CONTROLS:
            out = CONTROLS[name](call, body)
        else:
            status, out = 404, {"error": f"no {call.path}"}
    except Exception as e:
        if not isinstance(e, ApiError):
            traceback.print_exc()
        status, out = 400, {"error": getattr(e, "message", repr(e))}
    data = json.dumps(out, default=str).encode()
    start(f"{status} X", [("Content-Type", "application/json"), ("Content-Length", str(len(data)))])
    return [data]


def calls(call, _):
    if call.method == "DELETE":
        CALLS.clear()
        return []
    wanted = {k: (call.query.get(k) or ["*"])[0] for k in ("service", "operation", "region")}
    return [c for c in list(CALLS) if all(fnmatch.fnmatchcase(c[k], v) for k, v in wanted.items())]


def counts(*_):
    out = {}
    for c in list(CALLS):
        key = f"{c['service']}:{c['operation']}"
        out[key] = out.get(key, 0) + 1
    return out


def faults(call, body):
    with FLOCK:
        if call.method == "POST":
            FAULTS.extend(body if isinstance(body, list) else [body])
        elif call.method == "DELETE":
            FAULTS.clear()
        return list(FAULTS)


def config(_, body):
    unknown = [k for k in body if k not in CFG]
    if unknown:
        raise ApiError("Unknown", f"no setting {', '.join(unknown)}; there are {', '.join(CFG)}")
    CFG.update({k: str(x) for k, x in body.items()})
    return CFG


def state(*_):
    return {region: {name: cluster_state(c) for name, c in d.items()} for region, d in REGIONS.items()}


def cluster_state(c):
    return {
        **public(c),
        "nodegroups": {k: public(x) for k, x in c["_groups"].items()},
        "addons": {k: public(x) for k, x in c["_addons"].items()},
        "accessEntries": {k: {**public(x), "policies": x["_policies"]} for k, x in c["_entries"].items()},
        "podIdentityAssociations": [public(x) for x in c["_identities"].values()],
        "kubeconfig": c.get("_kubeconfig"),
    }


def node_group(_, body):
    """EKS's word on a node group; the nodes are not touched."""
    group = REGIONS[body["region"]][body["cluster"]]["_groups"][body["group"]]
    issue = {"code": "Ec2LaunchTemplateVersionMismatch", "message": body["reason"], "resourceIds": []}
    group["status"] = body["status"]
    group["health"] = {"issues": [issue] if body["reason"] else []}
    return public(group)


def handed_over(_, body):
    with RLOCK:
        return hand_over(body["region"], body["cluster"], body["account"], body["vpc"], body["subnet"])


CONTROLS = {
    "hand-over": handed_over,
    "health": lambda *_: {"ok": True, "clusters": {r: sorted(c) for r, c in REGIONS.items()}},
    "calls": calls,
    "counts": counts,
    "faults": faults,
    "config": config,
    "state": state,
    "nodegroup": node_group,
    "resources": lambda *_: inventory.things(sorted(SEEN_REGIONS | set(REGIONS))),
    "tokenreview": lambda _, body: token_review(body),
}
