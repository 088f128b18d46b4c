import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { RequestContext } from '../../graphql/context.js';
import { ShortPageArgs } from '../../graphql/page.args.js';
import { SecretKey } from '../secret-key/secret-key.type.js';
import { listReferences } from './references-of-key.js';
import { SecretKeyReference, SecretKeyReferenceConnection } from './secret-key-reference.type.js';

@Resolver(() => SecretKey)
export class ReferencesOfSecretKeyResolver {
  @FieldResolver(() => SecretKeyReferenceConnection, {
    nullable: true,
    description: 'Where workflows name the key; for its managers, administrators and auditors, null otherwise.',
  })
  async references(@Ctx() ctx: RequestContext, @Root() key: SecretKey, @Args(() => ShortPageArgs) args: ShortPageArgs) {
    const page = await listReferences(ctx, key.record, args);
    return new SecretKeyReferenceConnection({
      ...page,
      nodes: page.nodes.map((record) => new SecretKeyReference(key, record)),
    });
  }
}

@Resolver(() => SecretKeyReference)
export class SecretKeyReferenceResolver {
  @FieldResolver(() => String, { nullable: true, description: 'The name of the step.' })
  async step(@Ctx() ctx: RequestContext, @Root() { record }: SecretKeyReference): Promise<string | null> {
    const steps = await ctx.loaders.stepsOfWorkflow.load(record.workflow.id);
    return steps.find(({ id }) => id === record.stepId)?.name ?? null;
  }
}
