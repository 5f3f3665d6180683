/** Starting executions by hand. */
import { randomUUID } from 'node:crypto'
import {
  CodePipelineClient,
  type PipelineDeclaration,
  type SourceRevisionOverride,
  StartPipelineExecutionCommand,
} from '@aws-sdk/client-codepipeline'
import { FleetError } from '../model/index.ts'
import { findProvider } from '../pipeline/index.ts'
import type { Home } from './execution.ts'
import { declarationOf } from './executions.ts'

/** The revision that a source action is to take instead of the newest. */
export interface WantedRevision {
  readonly action: string
  /** A commit, an object's version or key, an image's digest. */
  readonly revision: string
  /** AWS's word for what the revision is, where the source takes several kinds; the source's first where absent. */
  readonly type?: string
}

/** What an execution is started with. */
export interface StartOptions {
  readonly sources?: readonly WantedRevision[]
  /** Values of the pipeline's variables. */
  readonly variables?: Readonly<Record<string, string>>
}

/**
 * Starts the pipeline once, also where the answer is lost and asked for again, and gives the execution's id.
 * Errors: FleetError where a source has another name or takes no revision, AWS's.
 */
export async function startPipeline(
  client: CodePipelineClient,
  name: string,
  { sources = [], variables = {} }: StartOptions = {},
): Promise<string> {
  const named = sources.length ? await declarationOf(client, name) : undefined
  const sourceRevisions = sources.map((one) => revisionOf(named!, one))
  // AWS: the same client request token gives the execution that it started before.
  const { pipelineExecutionId = '' } = await client.send(
    new StartPipelineExecutionCommand({
      name,
      clientRequestToken: randomUUID(),
      ...(sourceRevisions.length && { sourceRevisions }),
      ...(Object.keys(variables).length && {
        variables: Object.entries(variables).map(([variable, value]) => ({ name: variable, value })),
      }),
    }),
  )
  return pipelineExecutionId
}

/** Errors: FleetError listing the source actions, or the types of revision that one takes. */
function revisionOf(
  { name, stages = [] }: PipelineDeclaration,
  { action, revision, type }: WantedRevision,
): SourceRevisionOverride {
  const all = stages.flatMap(({ actions = [] }) => actions)
  const sources = all.filter(({ actionTypeId }) => actionTypeId?.category === 'Source')
  const source = sources.find((one) => one.name === action)
  if (!source)
    throw new FleetError(`${name} has no source "${action}"`, {
      fix: `its sources: ${sources.map((one) => one.name).join(', ')}`,
    })
  const { category = '', provider = '' } = source.actionTypeId ?? {}
  const types = findProvider({ category, provider })?.revisions ?? []
  const revisionType = type ?? types[0]
  if (!revisionType || !types.includes(revisionType))
    throw new FleetError(
      `the source ${action} of ${name} takes no revision${type ? ` of type ${type}` : ''}`,
      {
        fix: types.length
          ? `its types: ${types.join(', ')}`
          : 'start it with its newest one, without --source',
      },
    )
  return {
    actionName: action,
    revisionType: revisionType as SourceRevisionOverride['revisionType'],
    revisionValue: revision,
  }
}

/** As `startPipeline`, in the fleet's hub. */
export const startExecution = async (
  { accounts, hub }: Home,
  pipeline: string,
  options?: StartOptions,
): Promise<string> => startPipeline(await accounts.client(CodePipelineClient, hub), pipeline, options)
