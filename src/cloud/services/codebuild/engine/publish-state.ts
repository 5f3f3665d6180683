/** Tells EventBridge of builds, and whoever waits for one of its end. */
import type { BuildPhase } from '@aws-sdk/client-codebuild'
import type { Context } from '../../../kernel/context.ts'
import { buildEnded } from '../../../kernel/service-events.ts'
import type { StoredBuild } from '../state.ts'

const aboutBuild = (build: StoredBuild) => ({
  'build-complete': build.buildComplete,
  initiator: build.initiator,
  'build-number': build.buildNumber,
  logs: { 'group-name': build.logs?.groupName, 'stream-name': build.logs?.streamName },
})

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
      'additional-information': aboutBuild(build),
    },
  })

/** AWS: "CodeBuild Build Phase Change", once a phase has ended. */
export function publishPhase(ctx: Context, build: StoredBuild, phase: BuildPhase): void {
  if (build.compute) return
  const time = (date: Date | undefined) => date?.toISOString()
  ctx.publish({
    source: 'aws.codebuild',
    detailType: 'CodeBuild Build Phase Change',
    resources: [build.arn],
    detail: {
      'completed-phase': phase.phaseType,
      'completed-phase-status': phase.phaseStatus,
      'completed-phase-start': time(phase.startTime),
      'completed-phase-end': time(phase.endTime),
      'completed-phase-duration-seconds': phase.durationInSeconds,
      'completed-phase-context': `[${(phase.contexts ?? []).map(contextText).join(', ')}]`,
      'project-name': build.projectName,
      'build-id': build.arn,
      'additional-information': aboutBuild(build),
    },
  })
}

const contextText = ({ statusCode = '', message = '' }: { statusCode?: string; message?: string }) =>
  `${statusCode}: ${message}`
