// A plain file server, as one puts before an exported map: the page, MapLibre and its PMTiles protocol, the archive by ranges.
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';

const dist = (path) => fileURLToPath(new URL(`../../../web/node_modules/${path}`, import.meta.url));
const LIBRARY = /^\/(maplibre-gl[a-z-]*\.mjs)$/;
const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', mjs: 'text/javascript' };

function range(path, header) {
  const { size } = statSync(path);
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(header).map(Number);
  const bytes = Buffer.alloc(Math.max(0, Math.min(end, size - 1) - start + 1));
  const file = openSync(path, 'r');
  readSync(file, bytes, 0, bytes.length, start);
  closeSync(file);
  return { bytes, content: `bytes ${start}-${start + bytes.length - 1}/${size}` };
}

/** Serves this page and the archive at this path; gives the address and how to stop. */
export async function sertStatique(page, archive) {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const send = (kind, body) => response.writeHead(200, { 'content-type': TYPES[kind] }).end(body);
    const library = LIBRARY.exec(pathname);
    if (pathname === '/') send('html', page);
    else if (library) send('mjs', readFileSync(dist(`maplibre-gl/dist/${library[1]}`)));
    else if (pathname === '/pmtiles.js') send('js', readFileSync(dist('pmtiles/dist/pmtiles.js')));
    else if (pathname === '/ville.pmtiles') {
      const { bytes, content } = range(archive, request.headers.range);
      response.writeHead(206, { 'content-type': 'application/octet-stream', 'content-range': content, 'accept-ranges': 'bytes' }).end(bytes);
    } else response.writeHead(204).end();
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { url: `http://127.0.0.1:${server.address().port}/`, stop };
}
