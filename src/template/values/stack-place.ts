/** The stack that something is not known of: its name is its own in its account and region only. */
import { type Reason, Unknown, type UnknownDetails } from './value.ts'

export interface StackPlace {
  /** What tells the stack from all others. */
  readonly place: string
  /** How it is spoken of. */
  readonly title: string
}

/** Gives what identities of unknown values tell of a stack, and what words do. */
export const placeOfStack = (stack: {
  readonly account: string
  readonly region: string
  readonly stackName: string
}): StackPlace => ({
  place: `${stack.stackName} in ${stack.account} ${stack.region}`,
  title: stack.stackName,
})

/** Gives something of a stack that nobody knows. */
export const unknownOf = (
  { place, title }: StackPlace,
  what: string,
  why: Reason,
  details: UnknownDetails = {},
): Unknown => new Unknown(`${what} of ${place}`, why, { label: `${what} of ${title}`, ...details })
