/** The repository whose pull requests a pipeline has built, and which of them. */
import { connectedRepository, expandText, type Fleet, type FleetPipeline } from '../fleet/index.ts'
import { type Arn, FleetError, globExpression } from '../model/index.ts'
import { repositoryHost } from '../pipeline/index.ts'
import { connectionPattern } from './declare-sources.ts'
import { pipelineScope } from './scopes.ts'

export interface ProjectRepository {
  /** CodeBuild's name of its host. */
  readonly type: string
  readonly location: string
  readonly connection: Arn
  /** AWS: all of these must pass, of which one names the events. */
  readonly filters: readonly WebhookFilter[]
}

/**
 * Warns of a webhook through a connection that the fleet makes: AWS makes webhooks through connections that a person has
 * authorized, and a new one is not.
 */
export function webhookWarnings(fleet: Fleet, pipeline: FleetPipeline): FleetError[] {
  const repository = pullRequestRepository(fleet, pipeline)
  if (!repository?.connection.includes('*')) return []
  return [
    new FleetError(
      `pull requests of ${pipeline.id} are told of through a connection that somebody must have authorized`,
      {
        location: pipeline.location,
        fix: 'deploy without `pullRequests` first and finish the handshake, or name one that exists under `hub.connections`',
      },
    ),
  ]
}

interface WebhookFilter {
  readonly Type: string
  readonly Pattern: string
  readonly ExcludeMatchedPattern?: boolean
}

/** Gives it; undefined for a pipeline that has none built. */
export function pullRequestRepository(fleet: Fleet, pipeline: FleetPipeline): ProjectRepository | undefined {
  const { pullRequests, sources } = pipeline
  const source = pullRequests && sources.find(({ name }) => name === pullRequests.source)
  const repository = source && connectedRepository(source.configuration)
  if (!pullRequests || !repository) return undefined
  const { provider, path, connection } = repository
  const type = provider.toUpperCase()
  const host = repositoryHost(type)
  const events = ['CREATED', 'UPDATED', ...(host?.reopens ? ['REOPENED'] : [])]
  return {
    type,
    location: `https://${host?.host}/${path}.git`,
    connection:
      connection ?? fleet.connections[provider.toLowerCase()] ?? connectionPattern(fleet.hub, provider),
    filters: [
      { Type: 'EVENT', Pattern: events.map((event) => `PULL_REQUEST_${event}`).join(', ') },
      { Type: 'BASE_REF', Pattern: `^refs/heads/(?:${alternatives(pullRequests.branches)})$` },
      ...fileFilters(pullRequests.paths.map((glob) => expandText(glob, pipelineScope(fleet, pipeline)))),
    ],
  }
}

const alternatives = (globs: readonly string[]): string => globs.map(globExpression).join('|')

/** AWS: one file that passes is enough for a filter; so one that is excluded stops nothing that another one starts. */
function fileFilters(paths: readonly string[]): WebhookFilter[] {
  const includes = paths.filter((path) => !path.startsWith('!'))
  const excludes = paths.flatMap((path) => (path.startsWith('!') ? path.slice(1) : []))
  const filter = (globs: readonly string[]) => ({
    Type: 'FILE_PATH',
    Pattern: `^(?:${alternatives(globs)})$`,
  })
  return [
    ...(includes.length ? [filter(includes)] : []),
    ...(excludes.length ? [{ ...filter(excludes), ExcludeMatchedPattern: true }] : []),
  ]
}
