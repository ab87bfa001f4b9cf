"""Weight of the map's first page, as web/tools/size.js counts it (and as script/test checks it)."""

import subprocess

from measure import ROOT, options, write


def main():
    chosen = options()
    done = subprocess.run(["npm", "run", "--silent", "size"], cwd=ROOT / "web", capture_output=True, text=True, check=False)
    print("\nPoids de la première page")
    print(done.stdout.rstrip())
    write(chosen.out, "web", {"releve": done.stdout.splitlines(), "respecte": done.returncode == 0})
    raise SystemExit(done.returncode)


if __name__ == "__main__":
    main()
