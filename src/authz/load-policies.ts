/** The policy folder as one immutable set: read, linted and compiled, or refused with every finding at once. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Principal } from '../principal.js';
import { type Authorizer, PolicyAuthorizer } from './authorizer.js';
import { type Catalogue, readCatalogue } from './catalogue.js';
import { type CompiledRule, compileRules } from './compile-rules.js';
import { type Readings, readingsOf } from './decision.js';
import { lintRules } from './lint.js';
import { type Finding, Findings, PolicyError, plain, readYaml, YamlReader } from './policy-files.js';
import { filesIn, requireKnownNames } from './policy-folder.js';
import { type PermissionSet, type Role, type Roles, readRoles, rolesOf } from './roles.js';
import { type Rule, readRules } from './rules.js';

export interface PolicySet {
  /** `sha256:` and 16 hexadecimal digits of what catalogue, roles and rules say; layout, comments and order do not count. */
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly roles: readonly Role[];
  /** What custom roles can be composed of. */
  readonly permissionSets: readonly PermissionSet[];
  readonly rules: readonly Rule[];
  /** Meant to be called once a request: for a principal seen lately it is the authorizer made then, with what it has worked out. */
  authorize(principal: Principal): Authorizer;
}

/** Throws a PolicyError that lists every finding with its file and line. */
export function loadPolicies(directory: string): PolicySet {
  const { policies, findings } = readPolicies(directory);
  if (!policies || findings.length > 0) throw new PolicyError(findings);
  return policies;
}

export interface PolicyReading {
  /** What was understood, in spite of the findings; null when that is too little. Meant for tools, never for decisions. */
  readonly policies: PolicySet | null;
  readonly findings: readonly Finding[];
}

export function readPolicies(directory: string): PolicyReading {
  const findings = new Findings();
  const reader = new YamlReader(findings);
  requireKnownNames(directory, findings);
  const catalogueFile = readYaml(directory, 'catalogue.yaml', findings);
  const rolesFile = readYaml(directory, 'roles.yaml', findings);
  const ruleFiles = filesIn(directory, 'rules', findings).flatMap((path) => readYaml(directory, path, findings) ?? []);
  if (!catalogueFile || !rolesFile || findings.all.length > 0) return { policies: null, findings: findings.all };

  const catalogue = readCatalogue(catalogueFile, reader);
  const roles = readRoles(rolesFile, reader);
  if (findings.all.length > 0) return { policies: null, findings: findings.all };

  const rules = ruleFiles.flatMap((file) => readRules(file, catalogue, roles, reader));
  if (ruleFiles.length === 0) {
    findings.add(
      { file: `${basename(directory)}/rules`, line: 1 },
      'no-rules',
      'the folder has no rules, so that nothing is allowed',
    );
  }
  lintRules(rules, catalogue, findings);

  const ruleTexts = ruleFiles.flatMap((file) => (file.kind === 'list' ? file.items : [])).map(canonical);
  const policies = new CompiledPolicies(
    versionOf([canonical(catalogueFile), canonical(rolesFile), ...ruleTexts.sort()]),
    catalogue,
    roles,
    rules,
  );
  return { policies, findings: findings.all };
}

const canonical = (node: Parameters<typeof plain>[0]): string => JSON.stringify(plain(node));

const versionOf = (texts: readonly string[]): string =>
  `sha256:${createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16)}`;

/** Of about 35 kB each. */
const mostAuthorizers = 200;

class CompiledPolicies implements PolicySet {
  /** By the names under which rules speak to the principal, of which there are few. */
  private readonly compiled = new Map<string, readonly CompiledRule[]>();
  /** By everything that a principal is, the one used last at the end. */
  private readonly authorizers = new Map<string, Authorizer>();
  private readonly readings: Readings;
  readonly roles: readonly Role[];
  readonly permissionSets: readonly PermissionSet[];

  constructor(
    readonly version: string,
    readonly catalogue: Catalogue,
    { roles, permissionSets }: Roles,
    readonly rules: readonly Rule[],
  ) {
    this.roles = roles;
    this.permissionSets = permissionSets;
    this.readings = readingsOf(rules);
  }

  authorize(principal: Principal): Authorizer {
    const key = JSON.stringify(principal);
    const authorizer =
      this.authorizers.get(key) ??
      new PolicyAuthorizer(principal, this.version, this.catalogue, this.rulesFor(principal), this.readings);
    this.authorizers.delete(key);
    this.authorizers.set(key, authorizer);
    const [oldest] = this.authorizers.keys();
    if (oldest !== undefined && this.authorizers.size > mostAuthorizers) this.authorizers.delete(oldest);
    return authorizer;
  }

  private rulesFor(principal: Principal): readonly CompiledRule[] {
    const roles = rolesOf(this, principal);
    const key = roles.join(' ');
    const compiled = this.compiled.get(key) ?? compileRules(this.rules, roles);
    this.compiled.set(key, compiled);
    return compiled;
  }
}
