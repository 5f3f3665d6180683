/** Numbers that look random and come again from the same seed. */
import { randomFrom } from '../fuzz/random.ts'

/** Gives the next number, from 0 to below 1. */
export type Random = () => number

/** A sequence of its own for each name, so that one part's draws do not shift another's. */
export function seededRandom(seed: number, name = ''): Random {
  let state = seed >>> 0
  for (const letter of name) state = Math.imul(state ^ letter.charCodeAt(0), 0x01000193)
  return randomFrom(state).next
}

/** Gives a whole number from `from` to `to`, both included. */
export const between = (random: Random, from: number, to: number): number =>
  from + Math.floor(random() * (to - from + 1))

export const oneOf = <T>(random: Random, items: readonly T[]): T =>
  items[between(random, 0, items.length - 1)]!
