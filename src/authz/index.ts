/** Who may do what: one set of rules as a check of one object, a filter in SQL and a mask over fields. */
export { accessToSql, type SqlCondition } from './access-to-sql.js';
export type { Access, Authorizer, Decision, FieldVerdict } from './authorizer.js';
export type { AttributeDeclaration, Catalogue, SubjectDeclaration } from './catalogue.js';
export type { Condition, PolicySubject, Scalar } from './conditions.js';
export { loadPolicies, type PolicySet } from './load-policies.js';
export { renderMatrix } from './matrix.js';
export { type Finding, PolicyError } from './policy-files.js';
export { policySchema } from './policy-schema.js';
export type { Rule } from './rules.js';
export { type PolicyTestReport, runPolicyTests } from './run-policy-tests.js';
export { loadTestdata, type Testdata } from './testdata.js';
