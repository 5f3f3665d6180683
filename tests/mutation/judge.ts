/** Holds the proof against another witness, mutant by mutant. */
import type { FurtherNeeds, PlacedTemplate } from '../../src/access/index.ts'
import { findOvergrants, prove, readLandscape } from '../../src/access/index.ts'
import { type Mutant, mutantsOf, widenedOf } from './mutants.ts'
import type { Call, Testimony, Witness } from './witness.ts'

export interface Verdict {
  readonly mutant: Mutant
  readonly proof: Testimony
  /** Absent without another witness. */
  readonly run?: Testimony
}

export interface Figures {
  readonly mutants: number
  /** Mutants that take a permission away: their proof must fail. */
  readonly weakened: number
  readonly caught: number
  /** Weakened mutants that the proof still holds for. */
  readonly missed: readonly Mutant[]
  /** Mutants about which the proof and the run disagree; none without a run. */
  readonly disagreed: readonly Verdict[]
  /** Mutants that lack only what one run does not call: to update, to delete. */
  readonly untouched: number
}

export interface JudgeOptions {
  /** The other witness. */
  readonly run?: Witness
  /** Which mutants to judge; all of them where absent. */
  readonly wanted?: (mutant: Mutant, index: number) => boolean
  /** Mutants judged side by side. */
  readonly lanes?: number
}

/** Judges mutants, in their order. */
export async function judge(
  templates: readonly PlacedTemplate[],
  proof: Witness,
  { run, wanted = () => true, lanes = 1 }: JudgeOptions = {},
): Promise<Verdict[]> {
  const mutants = [...mutantsOf(templates)].filter(wanted)
  const verdicts: Verdict[] = []
  const queue = mutants.entries()
  const lane = async () => {
    for (const [index, mutant] of queue)
      verdicts[index] = {
        mutant,
        proof: await proof(mutant.templates),
        ...(run && { run: await run(mutant.templates) }),
      }
  }
  await Promise.all(Array.from({ length: lanes }, lane))
  return verdicts
}

/** Whether a mutant takes a permission away: conditions of an Allow, and any part of a Deny, only give more. */
const isWeakened = ({ kind, effect }: Mutant): boolean => effect === 'Allow' && kind !== 'condition'

/** Sums up; `called` is what the unchanged system calls in a run. */
export function figuresOf(verdicts: readonly Verdict[], called: readonly Call[] = []): Figures {
  const touched = new Set(called.map(nameOf))
  const isUntouched = ({ proof, run }: Verdict) =>
    run?.failed === false && proof.failed && !proof.denied.some((call) => touched.has(nameOf(call)))
  const weakened = verdicts.filter(({ mutant }) => isWeakened(mutant))
  return {
    mutants: verdicts.length,
    weakened: weakened.length,
    caught: weakened.filter(({ proof }) => proof.failed).length,
    missed: weakened.filter(({ proof }) => !proof.failed).map(({ mutant }) => mutant),
    disagreed: verdicts.filter((verdict) => !agrees(verdict) && !isUntouched(verdict)),
    untouched: verdicts.filter(isUntouched).length,
  }
}

const nameOf = ({ principal, action }: Call): string => `${principal} ${action}`

/** Both get through, or both fail and the proof had told what the run met. */
export function agrees({ proof, run }: Verdict): boolean {
  if (!run) return true
  if (proof.failed !== run.failed) return false
  // A policy that AWS refuses to take is denied to nobody.
  if (!run.failed || !run.denied.length) return true
  const told = new Set(proof.denied.map(nameOf))
  const isRefused = (call: Call) => proof.refused?.some((sentence) => sentence.includes(call.action))
  return run.denied.some((call) => told.has(nameOf(call)) || isRefused(call))
}

export interface WidenedFigures {
  readonly mutants: number
  /** Mutants whose over-grants the report shows. */
  readonly shown: number
  readonly missed: readonly Mutant[]
}

/** Judges every mutant that grants more than its original: the over-grant report must say something new. */
export function judgeWidened(
  templates: readonly PlacedTemplate[],
  further: readonly FurtherNeeds[],
): WidenedFigures {
  const report = (some: readonly PlacedTemplate[]) => {
    const landscape = readLandscape(some)
    return findOvergrants(landscape, prove(landscape, { further, complete: true })).map(
      ({ message }) => message,
    )
  }
  const before = new Set(report(templates))
  const mutants = [...widenedOf(templates)]
  const missed = mutants.filter((mutant) => report(mutant.templates).every((message) => before.has(message)))
  return { mutants: mutants.length, shown: mutants.length - missed.length, missed }
}
