/** Who judges mutants: the proof, and the embedded cloud that runs the system for real. */
import { type FurtherNeeds, lint, type PlacedTemplate, prove, readLandscape } from '../../src/access/index.ts'
import { rootArn } from '../../src/model/index.ts'
import { ADMINISTRATOR } from '../journeys/administrators.ts'
import { type Inhabitant, live } from './life.ts'

/** Who did, or would do, what. */
export interface Call {
  readonly principal: string
  readonly action: string
}

export interface Testimony {
  /** Whether the system does not get through. */
  readonly failed: boolean
  /** What is denied; a run tells only what it came to. */
  readonly denied: readonly Call[]
  /** What the proof's lint calls an error, in sentences that name the calls. */
  readonly refused?: readonly string[]
  /** What was called at all; only a run tells. */
  readonly called?: readonly Call[]
  /** What a run failed at, in words. */
  readonly failure?: string
}

export type Witness = (templates: readonly PlacedTemplate[]) => Promise<Testimony>

/** The proof as witness; it tells every call that would be denied. What lint calls an error fails too. */
export const proofWitness =
  (further: readonly FurtherNeeds[]): Witness =>
  async (templates) => {
    const landscape = readLandscape(templates)
    const proof = prove(landscape, { further, complete: true })
    const refused = lint({ landscape, proof, complete: true })
      .filter(({ severity }) => severity === 'error')
      .map(({ message }) => message)
    const denied = proof.edges
      .filter(({ verdict }) => verdict === 'denied')
      .map(({ need }) => ({ principal: need.principal, action: need.action }))
    return { failed: refused.length > 0 || denied.length > 0, denied, refused }
  }

/** A life on the embedded cloud as witness. */
export const cloudWitness =
  (inhabitant: Inhabitant): Witness =>
  async (templates) => {
    const { failure, trail } = await live(inhabitant, templates)
    const { roles } = readLandscape(templates)
    const callOf = (call: Call) => toldCall(call, (arn) => roles.has(arn))
    const denied = trail.filter(({ decision }) => decision.effect !== 'allowed').map(callOf)
    return { failed: failure !== undefined, denied, called: trail.map(callOf), failure }
  }

/**
 * The proof speaks of administrators, and of roles that stand beside the system, as their account, which is how policies
 * name them.
 */
function toldCall({ principal, action }: Call, isMade: (role: string) => boolean): Call {
  const [, , , , account = '', resource = ''] = principal.split(':')
  const isOthers = resource.startsWith('role/') && !isMade(principal)
  return {
    principal: principal.endsWith(ADMINISTRATOR) || isOthers ? rootArn(account) : principal,
    action,
  }
}
