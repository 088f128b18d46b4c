/** The documents that tests send: each operation with everything that it can answer about a key. */

const key = `fragment Key on SecretKey {
  id name description accessLevel accessRevision grants { grantee { id kind name } permission } viewerCan
  allowedHosts allowsAnyHost placements uses valueVersion valueUpdatedAt expiresAt lastUsedAt
  createdBy { id kind name } createdAt updatedAt deletedAt
}`;

const mutation = (operation: string, input: string): string =>
  `mutation ($input: ${input}!) { ${operation}(input: $input) { secretKey { ...Key } warnings { code } } } ${key}`;

export const createSecretKey = mutation('createSecretKey', 'CreateSecretKeyInput');
export const renameSecretKey = mutation('renameSecretKey', 'RenameSecretKeyInput');
export const updateSecretValue = mutation('updateSecretValue', 'UpdateSecretValueInput');
export const setSecretAccess = mutation('setSecretAccess', 'SetSecretAccessInput');
export const setSecretUse = mutation('setSecretUse', 'SetSecretUseInput');
export const restoreSecretKey = mutation('restoreSecretKey', 'RestoreSecretKeyInput');
export const deleteSecretKey =
  'mutation ($input: DeleteSecretKeyInput!) { deleteSecretKey(input: $input) { deletedId restorableUntil } }';

export const secretKey = `query ($id: ID!) { secretKey(id: $id) { ...Key } } ${key}`;
export const secretKeys = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: SecretKeyFilter, $orderBy: SecretKeyOrder) {
  secretKeys(first: $first, after: $after, last: $last, before: $before, filter: $filter, orderBy: $orderBy) {
    nodes { id name }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
    totalCountIsCapped
  }
}`;
export const deletedSecretKeys = `query ($first: Int, $after: String, $last: Int, $before: String) {
  deletedSecretKeys(first: $first, after: $after, last: $last, before: $before) {
    nodes { id name viewerCan deletedAt }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
    totalCountIsCapped
  }
}`;
export const grantees = `query ($first: Int, $after: String, $last: Int, $before: String, $search: String, $kinds: [GranteeKind!]) {
  grantees(first: $first, after: $after, last: $last, before: $before, search: $search, kinds: $kinds) {
    nodes { id kind name email state }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
    totalCountIsCapped
  }
}`;
export const auditEvents = `query ($first: Int, $after: String, $last: Int, $before: String, $filter: AuditEventFilter) {
  auditEvents(first: $first, after: $after, last: $last, before: $before, filter: $filter) {
    nodes { sequence type actorName subjectName }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    totalCount
    totalCountIsCapped
  }
}`;
export const viewer = `{
  viewer {
    id kind name email role policyVersion operations
    groups { id kind name email state }
    organization { id name slug createdAt }
  }
}`;
export const previewSetSecretAccess = `query ($input: SetSecretAccessInput!) {
  previewSetSecretAccess(input: $input) {
    gains { grantee { id kind name } before after }
    gainCount
    losses { grantee { id kind name } before after }
    lossCount
  }
}`;
export const explainSecretAccess = `query ($secretKeyId: ID!, $granteeId: ID!, $action: SecretKeyAction!) {
  explainSecretAccess(secretKeyId: $secretKeyId, granteeId: $granteeId, action: $action) {
    secretKeyId action allowed ruleId why policyVersion
    paths { kind permission through { id kind name } }
  }
}`;
