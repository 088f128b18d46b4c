import { ApiError } from '../../src/errors.js';

export type Answer<Result> = Result | Pick<ApiError, 'code' | 'message' | 'extensions' | 'detail'>;

/** What a call gives: its result, or all that its `ApiError` tells. Any other error is thrown on. */
export async function answerOf<Result>(call: () => Promise<Result>): Promise<Answer<Result>> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const { code, message, extensions, detail } = error;
    return { code, message, extensions, detail };
  }
}
