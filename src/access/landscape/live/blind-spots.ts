/** What has a say in live accounts and cannot be read with the SDK clients that Crossdock comes with. */
import { parseArn } from '../../../model/index.ts'
import type { KnownPipeline } from '../landscape.ts'
import type { Reading } from './reading.ts'

/** Says what nobody looked at; only what matters to this pipeline. */
export function noteBlindSpots(reading: Reading, pipeline: KnownPipeline): void {
  for (const { actionTypeId, roleArn, region } of pipeline.declaration.stages.flatMap((one) => one.actions)) {
    // AWS: the task definition comes with the artifact, and only CodeDeploy knows the service it replaces.
    if (actionTypeId.provider !== 'CodeDeployToECS') continue
    const account = parseArn(roleArn ?? '')?.account ?? pipeline.account
    reading.cannotRead(
      {
        what: 'the roles of the task definitions',
        target: { account, region: region ?? pipeline.region },
      },
      'the SDK client for CodeDeploy is not part of Crossdock',
    )
  }
}
