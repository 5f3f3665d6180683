/** Holds the proof against another witness, mutant by mutant. */
import type { FurtherNeeds, PlacedTemplate } from '../../src/access/index.ts'
import { findOvergrants, prove, readLandscape } from '../../src/access/index.ts'
import { type Mutant, mutantsOf, widenedOf } from './mutants.ts'
import type { DeniedCall, Witness } from './witness.ts'

export interface Verdict {
  readonly mutant: Mutant
  readonly proof: readonly DeniedCall[]
  /** Absent without another witness. */
  readonly run?: readonly DeniedCall[]
}

export interface Figures {
  readonly mutants: number
  /** Mutants that take a permission away: their proof must fail. */
  readonly weakened: number
  readonly caught: number
  /** Weakened mutants that the proof still holds for. */
  readonly missed: readonly Mutant[]
  /** Mutants where the proof and the run disagree about the call that fails first; none without a run. */
  readonly disagreed: readonly Verdict[]
}

/** Judges every mutant, or those that `wanted` lets through. */
export async function judge(
  templates: readonly PlacedTemplate[],
  proof: Witness,
  options: { run?: Witness; wanted?: (mutant: Mutant, index: number) => boolean } = {},
): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  let index = 0
  for (const mutant of mutantsOf(templates)) {
    if (options.wanted && !options.wanted(mutant, index++)) continue
    const run = options.run && { run: await options.run(mutant.templates) }
    verdicts.push({ mutant, proof: await proof(mutant.templates), ...run })
  }
  return verdicts
}

/** Whether a mutant takes a permission away: conditions of an Allow, and any part of a Deny, only give more. */
const isWeakened = ({ kind, effect }: Mutant): boolean => effect === 'Allow' && kind !== 'condition'

/** Sums up. */
export function figuresOf(verdicts: readonly Verdict[]): Figures {
  const weakened = verdicts.filter(({ mutant }) => isWeakened(mutant))
  return {
    mutants: verdicts.length,
    weakened: weakened.length,
    caught: weakened.filter(({ proof }) => proof.length).length,
    missed: weakened.filter(({ proof }) => !proof.length).map(({ mutant }) => mutant),
    disagreed: verdicts.filter((verdict) => verdict.run && !agrees(verdict)),
  }
}

/** A run ends at its first denial, which must be among those that the proof tells. */
function agrees({ proof, run = [] }: Verdict): boolean {
  const [first] = run
  if (!first) return proof.length === 0
  return proof.some(({ principal, action }) => principal === first.principal && action === first.action)
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
