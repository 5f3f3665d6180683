/** What pipelines cost a month, as far as their templates tell. */
import { type ActionDeclaration, entryOf, formatArn, parseArn } from '../../../model/index.ts'
import { findProvider, namedThings, validateDeclaration, worksOf } from '../../../pipeline/index.ts'
import type { KnownPipeline, Landscape } from '../../landscape/landscape.ts'
import { prices } from './prices.ts'

/** What templates do not tell. */
export interface CostAssumptions {
  /** Executions of each pipeline a month. */
  readonly runs: number
  /** Minutes of one build. */
  readonly buildMinutes: number
  /** Minutes of one action that is no build and no approval. */
  readonly actionMinutes: number
  /** Size of one artifact. */
  readonly artifactMegabytes: number
}

export const usualAssumptions: CostAssumptions = {
  runs: 100,
  buildMinutes: 3,
  actionMinutes: 1,
  artifactMegabytes: 10,
}

export interface CostLine {
  /** The pipeline's name, or `keys`. */
  readonly subject: string
  /** US dollars a month. */
  readonly dollars: number
  /** How it comes about. */
  readonly parts: readonly string[]
}

export interface CostEstimate {
  readonly lines: readonly CostLine[]
  /** US dollars a month. */
  readonly total: number
  readonly assumptions: CostAssumptions
  readonly pricesAsOf: string
}

/** Gives a line for the keys, one for each pipeline, and the total. */
export function estimateCost(landscape: Landscape, given: Partial<CostAssumptions> = {}): CostEstimate {
  const assumptions = { ...usualAssumptions, ...given }
  const keys = landscape.keys.size
  const lines = [
    { subject: 'keys', dollars: keys * prices.key, parts: [`${keys} at $${prices.key.toFixed(2)}`] },
    ...landscape.pipelines.map((pipeline) => pipelineLine(pipeline, landscape, assumptions)),
  ]
  const free = freeMinutes(landscape, assumptions)
  if (free.dollars) lines.push(free)
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0)
  return { lines, total, assumptions, pricesAsOf: prices.asOf }
}

interface Counted {
  readonly builds: readonly { readonly compute: string }[]
  readonly others: number
  readonly copies: number
}

/** Whether the pipeline has nothing that only those of type V2 have. */
function mayBeV1({ declaration, ...home }: KnownPipeline): boolean {
  const refused = validateDeclaration({ ...declaration, pipelineType: 'V1' }, home)
  return refused.length <= validateDeclaration(declaration, home).length
}

/** AWS: the price list says nothing of rules; their minutes are counted as those of actions. */
function count({ declaration, account, region: home }: KnownPipeline, landscape: Landscape): Counted {
  const actions = declaration.stages.flatMap((stage) => worksOf(stage).map(({ action }) => action))
  const costOf = ({ actionTypeId }: ActionDeclaration) => findProvider(actionTypeId)?.cost
  const builds = actions.filter((action) => costOf(action) === 'compute')
  const copies = new Set(
    actions
      .filter(({ region = home }) => region !== home)
      .flatMap(({ region, inputArtifacts = [] }) => inputArtifacts.map(({ name }) => `${name} ${region}`)),
  )
  return {
    builds: builds.map(({ actionTypeId, configuration, region = home, roleArn }) => {
      const named = namedThings(actionTypeId, configuration)
      const owner = parseArn(roleArn ?? '')?.account ?? account
      const arn = formatArn('codebuild', region, owner, `project/${named.project}`)
      return {
        compute: landscape.projects.get(arn)?.compute ?? named.compute ?? 'BUILD_GENERAL1_SMALL',
      }
    }),
    others: actions.filter((action) => action.actionTypeId.owner === 'AWS' && !costOf(action)).length,
    copies: copies.size,
  }
}

/** Billable action minutes of one run. AWS: each action is rounded up to the minute. */
const actionMinutes = ({ builds, others }: Counted, assumptions: CostAssumptions): number =>
  builds.length * Math.ceil(assumptions.buildMinutes) + others * Math.ceil(assumptions.actionMinutes)

function pipelineLine(pipeline: KnownPipeline, landscape: Landscape, assumptions: CostAssumptions): CostLine {
  const { runs, buildMinutes, artifactMegabytes } = assumptions
  const counted = count(pipeline, landscape)
  const minutes = actionMinutes(counted, assumptions) * runs
  const isV2 = pipeline.declaration.pipelineType === 'V2'
  const own = isV2 ? minutes * prices.actionMinute : prices.pipelineV1
  const other = isV2 ? prices.pipelineV1 : minutes * prices.actionMinute
  const builds = counted.builds.reduce(
    (sum, { compute }) =>
      sum +
      runs *
        buildMinutes *
        (entryOf(prices.buildMinute, compute) ?? prices.buildMinute.BUILD_GENERAL1_SMALL!),
    0,
  )
  const gigabytes = (counted.copies * runs * artifactMegabytes) / 1024
  const copies = gigabytes * prices.transferGigabyte + (counted.copies * runs * prices.putThousand) / 1000
  const cheaper =
    other < own && (!isV2 || mayBeV1(pipeline)) ? `; ${isV2 ? 'V1' : 'V2'} would be $${other.toFixed(2)}` : ''
  return {
    subject: pipeline.declaration.name,
    dollars: own + builds + copies,
    parts: [
      isV2 ? `V2, ${minutes} action minutes $${own.toFixed(2)}${cheaper}` : `V1 $${own.toFixed(2)}${cheaper}`,
      ...(counted.builds.length ? [`${counted.builds.length * runs} builds $${builds.toFixed(2)}`] : []),
      ...(counted.copies ? [`${counted.copies * runs} copies across regions $${copies.toFixed(2)}`] : []),
    ],
  }
}

/** AWS: a number of V2 action minutes is free for each account. */
function freeMinutes({ pipelines, ...landscape }: Landscape, assumptions: CostAssumptions): CostLine {
  const byAccount = new Map<string, number>()
  for (const pipeline of pipelines.filter(({ declaration }) => declaration.pipelineType === 'V2')) {
    const minutes =
      actionMinutes(count(pipeline, { ...landscape, pipelines }), assumptions) * assumptions.runs
    byAccount.set(pipeline.account, (byAccount.get(pipeline.account) ?? 0) + minutes)
  }
  const free = [...byAccount.values()].reduce(
    (sum, used) => sum + Math.min(used, prices.freeActionMinutes),
    0,
  )
  return {
    subject: 'free tier',
    dollars: -free * prices.actionMinute,
    parts: [`${free} action minutes of V2 pipelines are free`],
  }
}
