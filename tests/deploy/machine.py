"""Debians of their own with their own systemd, in folders of this one: mmdebstrap, systemd-nspawn.

They share this machine's network, so the portal is at https://localhost/ and only one of them can
hold it; and the packages that apt and pip have fetched before. Nothing of this machine is changed.
Wants root.
"""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

APT = Path("/etc/apt")
PIP_SETTINGS = [Path("/etc/pip.conf"), Path("/etc/xdg/pip")]
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
BASH = ["bash", "-e", "-o", "pipefail", "-c"]
IN_GROUPS = 'for group in $1; do echo $$ >$group/cgroup.procs; done; shift; exec "$@"'


def build_debian(root: Path, *packages: str):
    command = ["mmdebstrap", "--quiet", "--variant=minbase", f"--include={','.join(packages)}"]
    command += ['--aptopt=Acquire::Retries "3"']
    run([*command, "trixie", root, *apt_sources()])
    # Where this machine needs its own to reach the packages.
    shutil.copy(CERTIFICATES, root / "etc/certificates.crt")


def apt_sources():
    """Return the files that say where packages come from, without those on this disk."""
    files = [APT / "sources.list", *sorted((APT / "sources.list.d").iterdir())]
    return [file for file in files if file.is_file() and "file:" not in file.read_text()]


class Machine:
    """A copy of a Debian, booted."""

    def __init__(self, base: Path, name: str, namespace: str = ""):
        """`namespace` is a network of its own (`ip netns`), in place of this machine's."""
        self.base, self.root, self.namespace = base, base.parent / name, namespace
        # Of its own on this machine too, where another run's may be up or was killed.
        self.name = f"{base.parent.name}-{name}".replace("_", "-")
        self.groups = control_groups(self.name)
        self.process = None

    def __enter__(self):
        run(["cp", "--archive", "--reflink=auto", self.base, self.root])
        (self.root / "etc/hostname").write_text(f"{self.root.name}\n")
        try:
            self.boot()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *error):
        self.stop(gently=False)
        # Who is being killed in it may still write; the folder around it goes at last.
        shutil.rmtree(self.root, ignore_errors=True)

    def boot(self):
        shared = [f"--bind-ro={path}" for path in PIP_SETTINGS if path.exists()]
        cache = run([sys.executable, "-m", "pip", "cache", "dir"]).stdout.strip()
        if Path(cache).exists():
            shared.append(f"--bind={cache}:/root/.cache/pip")
        shared.append(f"--bind={self.base}/var/cache/apt/archives:/var/cache/apt/archives")
        for group in self.groups:
            group.mkdir()
        command = ["bash", "-c", IN_GROUPS, "bash", " ".join(map(str, self.groups))]
        command += ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit"]
        command += [f"--machine={self.name}", f"--hostname={self.root.name}", "--console=pipe"]
        # What is written need not outlive this machine.
        command += ["--suppress-sync=yes", f"--directory={self.root}"]
        if self.namespace:
            command.append(f"--network-namespace-path=/run/netns/{self.namespace}")
        with self.root.with_suffix(".log").open("wb") as log:
            self.process = subprocess.Popen(
                [*command, *shared],
                # The machine's systemd wants the newer control groups, whatever this one has.
                env=os.environ | {"SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_for(self.is_up, seconds=180)

    def is_up(self):
        """Return whether its services have started; raise with what it wrote if it has ended."""
        if self.process.poll() is not None:
            written = self.root.with_suffix(".log").read_text(errors="replace")
            raise RuntimeError(f"The machine ended ({self.process.returncode}):\n{written[-4000:]}")
        return self.run("systemctl is-system-running --wait", check=False).stdout.strip()

    def run(self, command, check=True, stdin=None, **variables):
        """Run lines of bash in the machine, as root; the first that fails ends them."""
        env = {"PATH": PATH, "HOME": "/root", "LANG": "C.UTF-8"} | pip_settings() | variables
        inside = ["nsenter", f"--target={self.leader()}", "--all", *BASH, command]
        return run(inside, check=check, input=stdin, env=env)

    def leader(self):
        """Return the number of the machine's own process 1, as this machine counts."""
        number = self.process.pid
        children = Path(f"/proc/{number}/task/{number}/children")
        # A process that has ended leaves no such file.
        numbers = children.read_text().split() if children.exists() else []
        return numbers[0] if numbers else "none"

    def stop(self, gently=True):
        """Shut it down, or pull its plug; its folder stays."""
        if self.process:
            if gently:
                self.process.terminate()
            elif (leader := self.leader()) != "none":
                os.kill(int(leader), signal.SIGKILL)
            self.process.wait(timeout=180)
            self.process = None
            for group in self.groups:
                run(["find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";"])


def control_groups(name: str) -> list[Path]:
    """Return folders of its own for a machine: two in one end each other's services."""
    top = Path("/sys/fs/cgroup")
    mounts = {"": top / "unified", "name=systemd": top / "systemd"}
    if (top / "cgroup.procs").exists():
        mounts = {"": top}
    lines = Path("/proc/self/cgroup").read_text().splitlines()
    own = {kind: path for _, kind, path in (line.split(":", 2) for line in lines)}
    return [mount / own[kind].strip("/") / name for kind, mount in mounts.items() if kind in own]


def pip_settings():
    given = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}
    return given | {"PIP_CERT": "/etc/certificates.crt"}


def run(command, check=True, **options):
    """Run a command; where it fails, the error shows what it said."""
    done = subprocess.run(command, check=False, capture_output=True, text=True, **options)
    if check and done.returncode != 0:
        raise RuntimeError(
            f"{command}: {done.returncode}\n{done.stdout[-4000:]}\n{done.stderr[-4000:]}"
        )
    return done


def wait_for(condition, seconds=60):
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, "it did not come true in time"
        time.sleep(0.5)
    return found
