import { expect } from 'chai';
import fc from 'fast-check';
import { newId, type SecretKeyId } from '../../../src/ids.js';
import type { OutputPath, Segment, Template } from '../../../src/modules/workflow/template.js';
import { parseTemplate } from '../../../src/modules/workflow/template-parse.js';
import { printTemplate } from '../../../src/modules/workflow/template-text.js';

const id = newId<SecretKeyId>();
/** Mostly what has a meaning in a template. */
const text = fc
  .array(fc.oneof(fc.constantFrom('{', '}', '\\', '{{', '}}', '"', ' '), fc.string({ unit: 'grapheme', maxLength: 3 })))
  .map((parts) => parts.join(''));
const path: fc.Arbitrary<OutputPath> = fc.array(
  fc.oneof(fc.nat(999_999_999), text, fc.constantFrom('body', '__proto__', 'a b', '')),
  { maxLength: 5 },
);
const reference: fc.Arbitrary<Segment> = fc.oneof(
  fc.constant<Segment>({ kind: 'secretKey', secretKeyId: id }),
  path.map((one): Segment => ({ kind: 'input', path: one })),
  fc.record({ kind: fc.constant('output' as const), step: fc.stringMatching(/^[A-Za-z_]\w{0,20}$/), path }),
);
/** As templates are: no text is empty, and no two follow each other. */
const template: fc.Arbitrary<Template> = fc
  .tuple(text, fc.array(fc.tuple(reference, text), { maxLength: 5 }))
  .map(([first, rest]) =>
    [first, ...rest.flat()].flatMap((part): Segment[] =>
      typeof part !== 'string' ? [part] : part === '' ? [] : [{ kind: 'text', text: part }],
    ),
  );

describe('a template as text', () => {
  it('parses to the same template again', () => {
    fc.assert(
      fc.property(template, (one) => {
        expect(parseTemplate(printTemplate(one)).template).to.deep.equal(one);
      }),
      { numRuns: 2_000 },
    );
  });

  it('in its canonical form is printed as it was', () => {
    fc.assert(
      fc.property(template, (one) => {
        const canonical = printTemplate(one);
        expect(printTemplate(parseTemplate(canonical).template)).to.equal(canonical);
      }),
      { numRuns: 2_000 },
    );
  });
});
