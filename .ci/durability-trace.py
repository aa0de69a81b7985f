"""Checks a trace of strace -f -y: what is renamed or linked into place has been synced since it
was last written, and so has the folder before the next name changes in it and in the end. A file
of a run that is called .NAME.next until then is found under both names: its folder is synced
before there is another .NAME.next, and in the end.

usage: durability-trace.py TRACE FOLDER
"""

import os
import re
import sys

trace, folder = sys.argv[1], os.path.realpath(sys.argv[2])
call = re.compile(r"(\w+)\((.*)\)\s+= (-?\d+)")
strings = re.compile(r'"((?:[^"\\]|\\.)*)"')
descriptor = re.compile(r"^\d+<([^>]*)>")

unsynced = set()  # files with content that may not be on the disk
renamed = {}  # folder: the last change of a name in it that may not be on the disk
placed = {}  # a path .NAME.next: its folder, where the name NAME may not be on the disk
renames = syncs = 0


def fail(text):
    sys.exit(f"{trace}: {text}")


def lines():
    """The calls, each when it ends, without the beginnings that other threads cut off."""
    begun = {}
    for line in open(trace, errors="replace"):
        pid, _, text = line.rstrip("\n").partition(" ")
        text = text.strip()
        if text.endswith("<unfinished ...>"):
            begun[pid] = text.removesuffix("<unfinished ...>")
            continue
        if m := re.match(r"<\.\.\. \w+ resumed>(.*)", text):
            text = begun.pop(pid, "") + m[1]
        yield text


def inside(path):
    return os.path.normpath(os.path.join(os.getcwd(), path))


for line in lines():
    m = call.match(line)
    if not m or int(m[3]) < 0:
        continue
    name, args = m[1], m[2]
    fd = descriptor.match(args)
    path = fd[1] if fd else ""
    if path and not path.startswith(folder):
        continue
    if name in ("write", "pwrite64") and path:
        unsynced.add(path)
    elif name in ("fsync", "fdatasync") and path:
        syncs += 1
        unsynced.discard(path)
        renamed.pop(path, None)
        placed = {old: into for old, into in placed.items() if into != path}
    elif name.startswith(("rename", "link")):
        old, new = (inside(s) for s in strings.findall(args))
        if not new.startswith(folder):
            continue
        renames += 1
        if old in unsynced:
            fail(f"{old} is renamed to {new} before it is synced")
        if new in placed:
            fail(f"there is another {new} before {placed[new]} is synced")
        into = os.path.dirname(new)
        if into in renamed:
            fail(f"{renamed[into]} is followed by {new} before {into} is synced")
        if old == os.path.join(into, f".{os.path.basename(new)}.next"):
            placed[old] = into
        else:
            renamed[into] = new
    elif name.startswith("unlink"):
        for s in strings.findall(args):
            unsynced.discard(inside(s))

for path in unsynced:
    if os.path.basename(path) != "lock" and not path.endswith(".lock"):
        fail(f"{path} is never synced")
for into, new in renamed.items():
    fail(f"{into} is not synced after {new}")
for old, into in placed.items():
    fail(f"{into} is not synced after {old} got its name")
if renames == 0:
    fail("no file got its name")
print(f"{renames:3d} renames, {syncs:3d} syncs")
