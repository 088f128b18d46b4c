import { expect } from 'chai';
import fc from 'fast-check';
import type {
  CustomRoleId,
  GranteeId,
  OrganizationId,
  RunId,
  SecretKeyId,
  ServiceTokenId,
  WorkflowId,
} from '../../src/ids.js';
import {
  accessDocument,
  customRoleDocument,
  identityDocument,
  organizationKeyDocument,
  personDocument,
  runRequestDocument,
  type SignedAccess,
  type SignedCustomRole,
  type SignedIdentity,
  type SignedPerson,
  type SignedRunRequest,
  type SignedServiceAccount,
  type SignedServiceToken,
  type SignedWorkflow,
  type SignedWorkflowVersion,
  sealedValueDocument,
  serviceAccountDocument,
  serviceTokenDocument,
  workflowDocument,
  workflowVersionDocument,
} from '../../src/vault/documents.js';
import type { SealedOrganizationKey, ValueBinding } from '../../src/vault/seal.js';
import { binding, groupId, hex, organizationId, personId, secretKeyId, serviceAccountId } from './fixtures.js';

// Few and short ids, texts and numbers, so that two documents often differ in one place, or only in where a field ends.
const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 3 });
const id = <Id extends string>() => text as fc.Arbitrary<Id>;
const customRoleId = '01900000-0000-7000-8000-0000000000c1' as CustomRoleId;
const integer = fc.integer({ min: 0, max: 2 });
const bytes = fc.uint8Array({ maxLength: 3, max: 2 });
const set = fc.array(text, { maxLength: 3 });

const valueArbitrary = fc.record<{ binding: ValueBinding; ciphertext: Uint8Array }>({
  binding: fc.record({
    organizationId: id<OrganizationId>(),
    secretKeyId: id<SecretKeyId>(),
    valueVersion: integer,
    organizationKeyNumber: integer,
  }),
  ciphertext: bytes,
});

const organizationKeyArbitrary = fc.record<SealedOrganizationKey>({
  organizationId: id<OrganizationId>(),
  number: integer,
  publicKey: bytes,
  sealedPrivateKey: bytes,
});

const accessArbitrary = fc.record<SignedAccess>({
  organizationId: id<OrganizationId>(),
  secretKeyId: id<SecretKeyId>(),
  accessRevision: integer,
  createdById: fc.option(id<GranteeId>()),
  accessLevel: fc.constantFrom('TEAM', 'RESTRICTED'),
  grants: fc.array(
    fc.record({
      granteeId: fc.constantFrom('a', 'b') as fc.Arbitrary<GranteeId>,
      permission: fc.constantFrom('USE', 'MANAGE'),
    }),
    {
      maxLength: 2,
    },
  ),
  allowedHosts: set,
  placements: set,
  uses: set,
  allowsAnyHost: fc.boolean(),
  expiresAt: fc.option(integer),
  valueVersion: integer,
  deletedAt: fc.option(integer),
});

const personArbitrary = fc.record<SignedPerson>({
  organizationId: id<OrganizationId>(),
  personId: id<GranteeId>(),
  role: fc.constantFrom('ADMIN', 'MEMBER', 'AUDITOR'),
  state: text,
  groupIds: set as fc.Arbitrary<GranteeId[]>,
  customRoleIds: set as fc.Arbitrary<CustomRoleId[]>,
  revision: integer,
});

const serviceAccountArbitrary = fc.record<SignedServiceAccount>({
  organizationId: id<OrganizationId>(),
  serviceAccountId: id<GranteeId>(),
  state: text,
  customRoleIds: set as fc.Arbitrary<CustomRoleId[]>,
  revision: integer,
});

const customRoleArbitrary = fc.record<SignedCustomRole>({
  organizationId: id<OrganizationId>(),
  customRoleId: id<CustomRoleId>(),
  permissionSets: set,
  revision: integer,
});

/** A set says the same in any order. */
const withSorted =
  <Key extends string>(...keys: readonly Key[]) =>
  <Said extends Readonly<Record<Key, readonly string[]>>>(said: Said): unknown => ({
    ...said,
    ...Object.fromEntries(keys.map((key) => [key, sortedTexts(said[key])])),
  });

const identityArbitrary = fc.record<SignedIdentity>({
  organizationId: id<OrganizationId>(),
  issuer: text,
  subject: text,
  personId: id<GranteeId>(),
});

