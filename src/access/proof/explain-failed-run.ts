/** From a failed action to the permission that it lacked: its message and the proof, put together. */

import { compileWildcard } from '../../iam/index.ts'
import type { Need } from '../../model/index.ts'
import { reason } from '../../pipeline/index.ts'
import type { KnownRole, Landscape } from '../landscape/landscape.ts'
import { denialsIn, isSamePrincipal, type ToldDenial } from './denial-sentence.ts'
import type { FurtherNeeds } from './gather-edges.ts'
import { type Edge, isFailed, type Proof, type Use } from './proof.ts'
import { prove } from './prove.ts'

/** An action that failed in a run, as the service tells it. */
export interface FailedAction {
  readonly pipeline: string
  readonly execution: string
  readonly stage: string
  readonly action: string
  /** Everything that was said about it: the action's message, the stack's events, the build's phases. */
  readonly messages: readonly string[]
  /** What the embedded cloud's trail says besides; AWS keeps no such record. */
  readonly denials: readonly ToldDenial[]
}

/** One denied call, and what the policies say of it now. */
export interface ExplainedDenial extends ToldDenial {
  /** The permission as it was proven; absent where the message does not tell enough. */
  readonly edge?: Edge
}

export interface FailedRun extends FailedAction {
  readonly explained: readonly ExplainedDenial[]
}

export interface Diagnosis {
  /** The proof, with the edges of the failed action first. */
  readonly proof: Proof
  /** The proof of what the declaration tells alone, without what only the failed run showed. */
  readonly foreseen: Proof
  readonly failedRun?: FailedRun
}

/** Proves the landscape; after a failed run, starting from the failed action. */
export function diagnose(
  landscape: Landscape,
  further: readonly FurtherNeeds[],
  failed: FailedAction | undefined,
): Diagnosis {
  if (!failed) {
    const proof = prove(landscape, { further })
    return { proof, foreseen: proof }
  }
  const told = distinct([...failed.messages.flatMap(denialsIn), ...failed.denials], landscape)
  const { edges, ...proof } = proveTold(told, withoutDoubt(landscape, told), further, failed)
  const explained = told.map((one): ExplainedDenial => {
    const edge = bestEdge(edgesFor(one, edges, failed), failed)
    return { ...one, ...(edge && { edge }) }
  })
  const culprits = new Set(explained.flatMap(({ edge }) => edge ?? []))
  return {
    proof: {
      ...proof,
      edges: inOrder(edges, (edge) => rank(edge, culprits, failed)),
      uses: inOrder(proof.uses, (use) => Number(!isFailedUse(use, failed))),
    },
    foreseen: { ...proof, edges: edges.filter(({ need }) => need.origin?.kind !== 'run') },
    failedRun: { ...failed, explained },
  }
}

/** Proves the denied calls too, where no need of the pipeline foresees them. */
function proveTold(
  told: readonly ToldDenial[],
  landscape: Landscape,
  further: readonly FurtherNeeds[],
  failed: FailedAction,
): Proof {
  const proof = prove(landscape, { further })
  const needs = told
    .filter((one) => !edgesFor(one, proof.edges, failed).length)
    .flatMap((one) => needOf(one, landscape))
  const title = `${failed.stage} › ${failed.action}, denied in the last run`
  return needs.length
    ? prove(landscape, { further: [...further, { pipeline: failed.pipeline, title, needs }] })
    : proof
}

/** A policy that could not be read does not allow what the run was denied: the run is the witness. */
function withoutDoubt(landscape: Landscape, told: readonly ToldDenial[]): Landscape {
  const denied = new Set(told.map(({ resource }) => resource))
  const unread = new Map([...(landscape.unread ?? [])].filter(([arn]) => !denied.has(arn)))
  return { ...landscape, unread }
}

/** The trail and the message often tell the same call; the one that tells more stays. */
function distinct(told: readonly ToldDenial[], landscape: Landscape): ToldDenial[] {
  const found: ToldDenial[] = []
  for (const one of told.map((denial) => withPath(denial, landscape))) {
    const at = found.findIndex((other) => isSameCall(one, other))
    if (at < 0) found.push(one)
    else if (weight(one) > weight(found[at]!)) found[at] = { ...one, message: found[at]!.message }
  }
  return found
}

const isSameCall = (one: ToldDenial, other: ToldDenial): boolean =>
  one.action === other.action &&
  (!one.resource || !other.resource || one.resource === other.resource) &&
  (!one.principal || !other.principal || isSamePrincipal(one.principal, other.principal))

const weight = ({ principal, resource }: ToldDenial): number =>
  Number(Boolean(principal)) + Number(Boolean(resource))

/** Gives the role's whole ARN where only its name is told. */
function withPath(denial: ToldDenial, { roles }: Landscape): ToldDenial {
  const { principal } = denial
  if (!principal || roles.has(principal)) return denial
  const role = [...roles.values()].find((one: KnownRole) => isSamePrincipal(one.arn, principal))
  return role ? { ...denial, principal: role.arn } : denial
}

/** A message that names no principal speaks of the failed action's own calls. */
function edgesFor(
  { principal, action, resource }: ToldDenial,
  edges: readonly Edge[],
  failed: FailedAction,
): Edge[] {
  return edges.filter(
    (edge) =>
      (!action || edge.need.action.toLowerCase() === action.toLowerCase()) &&
      (principal ? isSamePrincipal(edge.need.principal, principal) : isOf(edge, failed)) &&
      (!resource || covers(edge.need, resource)),
  )
}

const covers = ({ resource: needed }: Need, resource: string): boolean =>
  needed === resource || compileWildcard(needed)(resource) || needed.startsWith(`${resource}/`)

/** Failed edges tell more than others, and those of the failed action more than those of its neighbours. */
const bestEdge = (edges: readonly Edge[], failed: FailedAction): Edge | undefined =>
  inOrder(edges, (edge) => Number(!isFailed(edge)) * 2 + Number(!isOf(edge, failed)))[0]

const isOf = ({ uses }: Edge, failed: FailedAction): boolean => uses.some((use) => isFailedUse(use, failed))

const isFailedUse = (use: Use, { pipeline, stage, action }: FailedAction): boolean =>
  use.pipeline === pipeline && use.stage === stage && use.action === action

function rank(edge: Edge, culprits: ReadonlySet<Edge>, failed: FailedAction): number {
  if (culprits.has(edge)) return 0
  return isOf(edge, failed) ? 1 : 2
}

/** A call that no need foresees: of what the application's own stacks make, for example. */
function needOf({ principal, action, resource }: ToldDenial, { roles }: Landscape): Need[] {
  if (!principal || !action || !resource || resource === '*') return []
  if (principal.startsWith('arn:') && !roles.has(principal)) return []
  return [{ principal, action, resource, ...reason({ kind: 'run' }) }]
}

const inOrder = <T>(items: readonly T[], rankOf: (item: T) => number): T[] =>
  items
    .map((item, index) => ({ item, index, rank: rankOf(item) }))
    .sort((one, other) => one.rank - other.rank || one.index - other.index)
    .map(({ item }) => item)
