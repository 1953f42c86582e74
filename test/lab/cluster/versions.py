"""The versions of everything that the lab builds from Go modules; those of Python are in build/requirements.txt."""

import json

from paths import BUILD

VERSIONS = json.loads((BUILD / "versions.json").read_text())


def version(name):
    return VERSIONS[name]["version"]
