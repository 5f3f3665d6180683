/** What a pipeline needs to run, told from its declaration alone. */
import {
  type ActionDeclaration,
  formatArn,
  type Need,
  type NeedOrigin,
  type PipelineDeclaration,
  parseArn,
} from '../model/index.ts'
import { type ArtifactPlace, inspectNeeds, readNeeds, storeIn, writeNeeds } from './artifact-needs.ts'
import { worksOf } from './conditions.ts'
import { findProvider } from './providers/index.ts'
import { isJobWorked, jobWorkerNeeds } from './registered-type.ts'
import type { ActionSurroundings, Surroundings } from './surroundings.ts'
import { variablePattern } from './variables.ts'

/** What a pipeline needs for one of its actions or rules, or for itself where none is named. */
export interface ActionNeeds {
  readonly stage?: string
  /** What the action is called, or the rule. */
  readonly action?: string
  readonly needs: readonly Need[]
}

/**
 * Gives every permission that somebody must hold for the pipeline to run, each once.
 * An action of a provider that is not known adds only what every action takes.
 */
export function pipelineNeeds(pipeline: PipelineDeclaration, surroundings: Surroundings): Need[] {
  return distinct(needsByAction(pipeline, surroundings).flatMap(({ needs }) => needs))
}

/** Gives the needs of the pipeline itself, then those of each stage's actions and rules; the same need may come again. */
export function needsByAction(pipeline: PipelineDeclaration, surroundings: Surroundings): ActionNeeds[] {
  const actions = pipeline.stages.flatMap((stage) => worksOf(stage).map(({ action }) => action))
  const own = [
    serviceTrust(pipeline, surroundings),
    ...usedStores(pipeline, actions, surroundings).flatMap((bucket) =>
      inspectNeeds(bucket, pipeline.roleArn),
    ),
  ]
  const madeIn = producingRegions(actions, surroundings.region)
  const ofActions = pipeline.stages.flatMap((stage) =>
    worksOf(stage).map(({ action, label }) => ({
      stage: stage.name,
      action: label,
      needs: withOrigin(actionNeeds(pipeline, action, surroundings, madeIn), (purpose) => ({
        kind: 'action',
        pipeline: pipeline.name,
        stage: stage.name,
        action: label,
        region: action.region ?? surroundings.region,
        purpose,
      })),
    })),
  )
  const ofPipeline = withOrigin(own, (purpose) => ({ kind: 'pipeline', pipeline: pipeline.name, purpose }))
  return [{ needs: ofPipeline }, ...ofActions]
}

/** Adds where needs arise; those with the same purpose have one origin. */
function withOrigin(needs: readonly Need[], originFor: (purpose: string) => NeedOrigin): Need[] {
  const known = new Map<string, NeedOrigin>()
  return needs.map((need) => {
    let origin = known.get(need.because)
    if (!origin) {
      origin = originFor(need.because)
      known.set(need.because, origin)
    }
    const { principal, action, resource, context, phase, optional, because } = need
    // All of one shape: what reads them, tens of thousands for a fleet, is the quicker.
    return { principal, action, resource, context, phase, optional, because, origin }
  })
}

/** AWS: CodePipeline assumes the pipeline's role as its own principal and says for which pipeline. */
function serviceTrust(pipeline: PipelineDeclaration, { account, region }: Surroundings): Need {
  return {
    principal: 'codepipeline.amazonaws.com',
    action: 'sts:AssumeRole',
    resource: pipeline.roleArn,
    context: {
      'aws:SourceArn': formatArn('codepipeline', region, account, pipeline.name),
      'aws:SourceAccount': account,
    },
    because: 'to run the pipeline under its role',
  }
}

function usedStores(
  pipeline: PipelineDeclaration,
  actions: readonly ActionDeclaration[],
  { region }: Surroundings,
): string[] {
  const withArtifacts = actions.filter((one) => one.inputArtifacts?.length || one.outputArtifacts?.length)
  const regions = new Set(withArtifacts.map((action) => action.region ?? region))
  return [...regions].flatMap((one) => storeIn(pipeline, one, region)?.location ?? [])
}

function actionNeeds(
  pipeline: PipelineDeclaration,
  action: ActionDeclaration,
  surroundings: Surroundings,
  madeIn: ReadonlyMap<string, string>,
): Need[] {
  const around = surround(pipeline, action, surroundings)
  const known = findProvider(action.actionTypeId)
  const needs = known?.needs(around) ?? (isJobWorked(action.actionTypeId) ? jobWorkerNeeds(around) : [])
  return [...roleNeeds(pipeline, action), ...copyNeeds(pipeline, around, madeIn), ...needs]
}

