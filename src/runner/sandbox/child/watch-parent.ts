/**
 * A thread that ends the child when its parent is gone, whatever the child's own thread executes at that time: the parent holds
 * the other end of this pipe, writes nothing to it, and the kernel closes it when the parent ends, however it ends.
 */
import { readSync } from 'node:fs';
import { watchedDescriptor } from '../watched-descriptor.js';

try {
  while (readSync(watchedDescriptor, new Uint8Array(1)) > 0);
} finally {
  process.kill(process.pid, 'SIGKILL');
}
