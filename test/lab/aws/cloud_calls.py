"""The AWS side of what the lab plays in a cluster: the EBS CSI driver, and the load balancers that exist.

The loop of a lab cluster (cluster/cloud.py) calls this at /_lab/cloud/OPERATION with a JSON body.
"""

import threading

from moto.ec2 import ec2_backends

import ebs_volumes
import load_balancers
from eks_records import clusters
from settings import ACCOUNT, CFG, ApiError, sec

LOCK = threading.RLock()


def call(operation, b):
    if operation not in OPERATIONS:
        raise ApiError("NotFound", operation, 404)
    with LOCK:
        return OPERATIONS[operation](b, ec2_backends[ACCOUNT][b["region"]])


def status(b, _):
    """What the loop of a cluster needs to know."""
    c = clusters(b["region"]).get(b["cluster"])
    return {
        "exists": bool(c),
        "ebs": ebs_volumes.ebs_problem(c),
        "ready_seconds": sec("SIM_NLB_READY_SECONDS"),
        "client_address": CFG["SIM_CLIENT_ADDRESS"],
    }


OPERATIONS = {
    "status": status,
    "create-volume": ebs_volumes.create_volume,
    "delete-volume": ebs_volumes.delete_volume,
    "find-lb": load_balancers.found,
    "ready-lb": load_balancers.make_ready,
}
