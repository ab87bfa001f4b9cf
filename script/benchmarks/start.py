"""From the built binary to the first tile of the demonstration, on an empty data directory."""

import json
import math
import shutil
import statistics
import tempfile
import time
import urllib.request
from pathlib import Path

from measure import options, table, write
from serving import free_port, running, wait_until

ZOOM = 15


def tile_of(bounds):
    """The tile in the middle of lon/lat bounds."""
    lon, lat = (bounds[0] + bounds[2]) / 2, math.radians((bounds[1] + bounds[3]) / 2)
    side = 2**ZOOM
    return int((lon + 180) / 360 * side), int((1 - math.asinh(math.tan(lat)) / math.pi) / 2 * side)


def main():
    chosen = options()
    seconds = []
    for _ in range(chosen.runs):
        folder, port = Path(tempfile.mkdtemp(prefix="finage-demo-", dir="/var/tmp")), free_port()
        folder.chmod(0o711)  # as root, PostgreSQL runs as another user and must be able to pass
        try:
            start = time.perf_counter()
            with running(["demo", "--data-dir", folder / "donnees", "--bind", f"127.0.0.1:{port}"]):
                wait_until(port, "/api/configuration")
                while True:
                    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/configuration") as answer:
                        bounds = json.load(answer)["etendue"]
                    if bounds:
                        break
                    time.sleep(0.05)
                x, y = tile_of(bounds)
                wait_until(port, f"/tiles/parcelles/{ZOOM}/{x}/{y}")
                seconds.append(time.perf_counter() - start)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    median = statistics.median(seconds)
    table("Du binaire à la première tuile (objectif : ≤ 20 s)", ["passages", "médiane", "max", "médiane / objectif"],
          [[len(seconds), f"{median:.2f} s", f"{max(seconds):.2f} s", f"{median / 20:.2f}"]])
    write(chosen.out, "start", {"objectif_s": 20, "secondes": seconds, "mediane_s": median})


if __name__ == "__main__":
    main()
