/** Who judges mutants: the proof, and whatever can run a pipeline for real. */
import { type FurtherNeeds, type PlacedTemplate, prove, readLandscape } from '../../src/access/index.ts'

/** A call that is denied. */
export interface DeniedCall {
  readonly principal: string
  readonly action: string
}

/** Tells what is denied when the pipelines of a set of templates run; nothing when they run through. */
export type Witness = (templates: readonly PlacedTemplate[]) => Promise<readonly DeniedCall[]>

/** The proof as witness; it tells every call that would be denied. */
export const proofWitness =
  (further: readonly FurtherNeeds[], complete: boolean): Witness =>
  async (templates) =>
    prove(readLandscape(templates), { further, complete })
      .edges.filter(({ verdict }) => verdict === 'denied')
      .map(({ need }) => ({ principal: need.principal, action: need.action }))
