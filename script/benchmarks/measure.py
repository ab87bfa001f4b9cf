"""Timing of commands, statistics, tables and the JSON that goes with them."""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from datetime import datetime, timezone
from pathlib import Path

CACHE = Path(os.environ["BENCH_CACHE"])
SHARED = Path(os.environ["BENCH_SHARED"])
ROOT = Path(os.environ["BENCH_ROOT"])
FINAGE = os.environ["BENCH_BINARY"]


def options(parcels=500_000, runs=5):
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=runs)
    parser.add_argument("--parcels", type=int, default=parcels)
    parser.add_argument("--out", type=Path, required=True)
    return parser.parse_args()


def timed(command, environment=None):
    """Seconds of wall clock; a command that fails ends the measure with its own words."""
    start = time.perf_counter()
    done = subprocess.run(command, env={**os.environ, **(environment or {})}, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    seconds = time.perf_counter() - start
    if done.returncode != 0:
        sys.exit(f"Erreur : « {' '.join(map(str, command[:3]))} … » a échoué :\n{done.stderr[-2000:]}{done.stdout[-2000:]}")
    return seconds


def percentile(values, share):
    """Nearest-rank percentile: a value that was really measured."""
    ordered = sorted(values)
    return ordered[max(0, -(-len(ordered) * share // 100) - 1)]


def skip(what, why):
    print(f"  omis : {what} ({why})")


def machine():
    memory = next(line for line in open("/proc/meminfo") if line.startswith("MemTotal")).split()[1]
    model = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), platform.machine())
    return {"processeur": model, "coeurs": os.cpu_count(), "memoire_gio": round(int(memory) / 2**20, 1), "charge": os.getloadavg()[0]}


def table(title, header, rows):
    print(f"\n{title}")
    cells = [header, *[[str(cell) for cell in row] for row in rows]]
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    for row in cells:
        print("  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip())


def write(out, subject, result):
    result = {"sujet": subject, "date": datetime.now(timezone.utc).isoformat(timespec="seconds"), "machine": machine(), **result}
    (out / f"{subject}.json").write_text(json.dumps(result, ensure_ascii=False, indent=2) + "\n")


def compare(ours, peer):
    """Medians and their ratio: how many times faster Finage is."""
    us, them = statistics.median(ours), statistics.median(peer)
    return {"finage_s": ours, "pair_s": peer, "finage_mediane_s": us, "pair_mediane_s": them, "rapport": them / us}
