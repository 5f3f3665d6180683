/** What has a say in live accounts and cannot be read with the SDK clients that Crossdock comes with. */
import { parseArn } from '../../../model/index.ts'
import { findProvider, worksOf } from '../../../pipeline/index.ts'
import type { KnownPipeline } from '../landscape.ts'
import type { Reading } from './reading.ts'

/** Says what nobody looked at; only what matters to this pipeline. */
export function noteBlindSpots(reading: Reading, pipeline: KnownPipeline): void {
  for (const { action } of pipeline.declaration.stages.flatMap(worksOf)) {
    const { actionTypeId, roleArn, region } = action
    const unread = findProvider(actionTypeId)?.unread
    if (!unread) continue
    const account = parseArn(roleArn ?? '')?.account ?? pipeline.account
    const target = { account, region: region ?? pipeline.region }
    reading.cannotRead({ what: unread.what, target }, unread.why)
  }
}
