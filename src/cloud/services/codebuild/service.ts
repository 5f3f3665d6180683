/** CodeBuild: builds run as processes of this machine, under the project's role. It is no sandbox. */
import { implementation } from '../../kernel/service.ts'
import { serveBadge } from './door/serve-badge.ts'
import { endInterruptedBuilds } from './engine/resume.ts'
import { listenForRepositories } from './engine/webhooks/start-by-webhook.ts'
import { kinds } from './kinds.ts'
import {
  BatchGetBuildBatches,
  DeleteBuildBatch,
  ListBuildBatches,
  ListBuildBatchesForProject,
  StartBuildBatch,
  StopBuildBatch,
} from './operations/build-batches.ts'
import {
  BatchDeleteBuilds,
  BatchGetBuilds,
  ListBuilds,
  ListBuildsForProject,
  StopBuild,
} from './operations/builds.ts'
import { GetReportGroupTrend } from './operations/get-report-group-trend.ts'
import { InvalidateProjectCache } from './operations/invalidate-project-cache.ts'
import { GetCommands, RunCommands } from './operations/pipeline-commands.ts'
import {
  BatchGetProjects,
  CreateProject,
  DeleteProject,
  ListProjects,
  UpdateProject,
} from './operations/projects.ts'
import {
  BatchGetReportGroups,
  CreateReportGroup,
  DeleteReportGroup,
  ListReportGroups,
  UpdateReportGroup,
} from './operations/report-groups.ts'
import {
  BatchGetReports,
  DeleteReport,
  DescribeCodeCoverages,
  DescribeTestCases,
  ListReports,
  ListReportsForReportGroup,
} from './operations/reports.ts'
import { RetryBuild } from './operations/retry-build.ts'
import { RetryBuildBatch } from './operations/retry-build-batch.ts'
import {
  DeleteSourceCredentials,
  ImportSourceCredentials,
  ListSourceCredentials,
} from './operations/source-credentials.ts'
import { StartBuild } from './operations/start-build.ts'
import { CreateWebhook, DeleteWebhook, UpdateWebhook } from './operations/webhooks.ts'
import { project } from './resources/project.ts'
import { reportGroup } from './resources/report-group.ts'
import { sourceCredential } from './resources/source-credential.ts'

export const codebuild = implementation({
  operations: [
    CreateProject,
    UpdateProject,
    DeleteProject,
    BatchGetProjects,
    ListProjects,
    InvalidateProjectCache,
    StartBuild,
    StopBuild,
    RetryBuild,
    BatchGetBuilds,
    BatchDeleteBuilds,
    ListBuilds,
    ListBuildsForProject,
    StartBuildBatch,
    RetryBuildBatch,
    StopBuildBatch,
    BatchGetBuildBatches,
    ListBuildBatches,
    ListBuildBatchesForProject,
    DeleteBuildBatch,
    CreateReportGroup,
    UpdateReportGroup,
    DeleteReportGroup,
    BatchGetReportGroups,
    ListReportGroups,
    BatchGetReports,
    ListReports,
    ListReportsForReportGroup,
    DescribeTestCases,
    DescribeCodeCoverages,
    DeleteReport,
    GetReportGroupTrend,
    ImportSourceCredentials,
    ListSourceCredentials,
    DeleteSourceCredentials,
    CreateWebhook,
    UpdateWebhook,
    DeleteWebhook,
  ],
  privateOperations: [RunCommands, GetCommands],
  resourceTypes: [project, reportGroup, sourceCredential],
  kinds,
  http: serveBadge,
  start: (cloud, context) => {
    endInterruptedBuilds(cloud, context)
    listenForRepositories(cloud, context)
  },
})
