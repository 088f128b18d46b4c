/** Scalars of the API. Their errors never quote what they were given. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

const isoInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;

function parseInstant(value: unknown): number {
  const milliseconds = typeof value === 'string' && isoInstant.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) throw new GraphQLError('DateTime must be an ISO 8601 instant with a time zone.');
  return milliseconds;
}

/** In the code an instant is a number of milliseconds since 1970. */
export const DateTime = new GraphQLScalarType<number, string>({
  name: 'DateTime',
  description:
    'An instant as ISO 8601 text in UTC with milliseconds, such as `2030-01-31T09:30:00.000Z`. Input may carry another offset.',
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
