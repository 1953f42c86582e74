"""Chains in the tables of iptables: kube-proxy takes its own away when it is asked, kubelet leaves those that it made,
and the lab has some of its own."""

import shlex

from paths import output, sh

OF_LAB = "LAB-"
PREFIXES = ("KUBE-", OF_LAB)
COMMANDS = ("iptables", "ip6tables")


def rules(command):
    """What the tables have, as (table, line) pairs."""
    table = ""
    for line in output(f"{command}-save").splitlines():
        if line.startswith("*"):
            table = line[1:]
        else:
            yield table, line


def existing():
    """The chains, as `COMMAND TABLE NAME`."""
    return [
        f"{command} {table} {line[1:].split()[0]}"
        for command in COMMANDS
        for table, line in rules(command)
        if line.startswith(":") and line[1:].startswith(PREFIXES)
    ]


def remove(only=None):
    """All of them, or those of these names."""
    found = [chain for chain in existing() if only is None or chain.split()[2] in only]
    names = {chain.split()[2] for chain in found}
    for command in COMMANDS:
        for table, line in rules(command):
            words = shlex.split(line) if line.startswith("-A ") else []
            if words and words[1] not in names and names & set(words[2:]):  # a chain that is used cannot go
                sh(command, "-w", "-t", table, "-D", *words[1:], check=False)
    for command, table, name in (chain.split() for chain in found):
        sh(command, "-w", "-t", table, "-F", name, check=False)
    for command, table, name in (chain.split() for chain in found):
        sh(command, "-w", "-t", table, "-X", name, check=False)
