import { expect } from 'chai';
import { newId } from '../../../src/ids.js';
import { newTeam } from '../../support/api.js';
import { walk } from '../../support/pages.js';
import { createKey } from '../../support/secret-keys.js';
import { deleteWorkflow, workflows } from '../../support/workflow-operations.js';
import { makeWorkflow, requestInput } from '../../support/workflows.js';

interface Named {
  readonly name: string;
}

describe('workflows', () => {
  it('gives every workflow once in each order, from both ends, and neither deleted nor foreign ones', async () => {
    const { bob, carol, dave, stranger } = await newTeam();
    for (const name of ['b', 'A', 'd', 'C']) await makeWorkflow(bob, { name });
    await makeWorkflow(stranger);
    await carol.data(deleteWorkflow, { input: { id: await makeWorkflow(carol) } });
    for (const [field, names] of Object.entries({
      NAME: ['A', 'b', 'C', 'd'],
      CREATED_AT: ['b', 'A', 'd', 'C'],
      UPDATED_AT: ['b', 'A', 'd', 'C'],
    })) {
      for (const direction of ['ASC', 'DESC']) {
        const expected = direction === 'ASC' ? names : names.toReversed();
        for (const end of ['forward', 'backward'] as const) {
          const read = await walk<Named>(dave, workflows, end, 3, { orderBy: { field, direction } });
          expect(read.map(({ name }) => name)).to.deep.equal(expected);
        }
      }
    }
  });

  it('is narrowed by part of the name, state, key and creator, and counts what is left', async () => {
    const { bob, carol } = await newTeam();
    const key = await createKey(bob);
    await makeWorkflow(bob, { name: 'Sync users', steps: [requestInput({}, key)] });
    await makeWorkflow(carol, { name: 'Send 100%', activate: true });
    for (const [filter, names] of [
      [{}, ['Send 100%', 'Sync users']],
      [{ search: 'USER' }, ['Sync users']],
      [{ search: '%' }, ['Send 100%']],
      [{ state: 'ACTIVE' }, ['Send 100%']],
      [{ secretKeyId: key }, ['Sync users']],
      [{ secretKeyId: newId() }, []],
      [{ createdByMe: true }, ['Sync users']],
      [{ createdByMe: true, state: 'ACTIVE' }, []],
    ] as const) {
      const { workflows: page } = await bob.data(workflows, { filter });
      expect([filter, page.nodes.map(({ name }: Named) => name), page.totalCount]).to.deep.equal([
        filter,
        names,
        names.length,
      ]);
    }
  });
});
