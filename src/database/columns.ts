/** Column types shared by all entities, so that SQLite, MySQL and MariaDB store and return the same things. */
import { Column, type ColumnOptions, PrimaryColumn, type ValueTransformer } from 'typeorm';

/** Drivers return BIGINT as text or number; the application knows it as a number (milliseconds and counters stay below 2^53). */
const asNumber: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (value === null || value === undefined ? null : Number(value)),
};

const asJson: ValueTransformer = {
  to: (value: unknown) => (value === undefined ? undefined : JSON.stringify(value)),
  from: (value: unknown) => parseJson(value),
};

const asBytes: ValueTransformer = {
  to: (value: unknown) => (value instanceof Uint8Array ? Buffer.from(value) : value),
  from: (value: unknown) => (value instanceof Uint8Array ? new Uint8Array(value) : value),
};

/** JSON columns come back parsed from MySQL and as text from SQLite and MariaDB. */
export function parseJson(value: unknown): unknown {
  return typeof value === 'string' ? JSON.parse(value) : value;
}

export const PrimaryId = (name: string): PropertyDecorator => PrimaryColumn({ name, type: 'varchar', length: 36 });
export const Id = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ name, type: 'varchar', length: 36, ...options });
export const Text = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ name, type: 'varchar', ...options });
/** An instant in milliseconds since 1970. */
export const Instant = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ name, type: 'bigint', transformer: asNumber, ...options });
export const Counter = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ name, type: 'bigint', transformer: asNumber, ...options });
export const PrimaryCounter = (name: string): PropertyDecorator =>
  PrimaryColumn({ name, type: 'bigint', transformer: asNumber });
export const Json = (name: string): PropertyDecorator => Column({ name, type: 'text', transformer: asJson });
export const Bytes = (name: string, options: ColumnOptions = {}): PropertyDecorator =>
  Column({ name, type: 'blob', transformer: asBytes, ...options });
export const Flag = (name: string): PropertyDecorator =>
  Column({
    name,
    type: 'int',
    transformer: { to: (value: unknown) => (value ? 1 : 0), from: (value: unknown) => value === 1 },
  });
