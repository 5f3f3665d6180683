/** The record of a build that runs once more. */
import { formatArn } from '../../../../model/index.ts'
import type { Context } from '../../../kernel/context.ts'
import type { StoredBuild, StoredProject } from '../state.ts'
import { recordBuild } from './begin-build.ts'
import type { TokenedRequest } from './idempotency.ts'
import { initiator, logsOf } from './new-build.ts'
import { shownArtifact } from './upload-artifacts.ts'

/** AWS: it has what the first one was given, whatever the project says now. Errors: AccountLimitExceededException. */
export function retryBuild(
  ctx: Context,
  project: StoredProject,
  before: StoredBuild,
  request: TokenedRequest | undefined,
): StoredBuild {
  const uuid = ctx.cloud.ids.uuid()
  const id = `${project.name}:${uuid}`
  const { endTime: _e, exportedEnvironmentVariables: _x, reportArns: _r, folder: _f, ...given } = before
  const build: StoredBuild = {
    ...given,
    id,
    arn: formatArn('codebuild', ctx.region, ctx.account, `build/${id}`),
    buildNumber: project.buildCount + 1,
    buildStatus: 'IN_PROGRESS',
    buildComplete: false,
    currentPhase: 'SUBMITTED',
    startTime: ctx.cloud.clock.date(),
    phases: [],
    initiator: initiator(ctx),
    logs: logsOf(ctx, project.name, uuid, before.logsConfig),
    request,
  }
  const { primary, secondary } = build.targets
  return recordBuild(ctx, project, {
    ...build,
    artifacts: primary && shownArtifact(primary, build),
    secondaryArtifacts: secondary.map((one) => shownArtifact(one, build)),
  })
}
