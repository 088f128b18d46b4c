import type { InputCheck } from '../input-check.js';

/**
 * An optional address of at most 254 characters (RFC 5321, section 4.5.3.1.3, without the angle brackets); the empty text counts
 * as none. Only its outline is checked: whether it takes mail cannot be seen from its text.
 */
export function readEmail(check: InputCheck, field: string, value: string | null | undefined): string | null {
  const email = (value ?? '').trim();
  if (email === '') return null;
  if (email.length > 254) check.add(field, 'must have at most 254 characters');
  else if (!/^[^\s@\p{C}]+@[^\s@\p{C}]+$/u.test(email)) check.add(field, 'must be an address such as name@example.com');
  return email;
}
