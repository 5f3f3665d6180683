/** Sources of a fleet's pipeline → the actions of its first stage, and what must stand beside it for them. */
import {
  type ConnectionProvider,
  expandSource,
  type Fleet,
  type FleetPipeline,
  type FleetPlace,
  type FleetSource,
  type SourceExpansion,
} from '../fleet/index.ts'
import { formatArn } from '../model/index.ts'
import type { Names } from './names.ts'
import { pipelineScope } from './scopes.ts'

export interface DeclaredSource extends SourceExpansion {
  readonly source: FleetSource
}

const PROVIDERS: readonly ConnectionProvider[] = ['GitHub', 'GitLab', 'Bitbucket']

/**
 * A connection's ARN as far as it is known before the connection is there: any. As many stars as tell the connections of
 * one pipeline apart, for whoever puts the ARN itself in the place of the pattern.
 */
export const connectionPattern = ({ account, region }: Fleet['hub'], provider: ConnectionProvider): string =>
  formatArn(
    'codestar-connections',
    region,
    account,
    `connection/${'*'.repeat(PROVIDERS.indexOf(provider) + 1)}`,
  )

/** Gives the sources of a pipeline. The action of the only one is called `Source`, of several each as the file does. */
export const declareSources = (fleet: Fleet, pipeline: FleetPipeline, names: Names): DeclaredSource[] =>
  pipeline.sources.map((source) => ({
    source,
    ...expandSource(source.configuration, {
      ...pipelineScope(fleet, pipeline),
      source: source.name,
      ...(source.owner && { owner: ownerOf(source.owner, pipeline, names) }),
      existingConnections: Object.fromEntries(
        PROVIDERS.map((provider) => [provider, fleet.connections[provider.toLowerCase()]]),
      ),
      dropBucket: names.dropBucket(fleet.hub.region),
      action: source.key ?? 'Source',
      namespace: source.key ? `Source-${source.key}` : 'Source',
      output: source.artifact,
      hub: fleet.hub,
      starts: source.starts,
      connectionArn: (provider: ConnectionProvider) => connectionPattern(fleet.hub, provider),
    }),
  }))

/** The pipeline acts in the account of a source as it does where it deploys. */
const ownerOf = ({ account }: FleetPlace, { id }: FleetPipeline, names: Names) => ({
  account,
  role: names.roleArn(account, id, 'deploy'),
})
