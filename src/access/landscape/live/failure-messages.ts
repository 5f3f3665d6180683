/** What the services say about a failed action beyond its own message: a stack's events, a build's phases. */
import type { Target } from '../../../model/index.ts'
import { namedThings, workerOf } from '../../../pipeline/index.ts'
import { isAbsence, reasonOf } from './aws-answers.ts'
import type { Reach } from './reading.ts'

/** A failed action as far as its services must be asked about it. */
export interface FailedWork extends Target {
  readonly provider: string
  readonly category: string
  readonly configuration: Readonly<Record<string, string>>
  readonly externalExecutionId?: string
  /** Milliseconds since 1970. */
  readonly started?: number
}

/** Gives further messages, oldest first. One that may not be read is replaced by the reason. */
export async function failureMessages(reach: Reach, work: FailedWork): Promise<string[]> {
  const worker = workerOf(work)
  if (!worker) return []
  try {
    return [...new Set(await REASONS[worker](reach, work))]
  } catch (error) {
    if (isAbsence(error) || isMissingStack(error)) return []
    return [`more could not be read: ${reasonOf(error)}`]
  }
}

/** AWS: a stack that was never made, or is gone, has no error code of its own. */
const isMissingStack = (error: unknown): boolean =>
  error instanceof Error && error.name === 'ValidationError' && /does not exist/.test(error.message)

/** AWS: what is undone because of another resource's failure is no cause of its own. */
const CONSEQUENCE = /cancelled|^The following resource\(s\) failed/

async function stackReasons(reach: Reach, work: FailedWork): Promise<string[]> {
  const { configuration, started = 0 } = work
  const StackName = namedThings(work, configuration).stack
  if (!StackName) return []
  const { CloudFormationClient, paginateDescribeStackEvents } = await import('@aws-sdk/client-cloudformation')
  const client = await reach.client(CloudFormationClient, work)
  const reasons: string[] = []
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName })) {
    const recent = StackEvents.filter(({ Timestamp }) => (Timestamp?.getTime() ?? 0) >= started)
    for (const { ResourceStatus = '', ResourceStatusReason: reason = '', LogicalResourceId } of recent)
      if (ResourceStatus.endsWith('FAILED') && reason && !CONSEQUENCE.test(reason))
        reasons.unshift(`${LogicalResourceId}: ${reason}`)
    if (recent.length < StackEvents.length) break
  }
  return reasons
}

async function buildReasons(reach: Reach, work: FailedWork): Promise<string[]> {
  if (!work.externalExecutionId) return []
  const { BatchGetBuildsCommand, CodeBuildClient } = await import('@aws-sdk/client-codebuild')
  const client = await reach.client(CodeBuildClient, work)
  const { builds } = await client.send(new BatchGetBuildsCommand({ ids: [work.externalExecutionId] }))
  return (builds?.[0]?.phases ?? [])
    .filter(({ phaseStatus }) => phaseStatus !== 'SUCCEEDED')
    .flatMap(({ contexts = [] }) => contexts.flatMap(({ message }) => message || []))
}

const REASONS = { stack: stackReasons, build: buildReasons } as const
