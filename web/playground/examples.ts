/** The operations that a new visitor finds as tabs; a tab is titled with the name of its operation. */

export interface Example {
  readonly query: string;
  /** JSON. Values travel as variables, never inside the operation, so that no copy of the operation carries one. */
  readonly variables?: string;
}

const keyId = '<id of a key, from ListKeys>';

export const examples: readonly Example[] = [
  example(`
# Who the token belongs to. Run it with Ctrl-Enter.
query WhoAmI {
  viewer {
    id
    kind
    name
    email
    role
    groups {
      id
      name
    }
    organization {
      id
      name
      slug
    }
  }
}`),

  example(
    `
# The keys you may see, and what you may do with each.
# No answer holds a value: there is no field for it.
query ListKeys($first: Int, $after: String, $filter: SecretKeyFilter) {
  secretKeys(first: $first, after: $after, filter: $filter) {
    edges {
      node {
        id
        name
        accessLevel
        viewerCan
        valueVersion
        valueUpdatedAt
        lastUsedAt
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`,
    { first: 20, filter: { scope: 'ALL' } },
  ),

  example(
    `
# Seals a value. From here on it can be used and
# replaced, but never read. RESTRICTED without grants
# makes it yours alone.
mutation CreateKey($input: CreateSecretKeyInput!) {
  createSecretKey(input: $input) {
    secretKey {
      id
      name
      accessLevel
      viewerCan
    }
    warnings {
      code
      message
    }
  }
}`,
    {
      input: {
        name: 'Example payment API key',
        value: 'fake-example-value-not-a-real-secret',
        access: { level: 'RESTRICTED', grants: [] },
      },
    },
  ),

  example(
    `
# Seals a new value over the old one. With
# "expectedVersion" in the input, a change made by
# somebody else in between is a CONFLICT.
mutation ReplaceValue($input: UpdateSecretValueInput!) {
  updateSecretValue(input: $input) {
    secretKey {
      id
      name
      valueVersion
      valueUpdatedAt
    }
    warnings {
      code
      message
    }
  }
}`,
    { input: { id: keyId, value: 'fake-replaced-value-not-a-real-secret' } },
  ),

  example(
    `
# The grants replace all earlier ones, so keep a manager
# among them. WhoAmI has your id and your groups' ids.
mutation ShareWithGroup($input: SetSecretAccessInput!) {
  setSecretAccess(input: $input) {
    secretKey {
      id
      name
      accessLevel
      viewerCan
    }
    warnings {
      code
      message
    }
  }
}`,
    {
      input: {
        id: keyId,
        level: 'RESTRICTED',
        grants: [
          { granteeId: '<your id>', permission: 'MANAGE' },
          { granteeId: '<id of a group>', permission: 'USE' },
        ],
      },
    },
  ),

  example(
    `
# Whether somebody could use a key, and why.
query WhoCould($secretKeyId: ID!, $granteeId: ID!, $action: SecretKeyAction!) {
  explainSecretAccess(secretKeyId: $secretKeyId, granteeId: $granteeId, action: $action) {
    allowed
    ruleId
    why
    paths {
      kind
      permission
      through {
        name
      }
    }
  }
}`,
    { secretKeyId: keyId, granteeId: '<id of a person or a service account>', action: 'USE' },
  ),

  example(
    `
# What happened, newest first.
query AuditLog($first: Int, $after: String) {
  auditEvents(first: $first, after: $after) {
    edges {
      node {
        sequence
        occurredAt
        type
        actorName
        subjectName
        details
      }
    }
    pageInfo {
      hasNextPage
      endCursor
    }
  }
}`,
    { first: 20 },
  ),
];

function example(query: string, variables?: unknown): Example {
  return {
    query: query.trimStart(),
    ...(variables !== undefined && { variables: JSON.stringify(variables, null, 2) }),
  };
}
