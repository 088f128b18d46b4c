/** Who may do what: one set of rules as a check of one object, a filter in SQL and a mask over fields. */
export { accessToSql, type SqlCondition } from './access-to-sql.js';
export type { Access, Authorizer, FieldVerdict } from './authorizer.js';
export { cellName, objectText, principalText } from './cases.js';
export type { AttributeDeclaration, Catalogue, SubjectDeclaration } from './catalogue.js';
export type { Condition, PolicySubject, Scalar } from './conditions.js';
export { type CoverageReport, type Covered, measureCoverage } from './coverage.js';
export type { Decision, LoggedDecision, Question } from './decision.js';
export { type DeclaredGain, newChanges, readDeclaredGains } from './declared-gains.js';
export { type AccessChange, diffPolicies, type PolicyDiff } from './diff.js';
export { IncomparablePoliciesError, invariantChanges } from './diff-definitions.js';
export { changeSentence, definitionSentence, listed, subjectWords, withArticle } from './diff-sentences.js';
export { type ExplainedRule, type ExplainedTerm, type Explanation, explainDecision } from './explain.js';
export { type FindingCode, findingCodes } from './finding-codes.js';
export { type InvariantReport, loadInvariants, proveInvariants, readInvariantTexts } from './invariants.js';
export { lintPolicies, type PolicyLint } from './lint-policies.js';
export { loadPolicies, type PolicySet } from './load-policies.js';
export { type AccessTable, accessTables, renderMatrix } from './matrix.js';
export { type Finding, PolicyError } from './policy-files.js';
export { PolicyHolder, type ReloadOutcome } from './policy-holder.js';
export { policySchemaText } from './policy-schema.js';
export type { AnswerField } from './prove-answers.js';
export { proveSql } from './prove-sql.js';
export {
  type Contradiction,
  Replay,
  type ReplayedChange,
  type ReplayReport,
  type Undecided,
  type Verdict,
} from './replay.js';
export type { PermissionSet } from './roles.js';
export { rolesOf } from './roles.js';
export type { Rule } from './rules.js';
export { type PolicyTestReport, runPolicyTests } from './run-policy-tests.js';
export { type SelectionChange, selectionChanges } from './selection-changes.js';
export { loadTestdata, type Testdata } from './testdata.js';
export { watchPolicies } from './watch-policies.js';
