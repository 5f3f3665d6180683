/** What a build needs before it can begin: a session of its role, and a log to write to. */
import type { AssumedRole, Context } from '../../../kernel/context.ts'
import { type Identity, serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import type { StoredBuild } from '../state.ts'
import { PhaseFailure } from './build-run.ts'
import { BuildLog } from './log.ts'

/** CodeBuild itself, on behalf of a project. */
export const codeBuildIdentity = (projectArn: string, account: string) =>
  serviceIdentity(servicePrincipal('codebuild'), { arn: projectArn, account })

/** Errors: PhaseFailure with ACCESS_DENIED when the role is gone or does not trust CodeBuild. */
export async function assumeServiceRole(ctx: Context, build: StoredBuild): Promise<AssumedRole> {
  const roleArn = build.serviceRole ?? ''
  const sessionName = `AWSCodeBuild-${build.id.split(':')[1]}`
  const by = assumerOf(ctx, build, sessionName)
  return by
    .then((identity) => ctx.assumeRole(roleArn, { by: identity, sessionName, durationSeconds: 3600 }))
    .catch((error) => {
      throw new PhaseFailure(
        'ACCESS_DENIED',
        `CodeBuild is not authorized to perform: sts:AssumeRole on service role ${roleArn}. ${error.message}`,
      )
    })
}

/**
 * Who assumes the role of a build. AWS: a pipeline's own compute works as the pipeline's role, which CodePipeline assumes,
 * or as an action's, which that role assumes ("CodePipeline will assume the pipeline service role", Commands).
 */
async function assumerOf(ctx: Context, build: StoredBuild, sessionName: string): Promise<Identity> {
  const { compute, serviceRole } = build
  if (!compute) {
    const project = build.arn.replace(/:build\/.*/, `:project/${build.projectName}`)
    return codeBuildIdentity(project, ctx.account)
  }
  const { pipeline: arn, account, pipelineRole } = compute
  const by = serviceIdentity(servicePrincipal('codepipeline'), { arn, account })
  return serviceRole === pipelineRole
    ? by
    : (await ctx.assumeRole(pipelineRole, { by, sessionName })).identity
}

/** Opens the build's log. Errors: PhaseFailure with ACCESS_DENIED in CodeBuild's words. */
export async function openLog(ctx: Context, role: AssumedRole, build: StoredBuild): Promise<BuildLog> {
  const { groupName: group = '', streamName: stream = '' } = build.logs ?? {}
  const off = build.logsConfig?.cloudWatchLogs?.status === 'DISABLED'
  const log = new BuildLog(ctx, role.identity, off ? undefined : { group, stream })
  // AWS: permissions "in order to view CloudWatch logs" (ECRBuildAndPublish); without them it goes on.
  const opened = await log.open().catch((error) => {
    if (build.compute?.publishes) return new BuildLog(ctx, role.identity, undefined)
    throw new PhaseFailure(
      'ACCESS_DENIED',
      `Service role ${build.serviceRole} does not allow AWS CodeBuild to create Amazon CloudWatch Logs log streams ` +
        `for build ${build.arn}. Error message: ${error.message}`,
    )
  })
  return opened ?? log
}