const serviceTokenArbitrary = fc.record<SignedServiceToken>({
  organizationId: id<OrganizationId>(),
  tokenId: id<ServiceTokenId>(),
  serviceAccountId: id<GranteeId>(),
  secretHash: text,
  expiresAt: fc.option(integer),
});

const workflowArbitrary = fc.record<SignedWorkflow>({
  organizationId: id<OrganizationId>(),
  workflowId: id<WorkflowId>(),
  createdById: fc.option(id<GranteeId>()),
  version: integer,
  state: text,
  deletedAt: fc.option(integer),
});

const workflowVersionArbitrary = fc.record<SignedWorkflowVersion>({
  organizationId: id<OrganizationId>(),
  workflowId: id<WorkflowId>(),
  version: integer,
  steps: text,
});

const runRequestArbitrary = fc.record<SignedRunRequest>({
  organizationId: id<OrganizationId>(),
  runId: id<RunId>(),
  workflowId: fc.option(id<WorkflowId>()),
  workflowVersion: fc.option(integer),
  steps: fc.option(text),
  input: text,
  startedById: id<GranteeId>(),
  queuedAt: integer,
});

const workflowId = '01900000-0000-7000-8000-0000000000d1' as WorkflowId;

const access: SignedAccess = {
  organizationId,
  secretKeyId,
  accessRevision: 5,
  createdById: personId,
  accessLevel: 'RESTRICTED',
  grants: [
    { granteeId: personId, permission: 'MANAGE' },
    { granteeId: groupId, permission: 'USE' },
  ],
  allowedHosts: ['api.example.com', '*.example.org'],
  placements: ['HEADER'],
  uses: ['REQUEST', 'CODE'],
  allowsAnyHost: false,
  expiresAt: 1_800_000_000_000,
  valueVersion: 7,
  deletedAt: null,
};

/** A line is a field: its type, its length and its content. */
const golden = {
  sealedValue: [
    '6c000000a3',
    '730000001d6e69676874736166652f7369676e65642f7365616c65642d76616c7565',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303061',
    '69000000080000000000000003',
    '69000000080000000000000002',
    '7800000003010203',
  ].join(''),
  organizationKey: [
    '6c00000076',
    '73000000216e69676874736166652f7369676e65642f6f7267616e697a6174696f6e2d6b6579',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '69000000080000000000000002',
    '780000000104',
    '78000000020506',
  ].join(''),
  access: [
    '6c000001ae',
    '73000000176e69676874736166652f7369676e65642f616363657373',
    '69000000080000000000000002',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303061',
    '69000000080000000000000005',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306631',
    '730000000a52455354524943544544',
    '6c0000006f',
    '6c00000031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306632',
    '7300000003555345',
    '6c00000034',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306631',
    '73000000064d414e414745',
    '6c00000026',
    '730000000d2a2e6578616d706c652e6f7267',
    '730000000f6170692e6578616d706c652e636f6d',
    '6c0000000b',
    '7300000006484541444552',
    '6c00000015',
    '7300000004434f4445',
    '730000000752455155455354',
    '620000000100',
    '6900000008000001a3185c5000',
    '69000000080000000000000007',
    '6e00000000',
  ].join(''),
  person: [
    '6c000000f9',
    '73000000176e69676874736166652f7369676e65642f706572736f6e',
    '69000000080000000000000003',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306631',
    '730000000541444d494e',
    '7300000006414354495645',
    '6c00000029730000002430313930303030302d303030302d373030302d383030302d303030303030303030306632',
    '6c00000029730000002430313930303030302d303030302d373030302d383030302d303030303030303030306331',
    '69000000080000000000000001',
  ].join(''),
  serviceAccount: [
    '6c000000a1',
    '73000000206e69676874736166652f7369676e65642f736572766963652d6163636f756e74',
    '69000000080000000000000002',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306633',
    '7300000006414354495645',
    '6c00000000',
    '69000000080000000000000001',
  ].join(''),
  customRole: [
    '6c000000b5',
    '730000001c6e69676874736166652f7369676e65642f637573746f6d2d726f6c65',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306331',
    '6c00000023',
    '730000000c61756469742d726561646572',
    '730000000d6b65792d696e76656e746f7279',
    '69000000080000000000000001',
  ].join(''),
  identity: [
    '6c000000a2',
    '73000000196e69676874736166652f7369676e65642f6964656e74697479',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000001668747470733a2f2f6973737565722e6578616d706c65',
    '73000000056164617c31',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306631',
  ].join(''),
  serviceToken: [
    '6c000000fd',
    '730000001e6e69676874736166652f7369676e65642f736572766963652d746f6b656e',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306231',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306633',
    '730000004035653565356535653565356535653565356535653565356535653565356535653565356535653565356535653565356535653565356535653565356535653565',
    '6900000008000001a3185c5000',
  ].join(''),
  workflow: [
    '6c000000c3',
    '73000000196e69676874736166652f7369676e65642f776f726b666c6f77',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306431',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306631',
    '69000000080000000000000003',
    '7300000006414354495645',
    '6e00000000',
  ].join(''),
  workflowVersion: [
    '6c00000099',
    '73000000216e69676874736166652f7369676e65642f776f726b666c6f772d76657273696f6e',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306431',
    '69000000080000000000000003',
    '73000000025b5d',
  ].join(''),
  runRequest: [
    '6c000000f8',
    '730000001c6e69676874736166652f7369676e65642f72756e2d72657175657374',
    '69000000080000000000000001',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030303031',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306531',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306431',
    '69000000080000000000000003',
    '6e00000000',
    '73000000027b7d',
    '730000002430313930303030302d303030302d373030302d383030302d303030303030303030306631',
    '6900000008000001a3185c5000',
  ].join(''),
};

