/** Where the package's own files are, seen from the compiled code in `dist/src`. */
import { fileURLToPath } from 'node:url';

export const packageRoot = fileURLToPath(new URL('../../', import.meta.url));
export const playgroundDirectory = fileURLToPath(new URL('../../dist/playground', import.meta.url));
