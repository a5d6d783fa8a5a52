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


def url(path):
    return pathlib.Path(path).as_uri()


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


def publish(package, registry, name, message):
    """Quilt 3 pushes to S3 alone; into a folder it builds. T4 of 2019 copies the files into the registry."""
    if is_quilt:
        return package.build(name, registry=url(registry), message=message)
    return package.push(name, dest=url(registry), registry=url(registry), message=message).top_hash


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


def republish(registry, name, into, message=None, top_hash=None):
    return publish(browse(registry, name, top_hash), into, name, message)


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


def race(registry, name, path, pauses):
    """Builds before each pause, over whatever is latest; tells how long the longest build took."""
    longest = 0.0
    for i, pause in enumerate(pauses):
        start = time.monotonic()
        package = client.Package()
        package.set("who.txt", path, meta={"build": i})
        publish(package, registry, name, "theirs")
        longest = max(longest, time.monotonic() - start)
        time.sleep(pause)
    return {"longestSeconds": longest}


def push_to(registry, name, files, message=None):
    """Pushes to a bucket, which Quilt 3 names by its URL."""
    package = make(files=files)
    return package.push(name, registry=registry, message=message, force=True).top_hash


def push_on(registry, name, key, path):
    package = client.Package.browse(name, registry=registry)
    package.set(key, path)
    return package.push(name, registry=registry, message="theirs").top_hash


def install_from(registry, name, dest, into):
    client.Package.install(name, registry=registry, dest=dest, dest_registry=url(into))


OPERATIONS = {
    "browse": lambda **given: facts(browse(**given)),
    "browseAt": lambda registry, name: facts(client.Package.browse(name, registry=registry)),
    "build": build,
    "diff": diff,
    "install": install,
    "installFrom": install_from,
    "list": lambda registry: sorted(client.list_packages(url(registry))),
    "load": load,
    "push": push,
    "pushOn": push_on,
    "pushTo": push_to,
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
