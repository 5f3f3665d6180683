/** Every need of every pipeline and of every deployment, each once, with the places where it arises. */

import type { Need } from '../../model/index.ts'
import { isSameContext, needsByAction, worksOf } from '../../pipeline/index.ts'
import type { KnownPipeline, KnownStart, Landscape } from '../landscape/landscape.ts'
import { surroundingsOf } from '../landscape/surroundings.ts'
import type { ActionInLandscape } from './action-in-landscape.ts'
import { DEPLOYMENT, deploymentNeeds } from './deployment-needs.ts'
import { foreignObject } from './foreign-objects.ts'
import type { GatheredNeed } from './gathered-need.ts'
import { noticeNeeds } from './notice-needs.ts'
import { OWN_BUILDS, ownBuilds } from './own-builds.ts'
import type { ProvenStack, Use } from './proof.ts'
import { refineNeeds } from './refine-needs.ts'
import { calledIn } from './requested-region.ts'
import { startNeeds } from './start-needs.ts'
import { takenForGranted } from './taken-for-granted.ts'
import { taskNeeds } from './task-needs.ts'

export interface GatheredEdge extends GatheredNeed {
  need: Need
  assumption?: GatheredNeed['assumption']
  readonly uses: Use[]
}

/** Needs that the declaration does not tell: those of the application's own templates, for example. */
export interface FurtherNeeds {
  readonly pipeline: string
  /** What needs them, `the stack orders in …`; it stands in the place of a stage. */
  readonly title: string
  /** The action that needs them, where that is known; `title` is then its stage. */
  readonly action?: string
  readonly needs: readonly Need[]
  /** Where the calls are made; without it the stack's region, or nothing is known of it. */
  readonly region?: string
  /** The stack whose template they come from, where they are all that its role needs for it. */
  readonly stack?: ProvenStack
}

/** Gives the edges to prove. */
export function gatherEdges(
  landscape: Landscape,
  further: readonly FurtherNeeds[],
  complete: boolean,
): GatheredEdge[] {
  const edges: GatheredEdge[] = []
  const byPrincipal = new Map<string, Map<string, GatheredEdge[]>>()
  const add = ({ need, impossible, assumption }: GatheredNeed, use: Use) => {
    const known = listAt(byPrincipal, need)
    const found = known.find((one) => isSameNeed(one, { need, impossible }))
    // What one can go without another may need.
    if (found?.need.optional && !need.optional) found.need = need
    // What is guessed for one is known for sure where another tells it.
    if (found?.assumption?.guessed && !assumption) found.assumption = undefined
    if (!found) {
      const edge = { need, impossible, assumption, uses: [use] }
      known.push(edge)
      edges.push(edge)
    } else if (!found.uses.some((one) => isSameUse(one, use))) found.uses.push(use)
  }
  const stacks = further.flatMap(({ stack }) => stack ?? [])
  for (const pipeline of landscape.pipelines) gatherPipeline(pipeline, { landscape, complete, stacks }, add)
  for (const start of landscape.starts) for (const found of startNeeds(start)) add(found, useOf(start))
  const [{ declaration: only } = {}] = landscape.pipelines
  for (const notice of landscape.notices ?? [])
    for (const found of noticeNeeds(notice, landscape))
      add(found, { pipeline: notice.pipeline ?? only?.name ?? notice.rule, stage: 'notices' })
  for (const { project, region, needs } of ownBuilds(landscape))
    for (const need of needs)
      add(
        { need: calledIn(need, region, landscape) },
        { pipeline: OWN_BUILDS, stage: project, further: true },
      )
  for (const { pipeline, title, action, needs, stack, region: where = stack?.region } of further)
    for (const need of needs)
      add(
        { need: where ? calledIn(need, where, landscape) : need },
        { pipeline, stage: title, ...(action !== undefined && { action }), further: true },
      )
  for (const { stack, needs } of deploymentNeeds(landscape, complete))
    for (const need of needs) add({ need }, { pipeline: DEPLOYMENT, stage: stack, further: true })
  return edges
}

/** The edges of one principal to one resource. */
function listAt(
  byPrincipal: Map<string, Map<string, GatheredEdge[]>>,
  { principal, resource }: Need,
): GatheredEdge[] {
  let byResource = byPrincipal.get(principal)
  if (!byResource) {
    byResource = new Map()
    byPrincipal.set(principal, byResource)
  }
  let list = byResource.get(resource)
  if (!list) {
    list = []
    byResource.set(resource, list)
  }
  return list
}

const isSameNeed = (one: GatheredNeed, other: GatheredNeed): boolean =>
  one.need.action === other.need.action &&
  isSameContext(one.need.context, other.need.context) &&
  (one.impossible === other.impossible || limitOf(one) === limitOf(other))

const limitOf = ({ impossible }: GatheredNeed): string | undefined => {
  const by = impossible?.by
  return by && 'limit' in by ? by.limit : undefined
}

const isSameUse = (one: Use, other: Use): boolean =>
  one.pipeline === other.pipeline &&
  one.stage === other.stage &&
  one.action === other.action &&
  one.further === other.further

function gatherPipeline(
  pipeline: KnownPipeline,
  known: Pick<ActionInLandscape, 'landscape' | 'complete' | 'stacks'>,
  add: (found: GatheredNeed, use: Use) => void,
): void {
  const { declaration } = pipeline
  const { landscape } = known
  const surroundings = surroundingsOf(pipeline, landscape)
  const actions = declaration.stages.flatMap((stage) =>
    worksOf(stage).map(({ label, action }) => ({ stage: stage.name, label, action })),
  )
  for (const { stage, action, needs } of needsByAction(declaration, surroundings)) {
    const use = { pipeline: declaration.name, ...(stage !== undefined && { stage, action }) }
    const declared = actions.find((one) => one.stage === stage && one.label === action)?.action
    const refined: GatheredNeed[] = declared
      ? refineNeeds(needs, { pipeline, action: declared, surroundings, landscape })
      : needs.map((need) => ({ need }))
    const { region = pipeline.region } = declared ?? {}
    for (const found of refined) {
      const place = isOfPipeline(found.need, pipeline) ? pipeline.region : region
      const impossible = found.impossible ?? foreignObject(found.need, pipeline, landscape)
      const assumption =
        declared && takenForGranted(found.need, { pipeline, action: declared, surroundings, ...known })
      add({ need: calledIn(found.need, place, landscape), impossible, assumption }, use)
    }
    if (!declared || stage === undefined || action === undefined) continue
    const at = { kind: 'action', pipeline: declaration.name, stage, action, region } as const
    for (const need of taskNeeds(pipeline, declared, landscape))
      add({ need: { ...need, origin: { ...at, purpose: need.because } } }, use)
  }
}

/** Whether CodePipeline itself calls, in the pipeline's region, and not what runs the action. */
const isOfPipeline = ({ principal, action }: Need, { declaration }: KnownPipeline): boolean =>
  action === 'sts:AssumeRole' && [declaration.roleArn, 'codepipeline.amazonaws.com'].includes(principal)

const useOf = ({ pipeline, rule }: KnownStart): Use => ({
  pipeline: pipeline.slice(pipeline.lastIndexOf(':') + 1),
  stage: 'start',
  action: rule.slice(rule.lastIndexOf('/') + 1),
})
