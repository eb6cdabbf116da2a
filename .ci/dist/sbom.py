"""The software bill of materials, in CycloneDX form.

Made from `cargo tree` and Cargo.lock. cargo-cyclonedx takes `cargo metadata` instead, which
lists crates that are not compiled (ring), and writes the path of the clone into every file.
"""

import time
import uuid


def sbom(packages, checksums, epoch):
    """The document as a dict; `packages` begins with the provider."""
    root, *libraries = packages.values()
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'{purl(root)}#{epoch}')}",
        "version": 1,
        "metadata": {
            "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(epoch)),
            "component": component(root, "application", None),
        },
        "components": sorted(
            (component(p, "library", checksums.get((p.name, p.version))) for p in libraries),
            key=lambda c: c["bom-ref"],
        ),
        "dependencies": sorted(
            (
                {"ref": purl(p), "dependsOn": sorted(purl(packages[key]) for key in p.uses)}
                for p in packages.values()
            ),
            key=lambda d: d["ref"],
        ),
    }


def component(package, kind, checksum):
    document = {
        "type": kind,
        "bom-ref": purl(package),
        "name": package.name,
        "version": package.version,
        "purl": purl(package),
    }
    if package.license:
        document["licenses"] = [{"expression": package.license}]
    if checksum:
        document["hashes"] = [{"alg": "SHA-256", "content": checksum}]
    return document


def purl(package):
    return f"pkg:cargo/{package.name}@{package.version}"
