/** The policy folder as one immutable set: read, linted and compiled, or refused with every finding at once. */
import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Principal } from '../principal.js';
import { type Authorizer, PolicyAuthorizer } from './authorizer.js';
import { type Catalogue, readCatalogue } from './catalogue.js';
import { type CompiledRule, compileRules } from './compile-rules.js';
import { lintRules } from './lint.js';
import { Findings, plain, readYaml, YamlReader, yamlFilesIn } from './policy-files.js';
import { type Role, type Rule, readRoles, readRules, rolesOf } from './rules.js';

export interface PolicySet {
  /** `sha256:` and 16 hexadecimal digits of what catalogue, roles and rules say; layout, comments and order do not count. */
  readonly version: string;
  readonly catalogue: Catalogue;
  readonly roles: readonly Role[];
  readonly rules: readonly Rule[];
  /** Costs tens of microseconds: meant to be called once a request. */
  authorize(principal: Principal): Authorizer;
}

/** Throws a PolicyError that lists every finding with its file and line. */
export function loadPolicies(directory: string): PolicySet {
  const findings = new Findings();
  const reader = new YamlReader(findings);
  const catalogueFile = readYaml(directory, 'catalogue.yaml', findings);
  const rolesFile = readYaml(directory, 'roles.yaml', findings);
  const ruleFiles = yamlFilesIn(directory, 'rules').map((path) => readYaml(directory, path, findings));
  findings.throwIfAny();

  const catalogue = readCatalogue(catalogueFile, reader);
  const roles = readRoles(rolesFile, reader);
  findings.throwIfAny();

  const rules = ruleFiles.flatMap((file) => readRules(file, catalogue, roles, reader));
  if (ruleFiles.length === 0) {
    findings.add(
      { file: `${basename(directory)}/rules`, line: 1 },
      'the folder has no rules, so that nothing is allowed',
    );
  }
  lintRules(rules, catalogue, findings);
  findings.throwIfAny();

  const ruleTexts = ruleFiles.flatMap((file) => (file.kind === 'list' ? file.items : [])).map(canonical);
  return new CompiledPolicies(
    versionOf([canonical(catalogueFile), canonical(rolesFile), ...ruleTexts.sort()]),
    catalogue,
    roles,
    rules,
  );
}

const canonical = (node: Parameters<typeof plain>[0]): string => JSON.stringify(plain(node));

const versionOf = (texts: readonly string[]): string =>
  `sha256:${createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 16)}`;

class CompiledPolicies implements PolicySet {
  /** By the principal's roles, of which there are few. */
  private readonly compiled = new Map<string, readonly CompiledRule[]>();

  constructor(
    readonly version: string,
    readonly catalogue: Catalogue,
    readonly roles: readonly Role[],
    readonly rules: readonly Rule[],
  ) {}

  authorize(principal: Principal): Authorizer {
    return new PolicyAuthorizer(principal, this.version, this.catalogue, this.rulesFor(principal));
  }

  private rulesFor(principal: Principal): readonly CompiledRule[] {
    const roles = rolesOf(this.roles, principal);
    const key = roles.join(' ');
    const compiled = this.compiled.get(key) ?? compileRules(this.rules, roles);
    this.compiled.set(key, compiled);
    return compiled;
  }
}
