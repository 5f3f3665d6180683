/** What CodeBuild keeps: projects and builds. */
import type {
  Build,
  CodeCoverage,
  LogsConfig,
  Project,
  ProjectArtifacts,
  Report,
  ReportGroup,
  TestCase,
} from '@aws-sdk/client-codebuild'
import { collection } from '../../kernel/store.ts'

export type StoredProject = Project & {
  readonly name: string
  readonly arn: string
  readonly buildCount: number
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
export const reportGroups = collection<StoredReportGroup>('codebuild.report-groups')
/** By the name of the group and the report's id, as at the end of its ARN. */
export const reports = collection<StoredReport>('codebuild.reports')

/** Gives a build as the API shows it. */
export function shownBuild(build: StoredBuild): Build {
  const { buildspec: _b, targets: _t, logsConfig: _l, request: _r, folder: _f, ...shown } = build
  return shown
}
