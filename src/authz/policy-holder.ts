/** The policies that a process decides by: replaced as a whole, between requests, by a folder that was checked first, and by no other. */
import type { Logger } from '../log.js';
import { type CheckReport, checkPolicies } from './check-policies.js';
import { loadPolicies, type PolicySet } from './load-policies.js';
import { type Finding, PolicyError } from './policy-files.js';

/** `policyVersion` is that of the policies which decide from now on. */
export type ReloadOutcome =
  | { readonly outcome: 'swapped' | 'unchanged'; readonly policyVersion: string }
  | { readonly outcome: 'refused'; readonly policyVersion: string; readonly reasons: readonly string[] };

/** Of a folder with more mistakes, the log shows the first ones. */
const mostReasonsLogged = 20;

type FindingsOf = (policies: PolicySet) => Promise<readonly Finding[]>;

export class PolicyHolder {
  #current: PolicySet;
  #wasRefused = false;
  #last: Promise<unknown> = Promise.resolve();
  /** What is wrong with policies in this process that are right in themselves. */
  #findingsOf: FindingsOf = async () => [];
  /** A reload that has been asked for and has not begun. */
  #next: Promise<ReloadOutcome> | null = null;
  readonly #closing = new AbortController();

  /** Throws a PolicyError when the folder does not load: without policies nothing starts. */
  constructor(
    private readonly folder: string,
    private readonly log: Logger,
    private readonly check: (folder: string, end: AbortSignal) => Promise<CheckReport> = checkPolicies,
  ) {
    this.#current = loadPolicies(folder);
  }

  /** Read once for each request, which is decided by it to its end. */
  get current(): PolicySet {
    return this.#current;
  }

  /** Whether the folder, when it was last looked at, held policies that were refused. */
  get wasRefused(): boolean {
    return this.#wasRefused;
  }

  /** From now on policies with such findings are refused. Throws a PolicyError when those that decide have some. */
  async require(findingsOf: FindingsOf): Promise<void> {
    const findings = await findingsOf(this.#current);
    if (findings.length > 0) throw new PolicyError(findings);
    this.#findingsOf = findingsOf;
  }

  /**
   * Takes up what the folder holds now, if `policy lint` and `policy test` find nothing in it; otherwise what decided before decides
   * on. Never rejects. Calls while another reload is under way share one that begins after it.
   */
  reload(): Promise<ReloadOutcome> {
    if (this.#next) return this.#next;
    const next = this.#last.then(() => {
      this.#next = null;
      return this.#reload();
    });
    this.#next = next;
    this.#last = next;
    return next;
  }

  /** Ends a check that is under way. */
  close(): void {
    this.#closing.abort();
  }

  async #reload(): Promise<ReloadOutcome> {
    const former = this.#current.version;
    const read = await this.#read().catch((error: unknown) => ({ reasons: reasonsIn(error) }));
    if (this.#closing.signal.aborted) return { outcome: 'unchanged', policyVersion: former };
    if ('reasons' in read) {
      this.#wasRefused = true;
      const reasons = read.reasons.slice(0, mostReasonsLogged);
      this.log.error({ policyVersion: former, findings: read.reasons.length, reasons }, 'changed policies are refused');
      return { outcome: 'refused', policyVersion: former, reasons: read.reasons };
    }
    this.#wasRefused = false;
    const { version } = read.policies;
    if (version === former) {
      this.log.info({ policyVersion: former }, 'policies say what they said before');
      return { outcome: 'unchanged', policyVersion: former };
    }
    this.#current = read.policies;
    this.log.info({ policyVersion: version, formerPolicyVersion: former }, 'changed policies decide from now on');
    return { outcome: 'swapped', policyVersion: version };
  }

  /** Reads the folder before it is checked: what is taken up is what was read, and the check must have seen the same. */
  async #read(): Promise<{ readonly policies: PolicySet } | { readonly reasons: readonly string[] }> {
    const policies = loadPolicies(this.folder);
    if (policies.version === this.#current.version) return { policies };
    const { policyVersion, reasons } = await this.check(this.folder, this.#closing.signal);
    if (reasons.length > 0) return { reasons };
    const findings = await this.#findingsOf(policies);
    if (findings.length > 0) return { reasons: findings.map(reasonOf) };
    if (policyVersion === policies.version) return { policies };
    return { reasons: ['the files changed while they were checked; reload once more'] };
  }
}

const reasonsIn = (error: unknown): readonly string[] =>
  error instanceof PolicyError ? error.findings.map(reasonOf) : [`the policies cannot be checked: ${String(error)}`];

const reasonOf = ({ file, line, message }: PolicyError['findings'][number]): string => `${file}:${line}: ${message}`;
