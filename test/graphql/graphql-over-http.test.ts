import { expect } from 'chai';
import { auditServer } from 'graphql-http';
import { newTeam } from '../support/api.js';

describe('the API, asked by the audit of the GraphQL over HTTP specification', () => {
  it('keeps all that a server must and should do, for a caller with a token', async () => {
    const { bob } = await newTeam();
    const results = await auditServer({
      url: bob.url,
      fetchFn: (url: string, init: RequestInit = {}) =>
        fetch(url, { ...init, headers: { ...init.headers, authorization: `Bearer ${bob.token}` } }),
    });
    const failed = results.filter(({ status }) => status === 'error' || status === 'warn');
    expect(failed.map(({ id, name }) => `${id} ${name}`)).to.deep.equal([]);
    expect(results.length).to.be.greaterThan(50);
  });
});
