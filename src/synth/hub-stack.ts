/** Stacks of the whole fleet: its key in each region, and in the hub's region what all pipelines share besides. */
import type { ConnectionProvider, Drop, Fleet } from '../fleet/index.ts'
import type { AssemblyStack, Need, TemplateOutput, TemplateResource } from '../model/index.ts'
import { dropBucketResources } from './drops.ts'
import { type ImagePullers, imageOutputs, imageResources } from './images.ts'
import { keyResources } from './key.ts'
import { logicalId, type Names } from './names.ts'
import { parameterResources } from './parameters.ts'
import { repositoryOutputs, repositoryResources } from './repositories.ts'
import { resource } from './resource.ts'
import { template } from './stack.ts'
import { templateBucketResources } from './template-bucket.ts'

/** Name of the output with the key's ARN. */
export const KEY_OUTPUT = 'KeyArn'

/** Name of the connection's resource and of the output with its ARN. */
export const connectionId = (provider: ConnectionProvider): string => logicalId('Connection', provider)

/** What pipelines share in the hub's region. */
export interface SharedParts {
  readonly connections: readonly ConnectionProvider[]
  /** What others drop for sources. */
  readonly drops: readonly Drop[]
  /** Accounts that pull each image. */
  readonly pullers: ImagePullers
  /** Whether some pipeline's template has to lie in a bucket. */
  readonly largeTemplates: boolean
}

/** Gives the stack of the fleet in a region; none where everything in it stands already. */
export function fleetStack(
  fleet: Fleet,
  names: Names,
  region: string,
  needs: readonly Need[],
  shared: SharedParts,
): AssemblyStack | undefined {
  const isHub = region === fleet.hub.region
  const hasKey = names.existingKey(region) !== undefined
  const resources: Record<string, TemplateResource> = {
    ...(!hasKey && keyResources(fleet, names, region, needs)),
    ...(isHub && dropBucketResources(fleet, names, shared.drops)),
    ...(isHub && shared.largeTemplates && templateBucketResources(names, region)),
    ...(isHub && repositoryResources(fleet, names)),
    ...(isHub && imageResources(fleet, names, shared.pullers)),
    ...(isHub && parameterResources(fleet, fleet.hub)),
  }
  const outputs: Record<string, TemplateOutput> = hasKey
    ? {}
    : { [KEY_OUTPUT]: { Description: 'Key of the artifacts', Value: { 'Fn::GetAtt': ['Key', 'Arn'] } } }
  for (const provider of isHub ? shared.connections : []) {
    const id = connectionId(provider)
    resources[id] = resource('AWS::CodeStarConnections::Connection', {
      ConnectionName: names.connection(provider),
      ProviderType: provider,
    })
    outputs[id] = {
      Description: `Connection to ${provider}; finish its handshake in the console`,
      Value: { Ref: id },
    }
  }
  if (isHub) Object.assign(outputs, repositoryOutputs(fleet), imageOutputs(fleet))
  if (!Object.keys(resources).length) return undefined
  const title = isHub ? 'key and connections of the fleet' : `key in ${region}`
  return {
    name: names.fleetStack(isHub ? 'hub' : 'key'),
    target: { account: fleet.hub.account, region },
    environment: 'hub',
    title,
    template: template(`Crossdock fleet ${fleet.name}: ${title}`, resources, { outputs }),
    // Users of mirrors have names.
    capabilities: fleet.repositories.some(({ mirror }) => mirror) && isHub ? ['CAPABILITY_NAMED_IAM'] : [],
    tags: fleet.tags,
    parametersFrom: {},
  }
}
