/** Physical names as CloudFormation makes them: one rule for what it makes, what is proven and what is granted. */
import { digestOf } from '../digest-of.ts'
import { textOf } from '../values/text.ts'
import { Unknown, type Value } from '../values/value.ts'

/** How a resource gets its name. */
export interface NameRule {
  /** The property that gives it. */
  readonly property?: string
  /** Longest name that CloudFormation makes up; where nobody knows, a pattern ends where it is not sure any more. */
  readonly longest?: number
  /** What a made-up name consists of before its twelve characters; `stack-logical` where nothing is said. */
  readonly made?: 'stack-logical' | 'logical' | 'CFN-logical' | 'by-aws'
  /** `lower` for services that take no others. */
  readonly letters?: 'lower'
  /** How much of the stack's name a made-up name begins with, for types that shorten by rules of their own. */
  readonly sureOfStack?: number
}

const RANDOM = 12

/** The shortest `longest` of a type that nobody has measured. */
const SURELY = 50

/** What the embedded cloud takes for it. */
const USUAL = 63

/**
 * Gives the parts that a made-up name begins with, and whether they are all of it. AWS: stack and id share what the random
 * part and two hyphens leave, each as much as the other; what one does not need the other gets, and an odd character is
 * the stack's (`IdentifierUtils.fairSplit` of cloudformation-cli-java-plugin).
 */
function beginning(
  { made = 'stack-logical', longest, sureOfStack }: NameRule,
  stackName: string,
  logicalId: string,
  whenUnsure: number | undefined,
): { readonly text: string; readonly isSure: boolean } {
  if (made === 'logical' || made === 'CFN-logical') {
    const prefix = made === 'logical' ? '' : 'CFN-'
    const room = (longest ?? USUAL) - RANDOM - 1 - prefix.length
    return { text: `${prefix}${logicalId.slice(0, room)}-`, isSure: true }
  }
  if (sureOfStack !== undefined && whenUnsure === undefined)
    return { text: stackName.slice(0, sureOfStack), isSure: false }
  const room = (longest ?? whenUnsure ?? SURELY) - RANDOM - 2
  const [ofStack, ofId] = fairly(room, stackName.length, logicalId.length)
  const isWhole = ofStack === stackName.length && ofId === logicalId.length
  if (!isWhole && longest === undefined && whenUnsure === undefined)
    return { text: stackName.slice(0, ofStack), isSure: false }
  return { text: `${stackName.slice(0, ofStack)}-${logicalId.slice(0, ofId)}-`, isSure: true }
}

function fairly(room: number, one: number, other: number): [number, number] {
  if (one + other <= room) return [one, other]
  const half = Math.ceil(room / 2)
  if (one <= half) return [one, room - one]
  if (other <= room - half) return [room - other, other]
  return [half, room - half]
}

const cased = ({ letters }: NameRule, text: string): string =>
  letters === 'lower' ? text.toLowerCase() : text

/**
 * Gives the name that CloudFormation makes. The same seed gives the same name, so that an operation that is resumed after
 * a crash finds what it had begun.
 */
export function madeName(rule: NameRule, stackName: string, logicalId: string, seed: string): string {
  const { text } = beginning(rule, stackName, logicalId, USUAL)
  return cased(rule, text + randomPart(seed))
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

function randomPart(seed: string): string {
  const digest = digestOf('sha256', seed)
  let random = ''
  for (let index = 0; index < RANDOM; index++) random += ALPHABET[digest[index]! % ALPHABET.length]
  return random
}

/** Gives the same name before it is made: text with a hole. `place` is the stack, for the hole's identity. */
export function nameToBe(rule: NameRule, stackName: string, id: string, place: string): Value {
  if (rule.made === 'by-aws') return madeUp(id, place, stackName)
  const { text } = beginning(rule, stackName, id, undefined)
  const hole = new Unknown(
    `random part of the name of ${id} of ${place}`,
    { kind: 'made up', id },
    { label: `made up for ${id}`, looks: 'name' },
  )
  return textOf([cased(rule, text), hole])
}

/** What AWS makes up for a resource. */
export const madeUp = (id: string, place: string, stackName: string): Unknown =>
  new Unknown(`${id} of ${place}`, { kind: 'made up', id }, { label: `${id} of ${stackName}`, looks: 'name' })
