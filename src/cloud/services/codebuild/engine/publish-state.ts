/** Tells EventBridge of builds, and whoever waits for one of its end. */
import type { Context } from '../../../kernel/context.ts'
import { buildEnded } from '../../../kernel/service-events.ts'
import type { StoredBuild } from '../state.ts'

/** AWS: "CodeBuild Build State Change"; a pipeline's own compute is no build of the account's projects. */
export function publishState(ctx: Context, build: StoredBuild): void {
  if (!build.compute) publish(ctx, build)
  if (build.buildStatus !== 'IN_PROGRESS') ctx.cloud.bus.emit(buildEnded, { build: build.arn })
}

const publish = (ctx: Context, build: StoredBuild): void =>
  ctx.publish({
    source: 'aws.codebuild',
    detailType: 'CodeBuild Build State Change',
    resources: [build.arn],
    detail: {
      'build-status': build.buildStatus,
      'project-name': build.projectName,
      'build-id': build.arn,
      'current-phase': build.currentPhase,
      'additional-information': {
        'build-complete': build.buildComplete,
        initiator: build.initiator,
        'build-number': build.buildNumber,
        logs: { 'group-name': build.logs?.groupName, 'stream-name': build.logs?.streamName },
      },
    },
  })
