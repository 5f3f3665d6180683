/** What CodeDeploy and the embedded cloud refuse. */
import { AwsError } from '../../../../model/index.ts'
import type { Platform } from '../state.ts'

export const badToken = (): AwsError =>
  new AwsError('InvalidNextTokenException', 'The next token was specified in an invalid format')

/** AWS: the entries of a page; nobody says how many. */
export const PAGE = 100

/** Errors: UnsupportedParameter for the platform of instances, which is meant where none is given. */
export function platformFrom(given: string | undefined): Platform {
  if (given === 'Lambda' || given === 'ECS') return given
  throw new AwsError(
    'UnsupportedParameter',
    `The embedded cloud has no instances to deploy to, so it knows no compute platform ${given ?? 'Server, which is meant where none is given'}. Set computePlatform to Lambda or ECS.`,
    { status: 501 },
  )
}
