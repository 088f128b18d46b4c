/** The playground's built files, as they are served: which there are, of what type, under what content security policy. */
import { readdirSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

const fileTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.ttf': 'font/ttf',
  '.woff2': 'font/woff2',
};

/** Everything is of our own origin; styles may be inline, because the editor sets them on the lines that it draws. */
export const playgroundHeaders = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self' blob:",
    "style-src 'self' 'unsafe-inline'",
    "font-src 'self' data:",
    "img-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'referrer-policy': 'no-referrer',
} as const;

/** The files that may be served, by URL path. A path that is not listed is not looked for. */
export function listPlayground(directory: string): Map<string, { readonly path: string; readonly type: string }> {
  const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      const url = `/playground/${relative(directory, path).split(sep).join('/')}`;
      return [url, { path, type: fileTypes[extname(name)] ?? 'application/octet-stream' }];
    }),
  );
}
