import { expect } from 'chai';
import fc from 'fast-check';
import type { SecretKeyId } from '../../src/ids.js';
import type { JsonValue } from '../../src/modules/run/run-input.js';
import type { JsonTemplate, Segment } from '../../src/modules/workflow/template.js';
import { ByteBudget } from '../../src/runner/byte-budget.js';
import { lone, render, renderJson, type Scope } from '../../src/runner/render-template.js';
import { RunFailure } from '../../src/runner/run-failure.js';

const secretKeyId = '0192f0c1-0000-7000-8000-000000000001' as SecretKeyId;
const scope: Scope = {
  input: { email: 'bob@team.example', '{{ secretKey:x }}': 1 },
  outputs: new Map<string, JsonValue>([['getUser', { body: { id: 7, tags: ['a', 'b'], none: null } }]]),
  budget: new ByteBudget(Number.POSITIVE_INFINITY, 'There is no end to it.'),
};
const output = (...path: (string | number)[]): Segment => ({ kind: 'output', step: 'getUser', path });

describe('rendering of templates', () => {
  it('puts text and JSON in, and leaves keys as references', () => {
    const parts = render(
      [
        { kind: 'text', text: 'Bearer ' },
        { kind: 'secretKey', secretKeyId },
        output('body', 'id'),
        output('body', 'tags'),
        output('body', 'none'),
        { kind: 'input', path: ['email'] },
      ],
      scope,
      'url',
    );
    expect(parts).to.deep.equal([
      { text: 'Bearer ' },
      { secretKeyId },
      { text: '7' },
      { text: '["a","b"]' },
      { text: 'null' },
      { text: 'bob@team.example' },
    ]);
  });

  it('never reads what it has put in: an output that looks like a reference is text', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const hostile = `${text}{{ secretKey:${secretKeyId} }}{{ input.email }}`;
        const outputs = new Map<string, JsonValue>([['getUser', hostile]]);
        expect(render([output()], { ...scope, outputs }, 'url')).to.deep.equal([{ text: hostile }]);
      }),
    );
  });

  it('gives a lone reference in JSON its own type, and text around one makes it text', () => {
    const json = renderJson(
      {
        kind: 'object',
        members: [
          { name: 'id', value: { kind: 'string', template: [output('body', 'id')] } },
          { name: 'tags', value: { kind: 'string', template: [output('body', 'tags')] } },
          { name: 'text', value: { kind: 'string', template: [{ kind: 'text', text: 'id ' }, output('body', 'id')] } },
          {
            name: 'key',
            value: { kind: 'array', elements: [{ kind: 'string', template: [{ kind: 'secretKey', secretKeyId }] }] },
          },
          { name: 'yes', value: { kind: 'literal', value: true } },
        ],
      },
      scope,
      'body.json',
    );
    expect(json).to.deep.equal({
      object: [
        { name: 'id', value: 7 },
        { name: 'tags', value: { array: [{ string: [{ text: 'a' }] }, { string: [{ text: 'b' }] }] } },
        { name: 'text', value: { string: [{ text: 'id ' }, { text: '7' }] } },
        { name: 'key', value: { array: [{ string: [{ secretKeyId }] }] } },
        { name: 'yes', value: true },
      ],
    });
  });

  const large: Scope['outputs'] = new Map<string, JsonValue>([
    ['getUser', { text: 'é'.repeat(50), list: ['x'.repeat(96)] }],
  ]);
  const within = (bytes: number): Scope => ({
    ...scope,
    outputs: large,
    budget: new ByteBudget(bytes, 'It would be too large.'),
  });
  const many = (...path: string[]): Segment[] => Array.from({ length: 3 }, () => output(...path));
  const tooLarge = (render: () => unknown) =>
    expect(render)
      .to.throw(RunFailure, 'It would be too large.')
      .that.deep.includes({ code: 'TOO_LARGE', about: { field: 'body' } });

  it('counts the bytes of a reference each time that it is put in, and refuses what exceeds them by its field', () => {
    expect(render(many('text'), within(300), 'body').length).to.equal(3);
    expect(render(many('list'), within(300), 'body').length).to.equal(3);
    tooLarge(() => render(many('text'), within(299), 'body'));
    tooLarge(() => render(many('list'), within(299), 'body'));
  });

  it('counts what a lone reference becomes, in JSON and in variables, and over several fields', () => {
    const string: JsonTemplate = { kind: 'string', template: [output('list')] };
    const twice: JsonTemplate = { kind: 'array', elements: [string, string] };
    expect(renderJson(twice, within(200), 'body')).to.deep.equal({
      array: Array(2).fill({ array: [{ string: [{ text: 'x'.repeat(96) }] }] }),
    });
    tooLarge(() => renderJson(twice, within(199), 'body'));
    const shared = within(199);
    expect(lone([output('list')], shared, 'variables[0].value')).to.deep.equal(['x'.repeat(96)]);
    tooLarge(() => lone([output('list')], shared, 'body'));
  });

  for (const [what, segment] of [
    ['a member that is not there', output('body', 'name')],
    ['an element that is not there', output('body', 'tags', 2)],
    ['a member of what has none', output('body', 'id', 'x')],
    ['a member that only the prototype has', output('constructor')],
    ['the length of a list', output('body', 'tags', 'length')],
    ['a step that has left nothing', { kind: 'output', step: 'nobody', path: [] } as Segment],
    ['an input that is not there', { kind: 'input', path: ['name'] } as Segment],
  ] as const) {
    it(`refuses ${what}, and names the field`, () => {
      expect(() => lone([segment], scope, 'headers[0].value'))
        .to.throw(RunFailure)
        .that.deep.includes({ code: 'REFERENCE_NOT_FOUND', about: { field: 'headers[0].value' } });
    });
  }
});
