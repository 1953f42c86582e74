"""Programs built from Go modules, each when it is not there in the version that is wanted."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import time

from paths import BIN, BUILD, HOME

MODULES = HOME / "src"  # go.mod files that the builds may write to
ENVIRONMENT = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-buildvcs=false"}


def has(name, version, ask):
    """Does the program exist, and say this version when it is asked with these words?"""
    program = BIN / name
    if not program.exists():
        return False
    said = subprocess.run([program, *ask], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT).stdout
    return re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", said) is not None


def from_own_module(name, package, folder, variables=None):
    """Builds a package with our module file of a folder, for modules that cannot be built as they are published."""
    work = MODULES / folder
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(BUILD / folder, work)
    compile_program(name, package, work, (), variables or {})


def from_module(name, module, version, package, variables):
    """Builds a package with the module's own go.mod, so that its replacements count."""
    source, work = module_folder(module, version), MODULES / module.split("/")[-1]
    work.mkdir(parents=True, exist_ok=True)
    for file in ("go.mod", "go.sum"):
        (work / file).write_bytes((source / file).read_bytes())
    compile_program(name, package, source, ("-mod=mod", f"-modfile={work / 'go.mod'}"), variables)


def module_folder(module, version):
    """Where Go keeps the source of a module; downloads it."""
    command = ["go", "mod", "download", "-json", f"{module}@v{version}"]
    told = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE, env=ENVIRONMENT, cwd="/").stdout
    return pathlib.Path(json.loads(told)["Dir"])


def compile_program(name, package, folder, options, variables):
    began = time.time()
    linked = " ".join(["-s -w", *(f"-X {k}={x}" for k, x in variables.items())])
    command = ["go", "build", *options, "-trimpath", "-ldflags", linked, "-o", BIN / name, package]
    subprocess.run(command, check=True, cwd=folder, env=ENVIRONMENT)
    print(f"lab: built {name} in {time.time() - began:.0f} s", flush=True)


def install(name, package, version, variables):
    began = time.time()
    linked = " ".join(["-s -w", *(f"-X {k}={x}" for k, x in variables.items())])
    command = ["go", "install", "-trimpath", "-ldflags", linked, f"{package}@v{version}"]
    subprocess.run(command, check=True, cwd="/", env={**ENVIRONMENT, "GOBIN": str(BIN)})
    print(f"lab: built {name} in {time.time() - began:.0f} s", flush=True)
