/** What CodeBuild keeps: projects and builds. */
import type {
  Build,
  BuildBatch,
  CodeCoverage,
  LogsConfig,
  Project,
  ProjectArtifacts,
  Report,
  ReportGroup,
  TestCase,
  Webhook,
} from '@aws-sdk/client-codebuild'
import { collection } from '../../kernel/store.ts'

export type StoredProject = Project & {
  readonly name: string
  readonly arn: string
  readonly buildCount: number
  readonly batchCount?: number
  /** How often its cache was reset. */
  readonly cacheGeneration?: number
}

/** A build as the API shows it, and what only its run needs to know. */
export type StoredBuild = Build & {
  readonly id: string
  readonly arn: string
  readonly projectName: string
  readonly buildspec?: string
  /** Where the artifacts go; the API shows only where they went. */
  readonly targets: { readonly primary?: ProjectArtifacts; readonly secondary: readonly ProjectArtifacts[] }
  readonly logsConfig?: LogsConfig
  /** The client's idempotency token, and a digest of the request that it came with. */
  readonly request?: { readonly token: string; readonly digest: string }
  /** The folder of this machine that the build runs in; it goes with the build. */
  readonly folder?: string
  /** Of a build that is a pipeline's own compute: whose, and the roles that it works as. */
  readonly compute?: {
    readonly pipeline: string
    readonly account: string
    readonly pipelineRole: string
    /** Whether it is to push images: it is logged in, and goes on without a log that it may not write. */
    readonly publishes?: true
  }
  /** Which build of its batch it is. */
  readonly batchIdentifier?: string
  /** Which part of the tests is its own, of a batch that fans out; counted from 0. */
  readonly shard?: { readonly index: number; readonly count: number }
  /** The branch that it is of, where its version names none. */
  readonly branch?: string
  /** What the event tells that a webhook started it by: CODEBUILD_WEBHOOK_* by the rest of their names. */
  readonly webhook?: Readonly<Record<string, string>>
  /** Of the build that fetches a batch's buildspec and runs nothing: what it found there. */
  readonly batchSpec?: unknown
}

/** A batch build as the API shows it, and what only its run needs to know. */
export type StoredBatch = BuildBatch & {
  readonly id: string
  readonly arn: string
  readonly projectName: string
  readonly startTime: Date
  readonly buildGroups: NonNullable<BuildBatch['buildGroups']>
  /** What StartBuildBatch was given, which its builds get. */
  readonly input: unknown
  /** Of one that runs again: whether builds that succeeded before do, too. */
  readonly again?: 'RETRY_ALL_BUILDS' | 'RETRY_FAILED_BUILDS'
  /** As of a build. */
  readonly webhook?: StoredBuild['webhook']
  readonly request?: { readonly token: string; readonly digest: string }
}

export interface StoredWebhook {
  readonly project: string
  readonly webhook: Webhook
}

/** What the account signs in with at a provider; a token itself is not kept, as the local repositories ask for none. */
export interface SourceCredential {
  readonly arn: string
  readonly serverType: string
  readonly authType: string
  /** The ARN of the connection or the secret. */
  readonly resource?: string
}

export type StoredReportGroup = ReportGroup & { readonly name: string; readonly arn: string }

/** A report with what it consists of. */
export interface StoredReport {
  readonly report: Report & { readonly arn: string; readonly reportGroupArn: string; readonly created: Date }
  readonly testCases: readonly TestCase[]
  readonly coverages: readonly CodeCoverage[]
}

export const projects = collection<StoredProject>('codebuild.projects')
export const builds = collection<StoredBuild>('codebuild.builds')
export const batches = collection<StoredBatch>('codebuild.batches')
/** By the project's name. */
export const webhooks = collection<StoredWebhook>('codebuild.webhooks')
/** By the type of server. */
export const sourceCredentials = collection<SourceCredential>('codebuild.source-credentials')
export const reportGroups = collection<StoredReportGroup>('codebuild.report-groups')
/** By the name of the group and the report's id, as at the end of its ARN. */
export const reports = collection<StoredReport>('codebuild.reports')

/** Gives a build as the API shows it. */
export function shownBuild(build: StoredBuild): Build {
  const { buildspec: _b, targets: _t, logsConfig: _l, request: _r, folder: _f, ...rest } = build
  const {
    batchIdentifier: _i,
    batchSpec: _s,
    webhook: _w,
    compute: _c,
    branch: _n,
    shard: _h,
    ...shown
  } = rest
  return shown
}

/** Gives a batch build as the API shows it. */
export function shownBatch({
  input: _i,
  request: _r,
  webhook: _w,
  again: _a,
  ...shown
}: StoredBatch): BuildBatch {
  return shown
}
