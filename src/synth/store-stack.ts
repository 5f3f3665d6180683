/** Stack of a pipeline in a further region: the artifact bucket that actions in that region read. */
import type { Fleet } from '../fleet/index.ts'
import { type AssemblyStack, formatArn } from '../model/index.ts'
import type { Names } from './names.ts'
import type { NeedsIndex } from './needs-index.ts'
import { template } from './stack.ts'
import { storeResources } from './store.ts'

/**
 * Gives the stack. The bucket names the key by its alias, because the key is made at the same time.
 * AWS: S3 does not look for the key before it encrypts with it.
 */
export function storeStack(
  fleet: Fleet,
  names: Names,
  pipeline: string,
  region: string,
  needs: NeedsIndex,
): AssemblyStack {
  const { account } = fleet.hub
  const existing = names.existingKey(region)
  const title = `artifacts of ${pipeline} in ${region}`
  return {
    name: names.pipelineStack(pipeline, 'store'),
    target: { account, region },
    environment: 'hub',
    title,
    template: template(
      `Crossdock fleet ${fleet.name}: ${title}`,
      storeResources({
        bucket: names.bucket(pipeline, region),
        key: existing ?? formatArn('kms', region, account, names.keyAlias),
        keyKnown: existing !== undefined,
        keepArtifacts: fleet.keepArtifacts,
        needs,
      }),
    ),
    capabilities: [],
    tags: fleet.tags,
    parametersFrom: {},
  }
}
