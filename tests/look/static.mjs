// static.mjs - serves the pages drawn by draw.c with the headers of the real server.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const types = {
  '.html': 'text/html; charset=utf-8', '.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml', '.woff2': 'font/woff2',
};
// As core/web sends it: a page that needs more than this would break there.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

export async function serveFiles(dir) {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url, 'http://x').pathname);
    const name = extname(path) ? path : `${path}.html`;
    try {
      const bytes = await readFile(join(dir, name)), packed = extname(name) !== '.woff2';
      response.writeHead(200, {
        'Content-Type': types[extname(name)] ?? 'application/octet-stream', 'Content-Security-Policy': policy,
        'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-store',
        ...(packed ? { 'Content-Encoding': 'br' } : {}),
      });
      response.end(packed ? brotliCompressSync(bytes) : bytes);
    } catch {
      response.writeHead(404, { 'Content-Type': 'text/plain' }).end('không có');
    }
  });
  await new Promise((ready) => server.listen(0, '127.0.0.1', ready));
  return { url: `http://127.0.0.1:${server.address().port}`, stop: () => server.close() };
}