function roleNeeds(pipeline: PipelineDeclaration, action: ActionDeclaration): Need[] {
  if (!action.roleArn || action.roleArn === pipeline.roleArn) return []
  const because = `to run the ${nounOf(action)} ${action.name} under its own role`
  return [{ principal: pipeline.roleArn, action: 'sts:AssumeRole', resource: action.roleArn, because }]
}

const nounOf = ({ actionTypeId: { category } }: ActionDeclaration): string =>
  category === 'Rule' ? 'rule' : 'action'

/** AWS: inputs of an action in another region are copied to that region's bucket by the pipeline's role. */
function copyNeeds(
  pipeline: PipelineDeclaration,
  { action, region, surroundings }: ActionSurroundings,
  madeIn: ReadonlyMap<string, string>,
): Need[] {
  return (action.inputArtifacts ?? []).flatMap(({ name: artifact }) => {
    const from = madeIn.get(artifact) ?? surroundings.region
    if (from === region) return []
    const place: ArtifactPlace = { pipeline, artifact, region, surroundings }
    const because = `to copy the artifact ${artifact} from ${from} to ${region}`
    return [
      ...readNeeds({ ...place, region: from }, pipeline.roleArn, because),
      ...writeNeeds(place, pipeline.roleArn, because, { acl: 'across accounts' }),
    ]
  })
}

/** The region that each artifact is made in. */
function producingRegions(actions: readonly ActionDeclaration[], home: string): ReadonlyMap<string, string> {
  const regions = new Map<string, string>()
  for (const { outputArtifacts = [], region = home } of actions)
    for (const { name } of outputArtifacts) if (!regions.has(name)) regions.set(name, region)
  return regions
}

function surround(
  pipeline: PipelineDeclaration,
  action: ActionDeclaration,
  surroundings: Surroundings,
): ActionSurroundings {
  const role = action.roleArn ?? pipeline.roleArn
  const region = action.region ?? surroundings.region
  const place = (artifact: string): ArtifactPlace => ({ pipeline, artifact, region, surroundings })
  return {
    pipeline,
    action,
    role,
    account: parseArn(role)?.account ?? surroundings.account,
    region,
    surroundings,
    value: (key) => variablePattern(action.configuration?.[key] ?? ''),
    reads: (principal, artifact, because, options) => readNeeds(place(artifact), principal, because, options),
    writes: (principal, artifact, because, options) =>
      writeNeeds(place(artifact), principal, because, options),
    clones: (principal, artifact) => {
      const source = sourceOf(pipeline, artifact)
      if (!source) return []
      const around = surround(pipeline, source, surroundings)
      return findProvider(source.actionTypeId)?.clone?.(around, principal) ?? []
    },
    inspects: (principal, facts) => {
      const store = storeIn(pipeline, region, surroundings.region)
      return store ? inspectNeeds(store.location, principal, facts) : []
    },
  }
}

/** The action that makes an artifact. */
const sourceOf = ({ stages }: PipelineDeclaration, artifact: string): ActionDeclaration | undefined =>
  stages
    .flatMap(({ actions }) => actions)
    .find(({ outputArtifacts = [] }) => outputArtifacts.some(({ name }) => name === artifact))

/** Gives the source whose artifact of that name is a reference to its repository; undefined for other artifacts. */
export function clonedSource(
  pipeline: PipelineDeclaration,
  artifact: string,
  surroundings: Surroundings,
): ActionDeclaration | undefined {
  const source = sourceOf(pipeline, artifact)
  const around = source && surround(pipeline, source, surroundings)
  return around && findProvider(source.actionTypeId)?.clone?.(around, '') ? source : undefined
}

function distinct(needs: readonly Need[]): Need[] {
  const byResource = new Map<string, Need | Need[]>()
  return needs.filter((need) => {
    const others = byResource.get(need.resource)
    if (!others) byResource.set(need.resource, need)
    else if (!Array.isArray(others)) {
      if (isSame(others, need)) return false
      byResource.set(need.resource, [others, need])
    } else if (others.some((other) => isSame(other, need))) return false
    else others.push(need)
    return true
  })
}

const isSame = (a: Need, b: Need): boolean =>
  a.action === b.action && a.principal === b.principal && isSameContext(a.context, b.context)

/** Whether two needs hold under the same condition keys with the same values. */
export function isSameContext(a: Need['context'], b: Need['context']): boolean {
  if (a === b) return true
  if (!a || !b) return false
  for (const key in a) if (String(a[key]) !== String(b[key])) return false
  for (const key in b) if (!Object.hasOwn(a, key)) return false
  return true
}
