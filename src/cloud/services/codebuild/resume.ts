/** What a stopped or crashed cloud left unfinished. */
import type { Cloud } from '../../cloud.ts'
import { serviceIdentity } from '../../identity.ts'
import type { ContextFactory } from '../../service.ts'
import { publishState } from './run-build.ts'
import { builds } from './state.ts'

/** Ends builds whose processes went with the last cloud: their work is lost, so they failed, and say why. */
export function endInterruptedBuilds(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(builds)) {
    for (const build of table.values().filter((one) => !one.buildComplete)) {
      const now = cloud.clock.date()
      const ended = {
        ...build,
        buildStatus: 'FAULT' as const,
        buildComplete: true,
        currentPhase: 'COMPLETED',
        endTime: now,
        phases: [
          ...(build.phases ?? []),
          {
            phaseType: 'COMPLETED' as const,
            startTime: now,
            contexts: [
              { statusCode: 'INTERNAL_ERROR', message: 'The cloud stopped while the build was running.' },
            ],
          },
        ],
      }
      table.put(build.id, ended)
      publishState(context({ identity: serviceIdentity('codebuild.amazonaws.com'), account, region }), ended)
    }
  }
}
