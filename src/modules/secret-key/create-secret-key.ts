import { recordAudit } from '../../audit/audit-log.js';
import type { Transaction } from '../../database/database.js';
import { insertUnique } from '../../database/database.js';
import { conflict } from '../../errors.js';
import { actorOf, must, mustCreate, type RequestContext } from '../../graphql/context.js';
import { write } from '../../graphql/write.js';
import { newId, type SecretKeyId } from '../../ids.js';
import { InputCheck } from '../input-check.js';
import { foldName } from '../names.js';
import { holdMembership } from '../organization/membership.js';
import { mustGrantWithinOwn, mustKeepManager, readGrants } from './grants-input.js';
import { keptById, outcomeOf } from './outcome.js';
import { storeSealedValue } from './seal-secret-value.js';
import { SecretKeyEntity } from './secret-key.entity.js';
import type { CreateSecretKeyInput } from './secret-key.inputs.js';
import type { SecretKeyOutcome } from './secret-key.type.js';
import {
  defaultPlacements,
  defaultUses,
  readAllowedHosts,
  readPlacements,
  readUses,
  warningsOfUse,
} from './use-terms.js';
import { readValue, shortestMaskable, valueWarnings } from './value-input.js';
import { type Grant, insertGrants, rebuildAccessRows, signAccess } from './write-access.js';

export const nameTaken = () => conflict('A key with this name exists in the organization.');

/** Stores a new key. The creator gets a Manage grant, which other managers may take away. */
export async function createSecretKey(ctx: RequestContext, input: CreateSecretKeyInput): Promise<SecretKeyOutcome> {
  const { organizationId, id: creatorId } = ctx.principal;
  const decision = mustCreate(ctx, { type: 'SecretKey', attributes: { organizationId } });

  const check = new InputCheck();
  const name = check.name('input.name', input.name);
  const description = check.text('input.description', input.description);
  const rawReason = check.text('input.rawReason', input.rawReason);
  const expiresAt = check.future('input.expiresAt', input.expiresAt, ctx.now);
  const terms = {
    allowedHosts: readAllowedHosts(check, input.allowedHosts ?? []),
    allowsAnyHost: false,
    placements: readPlacements(check, input.placements ?? defaultPlacements),
    uses: readUses(check, input.uses ?? defaultUses, rawReason, []),
  };
  const value = readValue(check, input.value, input.valueEncoding);
  try {
    if (terms.uses.includes('RAW') && value.length < shortestMaskable) {
      check.add('input.uses', `must not contain RAW for a value of fewer than ${shortestMaskable} bytes`);
    }
    check.done();
    const warnings = [...valueWarnings(value), ...warningsOfUse(terms)];
    return await write(
      ctx,
      'createSecretKey',
      input,
      store,
      keptById(ctx, () => warnings),
    );

    async function store(tx: Transaction): Promise<SecretKeyOutcome> {
      await holdMembership(tx, organizationId);
      const asked = await readGrants(check, tx, organizationId, input.access?.grants ?? [], 'input.access.grants');
      check.done();
      const grants: Grant[] = [
        { granteeId: creatorId, permission: 'MANAGE' },
        ...asked.filter(({ granteeId }) => granteeId !== creatorId),
      ];
      await mustKeepManager(tx, organizationId, grants);
      const accessLevel = input.access?.level ?? 'RESTRICTED';
      const id = newId<SecretKeyId>(ctx.now);
      const key = {
        organizationId,
        id,
        name,
        accessLevel,
        accessRevision: 1,
        ...terms,
        expiresAt,
        valueVersion: 1,
        valueUpdatedAt: ctx.now,
        lastUsedAt: null,
        deletedAt: null,
        createdBy: { id: creatorId },
        grants,
      };
      const managed = managedBy(ctx, accessLevel);
      if (terms.uses.includes('RAW')) must(ctx, 'allowRaw', managed);
      mustGrantWithinOwn(ctx, managed, { opensToTeam: accessLevel === 'TEAM', grants: asked });
      await insertUnique(
        () =>
          tx.manager.insert(SecretKeyEntity, {
            organizationId,
            id,
            name,
            nameKey: foldName(name),
            description,
            accessLevel,
            accessRevision: 1,
            accessSignature: signAccess(ctx.writer, key),
            ...terms,
            valueVersion: 1,
            valueUpdatedAt: ctx.now,
            expiresAt,
            lastUsedAt: 0,
            createdById: creatorId,
            createdAt: ctx.now,
            updatedAt: ctx.now,
            deletedAt: null,
            deletedById: null,
          }),
        nameTaken,
      );
      await insertGrants(tx, organizationId, id, grants);
      await rebuildAccessRows(tx, key);
      await storeSealedValue(tx, ctx.writer, { organizationId, secretKeyId: id, valueVersion: 1 }, value);
      const outcome = await outcomeOf(ctx, tx, key, warnings);
      await recordAudit(tx, actorOf(ctx), {
        type: 'secretKey.created',
        subject: { type: 'SecretKey', id, name },
        details: { accessLevel, grants, ...terms, expiresAt, ...(rawReason === null ? {} : { rawReason }) },
        decision,
      });
      return outcome;
    }
  } finally {
    value.fill(0);
  }
}

/** The key as the policy sees it once its creator manages it: what the creator may hand out follows from that. */
const managedBy = (ctx: RequestContext, accessLevel: 'TEAM' | 'RESTRICTED') => ({
  type: 'SecretKey',
  attributes: {
    organizationId: ctx.principal.organizationId,
    accessLevel,
    createdById: ctx.principal.id,
    'grantees(use)': [ctx.principal.id],
    'grantees(manage)': [ctx.principal.id],
  },
});
