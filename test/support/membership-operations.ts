/** The documents of operations on members, groups, service accounts and custom roles: each with everything that it can answer. */

const member = `fragment Member on Member {
  id name email role state groups { id name } customRoles { id name } identities { issuer subject } createdAt updatedAt
}`;
const group = `fragment Group on Group {
  id name description memberCount members { nodes { id name role } totalCount } createdAt updatedAt
}`;
const token = `fragment Token on ServiceAccountToken {
  id name expiresAt lastUsedAt revokedAt createdBy { id kind name } createdAt
}`;
const serviceAccount = `fragment ServiceAccount on ServiceAccount {
  id name description state tokens { ...Token } customRoles { id name } createdBy { id kind name } createdAt updatedAt
} ${token}`;
const customRole = `fragment CustomRole on CustomRole {
  id name description permissionSets holders { nodes { id kind name } totalCount } holderCount
  createdBy { id kind name } createdAt updatedAt
}`;

const shown = {
  member: `member { ...Member } } } ${member}`,
  group: `group { ...Group } } } ${group}`,
  membership: `group { ...Group } member { ...Member } } } ${group} ${member}`,
  serviceAccount: `serviceAccount { ...ServiceAccount } } } ${serviceAccount}`,
  customRole: `customRole { ...CustomRole } } } ${customRole}`,
  holding: `customRole { ...CustomRole } grantee { id kind name } } } ${customRole}`,
  deletedId: 'deletedId } }',
};
const mutation = (
  operation: string,
  answer: keyof typeof shown,
  input = `${operation.charAt(0).toUpperCase()}${operation.slice(1)}Input`,
): string => {
  return `mutation ($input: ${input}!) { ${operation}(input: $input) { ${shown[answer]}`;
};

export const addMember = mutation('addMember', 'member');
export const updateMember = mutation('updateMember', 'member');
export const setMemberRole = mutation('setMemberRole', 'member');
export const deactivateMember = mutation('deactivateMember', 'member');
export const reactivateMember = mutation('reactivateMember', 'member');

export const createGroup = mutation('createGroup', 'group');
export const updateGroup = mutation('updateGroup', 'group');
export const deleteGroup = mutation('deleteGroup', 'deletedId');
export const addGroupMember = mutation('addGroupMember', 'membership');
export const removeGroupMember = mutation('removeGroupMember', 'membership');

export const createServiceAccount = mutation('createServiceAccount', 'serviceAccount');
export const updateServiceAccount = mutation('updateServiceAccount', 'serviceAccount');
export const deactivateServiceAccount = mutation('deactivateServiceAccount', 'serviceAccount');
export const reactivateServiceAccount = mutation('reactivateServiceAccount', 'serviceAccount');
export const deleteServiceAccount = mutation('deleteServiceAccount', 'deletedId');
export const createServiceAccountToken = `mutation ($input: CreateServiceAccountTokenInput!) {
  createServiceAccountToken(input: $input) { serviceAccountToken { ...Token } token }
} ${token}`;
export const revokeServiceAccountToken = `mutation ($input: RevokeServiceAccountTokenInput!) {
  revokeServiceAccountToken(input: $input) { serviceAccountToken { ...Token } }
} ${token}`;

export const createCustomRole = mutation('createCustomRole', 'customRole');
export const updateCustomRole = mutation('updateCustomRole', 'customRole');
export const deleteCustomRole = mutation('deleteCustomRole', 'deletedId');
export const assignCustomRole = mutation('assignCustomRole', 'holding', 'CustomRoleHolderInput');
export const unassignCustomRole = mutation('unassignCustomRole', 'holding', 'CustomRoleHolderInput');

const page = `pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount totalCountIsCapped`;

export const members = `query (
  $first: Int, $after: String, $last: Int, $before: String, $search: String, $role: MemberRole, $state: AccountState
) {
  members(first: $first, after: $after, last: $last, before: $before, search: $search, role: $role, state: $state) {
    nodes { ...Member } ${page}
  }
} ${member}`;
export const groups = `query ($first: Int, $after: String, $last: Int, $before: String, $search: String) {
  groups(first: $first, after: $after, last: $last, before: $before, search: $search) { nodes { ...Group } ${page} }
} ${group}`;
export const serviceAccounts = `query (
  $first: Int, $after: String, $last: Int, $before: String, $search: String, $state: AccountState
) {
  serviceAccounts(first: $first, after: $after, last: $last, before: $before, search: $search, state: $state) {
    nodes { ...ServiceAccount } ${page}
  }
} ${serviceAccount}`;
export const customRoles = `query ($first: Int, $after: String, $last: Int, $before: String, $search: String) {
  customRoles(first: $first, after: $after, last: $last, before: $before, search: $search) {
    nodes { ...CustomRole } ${page}
  }
} ${customRole}`;
export const permissionSets = '{ permissionSets { name why offeredTo } }';

export const memberById = `query ($id: ID!) { member(id: $id) { ...Member } } ${member}`;
export const groupById = `query ($id: ID!) { group(id: $id) { ...Group } } ${group}`;
export const groupMembers = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  group(id: $id) {
    members(first: $first, after: $after, last: $last, before: $before) { nodes { id name role } ${page} }
  }
}`;
export const serviceAccountById = `query ($id: ID!) { serviceAccount(id: $id) { ...ServiceAccount } } ${serviceAccount}`;
export const customRoleById = `query ($id: ID!) { customRole(id: $id) { ...CustomRole } } ${customRole}`;
export const customRoleHolders = `query ($id: ID!, $first: Int, $after: String, $last: Int, $before: String) {
  customRole(id: $id) {
    holders(first: $first, after: $after, last: $last, before: $before) { nodes { id kind name } ${page} }
  }
}`;
