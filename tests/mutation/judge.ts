/** Holds the proof against another witness, mutant by mutant. */
import type { Excess, FurtherNeeds, PlacedTemplate } from '../../src/access/index.ts'
import { findOvergrants, prove, readLandscape } from '../../src/access/index.ts'
import { type Mutant, mutantsOf, widenedOf } from './mutants.ts'
import type { Call, Testimony, Witness } from './witness.ts'

export interface Verdict {
  readonly mutant: Mutant
  readonly proof: Testimony
  /** Absent without another witness. */
  readonly run?: Testimony
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

export interface ProofFigures {
  readonly mutants: number
  /** Mutants that take a permission away. */
  readonly weakened: number
  /** Weakened mutants that the proof fails for. */
  readonly caught: number
  /** Weakened mutants that the proof holds for, as the over-grant report had told of the part that is gone. */
  readonly told: number
  /** Weakened mutants that lack only what AWS goes on without. */
  readonly spared: number
  /** Weakened mutants of which none of this is true. */
  readonly missed: readonly Mutant[]
}

/** Sums up what the proof says of mutants of a system. */
export function proofFigures(
  verdicts: readonly Verdict[],
  templates: readonly PlacedTemplate[],
  further: readonly FurtherNeeds[],
): ProofFigures {
  const before = overgrants(templates, further)
  const weakened = verdicts.filter(({ mutant }) => isWeakened(mutant))
  const held = weakened.filter(({ proof }) => !proof.failed)
  const spares = sparedBy(templates, further)
  const unspared = held.filter(({ mutant }) => !spares(mutant))
  const missed = unspared.filter(({ mutant }) => {
    const after = new Set(overgrants(mutant.templates, further).map(({ message }) => message))
    const isGone = ({ message }: Excess) => !after.has(message)
    return !before.some((excess) => isGone(excess) || isWhole(excess, mutant))
  })
  return {
    mutants: verdicts.length,
    weakened: weakened.length,
    caught: weakened.length - held.length,
    told: unspared.length - missed.length,
    spared: held.length - unspared.length,
    missed: missed.map(({ mutant }) => mutant),
  }
}

/** Gives whether a mutant takes away what is granted, and what AWS goes on without. */
export function sparedBy(
  templates: readonly PlacedTemplate[],
  further: readonly FurtherNeeds[],
): (mutant: Mutant) => boolean {
  const optional = (of: readonly PlacedTemplate[]) =>
    prove(readLandscape(of), { further, complete: true }).edges.filter(({ need }) => need.optional).length
  const before = optional(templates)
  return (mutant) => optional(mutant.templates) < before
}

/** Whether an excess says that nobody uses anything of the statement that a mutant changes. */
const isWhole = ({ kind, origin, sid }: Excess, mutant: Mutant): boolean =>
  kind === 'statement' &&
  sid === mutant.sid &&
  origin.stack === mutant.stack &&
  origin.account === mutant.account &&
  origin.logicalId === mutant.logicalId

function overgrants(templates: readonly PlacedTemplate[], further: readonly FurtherNeeds[]): Excess[] {
  const landscape = readLandscape(templates)
  return findOvergrants(landscape, prove(landscape, { further, complete: true }))
}

export interface RunFigures {
  readonly mutants: number
  /** Mutants that proof and run both fail for, at the same call. */
  readonly failed: number
  /** Mutants that both get through with. */
  readonly held: number
  /** Mutants that lack only what the life of the unchanged system does not call. */
  readonly untouched: readonly Verdict[]
  readonly disagreed: readonly Verdict[]
}

/** Sums up what the proof says and what runs do; `called` is what the unchanged system calls in its life. */
export function runFigures(verdicts: readonly Verdict[], called: readonly Call[]): RunFigures {
  const touched = new Set(called.map(nameOf))
  const isUntouched = ({ proof, run }: Verdict) =>
    run?.failed === false && proof.failed && !proof.denied.some((call) => touched.has(nameOf(call)))
  const agreed = verdicts.filter(agrees)
  return {
    mutants: verdicts.length,
    failed: agreed.filter(({ proof }) => proof.failed).length,
    held: agreed.filter(({ proof }) => !proof.failed).length,
    untouched: verdicts.filter(isUntouched),
    disagreed: verdicts.filter((verdict) => !agrees(verdict) && !isUntouched(verdict)),
  }
}

export const nameOf = ({ principal, action }: Call): string => `${principal} ${action}`

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
  const before = new Set(overgrants(templates, further).map(({ message }) => message))
  const mutants = [...widenedOf(templates)]
  const missed = mutants.filter((mutant) =>
    overgrants(mutant.templates, further).every(({ message }) => before.has(message)),
  )
  return { mutants: mutants.length, shown: mutants.length - missed.length, missed }
}