/** Two documents of one kind have the same bytes exactly when they say the same. */
function expectInjective<Said extends object>(
  arbitrary: fc.Arbitrary<Said>,
  document: (said: Said) => Uint8Array,
  normalize: (said: Said) => unknown = (said) => said,
): void {
  const meaning = (said: Said) =>
    JSON.stringify(normalize(said), (_, field) => (field instanceof Uint8Array ? hex(field) : field));
  const neighbors = fc.tuple(arbitrary, arbitrary).chain(([one, other]) =>
    // The second differs in two fields at most: an ambiguity would be near.
    fc.record({ one: fc.constant(one), two: mixture(one, other) }),
  );
  fc.assert(
    fc.property(neighbors, ({ one, two }) => {
      expect(hex(document(one)) === hex(document(two))).to.equal(meaning(one) === meaning(two));
    }),
    { numRuns: 1000 },
  );
}

function mixture<Said extends object>(one: Said, other: Said): fc.Arbitrary<Said> {
  return fc
    .subarray(Object.entries(other), { maxLength: 2 })
    .map((fields) => ({ ...one, ...Object.fromEntries(fields) }));
}

const sortedTexts = (texts: readonly string[]) => [...texts].sort();
const accessMeaning = (said: SignedAccess) => ({
  ...said,
  grants: sortedTexts(said.grants.map((grant) => JSON.stringify([grant.granteeId, grant.permission]))),
  allowedHosts: sortedTexts(said.allowedHosts),
  placements: sortedTexts(said.placements),
  uses: sortedTexts(said.uses),
});

