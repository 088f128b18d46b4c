import { expect } from 'chai';
import { type Client, newTeam } from '../../support/api.js';
import { viewer } from '../../support/operations.js';
import { addGroups } from '../../support/people.js';

const queries = [
  'viewer',
  'secretKeys',
  'secretKey',
  'deletedSecretKeys',
  'grantees',
  'explainSecretAccess',
  'previewSetSecretAccess',
  'members',
  'member',
  'groups',
  'group',
  'serviceAccounts',
  'serviceAccount',
  'workflows',
  'workflow',
  'workflowRuns',
  'workflowRun',
  'workflowRunChanged',
  'permissionSets',
  'customRoles',
  'customRole',
];
const changes = [
  'createSecretKey',
  'renameSecretKey',
  'updateSecretValue',
  'setSecretAccess',
  'setSecretUse',
  'deleteSecretKey',
  'restoreSecretKey',
  'createWorkflow',
  'renameWorkflow',
  'setWorkflowSteps',
  'activateWorkflow',
  'deactivateWorkflow',
  'duplicateWorkflow',
  'deleteWorkflow',
  'replaceSecretKeyReferences',
  'runWorkflow',
  'testAction',
  'cancelRun',
];
const administration = [
  'addMember',
  'updateMember',
  'setMemberRole',
  'deactivateMember',
  'reactivateMember',
  'createGroup',
  'updateGroup',
  'deleteGroup',
  'addGroupMember',
  'removeGroupMember',
  'createServiceAccount',
  'updateServiceAccount',
  'deactivateServiceAccount',
  'reactivateServiceAccount',
  'deleteServiceAccount',
  'createServiceAccountToken',
  'revokeServiceAccountToken',
  'createCustomRole',
  'updateCustomRole',
  'deleteCustomRole',
  'assignCustomRole',
  'unassignCustomRole',
];

describe('viewer', () => {
  it('tells everyone who they are, where, in which groups, and what they may call', async () => {
    const team = await newTeam();
    const { alice, api, bob, carol, dave, deployBot, growth, organizationId, platform, slug } = team;
    const group = (id: string, name: string) => ({ id, kind: 'GROUP', name, email: null, state: 'ACTIVE' });
    const views: readonly (readonly [Client, role: string | null, groups: readonly object[], operations: string[]])[] =
      [
        [alice, 'ADMIN', [group(platform, 'Platform')], [...queries, 'auditEvents', ...changes, ...administration]],
        [bob, 'MEMBER', [group(growth, 'Growth')], [...queries, ...changes]],
        [carol, 'MEMBER', [group(platform, 'Platform')], [...queries, ...changes]],
        [dave, 'AUDITOR', [], [...queries, 'auditEvents']],
        [deployBot, null, [], [...queries, ...changes]],
      ];
    for (const [client, role, groups, operations] of views) {
      const { viewer: seen } = await client.data(viewer);
      expect(seen).to.deep.equal({
        id: client.id,
        kind: role === null ? 'SERVICE_ACCOUNT' : 'PERSON',
        name: client.name,
        email: role === null ? null : `${client.name.toLowerCase()}@team.example`,
        role,
        policyVersion: api.services.policies.version,
        operations: operations.sort(),
        groups,
        organization: { id: organizationId, name: 'Team', slug, createdAt: seen.organization.createdAt },
      });
    }
  });

  it('lists many groups by name', async () => {
    const team = await newTeam();
    await addGroups(team, 12, [team.dave]);
    const { viewer: seen } = await team.dave.data(viewer);
    expect(seen.groups.map(({ name }: { name: string }) => name)).to.deep.equal(
      Array.from({ length: 12 }, (_, index) => `group-${index}`).sort(),
    );
  });
});
