import { Field, InputType } from 'type-graphql';

/** What every mutation's input has. */
@InputType()
export abstract class RepeatableInput {
  @Field(() => String, {
    nullable: true,
    description:
      'An idempotency key, as in the Idempotency-Key header: the same key and input within 24 hours give the first answer again. 1 to 128 visible ASCII characters.',
  })
  clientMutationId?: string | null;
}
