"""Runs a real client, Quilt 3 or T4 of 2019, for the tests: one JSON request a line, one JSON reply a line.

Usage: driver.py quilt3|t4. Metadata travels as JSON text, so that each side parses and prints numbers in its own way.
"""

import importlib
import io
import json
import os
import pathlib
import sys
import time
from base64 import b64decode

client = importlib.import_module(sys.argv[1])
is_quilt = sys.argv[1] == "quilt3"
replies = os.fdopen(os.dup(1), "w", encoding="ascii")
nowhere = os.open(os.devnull, os.O_WRONLY)
os.dup2(nowhere, 1)  # both clients print as they work
os.dup2(nowhere, 2)


def url(place):
    return place if place.startswith("s3://") else pathlib.Path(place).as_uri()


def browse(registry, name, top_hash=None):
    return client.Package.browse(name, registry=url(registry), top_hash=top_hash)


def dumped(package):
    manifest = io.BytesIO()
    package.dump(manifest)
    return manifest.getvalue().decode("utf-8")


def facts(package):
    return {"topHash": package.top_hash, "manifest": dumped(package)}


def make(files=(), directory=None, directories=(), **package_meta):
    """A package of single files, or of a directory, with metadata where it is given."""
    package = client.Package()
    if directory is not None:
        package.set_dir("/", directory)
        package._meta.pop("user_meta", None)  # set_dir notes "no metadata" where T4 of today notes nothing
    for file in files:
        package.set(file["key"], file["path"])
        if "meta" in file:
            package[file["key"]].set_meta(json.loads(file["meta"]))
    for key, meta in directories:
        package[key].set_meta(json.loads(meta))
    if "meta" in package_meta:
        package.set_meta(json.loads(package_meta["meta"]))
    return package


def publish(package, registry, name, message, force=True, copy=True):
    """Quilt 3 pushes to S3 alone, only local files where told so; into a folder it builds. T4 of 2019 always copies all."""
    if not is_quilt:
        return package.push(name, dest=url(registry), registry=url(registry), message=message).top_hash
    if registry.startswith("s3://"):
        copied = {} if copy else {"selector_fn": lambda key, entry: entry.physical_key.is_local()}
        return package.push(name, registry=registry, message=message, force=force, **copied).top_hash
    return package.build(name, registry=url(registry), message=message)


def build(registry, name, message=None, workflow=..., **contents):
    package = make(**contents)
    if is_quilt:
        top_hash = package.build(name, registry=url(registry), message=message, workflow=workflow)
    else:
        top_hash = package.build(name, registry=url(registry), message=message).top_hash
    with open(os.path.join(registry, ".quilt", "packages", top_hash), encoding="utf-8", newline="") as manifest:
        return {"topHash": top_hash, "manifest": manifest.read()}


def push(registry, name, message=None, **contents):
    return publish(make(**contents), registry, name, message)


def republish(registry, name, into, to, message=None, copy=True):
    return publish(browse(registry, name), into, to, message, copy=copy)


def describe(registry, name, message):
    """Publishes what is latest with other metadata; it moves no data where the client can do without."""
    package = browse(registry, name)
    package.set_meta({"message": message})
    return publish(package, registry, name, message, copy=False)


def install(registry, name, dest, into):
    if is_quilt:
        client.Package.install(name, registry=url(registry), dest=dest, dest_registry=url(into))
        return None
    client.Package.install(name, registry=url(registry), dest=url(dest), dest_registry=url(into))


def diff(registry, name, before, after):
    return browse(registry, name, before).diff(browse(registry, name, after))


def load(base64):
    """Reads a manifest, and writes it again where the client can."""
    package = client.Package.load(io.BytesIO(b64decode(base64)))
    try:
        written = dumped(package)
    except ValueError:
        written = None
    return {"topHash": package.top_hash, "written": written}


def race(registry, name, pauses):
    """Publishes before each pause, over whatever is latest; tells how long it took at most to write manifest and pointers."""
    package = browse(registry, name)
    write, longest = client.Package._push_manifest, 0.0

    def timed(*given):
        nonlocal longest
        start = time.monotonic()
        write(*given)
        longest = max(longest, time.monotonic() - start)

    client.Package._push_manifest = timed
    for i, pause in enumerate(pauses):
        package.set_meta({"publication": i})
        publish(package, registry, name, "theirs", copy=False)
        time.sleep(pause)
    return {"longestSeconds": longest}


def push_on(registry, name, key, path):
    """Adds a file to what is latest: Quilt 3 looks whether that is latest still."""
    package = browse(registry, name)
    package.set(key, path)
    return publish(package, registry, name, "theirs", force=False, copy=False)


OPERATIONS = {
    "browse": lambda **given: facts(browse(**given)),
    "build": build,
    "describe": describe,
    "diff": diff,
    "install": install,
    "list": lambda registry: sorted(client.list_packages(url(registry))),
    "load": load,
    "push": push,
    "pushOn": push_on,
    "race": race,
    "republish": republish,
    "verify": lambda registry, name, directory: browse(registry, name).verify(directory),
    "versions": lambda registry, name: list(client.list_package_versions(name, registry=url(registry))),
}

for line in sys.stdin.buffer:
    operation, arguments = json.loads(line)
    try:
        reply = {"result": OPERATIONS[operation](**arguments)}
    except Exception as error:  # the test decides what an error means
        reply = {"error": f"{type(error).__name__}: {error}"}
    json.dump(reply, replies)
    replies.write("\n")
    replies.flush()
