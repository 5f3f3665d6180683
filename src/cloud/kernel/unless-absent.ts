/** What a service answers for something that is not there, where that is no failure. */
import { AwsError } from '../../model/index.ts'

/** Gives the answer, or undefined where the service says by this code that there is nothing. */
export const unlessAbsent = <T>(answer: Promise<T>, code: string): Promise<T | undefined> =>
  answer.catch((error: unknown) => {
    if (error instanceof AwsError && error.code === code) return undefined
    throw error
  })
