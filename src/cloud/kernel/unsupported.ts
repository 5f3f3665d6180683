/** Refuses, by name, what a request asks for and the cloud does not do. */
import { AwsError } from '../../model/index.ts'

/** Errors: UnsupportedParameter naming the first member that is given though it is not supported. */
export function refuseUnsupported(input: object, members: readonly string[]): void {
  for (const member of members) {
    if ((input as Record<string, unknown>)[member] === undefined) continue
    throw new AwsError(
      'UnsupportedParameter',
      `The embedded cloud does not support the parameter "${member}" here.`,
      {
        status: 501,
      },
    )
  }
}
