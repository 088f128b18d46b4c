/** Enumerations of the API for members, service accounts and groups. Their values are the ones that the database holds. */
import { registerEnumType } from 'type-graphql';

/** Deleted accounts are in no answer, so there is no value for them. */
export const AccountState = { ACTIVE: 'ACTIVE', DEACTIVATED: 'DEACTIVATED' } as const;
export type AccountStateName = keyof typeof AccountState;
registerEnumType(AccountState, {
  name: 'AccountState',
  description: 'Whether a member or a service account can sign in.',
  valuesConfig: {
    ACTIVE: { description: 'Can sign in.' },
    DEACTIVATED: { description: 'Cannot sign in; groups and grants are kept for its return.' },
  },
});
