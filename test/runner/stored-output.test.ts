import { expect } from 'chai';
import { withinLogSize } from '../../src/runner/stored-output.js';

describe('what is kept of logs', () => {
  const lines = ['aé', 'b', 'cc'].map((text) => ({ level: 'info', text }) as const);
  const note = (kept: number, bytes: number) => ({
    level: 'warn',
    text: `Lines after the first ${kept} are left out: a step keeps ${bytes} bytes.`,
  });

  it('is whole lines of as many bytes as there is room for, and a note when others are left out', () => {
    expect([6, 5, 4, 3, 0].map((bytes) => withinLogSize(lines, bytes))).to.deep.equal([
      lines,
      [...lines.slice(0, 2), note(2, 5)],
      [...lines.slice(0, 2), note(2, 4)],
      [...lines.slice(0, 1), note(1, 3)],
      [note(0, 0)],
    ]);
  });
});
