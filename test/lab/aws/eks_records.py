"""What the EKS service remembers: clusters by region, and how a record is found, shown and settled.

Keys of a record that begin with "_" are the lab's own; the others are what a Describe* call shows.
"""

import threading
import time
import traceback
import uuid

from settings import ACCOUNT, ApiError, now

REGIONS = {}  # region: {name: cluster}
HANDED = {}  # place, i.e. "account/region": {name: cluster}, of other accounts, into which roles lead
RLOCK = threading.RLock()


def clusters(region):
    return (HANDED if "/" in region else REGIONS).setdefault(region, {})


def place_of(account, region):
    return region if account == ACCOUNT else f"{account}/{region}"


def account_of(place):
    return place.split("/")[0] if "/" in place else ACCOUNT


def region_of(place):
    return place.split("/")[-1]


def hand_over(region, name, account, vpc="", subnets=()):
    """As if the cluster had been made in that account, in its VPC; whatever it runs on stays where it is."""
    holders = (h for h in (*REGIONS.values(), *HANDED.values()) if h.get(name, {}).get("_region") == region)
    cluster = next(holders).pop(name)
    cluster["_place"] = place_of(account, region)
    cluster["arn"] = arn(cluster["_place"], f"cluster/{name}")
    network = cluster["resourcesVpcConfig"]
    cluster.setdefault("_made_in", (network["vpcId"], network["subnetIds"]))
    back = cluster["_made_in"]
    network["vpcId"], network["subnetIds"] = (vpc or back[0], list(subnets) or back[1])
    clusters(cluster["_place"])[name] = cluster
    return public(cluster)


def get_cluster(region, name):
    cluster = clusters(region).get(name)
    if not cluster:
        raise ApiError("ResourceNotFoundException", f"No cluster found for name: {name}.", 404)
    return cluster


def need(records, key, message):
    if key not in records:
        raise ApiError("ResourceNotFoundException", message, 404)
    return records[key]


def arn(place, tail):
    return f"arn:aws:eks:{region_of(place)}:{account_of(place)}:{tail}"


def public(record):
    return {k: v for k, v in record.items() if not k.startswith("_")}


def settle(record, seconds, status="ACTIVE", then=None):
    """After so many seconds, in the background: runs `then`, and gives the record its status."""

    def run():
        time.sleep(seconds)
        try:
            if then:
                then()
            record["status"] = status
            record["modifiedAt"] = now()
        except Exception as e:
            traceback.print_exc()
            record["status"] = "CREATE_FAILED"
            issues = record.setdefault("health", {"issues": []})["issues"]
            issues.append({"code": "InternalFailure", "message": str(e)})

    threading.Thread(target=run, daemon=True).start()


def update(cluster, kind):
    """An update of a cluster or of something in it, as DescribeUpdate shows it: InProgress for a second."""
    made = {
        "id": str(uuid.uuid4()),
        "status": "InProgress",
        "type": kind,
        "params": [],
        "createdAt": now(),
        "errors": [],
    }
    cluster["_updates"][made["id"]] = made
    settle(made, 1, "Successful")
    return made