describe('vault documents', () => {
  it('say different things with different bytes', () => {
    expectInjective(valueArbitrary, (said) => sealedValueDocument(said.binding, said.ciphertext));
    expectInjective(organizationKeyArbitrary, organizationKeyDocument);
    expectInjective(accessArbitrary, accessDocument, accessMeaning);
    expectInjective(workflowVersionArbitrary, workflowVersionDocument);
    expectInjective(runRequestArbitrary, runRequestDocument);
    expectInjective(personArbitrary, personDocument, withSorted('groupIds', 'customRoleIds'));
    expectInjective(serviceAccountArbitrary, serviceAccountDocument, withSorted('customRoleIds'));
    expectInjective(customRoleArbitrary, customRoleDocument, withSorted('permissionSets'));
    expectInjective(identityArbitrary, identityDocument);
    expectInjective(serviceTokenArbitrary, serviceTokenDocument);
    expectInjective(workflowArbitrary, workflowDocument);
  });

  it('of one kind are never documents of another, though their fields are the same', () => {
    fc.assert(
      fc.property(text, text, text, integer, bytes, (organization, subject, state, number, content) => {
        const organizationId = organization as OrganizationId;
        const grantee = subject as GranteeId;
        const documents = [
          sealedValueDocument(
            {
              organizationId,
              secretKeyId: subject as SecretKeyId,
              valueVersion: number,
              organizationKeyNumber: number,
            },
            content,
          ),
          organizationKeyDocument({ organizationId, number, publicKey: content, sealedPrivateKey: content }),
          accessDocument({ ...access, organizationId, secretKeyId: subject as SecretKeyId, accessRevision: number }),
          personDocument({
            organizationId,
            personId: grantee,
            role: 'MEMBER',
            state,
            groupIds: [],
            customRoleIds: [],
            revision: number,
          }),
          serviceAccountDocument({
            organizationId,
            serviceAccountId: grantee,
            state,
            customRoleIds: [],
            revision: number,
          }),
          customRoleDocument({
            organizationId,
            customRoleId: subject as CustomRoleId,
            permissionSets: [],
            revision: number,
          }),
          identityDocument({ organizationId, issuer: state, subject: state, personId: grantee }),
          serviceTokenDocument({
            organizationId,
            tokenId: subject as ServiceTokenId,
            serviceAccountId: grantee,
            secretHash: state,
            expiresAt: number,
          }),
          workflowDocument({
            organizationId,
            workflowId: subject as WorkflowId,
            createdById: grantee,
            version: number,
            state,
            deletedAt: null,
          }),
        ];
        expect(new Set(documents.map(hex)).size).to.equal(documents.length);
      }),
    );
  });

  it('do not depend on the order of grants, hosts, placements and uses', () => {
    const shuffled = fc.record({
      grants: fc.shuffledSubarray([...access.grants], { minLength: access.grants.length }),
      allowedHosts: fc.shuffledSubarray([...access.allowedHosts], { minLength: access.allowedHosts.length }),
      placements: fc.constant(access.placements),
      uses: fc.shuffledSubarray([...access.uses], { minLength: access.uses.length }),
    });
    fc.assert(
      fc.property(shuffled, (sets) => {
        expect(accessDocument({ ...access, ...sets })).to.deep.equal(accessDocument(access));
      }),
    );
  });

  it('never change their bytes: a row signed once stays signed', () => {
    const ciphertext = Uint8Array.of(1, 2, 3);
    const documents = {
      sealedValue: sealedValueDocument(binding, ciphertext),
      organizationKey: organizationKeyDocument({
        organizationId,
        number: 2,
        publicKey: Uint8Array.of(4),
        sealedPrivateKey: Uint8Array.of(5, 6),
      }),
      access: accessDocument(access),
      person: personDocument({
        organizationId,
        personId,
        role: 'ADMIN',
        state: 'ACTIVE',
        groupIds: [groupId],
        customRoleIds: [customRoleId],
        revision: 1,
      }),
      serviceAccount: serviceAccountDocument({
        organizationId,
        serviceAccountId,
        state: 'ACTIVE',
        customRoleIds: [],
        revision: 1,
      }),
      customRole: customRoleDocument({
        organizationId,
        customRoleId,
        permissionSets: ['key-inventory', 'audit-reader'],
        revision: 1,
      }),
      identity: identityDocument({ organizationId, issuer: 'https://issuer.example', subject: 'ada|1', personId }),
      serviceToken: serviceTokenDocument({
        organizationId,
        tokenId: '01900000-0000-7000-8000-0000000000b1' as ServiceTokenId,
        serviceAccountId,
        secretHash: '5e'.repeat(32),
        expiresAt: 1_800_000_000_000,
      }),
      workflow: workflowDocument({
        organizationId,
        workflowId,
        createdById: personId,
        version: 3,
        state: 'ACTIVE',
        deletedAt: null,
      }),
      workflowVersion: workflowVersionDocument({ organizationId, workflowId, version: 3, steps: '[]' }),
      runRequest: runRequestDocument({
        organizationId,
        runId: '01900000-0000-7000-8000-0000000000e1' as RunId,
        workflowId,
        workflowVersion: 3,
        steps: null,
        input: '{}',
        startedById: personId,
        queuedAt: 1_800_000_000_000,
      }),
    };
    expect(
      Object.fromEntries(Object.entries(documents).map(([name, document]) => [name, hex(document)])),
    ).to.deep.equal(golden);
  });
});
