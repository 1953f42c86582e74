"""Nodes of a node group: an EC2 instance in the simulated account each, and a node in the Kubernetes cluster."""

from moto.ec2 import ec2_backends

from eks_records import account_of
from kubernetes import kubernetes
from node_subnets import has_subnet
from settings import log

# As EKS spells effects, and as Kubernetes does.
TAINTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute", "PREFER_NO_SCHEDULE": "PreferNoSchedule"}


def launch(c, n, subnet):
    """One EC2 instance of a node group; returns (instance, is it public)."""
    ec2 = ec2_backends[account_of(c["_place"])][c["_region"]]
    public = str(subnet.map_public_ip_on_launch).lower() == "true"
    tags = {
        "eks:cluster-name": c["name"],
        "eks:nodegroup-name": n["nodegroupName"],
        f"kubernetes.io/cluster/{c['name']}": "owned",
        "Name": f"{c['name']}-{n['nodegroupName']}-Node",
    }
    reservation = ec2.run_instances(
        next(iter(ec2.amis)),
        1,
        "",
        [],
        instance_type=n["instanceTypes"][0],
        is_instance_type_default=False,
        region_name=c["_region"],
        instance_tags={},
        tags={"instance": tags},
        security_group_ids=[c["_security_group"]],
        subnet_id=subnet.id,
        associate_public_ip=public,
    )
    instance = reservation.instances[0]
    n["_instances"].append(instance.id)
    if n.get("launchTemplate"):
        apply_template(ec2, instance, template_data(ec2, n["launchTemplate"]))
    return instance, public


def template_data(ec2, asked):
    found = ec2.get_launch_template(asked["id"]) if asked["id"] else ec2.get_launch_template_by_name(asked["name"])
    return found.get_version(asked["version"]).data


def apply_template(ec2, instance, data):
    """What a launch template says of tags and of the encryption of volumes; the rest of it changes nothing."""
    volumes = [ec2.get_volume(d.volume_id) for d in instance.block_device_mapping.values()]
    tagged = {"instance": [instance], "volume": volumes, "network-interface": list(instance.nics.values())}
    for spec in data.get("TagSpecifications") or []:
        for thing in tagged.get(spec["ResourceType"], []):
            thing.add_tags({t["Key"]: t["Value"] for t in spec["Tags"]})
    disks = [m["Ebs"] for m in data.get("BlockDeviceMappings") or [] if "Ebs" in m]
    for volume, disk in zip(volumes, disks, strict=False):
        volume.encrypted = str(disk.get("Encrypted")).lower() == "true"
        volume.kms_key_id = disk.get("KmsKeyId")


def node_labels(c, n):
    return {
        **{str(k): str(v) for k, v in n["labels"].items()},
        "alpha.eksctl.io/cluster-name": c["name"],
        "alpha.eksctl.io/nodegroup-name": n["nodegroupName"],
        "eks.amazonaws.com/nodegroup": n["nodegroupName"],
        "eks.amazonaws.com/capacityType": n["capacityType"],
        "node.kubernetes.io/instance-type": n["instanceTypes"][0],
        "topology.kubernetes.io/region": c["_region"],
    }


def make_nodes(c, n, want=None):
    """Starts instances and their nodes, then gives the instances the addresses that the nodes have."""
    ec2 = ec2_backends[account_of(c["_place"])][c["_region"]]
    subnets = [ec2.get_subnet(s) for s in n["subnets"] if has_subnet(ec2, s)]
    labels = node_labels(c, n)
    specs, instances = [], {}
    for i in range(n["scalingConfig"]["desiredSize"] if want is None else want):
        subnet = subnets[i % len(subnets)]
        instance, public = launch(c, n, subnet)
        zone = subnet.availability_zone
        instances[instance.id] = instance
        specs.append(
            {
                "instance": instance.id,
                "zone": zone,
                "public": public,
                "group": n["nodegroupName"],
                "labels": {**labels, "topology.kubernetes.io/zone": zone},
                "taints": [{**t, "effect": TAINTS.get(t.get("effect"), t.get("effect"))} for t in n["taints"]],
            }
        )
    if not specs:
        return
    for node in kubernetes("add-nodes", c["name"], "--region", c["_region"], stdin=specs):
        use_addresses(instances[node["instance"]], node)


def use_addresses(instance, node):
    nic = instance.nics[0]
    nic.private_ip_address = node["ip"]
    nic.private_ip_addresses = [{"Primary": True, "PrivateIpAddress": node["ip"]}]
    nic.public_ip = node["external"]


def terminate(c, instances):
    """Terminates instances, and their network interfaces, which moto keeps."""
    ec2 = ec2_backends[account_of(c["_place"])][c["_region"]]
    interfaces = [nic.id for i in ec2.all_instances() if i.id in instances for nic in i.nics.values()]
    ec2.terminate_instances(instances)
    for nic in interfaces:
        ec2.enis.pop(nic, None)


def drop_nodes(c, n, instances):
    """Nodes and instances go; what one of both cannot do does not keep the other."""
    for drop in (drop_from_kubernetes, terminate):
        try:
            if instances:
                drop(c, instances)
        except Exception as e:
            log(drop.__name__, e)
    n["_instances"] = [i for i in n["_instances"] if i not in instances]


def drop_from_kubernetes(c, instances):
    kubernetes("remove-nodes", c["name"], "--region", c["_region"], stdin=instances)
