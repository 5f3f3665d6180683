/** Who judges mutants: the proof, and the embedded cloud that runs the pipeline for real. */
import { type FurtherNeeds, lint, type PlacedTemplate, prove, readLandscape } from '../../src/access/index.ts'
import type { Assembly } from '../../src/model/index.ts'
import { type Example, ship } from '../journeys/ship.ts'

/** Who did, or would do, what. */
export interface Call {
  readonly principal: string
  readonly action: string
}

export interface Testimony {
  /** Whether the pipeline does not get through. */
  readonly failed: boolean
  /** What is denied; a run tells only what it came to. */
  readonly denied: readonly Call[]
  /** What the proof's lint calls an error, in sentences that name the calls. */
  readonly refused?: readonly string[]
  /** What was called at all; only a run tells. */
  readonly called?: readonly Call[]
}

export type Witness = (templates: readonly PlacedTemplate[]) => Promise<Testimony>

/** The proof as witness; it tells every call that would be denied. What lint calls an error fails too. */
export const proofWitness =
  (further: readonly FurtherNeeds[], complete: boolean): Witness =>
  async (templates) => {
    const landscape = readLandscape(templates)
    const proof = prove(landscape, { further, complete })
    const refused = lint({ landscape, proof, complete })
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message)
    const denied = proof.edges
      .filter(({ verdict }) => verdict === 'denied')
      .map(({ need }) => ({ principal: need.principal, action: need.action }))
    return { failed: refused.length > 0 || denied.length > 0, denied, refused }
  }

/** A run on the embedded cloud as witness: the templates deployed as the fleet would, the pipeline followed to its end. */
export const cloudWitness =
  (example: Example): Witness =>
  async (templates) => {
    const shipment = await ship(example, withTemplates(example.assembly, templates))
    try {
      const denied = shipment.trail.filter(({ decision }) => decision.effect !== 'allowed').map(callOf)
      const failed = shipment.state?.status !== 'Succeeded'
      return { failed, denied, called: shipment.trail.map(callOf) }
    } finally {
      await shipment.end()
    }
  }

const callOf = ({ principal, action }: Call): Call => ({ principal, action })

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
