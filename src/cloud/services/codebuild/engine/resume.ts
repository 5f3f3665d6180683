/** What a stopped or crashed cloud left unfinished. */
import { rmSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Cloud } from '../../../kernel/cloud.ts'
import type { ContextFactory } from '../../../kernel/context.ts'
import { serviceIdentity, servicePrincipal } from '../../../kernel/identity.ts'
import { buildEnded } from '../../../kernel/service-events.ts'
import { freeImageStorage } from '../../../machine/containers/image-storage.ts'
import { batches, builds, type StoredBatch } from '../state.ts'
import { publishState } from './publish-state.ts'
import { EARLY_END_CONTEXT } from './running.ts'
import { tellBatch, tellBuild } from './tell-status.ts'

const cut = { phaseStatus: 'FAULT' as const, contexts: [EARLY_END_CONTEXT.FAULT] }

/** Ends builds whose processes went with the last cloud: their work is lost, so they failed, and say why. */
export function endInterruptedBuilds(cloud: Cloud, context: ContextFactory): void {
  endInterruptedBatches(cloud, context)
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
          ...(build.phases ?? []).map((one) => (one.phaseStatus ? one : { ...one, ...cut, endTime: now })),
          { phaseType: 'COMPLETED' as const, startTime: now },
        ],
      }
      removeFolder(cloud, build.folder)
      table.put(build.id, ended)
      const ctx = context({ identity: serviceIdentity(servicePrincipal('codebuild')), account, region })
      tellBuild(ctx, ended)
      publishState(ctx, ended)
    }
  }
}

/** Ends batches that the last cloud ran: what is left of them is not known any more. */
function endInterruptedBatches(cloud: Cloud, context: ContextFactory): void {
  for (const { account, region, table } of cloud.store.everywhere(batches))
    for (const batch of table.values().filter((one) => !one.complete)) {
      const now = cloud.clock.date()
      const phases = (batch.phases ?? []).map((one) =>
        one.phaseStatus ? one : { ...one, ...cut, endTime: now },
      )
      const ended: StoredBatch = {
        ...batch,
        buildBatchStatus: 'FAULT',
        complete: true,
        currentPhase: 'FAILED',
        endTime: now,
        phases: [...phases, { phaseType: 'FAILED', startTime: now }],
      }
      table.put(batch.id, ended)
      tellBatch(context({ identity: serviceIdentity(servicePrincipal('codebuild')), account, region }), ended)
      cloud.bus.emit(buildEnded, { build: batch.arn })
    }
}

/** What a crash left of a build's files. The name is looked at, so that a damaged record can do no harm. */
function removeFolder(cloud: Cloud, folder: string | undefined): void {
  if (!folder || !basename(folder).startsWith('crossdock-build-')) return
  try {
    rmSync(folder, { recursive: true, force: true })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error
    // What made its images has mounted something in it.
    cloud.spawn(`what a build left in ${folder}`, async () => {
      await freeImageStorage(join(folder, 'tmp'))
      await rm(folder, { recursive: true, force: true })
    })
  }
}
