/** Refuses, by name, what a request or a template asks for and the cloud does not carry out: parameters, properties. */
import { AwsError, entryOf } from '../../model/index.ts'
import type { Properties } from './resource-type.ts'

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

/** For CloudFormation types. Errors: InvalidRequest naming the first property given that is not among the supported ones. */
export function refuseOtherProperties(
  type: string,
  properties: Properties,
  supported: readonly string[],
): void {
  const given = Object.keys(properties).find(
    (name) => entryOf(properties, name) !== undefined && !supported.includes(name),
  )
  if (given === undefined) return
  throw new AwsError(
    'InvalidRequest',
    `The embedded cloud does not support the property "${given}" of ${type}.`,
  )
}
