import { Field, InputType } from 'type-graphql';

/** What every mutation's input has. */
@InputType()
export abstract class RepeatableInput {
  @Field(() => String, {
    nullable: true,
    description:
      'An idempotency key, as in the Idempotency-Key header: when the same key and input come again within 24 hours, nothing is done again and the answer shows what the first request changed, as it is now. 1 to 128 visible ASCII characters.',
  })
  clientMutationId?: string | null;
}
