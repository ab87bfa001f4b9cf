"""What processes take of the machine: processor time of a tree, memory, and what others took meanwhile."""

import os
from pathlib import Path

TICK_MS = 1000 / os.sysconf("SC_CLK_TCK")
# Fields of /proc/PID/stat after the name: state is the first; own time, then that of children which ended.
TIMES = slice(11, 15)


def tree(pid):
    """A process and all that descend from it, but those that end meanwhile."""
    found = [pid]
    for parent in found:
        try:
            for task in Path(f"/proc/{parent}/task").iterdir():
                found.extend(int(child) for child in (task / "children").read_text().split())
        except OSError:
            continue
    return found


def cpu_ms(pid):
    """Milliseconds of processor that a tree of processes took since it started."""
    ticks = 0
    for one in tree(pid):
        try:
            ticks += sum(int(field) for field in Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()[TIMES])
        except OSError:
            continue
    return ticks * TICK_MS


def machine_ms():
    """Milliseconds of processor that everything on the machine took since it started, all cores together."""
    user, nice, system, _, _, irq, softirq, steal = (int(field) for field in Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9])
    return (user + nice + system + irq + softirq + steal) * TICK_MS


def memory_mib(pid):
    """Memory in use by a process: all of it, of which pages of files, of which its own; and the most it had."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return {name: int(status[field].split()[0]) / 1024 for name, field in
            (("rss_mio", "VmRSS"), ("fichiers_mio", "RssFile"), ("propre_mio", "RssAnon"), ("pic_mio", "VmHWM"))}
