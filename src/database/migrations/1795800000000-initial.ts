/** The first tables. Every key starts with organization_id, which is the shard key; `identity` is the one directory across organizations. */
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { tableDefinitions } from '../dialect.js';

export class Initial1795800000000 implements MigrationInterface {
  readonly name = 'Initial1795800000000';

  async up(runner: QueryRunner): Promise<void> {
    const { id, token, text, counter, bytes, long, createTable, createIndex } = tableDefinitions(runner);

    await createTable('organization', [
      `id ${id} NOT NULL PRIMARY KEY`,
      `slug ${token(63)} NOT NULL UNIQUE`,
      `name ${text(200)} NOT NULL`,
      `is_demo INT NOT NULL`,
      `membership_version ${counter} NOT NULL`,
      `created_at ${counter} NOT NULL`,
    ]);
    await createTable('organization_key', [
      `organization_id ${id} NOT NULL`,
      `number ${counter} NOT NULL`,
      `public_key ${bytes} NOT NULL`,
      `sealed_private_key ${bytes} NOT NULL`,
      `signature ${bytes} NOT NULL`,
      `created_at ${counter} NOT NULL`,
      'PRIMARY KEY (organization_id, number)',
    ]);

    await createTable('grantee', [
      `organization_id ${id} NOT NULL`,
      `id ${id} NOT NULL`,
      `kind ${token(16)} NOT NULL`,
      `state ${token(16)} NOT NULL`,
      `role ${token(16)} NULL`,
      `name ${text(200)} NOT NULL`,
      `name_key ${text(400)} NOT NULL`,
      `email ${text(254)} NULL`,
      `description ${text(1000)} NULL`,
      `created_by_id ${id} NULL`,
      `created_at ${counter} NOT NULL`,
      `updated_at ${counter} NOT NULL`,
      `revision ${counter} NOT NULL`,
      `signature ${bytes} NULL`,
      'PRIMARY KEY (organization_id, id)',
    ]);
    await createIndex('grantee', 'grantee_by_name', ['organization_id', 'kind', 'state', 'name_key', 'id']);
    await createTable('identity', [
      `issuer ${text(255)} NOT NULL`,
      `subject ${text(255)} NOT NULL`,
      `organization_id ${id} NOT NULL`,
      `person_id ${id} NOT NULL`,
      'PRIMARY KEY (issuer, subject, organization_id)',
    ]);
    await createIndex('identity', 'identity_by_person', ['organization_id', 'person_id']);
    await createTable('group_membership', [
      `organization_id ${id} NOT NULL`,
      `group_id ${id} NOT NULL`,
      `person_id ${id} NOT NULL`,
      `created_at ${counter} NOT NULL`,
      `signature ${bytes} NOT NULL`,
      'PRIMARY KEY (organization_id, group_id, person_id)',
    ]);
    await createIndex('group_membership', 'group_membership_by_person', ['organization_id', 'person_id', 'group_id']);
    await createTable('custom_role', [
      `organization_id ${id} NOT NULL`,
      `id ${id} NOT NULL`,
      `name ${text(120)} NOT NULL`,
      `name_key ${text(400)} NOT NULL`,
      `description ${text(1000)} NULL`,
      `permission_sets ${long} NOT NULL`,
      `created_by_id ${id} NULL`,
      `created_at ${counter} NOT NULL`,
      `updated_at ${counter} NOT NULL`,
      `revision ${counter} NOT NULL`,
      `signature ${bytes} NOT NULL`,
      'PRIMARY KEY (organization_id, id)',
      'UNIQUE (organization_id, name_key)',
    ]);
    await createIndex('custom_role', 'custom_role_by_name', ['organization_id', 'name_key', 'id']);
    // Who has which custom role. The signature of a grantee covers all of its rows here.
    await createTable('custom_role_holder', [
      `organization_id ${id} NOT NULL`,
      `grantee_id ${id} NOT NULL`,
      `custom_role_id ${id} NOT NULL`,
      'PRIMARY KEY (organization_id, grantee_id, custom_role_id)',
    ]);
    await createIndex('custom_role_holder', 'custom_role_holder_by_role', [
      'organization_id',
      'custom_role_id',
      'grantee_id',
    ]);
    await createTable('service_account_token', [
      `organization_id ${id} NOT NULL`,
      `id ${id} NOT NULL`,
      `service_account_id ${id} NOT NULL`,
      `name ${text(200)} NOT NULL`,
      `secret_hash ${token(64)} NOT NULL`,
      `expires_at ${counter} NULL`,
      `last_used_at ${counter} NULL`,
      `revoked_at ${counter} NULL`,
      `created_by_id ${id} NULL`,
      `created_at ${counter} NOT NULL`,
      'PRIMARY KEY (organization_id, id)',
    ]);
    await createIndex('service_account_token', 'service_account_token_by_account', [
      'organization_id',
      'service_account_id',
      'id',
    ]);

    await createTable('secret_key', [
      `organization_id ${id} NOT NULL`,
      `id ${id} NOT NULL`,
      `name ${text(120)} NOT NULL`,
      // The folded name; NULL on a deleted key, which frees the name and leaves the key out of the name's order.
      `name_key ${text(400)} NULL`,
      `description ${text(1000)} NULL`,
      `access_level ${token(16)} NOT NULL`,
      `access_revision ${counter} NOT NULL`,
      `access_signature ${bytes} NOT NULL`,
      `allowed_hosts ${long} NOT NULL`,
      `allows_any_host INT NOT NULL`,
      `placements ${long} NOT NULL`,
      `uses ${long} NOT NULL`,
      `value_version ${counter} NOT NULL`,
      `value_updated_at ${counter} NOT NULL`,
      `expires_at ${counter} NULL`,
      // 0: never used. Not NULL, so that the order by last use has one form.
      `last_used_at ${counter} NOT NULL`,
      `created_by_id ${id} NULL`,
      `created_at ${counter} NOT NULL`,
      `updated_at ${counter} NOT NULL`,
      `deleted_at ${counter} NULL`,
      `deleted_by_id ${id} NULL`,
      'PRIMARY KEY (organization_id, id)',
      'UNIQUE (organization_id, name_key)',
    ]);
    await createIndex('secret_key', 'secret_key_by_name', ['organization_id', 'name_key', 'id']);
    await createIndex('secret_key', 'secret_key_by_value_date', ['organization_id', 'value_updated_at', 'id']);
    await createIndex('secret_key', 'secret_key_by_last_use', ['organization_id', 'last_used_at', 'id']);
    await createIndex('secret_key', 'secret_key_by_deletion', ['organization_id', 'deleted_at', 'id']);
    await createIndex('secret_key', 'secret_key_by_creator', ['organization_id', 'created_by_id', 'id']);
    await createTable('secret_grant', [
      `organization_id ${id} NOT NULL`,
      `secret_key_id ${id} NOT NULL`,
      `grantee_id ${id} NOT NULL`,
      `permission ${token(16)} NOT NULL`,
      'PRIMARY KEY (organization_id, secret_key_id, grantee_id)',
    ]);
    await createIndex('secret_grant', 'secret_grant_by_grantee', [
      'organization_id',
      'grantee_id',
      'permission',
      'secret_key_id',
    ]);
    // A cache of the grants for lists: one row per grantee and key, Team access being a row for the organization itself.
    await createTable('secret_key_access', [
      `organization_id ${id} NOT NULL`,
      `grantee_id ${id} NOT NULL`,
      `secret_key_id ${id} NOT NULL`,
      `permission ${token(16)} NOT NULL`,
      `access_level ${token(16)} NOT NULL`,
      `name_key ${text(400)} NOT NULL`,
      `value_updated_at ${counter} NOT NULL`,
      `last_used_at ${counter} NOT NULL`,
      // A key's rows lie together, since a change of the key changes all of them; each list has an index of its own.
      'PRIMARY KEY (organization_id, secret_key_id, grantee_id)',
    ]);
    await createIndex('secret_key_access', 'secret_key_access_by_creation', [
      'organization_id',
      'grantee_id',
      'secret_key_id',
    ]);
    const accessOrder = (column: string) => ['organization_id', 'grantee_id', column, 'secret_key_id'];
    await createIndex('secret_key_access', 'secret_key_access_by_name', accessOrder('name_key'));
    await createIndex('secret_key_access', 'secret_key_access_by_value_date', accessOrder('value_updated_at'));
    await createIndex('secret_key_access', 'secret_key_access_by_last_use', accessOrder('last_used_at'));
    await createTable('sealed_value', [
      `organization_id ${id} NOT NULL`,
      `secret_key_id ${id} NOT NULL`,
      `value_version ${counter} NOT NULL`,
      `organization_key_number ${counter} NOT NULL`,
      `ciphertext ${bytes} NOT NULL`,
      `signature ${bytes} NOT NULL`,
      'PRIMARY KEY (organization_id, secret_key_id)',
    ]);
    await createIndex('sealed_value', 'sealed_value_by_key_number', [
      'organization_id',
      'organization_key_number',
      'secret_key_id',
    ]);

    await createTable('workflow', [
      `organization_id ${id} NOT NULL`,
      `id ${id} NOT NULL`,
      `name ${text(120)} NOT NULL`,
      // The folded name; NULL on a deleted workflow, which frees the name and leaves it out of the name's order.
      `name_key ${text(400)} NULL`,
      `description ${text(1000)} NULL`,
      `state ${token(16)} NOT NULL`,
      `version ${counter} NOT NULL`,
      `created_by_id ${id} NULL`,
      `created_at ${counter} NOT NULL`,
      `updated_at ${counter} NOT NULL`,
      `updated_by_id ${id} NULL`,
      `deleted_at ${counter} NULL`,
      'PRIMARY KEY (organization_id, id)',
      'UNIQUE (organization_id, name_key)',
    ]);
    await createIndex('workflow', 'workflow_by_name', ['organization_id', 'name_key', 'id']);
    await createIndex('workflow', 'workflow_by_update', ['organization_id', 'updated_at', 'id']);
    await createTable('workflow_version', [
      `organization_id ${id} NOT NULL`,
      `workflow_id ${id} NOT NULL`,
      `version ${counter} NOT NULL`,
      `steps ${long} NOT NULL`,
      `saved_by_id ${id} NOT NULL`,
      `saved_at ${counter} NOT NULL`,
      `signature ${bytes} NOT NULL`,
      'PRIMARY KEY (organization_id, workflow_id, version)',
    ]);
    // Where the current version of a workflow names a key.
    await createTable('secret_key_reference', [
      `organization_id ${id} NOT NULL`,
      `secret_key_id ${id} NOT NULL`,
      `workflow_id ${id} NOT NULL`,
      `step_id ${id} NOT NULL`,
      `place ${token(100)} NOT NULL`,
      'PRIMARY KEY (organization_id, secret_key_id, workflow_id, step_id, place)',
    ]);
    await createIndex('secret_key_reference', 'secret_key_reference_by_workflow', ['organization_id', 'workflow_id']);

    await createTable('workflow_run', [
      `organization_id ${id} NOT NULL`,
      `id ${id} NOT NULL`,
      `kind ${token(16)} NOT NULL`,
      `state ${token(16)} NOT NULL`,
      `workflow_id ${id} NULL`,
      `workflow_version ${counter} NULL`,
      // Of a test alone, which runs what has not been saved.
      `steps ${long} NULL`,
      `input ${long} NOT NULL`,
      `started_by_id ${id} NOT NULL`,
      `signature ${bytes} NOT NULL`,
      `revision ${counter} NOT NULL`,
      `queued_at ${counter} NOT NULL`,
      `started_at ${counter} NULL`,
      `finished_at ${counter} NULL`,
      `cancel_requested_at ${counter} NULL`,
      `error ${long} NULL`,
      'PRIMARY KEY (organization_id, id)',
    ]);
    await createIndex('workflow_run', 'workflow_run_by_workflow', ['organization_id', 'workflow_id', 'id']);
    await createIndex('workflow_run', 'workflow_run_by_state', ['organization_id', 'state', 'id']);
    await createIndex('workflow_run', 'workflow_run_by_starter', ['organization_id', 'started_by_id', 'id']);
    await createIndex('workflow_run', 'workflow_run_by_start', ['organization_id', 'started_at']);
    await createIndex('workflow_run', 'workflow_run_by_end', ['organization_id', 'finished_at', 'id']);
    await createTable('workflow_run_step', [
      `organization_id ${id} NOT NULL`,
      `run_id ${id} NOT NULL`,
      `position ${counter} NOT NULL`,
      `step_id ${id} NOT NULL`,
      `name ${text(64)} NOT NULL`,
      `type ${token(32)} NOT NULL`,
      `state ${token(16)} NOT NULL`,
      `started_at ${counter} NULL`,
      // Set before the first byte leaves: a step that may have been sent is never sent again.
      `sent_at ${counter} NULL`,
      `finished_at ${counter} NULL`,
      `output ${long} NULL`,
      `logs ${long} NULL`,
      `error ${long} NULL`,
      `receipt ${long} NULL`,
      'PRIMARY KEY (organization_id, run_id, position)',
    ]);
    // The runs that wait or are at work. A runner takes one by giving its row a lease.
    await createTable('active_run', [
      `organization_id ${id} NOT NULL`,
      `run_id ${id} NOT NULL`,
      // 0: waits.
      `lease_until ${counter} NOT NULL`,
      `runner_id ${id} NULL`,
      // 1 while what the run has left may hold the value of a key that was opened since.
      'is_unmasked INT NOT NULL DEFAULT 0',
      'PRIMARY KEY (organization_id, run_id)',
    ]);
    await createIndex('active_run', 'active_run_by_lease', ['organization_id', 'lease_until', 'run_id']);
    // What is left of runs whose retention time is over.
    await createTable('run_tally', [
      `organization_id ${id} NOT NULL`,
      // Empty for tests of steps that were in no workflow.
      `workflow_id ${token(36)} NOT NULL`,
      // The first instant of a day in UTC.
      `day ${counter} NOT NULL`,
      `state ${token(16)} NOT NULL`,
      `run_count ${counter} NOT NULL`,
      'PRIMARY KEY (organization_id, workflow_id, day, state)',
    ]);

    await createTable('audit_event', [
      `organization_id ${id} NOT NULL`,
      `sequence ${counter} NOT NULL`,
      `id ${id} NOT NULL`,
      `occurred_at ${counter} NOT NULL`,
      `type ${token(64)} NOT NULL`,
      `actor_id ${id} NULL`,
      `subject_id ${id} NULL`,
      `run_id ${id} NULL`,
      `body ${long} NOT NULL`,
      `hash ${token(64)} NOT NULL`,
      'PRIMARY KEY (organization_id, sequence)',
    ]);
    await createIndex('audit_event', 'audit_event_by_subject', ['organization_id', 'subject_id', 'sequence']);
    await createIndex('audit_event', 'audit_event_by_actor', ['organization_id', 'actor_id', 'sequence']);
    await createIndex('audit_event', 'audit_event_by_type', ['organization_id', 'type', 'sequence']);
    await createIndex('audit_event', 'audit_event_by_run', ['organization_id', 'run_id', 'sequence']);
    await createTable('audit_head', [
      `organization_id ${id} NOT NULL PRIMARY KEY`,
      `sequence ${counter} NOT NULL`,
      `hash ${token(64)} NOT NULL`,
    ]);

    await createTable('decision_log', [
      `organization_id ${id} NOT NULL`,
      `id ${id} NOT NULL`,
      `occurred_at ${counter} NOT NULL`,
      `principal_id ${id} NOT NULL`,
      `action ${token(64)} NOT NULL`,
      `subject_type ${token(64)} NOT NULL`,
      `effect ${token(8)} NOT NULL`,
      `rule_id ${text(200)} NULL`,
      `policy_version ${token(64)} NOT NULL`,
      `body ${long} NOT NULL`,
      'PRIMARY KEY (organization_id, id)',
    ]);
    await createIndex('decision_log', 'decision_log_by_age', ['organization_id', 'occurred_at', 'id']);

    await createTable('idempotent_answer', [
      `organization_id ${id} NOT NULL`,
      `principal_id ${id} NOT NULL`,
      `key_hash ${token(64)} NOT NULL`,
      `fingerprint ${token(64)} NOT NULL`,
      `answer ${long} NOT NULL`,
      `created_at ${counter} NOT NULL`,
      'PRIMARY KEY (organization_id, principal_id, key_hash)',
    ]);
    await createIndex('idempotent_answer', 'idempotent_answer_by_age', ['organization_id', 'created_at']);
  }

  async down(): Promise<void> {
    throw new Error('The first migration is not undone: it would delete every key.');
  }
}
