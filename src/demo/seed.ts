/** The demo organization: people, groups and keys to try things on. Every value in it is made up. */

import { TryAgain } from '../database/database.js';
import { isDuplicate } from '../database/driver-errors.js';
import type { Services } from '../graphql/context.js';
import { createContext } from '../graphql/create-context.js';
import type { GranteeId } from '../ids.js';
import type { Logger } from '../log.js';
import { createOrganization } from '../modules/organization/create-organization.js';
import { findPerson } from '../modules/organization/find-principal.js';
import { insertGrantee, insertGroupMembership, insertIdentity } from '../modules/organization/membership.js';
import { createSecretKey } from '../modules/secret-key/create-secret-key.js';
import type { CreateSecretKeyInput } from '../modules/secret-key/secret-key.inputs.js';
import type { PersonRole } from '../principal.js';

export const demoSlug = 'acme';

const people: readonly { readonly subject: string; readonly name: string; readonly role: PersonRole }[] = [
  { subject: 'alice', name: 'Alice', role: 'ADMIN' },
  { subject: 'bob', name: 'Bob', role: 'MEMBER' },
  { subject: 'carol', name: 'Carol', role: 'MEMBER' },
  { subject: 'dave', name: 'Dave', role: 'AUDITOR' },
];

const groups: readonly { readonly name: string; readonly members: readonly string[] }[] = [
  { name: 'Growth', members: ['bob'] },
  { name: 'Platform', members: ['carol', 'alice'] },
];

const fake = (name: string): string => `not-a-real-secret-${name}`;

const keys: readonly (Omit<CreateSecretKeyInput, 'value' | 'access'> & {
  readonly by: string;
  readonly level: 'TEAM' | 'RESTRICTED';
  readonly use?: readonly string[];
  readonly manage?: readonly string[];
})[] = [
  {
    by: 'alice',
    name: 'Weather API',
    level: 'TEAM',
    description: 'Forecasts for the office dashboard.',
    allowedHosts: ['api.weather.example'],
  },
  {
    by: 'alice',
    name: 'Ticket system',
    level: 'TEAM',
    description: 'Opens and closes tickets.',
    allowedHosts: ['tickets.example.com'],
  },
  {
    by: 'bob',
    name: 'Newsletter service',
    level: 'RESTRICTED',
    use: ['Growth'],
    description: 'Sends the monthly mail.',
    allowedHosts: ['api.mail.example'],
  },
  {
    by: 'carol',
    name: 'Deployment token',
    level: 'RESTRICTED',
    use: ['deploy-bot'],
    manage: ['Platform'],
    description: 'Starts deployments.',
    allowedHosts: ['ci.example.com'],
  },
  {
    by: 'carol',
    name: 'Webhook signing key',
    level: 'RESTRICTED',
    uses: ['SEND_API_REQUEST', 'RUN_CODE', 'HMAC'],
    allowedHosts: ['hooks.example.com'],
  },
];

/** Puts the demo organization into a database that has no organization yet. Returns whether it did. */
export async function seedDemo(services: Services, issuer: string, log: Logger): Promise<boolean> {
  const { database, writer } = services;
  const isNew = await database.transaction(async (tx): Promise<boolean> => {
    const [existing] = await tx.lock('SELECT id FROM organization LIMIT 1');
    if (existing !== undefined) return false;
    const now = services.clock();
    const organizationId = await createOrganization(tx, writer, {
      slug: demoSlug,
      name: 'Acme',
      isDemo: true,
      now,
    }).catch((error: unknown) => {
      // Another api, started at the same time, is making it.
      throw isDuplicate(error) ? new TryAgain() : error;
    });
    const ids = new Map<string, GranteeId>();
    for (const { subject, name, role } of people) {
      const email = `${subject}@acme.example`;
      const personId = await insertGrantee(tx, writer, { organizationId, kind: 'PERSON', name, role, email, now });
      await insertIdentity(tx, writer, { issuer, subject, organizationId, personId });
      ids.set(subject, personId);
    }
    for (const { name, members } of groups) {
      const groupId = await insertGrantee(tx, writer, { organizationId, kind: 'GROUP', name, now });
      for (const subject of members) {
        const personId = ids.get(subject);
        if (personId !== undefined) await insertGroupMembership(tx, writer, { organizationId, groupId, personId }, now);
      }
    }
    await insertGrantee(tx, writer, {
      organizationId,
      kind: 'SERVICE_ACCOUNT',
      name: 'deploy-bot',
      description: 'Deploys from the pipeline.',
      now,
    });
    return true;
  });
  if (isNew) for (const key of keys) await seedKey(services, issuer, key, log);
  return isNew;
}

async function seedKey(services: Services, issuer: string, key: (typeof keys)[number], log: Logger): Promise<void> {
  const { by, level, use = [], manage = [], ...input } = key;
  const principal = await findPerson(services.database, services.writer.verifier, { issuer, subject: by }, demoSlug);
  if (principal === null) throw new Error('a person of the demo organization is missing');
  const ctx = createContext(services, { principal, requestId: 'demo', idempotencyKey: undefined, log });
  const grant = async (name: string, permission: 'USE' | 'MANAGE') => {
    const [row] = await services.database.query('SELECT id FROM grantee WHERE organization_id = ? AND name = ?', [
      principal.organizationId,
      name,
    ]);
    return { granteeId: String(row?.id), permission };
  };
  const grants = await Promise.all([
    ...use.map((name) => grant(name, 'USE')),
    ...manage.map((name) => grant(name, 'MANAGE')),
  ]);
  await createSecretKey(ctx, {
    ...input,
    value: fake(input.name.toLowerCase().replaceAll(' ', '-')),
    access: { level, grants },
  });
}
