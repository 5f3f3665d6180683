/** Things that two pipelines claim: a name, a stack. */
import { deployedStacks } from '../../../../pipeline/index.ts'
import type { KnownPipeline, Landscape } from '../../../landscape/landscape.ts'
import type { FindingDetails, LintRule } from '../rule.ts'
import { isOpen } from '../source-starts.ts'

/** AWS: PipelineNameInUseException; a pipeline's name is one in its account and region. */
export const pipelineNameTwice: LintRule = {
  id: 'pipeline-name-twice',
  summary: 'Two templates make a pipeline of one name in one account and region.',
  find: ({ landscape }) =>
    contended(landscape, ({ declaration, account, region }) => [
      { key: `${account} ${region} ${declaration.name}`, what: declaration.name },
    ]).map(({ first, second }) => ({
      severity: 'error',
      message: `${placeOf(first)} and ${placeOf(second)} both make a pipeline ${second.declaration.name} in ${second.account} ${second.region}; CodePipeline refuses the second`,
      fix: 'give one of the two another name',
      origin: second.origin,
    })),
}

/** AWS: a stack is told by its name, account and region; each pipeline would undo what the other has deployed. */
export const stackOfTwoPipelines: LintRule = {
  id: 'stack-of-two-pipelines',
  summary: 'Two pipelines change one stack.',
  find: ({ landscape }) =>
    contended(landscape, ({ declaration, account, region }) =>
      deployedStacks(declaration, { account, region })
        .filter(({ name }) => !name.includes('*'))
        .map((stack) => ({
          key: `${stack.account} ${stack.region} ${stack.name}`,
          what: `the stack ${stack.name} of ${stack.account} ${stack.region}`,
          at: `${stack.stage} › ${stack.action}`,
        })),
    ).map(({ first, second, firstAt, secondAt, what }) => ({
      severity: 'error',
      message: `${firstAt} of the pipeline ${first.declaration.name} and ${secondAt} of the pipeline ${second.declaration.name} both change ${what}: each undoes what the other deploys`,
      fix: 'give one of the two stacks another name, or let one pipeline deploy it',
      origin: second.origin,
    })),
}

interface Claim {
  readonly key: string
  readonly what: string
  /** Where in the pipeline. */
  readonly at?: string
}

interface Contention {
  readonly first: KnownPipeline
  readonly second: KnownPipeline
  readonly what: string
  readonly firstAt?: string
  readonly secondAt?: string
}

/** Gives each thing that pipelines claim with the first that does, once for every other. */
function contended(
  { pipelines, standIns }: Landscape,
  claimsOf: (pipeline: KnownPipeline) => Claim[],
): Contention[] {
  const claimed = new Map<string, { readonly pipeline: KnownPipeline; readonly claim: Claim }>()
  const found = new Map<string, Contention>()
  for (const [index, pipeline] of pipelines.entries())
    for (const claim of claimsOf(pipeline)) {
      const { key, what } = claim
      const known = claimed.get(key)
      if (!known) claimed.set(key, { pipeline, claim })
      else if (known.pipeline !== pipeline && !isEither(known.pipeline, pipeline) && !isOpen(key, standIns))
        found.set(`${key} ${index}`, {
          first: known.pipeline,
          second: pipeline,
          what,
          firstAt: known.claim.at,
          secondAt: claim.at,
        })
    }
  return [...found.values()]
}

/** Whether conditions of one template may let only one of the two exist. */
const isEither = (one: KnownPipeline, other: KnownPipeline): boolean =>
  one.origin.stack === other.origin.stack && one.when !== undefined && other.when !== undefined

const placeOf = ({ origin }: KnownPipeline): FindingDetails['message'] =>
  `${origin.logicalId ?? 'a resource'} of ${origin.file ?? `the stack ${origin.stack}`}`
