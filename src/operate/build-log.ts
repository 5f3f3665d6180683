/** The log of a build or a function, read from CloudWatch Logs. */
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import { BatchGetBuildsCommand, CodeBuildClient } from '@aws-sdk/client-codebuild'
import type { Accounts } from '../aws/index.ts'
import { workerOf } from '../pipeline/index.ts'
import type { ActionState } from './pipeline-state.ts'

/** Gives how long a build action's own commands ran, in milliseconds; 0 for an action that started no build. */
export async function buildCommandTime(accounts: Accounts, action: ActionState): Promise<number> {
  if (workerOf(action) !== 'build' || !action.externalExecutionId) return 0
  const codebuild = await accounts.client(CodeBuildClient, action)
  const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [action.externalExecutionId] }))
  const commands = ['INSTALL', 'PRE_BUILD', 'BUILD', 'POST_BUILD']
  return (builds?.[0]?.phases ?? [])
    .filter(({ phaseType }) => commands.includes(phaseType ?? ''))
    .reduce(
      (sum, { startTime, endTime }) => sum + ((endTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0)),
      0,
    )
}

/** Gives a build action's log, oldest line first; undefined when the action started no build. */
export async function buildLog(
  accounts: Pick<Accounts, 'client'>,
  action: ActionState,
): Promise<string[] | undefined> {
  if (workerOf(action) !== 'build' || !action.externalExecutionId) return undefined
  const codebuild = await accounts.client(CodeBuildClient, action)
  const { builds } = await codebuild.send(new BatchGetBuildsCommand({ ids: [action.externalExecutionId] }))
  const { groupName, streamName } = builds?.[0]?.logs ?? {}
  if (!groupName || !streamName) return undefined
  const logs = await accounts.client(CloudWatchLogsClient, action)
  const lines: string[] = []
  for (let nextToken: string | undefined; ; ) {
    const page = await logs
      .send(
        new GetLogEventsCommand({
          logGroupName: groupName,
          logStreamName: streamName,
          startFromHead: true,
          nextToken,
        }),
      )
      .catch((error: Error) => {
        // A build that may not write its log has none; why is told by the build's phases.
        if (error.name === 'ResourceNotFoundException') return { events: [], nextForwardToken: nextToken }
        throw error
      })
    lines.push(...(page.events ?? []).map((event) => (event.message ?? '').replace(/\n$/, '')))
    // AWS: the end is reached when the token comes back unchanged.
    if (!page.events?.length || page.nextForwardToken === nextToken) return lines
    nextToken = page.nextForwardToken
  }
}
