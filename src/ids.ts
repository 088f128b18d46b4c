/** Ids are UUIDv7 strings made by the application, branded so that two kinds cannot be swapped by accident. */
import { v7 as uuidv7, validate } from 'uuid';

declare const brand: unique symbol;
type Branded<Name extends string> = string & { readonly [brand]: Name };

export type OrganizationId = Branded<'OrganizationId'>;
/** A person, a group or a service account: whoever a key can be shared with. */
export type GranteeId = Branded<'GranteeId'>;
export type SecretKeyId = Branded<'SecretKeyId'>;
export type ServiceTokenId = Branded<'ServiceTokenId'>;
export type CustomRoleId = Branded<'CustomRoleId'>;
export type WorkflowId = Branded<'WorkflowId'>;
/** Stays with a step through every version of its workflow. */
export type StepId = Branded<'StepId'>;
export type RunId = Branded<'RunId'>;

/** A new UUIDv7; sorts by creation time. */
export const newId = <Id extends string>(atMilliseconds?: number): Id =>
  (atMilliseconds === undefined ? uuidv7() : uuidv7({ msecs: atMilliseconds })) as Id;

/** True for a UUID in its canonical lower-case form, the only form that is stored. */
export const isId = (text: string): boolean => validate(text) && text === text.toLowerCase();
