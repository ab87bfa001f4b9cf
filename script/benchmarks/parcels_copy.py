"""Parcels of a generated file as rows of a text COPY into cadastre.parcelle, on standard output; run by a Python that has pyogrio.

parcels_copy.py FILE DEPARTMENT: two characters that take the place of the generator's department, so that the communes of several files differ.
"""

import sys

import numpy
import pyogrio
import shapely


def main():
    path, department = sys.argv[1:]
    meta, _, geometry, fields = pyogrio.raw.read(path)
    column = dict(zip(meta["fields"], fields))
    shapes = shapely.from_wkb(geometry)
    # The column is of multipolygons.
    areas = shapely.multipolygons(shapes, indices=numpy.arange(len(shapes)))
    hexes = shapely.to_wkb(shapely.set_srid(areas, 2154), hex=True, include_srid=True)
    created, updated = (numpy.datetime_as_string(column[name].astype("datetime64[D]")) for name in ("created", "updated"))
    rows = zip(column["id"], column["numero"], column["contenance"], column["arpente"], created, updated, hexes)
    for idu, number, area, surveyed, since, until, shape in rows:
        idu = department + idu[2:]
        figures = f"{number}\t{area}\t{'t' if surveyed else 'f'}\tt\t\\N\t{since}\t{until}"
        sys.stdout.write(f"{idu}\t{idu[:5]}\t{idu[5:8]}\t{idu[8:10]}\t{figures}\t{shape}\n")


if __name__ == "__main__":
    main()
