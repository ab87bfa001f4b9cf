// A PMTiles archive (version 3) of one green picture for zooms 0 to 2: enough for the map to stretch.
import { gzipSync } from 'node:zlib';
import { PNG } from 'pngjs';

const COTE = 256;
const HEADER_BYTES = 127;
/** Tiles of zooms 0 to 2: 1 + 4 + 16, numbered along the Hilbert curve. */
const TILES = 21;
const GZIP = 2;
const NONE = 1;
const PNG_TYPE = 2;

const varint = (n) => (n < 128 ? [n] : [(n & 127) | 128, ...varint(n >> 7)]);

function picture() {
  const png = new PNG({ width: COTE, height: COTE });
  for (let i = 0; i < png.data.length; i += 4) png.data.set([110, 200, 110, 255], i);
  return PNG.sync.write(png);
}

export function archive() {
  const tile = picture();
  // One directory entry: from tile 0, repeated for all, at the start of the data.
  const root = gzipSync(Buffer.from([...varint(1), ...varint(0), ...varint(TILES), ...varint(tile.length), ...varint(1)]));
  const metadata = gzipSync(JSON.stringify({ name: 'essai' }));
  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 0);
  header[7] = 3;
  const metadataAt = HEADER_BYTES + root.length;
  const dataAt = metadataAt + metadata.length;
  const words = [HEADER_BYTES, root.length, metadataAt, metadata.length, dataAt, 0, dataAt, tile.length, TILES, 1, 1];
  words.forEach((word, i) => header.writeBigUInt64LE(BigInt(word), 8 + 8 * i));
  header.set([1, GZIP, NONE, PNG_TYPE, 0, 2], 96);
  [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].forEach((e7, i) => header.writeInt32LE(e7, 102 + 4 * i));
  return Buffer.concat([header, root, metadata, tile]);
}
