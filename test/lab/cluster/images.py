"""Container images made from the programs of the lab, since none can be pulled; kept as archives in LAB_HOME."""

import hashlib
import io
import json
import pathlib
import re
import subprocess
import tarfile

from paths import BIN, CACHE
from versions import VERSIONS, version

TARS = CACHE / "images"
KARMADA = f"v{version('karmada')}"
OF_INIT = VERSIONS["imagesOfInit"]  # the tags that `kubectl karmada init` of this version asks for
TOOLS = ("sh", "cat", "ls", "sleep", "nslookup", "wget", "httpd", "ip", "nc", "ps", "hostname")
COMPONENTS = (
    "karmada-aggregated-apiserver",
    "karmada-controller-manager",
    "karmada-scheduler",
    "karmada-webhook",
    "karmada-agent",
)


def of_kubernetes(name):
    return f"registry.k8s.io/{name}:{OF_INIT['kubernetes']}", ({f"/usr/local/bin/{name}": name}, {})


IMAGES = {  # name: ({path in the image: program}, links)
    "lab.local/pause:1": ({"/pause": "pause"}, {}),
    f"registry.k8s.io/etcd:{OF_INIT['etcd']}": ({f"/usr/local/bin/{p}": p for p in ("etcd", "etcdctl")}, {}),
    **dict(of_kubernetes(name) for name in ("kube-apiserver", "kube-controller-manager")),
    **{f"docker.io/karmada/{c}:{KARMADA}": ({f"/bin/{c}": c}, {}) for c in COMPONENTS},
    "docker.io/library/busybox:latest": ({"/bin/busybox": "busybox"}, {f"/bin/{t}": "busybox" for t in TOOLS}),
    "docker.io/library/nginx:latest": ({"/bin/busybox": "busybox"}, {"/bin/sh": "busybox"}),
}
COMMAND = {
    "docker.io/library/nginx:latest": ["/bin/busybox", "httpd", "-f", "-p", "80", "-h", "/"],
    "docker.io/library/busybox:latest": ["/bin/sh"],
}


def binary(name):
    return pathlib.Path("/bin/busybox") if name == "busybox" else BIN / name


def entry(tar, name, mode=0o755, data=None, link=None):
    """A file, a link, or a folder when there is neither data nor link."""
    t = tarfile.TarInfo(name.lstrip("/"))
    t.mode = mode
    if link:
        t.type, t.linkname = tarfile.SYMTYPE, link
    elif data is None:
        t.type = tarfile.DIRTYPE
    else:
        t.size = len(data)
    tar.addfile(t, io.BytesIO(data) if data is not None else None)


def build(name):
    """The archive of an image, made anew when a program in it is newer."""
    files, links = IMAGES[name]
    programs = {path: binary(b) for path, b in files.items()}
    out = TARS / (re.sub(r"[/:]", "_", name) + ".tar")
    if out.exists() and all(out.stat().st_mtime > p.stat().st_mtime for p in programs.values()):
        return out
    TARS.mkdir(parents=True, exist_ok=True)
    layer = layer_of(programs, links)
    config = json.dumps(
        {
            "architecture": "amd64",
            "os": "linux",
            "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest()]},
            "config": {
                "Env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
                "Cmd": COMMAND.get(name) or [next(iter(files))],
            },
        }
    ).encode()
    digest = hashlib.sha256(config).hexdigest()
    manifest = json.dumps([{"Config": f"{digest}.json", "RepoTags": [name], "Layers": ["layer.tar"]}]).encode()
    part = out.with_suffix(".part")
    with tarfile.open(part, "w") as t:
        entry(t, "layer.tar", 0o644, layer)
        entry(t, f"{digest}.json", 0o644, config)
        entry(t, "manifest.json", 0o644, manifest)
    part.rename(out)
    return out


def build_all():
    for name in IMAGES:
        build(name)


def layer_of(programs, links):
    """The one layer of an image: programs, links, users and the folders that containers want."""
    layer = io.BytesIO()
    with tarfile.open(fileobj=layer, mode="w") as t:
        folders = {"/tmp", "/etc", "/proc", "/sys", "/dev"}
        for path in [*programs, *links]:
            folders |= {str(d) for d in pathlib.PurePosixPath(path).parents if str(d) != "/"}
        for folder in sorted(folders):
            entry(t, folder, 0o1777 if folder == "/tmp" else 0o755)
        entry(t, "/etc/passwd", 0o644, b"root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/sh\n")
        for path, program in programs.items():
            entry(t, path, data=program.read_bytes())
        for path, target in links.items():
            entry(t, path, link=target)
    return layer.getvalue()


def load(socket):
    """Imports what the containerd at a socket lacks."""
    ctr = ["ctr", "-a", str(socket), "-n", "k8s.io", "images"]
    listed = subprocess.run([*ctr, "ls"], check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()
    for name in IMAGES:
        tar = build(name)
        # The store outlives clusters, so what it has is known by a label.
        label = f"lab.built={int(tar.stat().st_mtime)}"
        if any(line.split()[0] == name and label in line for line in listed):
            continue
        subprocess.run([*ctr, "import", str(tar)], check=True, stdout=subprocess.DEVNULL)
        subprocess.run([*ctr, "label", name, label], check=True, stdout=subprocess.DEVNULL)
