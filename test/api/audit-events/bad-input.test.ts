import { expect } from 'chai';
import { newTeam } from '../../support/api.js';
import { auditEvents } from '../../support/operations.js';
import { itRefusesBadPages } from '../../support/pages.js';

describe('auditEvents with bad input', () => {
  itRefusesBadPages(auditEvents, 'auditEvents', ({ alice }) => alice);

  it('names what is wrong with the filter', async () => {
    const { alice } = await newTeam();
    const type = 'is not a type of event';
    const cases: readonly (readonly [filter: Record<string, unknown>, field: string, message: string])[] = [
      [{ types: [] }, 'filter.types', 'must have 1 to 50 elements'],
      [{ types: Array(51).fill('secretKey.created') }, 'filter.types', 'must have 1 to 50 elements'],
      [{ types: ['secretKey.created', '%'] }, 'filter.types[1]', type],
      [{ types: [''] }, 'filter.types[0]', type],
      [{ types: ['a'.repeat(65)] }, 'filter.types[0]', type],
      [{ actorId: 'not-an-id' }, 'filter.actorId', 'is not an id'],
      [{ subjectId: alice.id.toUpperCase() }, 'filter.subjectId', 'is not an id'],
      [{ since: 'yesterday' }, 'filter.since', 'is not a valid DateTime'],
      [{ until: '2030-02-30' }, 'filter.until', 'is not a valid DateTime'],
      [{ hash: 'a' }, 'filter', 'has a field that is not known'],
    ];
    for (const [filter, field, message] of cases) {
      expect(await alice.refusal(auditEvents, { filter })).to.deep.equal({
        code: 'BAD_USER_INPUT',
        fields: [{ field, message }],
      });
    }
  });
});
