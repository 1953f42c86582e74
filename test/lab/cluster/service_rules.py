"""What kube-proxy does, for a second cluster with real nodes: the chains of kube-proxy can serve one cluster here.

Cluster number i has the chains LAB-i (addresses of Services, TCP only) and LAB-i-BACK (answers come back this way) in
the table nat. In the table raw LAB-i keeps kube-proxy from its load balancers: a node port of the other cluster that
has no endpoints is refused at all addresses of the machine, but only to connections that are tracked.
"""

import subprocess

import chains
from chains import OF_LAB as PREFIX
from paths import sh

JUMPS = (
    ("nat", "PREROUTING", ""),
    ("nat", "OUTPUT", ""),
    ("nat", "POSTROUTING", "-BACK"),
    ("raw", "PREROUTING", ""),
    ("raw", "OUTPUT", ""),
)
NODE_PORTS = "30000:32767"


class ServiceRules:
    def __init__(self, ctx):
        self.chain, self.pods, self.written = f"{PREFIX}{ctx.number}", f"10.{100 + ctx.number}.0.0/16", None
        self.balancers = f"10.99.{ctx.number}.192/26"

    def sync(self, ctx):
        """Writes all rules in one transaction, when they are others than before."""
        rules = [rule for svc in ctx.services for rule in self.of_service(ctx, svc)]
        # Both ends of a connection may be on one bridge: without this the answer would not be translated back.
        rules.append(f"-A {self.chain}-BACK -s {self.pods} -d {self.pods} -m conntrack --ctstate DNAT -j MASQUERADE")
        if rules == self.written:
            return
        nat = ["*nat", f":{self.chain} - [0:0]", f":{self.chain}-BACK - [0:0]", *rules, "COMMIT"]
        raw = ["*raw", f":{self.chain} - [0:0]", *self.untracked(), "COMMIT"]
        text = "\n".join([*nat, *raw, ""])
        subprocess.run(["iptables-restore", "--noflush", "-w"], input=text, text=True, check=True)
        for table, hook, suffix in JUMPS if self.written is None else ():
            jump = (hook, "-j", f"{self.chain}{suffix}")
            if sh("iptables", "-w", "-t", table, "-C", *jump, check=False).returncode:
                sh("iptables", "-w", "-t", table, "-A", *jump)
        self.written = rules

    def untracked(self):
        """Connections to load balancers at ports that can be node ports, and their answers."""
        for ends in (f"-d {self.balancers} -p tcp --dport", f"-s {self.balancers} -p tcp --sport"):
            yield f"-A {self.chain} {ends} {NODE_PORTS} -j CT --notrack"

    def of_service(self, ctx, svc):
        address = svc["spec"].get("clusterIP")
        if address in (None, "", "None"):
            return
        name = (svc["metadata"]["namespace"], svc["metadata"]["name"])
        for port in svc["spec"].get("ports") or []:
            if port.get("protocol", "TCP") != "TCP":
                continue
            targets = sorted(ctx.targets(*name, port))
            for i, (ip, target_port) in enumerate(targets):
                last = i == len(targets) - 1
                share = "" if last else f" -m statistic --mode random --probability {1 / (len(targets) - i):.5f}"
                to = f"-d {address}/32 -p tcp --dport {port['port']}{share}"
                yield f"-A {self.chain} {to} -j DNAT --to-destination {ip}:{target_port}"


def remove(number):
    """The rules of a cluster that is gone."""
    chains.remove({f"{PREFIX}{number}", f"{PREFIX}{number}-BACK"})
