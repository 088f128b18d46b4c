/** What a run starts with, in the one form in which `workflow_run.input` keeps it. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

export interface RunInput {
  /** What `{{ input.… }}` reads. */
  readonly input: JsonValue;
  /** Outputs of steps by name, as if they had run: of a test alone. */
  readonly steps: Readonly<Record<string, JsonValue>>;
}
