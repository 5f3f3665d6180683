/** Feeds a subject with mutated samples, and tells which inputs it did not survive. */
import { mutate } from './mutate.ts'
import { randomFrom } from './random.ts'
import type { FuzzSubject } from './subject.ts'
import { textOf } from './subject.ts'

export interface Crash {
  /** With the subject's name, repeats the case. */
  readonly seed: number
  readonly input: string
  readonly error: unknown
}

/** Runs cases from `seed` on: case n has the seed `seed + n`. Gives the crashes. */
export async function fuzz(
  subject: FuzzSubject,
  { seed, cases, until }: { readonly seed: number; readonly cases: number; readonly until?: () => boolean },
): Promise<Crash[]> {
  const crashes: Crash[] = []
  for (let index = 0; index < cases && !until?.(); index++) {
    const input = inputOf(subject, seed + index)
    try {
      await subject.run(input)
    } catch (error) {
      crashes.push({ seed: seed + index, input: textOf(input).slice(0, 2000), error })
    }
  }
  return crashes
}

/** Gives the input of a case; the first cases of a seed of zero are the samples themselves. */
export function inputOf({ samples }: FuzzSubject, seed: number): unknown {
  const random = randomFrom(seed)
  return mutate(random.pick(samples), random)
}
