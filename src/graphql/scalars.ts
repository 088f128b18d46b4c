/** Scalars of the API. Their errors never quote what they were given. */
import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';

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
