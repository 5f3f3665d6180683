/** Refuses, by name, CloudFormation properties that the embedded cloud does not carry out. */
import { AwsError, entryOf } from '../../model/index.ts'
import type { Properties } from './resource-type.ts'

/** Errors: InvalidRequest naming the first property given that is not among the supported ones. */
export function refuseOtherProperties(
  type: string,
  properties: Properties,
  supported: readonly string[],
): void {
  for (const name of Object.keys(properties)) {
    if (entryOf(properties, name) === undefined || supported.includes(name)) continue
    throw new AwsError(
      'InvalidRequest',
      `The embedded cloud does not support the property "${name}" of ${type}.`,
    )
  }
}
