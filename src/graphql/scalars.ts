/** Scalars of the API. Their errors never quote what they were given. */
import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql';

const isoInstant = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const endOfYears = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function parseInstant(value: unknown): number {
  const [text = '', date = ''] = typeof value === 'string' ? (isoInstant.exec(value) ?? []) : [];
  const milliseconds = Date.parse(text);
  // Date.parse takes the 31st of February for a day in March.
  const isDay = new Date(`${date}T00:00:00Z`).toJSON()?.startsWith(date);
  if (Number.isNaN(milliseconds) || !isDay || milliseconds < 0 || milliseconds > endOfYears) {
    throw new GraphQLError('DateTime must be an ISO 8601 instant with a time zone, from 1970 to 9999.');
  }
  return milliseconds;
}

/** In the code an instant is a number of milliseconds since 1970. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'An instant as ISO 8601 text in UTC with milliseconds, such as `2030-01-31T09:30:00.000Z`. Input may carry another offset; from 1970 to 9999.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
  serialize: (value) => new Date(value as number).toISOString(),
  parseValue: parseInstant,
  parseLiteral: (node) => parseInstant(node.kind === Kind.STRING ? node.value : null),
});

/** Output only: what an audit record says beside who, what and when. */
export const JSONObject = new GraphQLScalarType<object, object>({
  name: 'JSONObject',
  description: 'A JSON object whose members depend on the kind of event. It never holds a value of a key.',
  serialize: (value) => value as object,
  parseValue: () => {
    throw new GraphQLError('JSONObject is not an input.');
  },
});

/** As deep as anything that people write by hand or services send to each other; JSON.stringify takes a few thousand levels. */
const deepestJson = 32;
/** In bytes of UTF-8. Leaves room for the rest of a request. */
const largestJson = 64 * 1024;

const isDeeper = (value: unknown, levels: number): boolean =>
  typeof value === 'object' &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isDeeper(member, levels - 1)));

function boundedJson(value: unknown): unknown {
  if (isDeeper(value, deepestJson) || Buffer.byteLength(JSON.stringify(value) ?? '') > largestJson) {
    throw new GraphQLError('JSON must have at most 32 levels and 64 KiB.');
  }
  return value;
}

/** Any JSON. The name of the constant is not the scalar's, which is the language's own `JSON`. */
export const JSONValue = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description:
    'Any JSON: null, a truth value, a number, text, a list or an object. As input at most 32 levels and 64 KiB.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259',
  serialize: (value) => value,
  parseValue: boundedJson,
  parseLiteral: (node, variables) => boundedJson(valueFromASTUntyped(node, variables)),
});
