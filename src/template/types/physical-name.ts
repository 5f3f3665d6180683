/** Physical names as CloudFormation makes them. */
import { createHash } from 'node:crypto'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/**
 * Gives `<stack>-<logicalId>-<12 letters and digits>`, its first two parts shortened to fit. The same seed gives the
 * same name, so that an operation that is resumed after a crash finds what it had begun.
 */
export function physicalName(
  stackName: string,
  logicalId: string,
  seed: string,
  options: { maxLength?: number; lowercase?: boolean } = {},
): string {
  const digest = createHash('sha256').update(seed).digest()
  let suffix = ''
  for (let index = 0; index < 12; index++) suffix += ALPHABET[digest[index]! % ALPHABET.length]
  const room = (options.maxLength ?? 255) - suffix.length - 2
  const name = [...shortened(stackName, logicalId, room), suffix].filter(Boolean).join('-')
  return options.lowercase ? name.toLowerCase() : name
}

function shortened(stackName: string, logicalId: string, room: number): [string, string] {
  if (stackName.length + logicalId.length <= room) return [stackName, logicalId]
  const half = Math.floor(room / 2)
  if (logicalId.length <= half) return [stackName.slice(0, room - logicalId.length), logicalId]
  if (stackName.length <= half) return [stackName, logicalId.slice(0, room - stackName.length)]
  return [stackName.slice(0, half), logicalId.slice(0, room - half)]
}
