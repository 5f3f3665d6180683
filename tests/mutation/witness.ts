/** Who judges mutants: the proof, and the embedded cloud that runs the pipeline for real. */
import { type FurtherNeeds, type PlacedTemplate, prove, readLandscape } from '../../src/access/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { type Example, ship } from '../journeys/ship.ts'

/** A call that is denied. */
export interface DeniedCall {
  readonly principal: string
  readonly action: string
}

export interface Testimony {
  /** Whether the pipeline does not get through. */
  readonly failed: boolean
  /** What is denied; a run tells only what it came to. */
  readonly denied: readonly DeniedCall[]
}

export type Witness = (templates: readonly PlacedTemplate[]) => Promise<Testimony>

/** The proof as witness; it tells every call that would be denied. */
export const proofWitness =
  (further: readonly FurtherNeeds[], complete: boolean): Witness =>
  async (templates) => {
    const { edges } = prove(readLandscape(templates), { further, complete })
    const denied = edges
      .filter(({ verdict }) => verdict === 'denied')
      .map(({ need }) => ({ principal: need.principal, action: need.action }))
    return { failed: denied.length > 0, denied }
  }

/** A run on the embedded cloud as witness: the templates deployed as the fleet would, the pipeline followed to its end. */
export const cloudWitness =
  (example: Example): Witness =>
  async (templates) => {
    const shipment = await ship(example, withTemplates(example.assembly, templates))
    try {
      const denied = shipment.trail
        .filter(({ decision }) => decision.effect !== 'allowed')
        .map(({ principal, action }) => ({ principal, action }))
      return { failed: shipment.state?.status !== 'Succeeded', denied }
    } finally {
      await shipment.end()
    }
  }

/** The assembly with its templates replaced, stack by stack. */
function withTemplates(assembly: Assembly, templates: readonly PlacedTemplate[]): Assembly {
  const place = (stack: string, { account, region }: PlacedTemplate['target']) =>
    `${account} ${region} ${stack}`
  const byPlace = new Map(templates.map(({ stack, target, template }) => [place(stack, target), template]))
  return {
    ...assembly,
    waves: assembly.waves.map((wave) =>
      wave.map((stack) => ({
        ...stack,
        template: byPlace.get(place(stack.name, stack.target)) ?? stack.template,
      })),
    ),
  }
}
