"""The tile pyramid, and what features of a tile say of themselves; apart from what encodes them (Mapbox Vector Tile 2.1)."""

import math


def tile_of(lon, lat, zoom):
    """Column and row of a place in degrees."""
    side = 2**zoom
    return int((lon + 180) / 360 * side), int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)


def _number(data, at):
    value = shift = 0
    while True:
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7


def _fields(data):
    """Each field of a protobuf message: its number, and its value or its bytes."""
    at = 0
    while at < len(data):
        key, at = _number(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _number(data, at)
        else:
            length, at = _number(data, at) if kind == 2 else ({1: 8, 5: 4}[kind], at)
            value, at = data[at : at + length], at + length
        yield key >> 3, value


def _packed(data):
    at, found = 0, []
    while at < len(data):
        value, at = _number(data, at)
        found.append(value)
    return found


def texts(tile, layer, name):
    """The text of one property of each feature of a layer; None for those that have none."""
    found = []
    for number, body in _fields(tile):
        parts = list(_fields(body)) if number == 3 else []
        if (1, layer.encode()) not in parts:
            continue
        keys = [value.decode() for field, value in parts if field == 3]
        # A text is the first field of a value; of others only their place counts.
        values = [dict(_fields(value)).get(1) for field, value in parts if field == 4]
        for feature in (value for field, value in parts if field == 2):
            tags = next((_packed(value) for field, value in _fields(feature) if field == 2), [])
            told = {keys[key]: values[value] for key, value in zip(tags[::2], tags[1::2])}
            found.append(told[name].decode() if told.get(name) is not None else None)
    return found
