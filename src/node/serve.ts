/** @file A folder over HTTP on this machine alone, isolated, so that its page may use threads. Appendix B. */
import { createReadStream, realpathSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join, normalize, sep } from 'node:path';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
};

/** With the first two a page may share memory between threads: https://developer.mozilla.org/docs/Web/API/Window/crossOriginIsolated */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'Cache-Control': 'no-cache',
};

const HOST = '127.0.0.1';

/**
 * Serves what lies in `folder`, to this machine alone; another page's name for this machine (DNS rebinding) is refused. Port 0
 * takes any that is free. Rejects as `listen` does.
 */
export function serve(folder: string, port: number): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((request, response) => answer(folder, request, response));
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      const bound = typeof address === 'object' && address ? address.port : port;
      resolve({ server, url: `http://${HOST}:${bound}/` });
    });
  });
}

function answer(folder: string, request: IncomingMessage, response: ServerResponse): void {
  const refuse = (status: number, text: string): void => {
    response.writeHead(status, { ...HEADERS, 'Content-Type': 'text/plain; charset=utf-8' });
    response.end(`${text}\n`);
  };
  const name = (request.headers.host ?? '').replace(/:\d+$/, '');
  const method = request.method ?? '';
  const local = name === HOST || name === 'localhost';
  const path = local ? fileFor(folder, request.url ?? '/') : undefined;
  const found = path === undefined ? undefined : statSync(path);
  if (!local) refuse(421, 'this server answers to 127.0.0.1 and localhost alone');
  else if (!['GET', 'HEAD'].includes(method)) refuse(405, 'GET and HEAD alone');
  else if (path === undefined || !found?.isFile()) refuse(404, 'not found');
  else {
    response.writeHead(200, {
      ...HEADERS,
      'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream',
      'Content-Length': found.size,
    });
    if (method === 'HEAD') response.end();
    else createReadStream(path).pipe(response);
  }
}

/** Undefined for what does not lie in the folder, links followed. */
function fileFor(folder: string, url: string): string | undefined {
  try {
    const asked = decodeURIComponent(new URL(url, 'http://localhost').pathname);
    if (asked.includes('\0') || asked.includes('\\')) return undefined;
    const path = realpathSync(normalize(join(folder, asked.endsWith('/') ? `${asked}index.html` : asked)));
    return path.startsWith(realpathSync(folder) + sep) ? path : undefined;
  } catch {
    return undefined; // no such address, or no such file
  }
}
