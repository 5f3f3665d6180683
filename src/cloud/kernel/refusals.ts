/** Refuses, by name, what a request asks for and the cloud does not carry out; for templates see `template/types/carried-out/`. */
import { AwsError } from '../../model/index.ts'

/** Errors: UnsupportedParameter naming the first member that is given though it is not supported. */
export function refuseUnsupported(input: object, members: readonly string[]): void {
  const given = members.find((member) => (input as Record<string, unknown>)[member] !== undefined)
  if (given === undefined) return
  throw new AwsError(
    'UnsupportedParameter',
    `The embedded cloud does not support the parameter "${given}" here.`,
    { status: 501 },
  )
}
