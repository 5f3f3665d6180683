/** What a build action's builds did: their logs, their times, and their reports, read where they ran. */
import { CloudWatchLogsClient, GetLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs'
import {
  BatchGetBuildBatchesCommand,
  BatchGetBuildsCommand,
  BatchGetReportsCommand,
  type Build,
  CodeBuildClient,
} from '@aws-sdk/client-codebuild'
import type { Accounts } from '../aws/index.ts'
import { namedThings, workerOf } from '../pipeline/index.ts'
import type { ActionState } from './pipeline-state.ts'

/** Builds that one BatchGetBuilds takes, and reports that one BatchGetReports does. */
const AT_ONCE = 100

/** Gives the builds that an action started: one, or those of a batch; none for an action that started no build. */
async function buildsOf(accounts: Pick<Accounts, 'client'>, action: ActionState): Promise<Build[]> {
  const { externalExecutionId: id, configuration } = action
  if (workerOf(action) !== 'build' || !id) return []
  const codebuild = await accounts.client(CodeBuildClient, action)
  let ids = [id]
  if (namedThings(action, configuration).batch === 'true') {
    const { buildBatches } = await codebuild.send(new BatchGetBuildBatchesCommand({ ids: [id] }))
    ids = (buildBatches?.[0]?.buildGroups ?? []).flatMap((one) => one.currentBuildSummary?.arn ?? [])
  }
  const found: Build[] = []
  for (let at = 0; at < ids.length; at += AT_ONCE) {
    const { builds = [] } = await codebuild.send(
      new BatchGetBuildsCommand({ ids: ids.slice(at, at + AT_ONCE) }),
    )
    found.push(...builds)
  }
  return found
}

/** Gives how long a build action's own commands ran, in milliseconds; 0 for an action that started no build. */
export async function buildCommandTime(accounts: Accounts, action: ActionState): Promise<number> {
  const commands = ['INSTALL', 'PRE_BUILD', 'BUILD', 'POST_BUILD']
  return (await buildsOf(accounts, action))
    .flatMap(({ phases = [] }) => phases)
    .filter(({ phaseType }) => commands.includes(phaseType ?? ''))
    .reduce(
      (sum, { startTime, endTime }) => sum + ((endTime?.getTime() ?? 0) - (startTime?.getTime() ?? 0)),
      0,
    )
}

/** A report of tests or code coverage that a build made. */
export interface BuildReport {
  readonly name: string
  readonly arn: string
  readonly type: 'TEST' | 'CODE_COVERAGE'
  /** AWS: GENERATING, SUCCEEDED, FAILED, INCOMPLETE, DELETING. */
  readonly status: string
  /** Of tests: how many there are, and how many did not succeed for a failure or an error. */
  readonly tests?: { readonly total: number; readonly failed: number }
  /** Of code coverage: of the lines, in percent. */
  readonly coverage?: number
}

/** Gives the reports of a build action; none where its builds made none. */
export async function buildReports(
  accounts: Pick<Accounts, 'client'>,
  action: ActionState,
): Promise<BuildReport[]> {
  const reportArns = (await buildsOf(accounts, action)).flatMap((build) => build.reportArns ?? [])
  if (!reportArns.length) return []
  const codebuild = await accounts.client(CodeBuildClient, action)
  const { reports = [] } = await codebuild.send(
    new BatchGetReportsCommand({ reportArns: reportArns.slice(0, AT_ONCE) }),
  )
  return reports.map(
    ({ name = '', arn = '', type = 'TEST', status = '', testSummary, codeCoverageSummary }) => {
      const { FAILED = 0, ERROR = 0 } = testSummary?.statusCounts ?? {}
      const coverage = codeCoverageSummary?.lineCoveragePercentage
      return {
        name,
        arn,
        type,
        status,
        ...(testSummary && { tests: { total: testSummary.total ?? 0, failed: FAILED + ERROR } }),
        ...(coverage !== undefined && { coverage }),
      }
    },
  )
}

/** Gives the logs of a build action's builds, oldest line first; undefined when the action started no build. */
export const buildLog = (
  accounts: Pick<Accounts, 'client'>,
  action: ActionState,
): Promise<string[] | undefined> => new BuildLogReader(accounts).read(action)

/** Reads logs of builds, and when it is asked again what has come since. */
export class BuildLogReader {
  readonly #accounts: Pick<Accounts, 'client'>
  /** Where each build's log was read to. */
  readonly #tokens = new Map<string, string | undefined>()

  constructor(accounts: Pick<Accounts, 'client'>) {
    this.#accounts = accounts
  }

  /** As `buildLog`, of the lines that were not read before. */
  async read(action: ActionState): Promise<string[] | undefined> {
    const builds = await buildsOf(this.#accounts, action)
    const found = builds.filter(({ logs }) => logs?.groupName && logs.streamName)
    if (!found.length) return undefined
    const client = await this.#accounts.client(CloudWatchLogsClient, action)
    const lines: string[] = []
    for (const { id = '', logs } of found) {
      if (found.length > 1 && !this.#tokens.has(id)) lines.push(`build ${id}`)
      const page = await linesFrom(client, logs!.groupName!, logs!.streamName!, this.#tokens.get(id))
      this.#tokens.set(id, page.token)
      lines.push(...page.lines)
    }
    return lines
  }
}

async function linesFrom(
  client: CloudWatchLogsClient,
  logGroupName: string,
  logStreamName: string,
  token: string | undefined,
): Promise<{ lines: string[]; token: string | undefined }> {
  const lines: string[] = []
  for (let nextToken = token; ; ) {
    const page = await client
      .send(new GetLogEventsCommand({ logGroupName, logStreamName, startFromHead: true, nextToken }))
      .catch((error: Error) => {
        // A build that may not write its log has none; why is told by the build's phases.
        if (error.name === 'ResourceNotFoundException') return { events: [], nextForwardToken: nextToken }
        throw error
      })
    lines.push(...(page.events ?? []).map((event) => (event.message ?? '').replace(/\n$/, '')))
    // AWS: the end is reached when the token comes back unchanged.
    const isEnd = !page.events?.length || page.nextForwardToken === nextToken
    if (isEnd) return { lines, token: page.nextForwardToken ?? nextToken }
    nextToken = page.nextForwardToken
  }
}
