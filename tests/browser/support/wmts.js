// A WMTS of one layer on the loopback: it answers only what the standard asks for, and counts.
import { createServer } from 'node:http';
import { PNG } from 'pngjs';

const COTE = 256;

/** A chequered tile, so that the map's picture tells whether it was drawn. */
function tile() {
  const png = new PNG({ width: COTE, height: COTE });
  for (let y = 0; y < COTE; y += 1) {
    for (let x = 0; x < COTE; x += 1) {
      const light = (x >> 5) % 2 === (y >> 5) % 2;
      png.data.set(light ? [120, 190, 120, 255] : [70, 140, 70, 255], (y * COTE + x) * 4);
    }
  }
  return PNG.sync.write(png);
}

export async function startWmts() {
  const picture = tile();
  let served = 0;
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://127.0.0.1');
    if (pathname === '/compte') {
      response.end(String(served));
      return;
    }
    const ask = new Map([...searchParams].map(([key, value]) => [key.toUpperCase(), value]));
    const wanted = { SERVICE: 'WMTS', REQUEST: 'GetTile', LAYER: 'ESSAI', TILEMATRIXSET: 'PM', STYLE: 'normal', FORMAT: 'image/png' };
    const right = Object.entries(wanted).every(([key, value]) => ask.get(key) === value) && ['TILEMATRIX', 'TILEROW', 'TILECOL'].every((key) => /^\d+$/.test(ask.get(key) ?? ''));
    response.setHeader('access-control-allow-origin', '*');
    if (!right) {
      response.writeHead(400);
      response.end();
      return;
    }
    served += 1;
    response.setHeader('content-type', 'image/png');
    response.end(picture);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}/wmts`,
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(resolve);
      }),
  };
}
